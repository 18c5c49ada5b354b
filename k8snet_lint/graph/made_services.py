"""Which labels the Services may have that operators make, as far as their custom resources tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Operated, operated
from k8snet_lint.selector import Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import Resource
    from k8snet_lint.selector import Requirement, Selector


class MadeServices:
    """The Services that operators make of custom resources of a world."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def may_have(self, namespace: str, wanted: Selector) -> bool:
        """Whether one of a namespace may have all of these labels."""
        return any(all(map(each.may_give, wanted.requirements)) for each in self._makers.get(namespace, ()))

    @cached_property
    def _makers(self) -> Mapping[str, list[_Maker]]:
        found: dict[str, list[_Maker]] = {}
        for resource in self._graph.resources:
            made = operated(resource)
            if made is not None:
                found.setdefault(resource.namespace, []).append(_Maker(resource, made))
        return found


class _Maker(NamedTuple):
    """A custom resource, and what becomes of it."""

    resource: Resource
    made: Operated

    def may_give(self, wanted: Requirement) -> bool:
        """Whether a Service that is made of it may have a label.

        What an operator puts into a label is a word of the resource, or it stands under a key of the operator's own.
        """
        key = wanted.key
        if wanted.operator is not Operator.IN or key.startswith(self.made.prefixes):
            return True
        if self.resource.kind.lower() in key or self.made.labels.get(key) in wanted.values:
            return True
        words = str(self.resource.node.value)
        return any(value in words for value in wanted.values)
