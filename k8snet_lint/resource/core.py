"""What stands beside Services: namespaces and ConfigMaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.words import numbers
from k8snet_lint.selector import labels_of

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.settings import Setting


class Namespace(Resource):
    """A namespace; the API server gives it the label `kubernetes.io/metadata.name`."""

    cluster_scoped = True

    @cached_property
    def labels(self) -> dict[str, str]:
        return {**labels_of(self.metadata["labels"]), "kubernetes.io/metadata.name": self.name}


class ConfigMap(Resource):
    """A core/v1 ConfigMap."""

    @cached_property
    def data(self) -> Node:
        return self.node["data"]

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers that stand as words of their own in its values."""
        return numbers(value.text for _, value in self.data.items())

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """Its keys whose values name hosts."""
        from k8snet_lint.resource.settings import of_config_map  # noqa: PLC0415 - it knows what a ConfigMap is

        return tuple(of_config_map(self))
