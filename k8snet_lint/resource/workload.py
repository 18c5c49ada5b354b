"""Whatever makes pods: a pod template and the pods that come of it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.container import Container, ContainerPort
from k8snet_lint.resource.words import has_number
from k8snet_lint.selector import Selector, labels_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.loader import Unit
    from k8snet_lint.manifest import Node

VERBATIM_GROUPS = frozenset({"", "apps", "extensions", "batch", "apps.openshift.io", "argoproj.io", "apps.kruise.io"})
"""Groups whose controllers make pods of a template as it is written; others may add containers and ports to it."""

RUNS_TO_COMPLETION = frozenset({"Job", "CronJob", "BroadcastJob", "AdvancedCronJob", "Workflow", "CronWorkflow"})


class Workload(Resource):
    """A kind with a pod template, seen as the pods it makes.

    Shapes: `template` is the mapping with the pods' `metadata` and `spec`; a kind with several templates is
    several Workloads of one name. `supplied` maps labels that a controller adds to their value, and
    `supplied_prefixes` are prefixes of label keys whose values only the controller knows.
    """

    def __init__(  # noqa: PLR0913 - a resource's four, and what a table knows of its pods
        self,
        node: Node,
        api_version: str,
        kind: str,
        unit: Unit,
        template: Node,
        supplied: Mapping[str, str] | None = None,
        supplied_prefixes: tuple[str, ...] = (),
    ) -> None:
        super().__init__(node, api_version, kind, unit)
        self.template = template
        self.supplied_prefixes = supplied_prefixes
        self.pod_labels = {**labels_of(template.at("metadata", "labels")), **(supplied or {})}

    @cached_property
    def pod_spec(self) -> Node:
        return self.template["spec"]

    @cached_property
    def pod_annotations(self) -> dict[str, str]:
        return labels_of(self.template.at("metadata", "annotations"))

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """All containers, init containers first as they start; empty where a controller writes them."""
        inits = tuple(Container(node, init=True) for node in self.pod_spec["initContainers"] if node.is_mapping)
        return inits + tuple(Container(node, init=False) for node in self.pod_spec["containers"] if node.is_mapping)

    @cached_property
    def ports(self) -> tuple[ContainerPort, ...]:
        """The ports that its pods declare, native sidecars' among them."""
        return tuple(port for container in self.containers if container.serves for port in container.ports)

    @cached_property
    def declares_ports(self) -> bool:
        return bool(self.ports)

    def named_port(self, name: str, protocol: str) -> ContainerPort | None:
        """The declared port of that name and protocol."""
        for port in self.ports:
            if port.name == name and port.protocol == protocol:
                return port
        return None

    @cached_property
    def host_network(self) -> bool:
        return self.pod_spec["hostNetwork"].value is True

    @cached_property
    def runs_to_completion(self) -> bool:
        return self.kind in RUNS_TO_COMPLETION

    @cached_property
    def replicas(self) -> int | None:
        """How many pods are asked for; None where something else decides (a DaemonSet, an autoscaler)."""
        written = self.spec["replicas"]
        if self.kind == "DaemonSet":
            return None
        return written.integer if written else 1

    @cached_property
    def selector(self) -> Selector:
        """Its own `spec.selector`; a ReplicationController's is a plain map."""
        written = self.spec["selector"]
        if self.kind in ("ReplicationController", "DeploymentConfig"):
            return Selector.of_labels(written)
        return Selector.of(written)

    @cached_property
    def has_injected_sidecar(self) -> bool:
        """Whether a mesh adds containers, and with them ports, that no template shows."""
        told = {**self.pod_labels, **self.pod_annotations}
        return any(
            told.get(key, "").lower() in ("true", "enabled")
            for key in ("sidecar.istio.io/inject", "linkerd.io/inject", "consul.hashicorp.com/connect-inject", "dapr.io/enabled")
        )

    @cached_property
    def is_verbatim(self) -> bool:
        """Whether its controller makes pods of the template as it is written."""
        return self.group in VERBATIM_GROUPS

    @cached_property
    def is_whole(self) -> bool:
        """Whether the template shows every container: neither its controller nor a mesh adds some."""
        return bool(self.containers) and self.is_verbatim and not self.has_injected_sidecar

    def mentions(self, number: int) -> bool:
        """Whether a port number stands as a word of its own in arguments, environment or annotations."""
        return any(has_number(container.words, number) for container in self.containers) or any(
            has_number(value, number) for value in self.pod_annotations.values()
        )
