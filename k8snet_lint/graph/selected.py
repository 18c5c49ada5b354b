"""The workloads whose pods Services and policies select, and what that makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.chosen import Chosen
from k8snet_lint.graph.edges import Relation
from k8snet_lint.graph.relations import Relations
from k8snet_lint.graph.resources import NONE
from k8snet_lint.resource import EnginePolicy, NetworkPolicy, Service, Workload

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph.resources import Examples
    from k8snet_lint.resource import Resource


class Selected(Relations):
    """The workloads of a world, seen from the Services and policies that are for them."""

    def __init__(self, resources: Iterable[Resource], facts: Facts, examples: Examples = NONE) -> None:
        super().__init__(resources, facts, examples)
        self._of_targets: dict[int, tuple[Collection[Resource], Sequence[Workload]]] = {}
        self._of_one: dict[Resource, Sequence[Workload]] = {}

    @cached_property
    def policies(self) -> tuple[NetworkPolicy | EnginePolicy, ...]:
        """The policies that select pods and say who may connect to or from them, of Kubernetes and of other engines."""
        return (*self.select(NetworkPolicy), *self.select(EnginePolicy))

    @cached_property
    def engines(self) -> frozenset[str]:
        """The engines that policies of the world are for, besides what enforces those of Kubernetes."""
        return frozenset(each.engine for each in self.select(EnginePolicy))

    def endpoints(self, service: Service) -> Sequence[Workload]:
        """The workloads whose pods a Service selects."""
        return self._selected(service)

    def subjects(self, policy: NetworkPolicy | EnginePolicy) -> Sequence[Workload]:
        """The workloads that a policy is for."""
        return self._selected(policy)

    def is_served(self, workload: Workload) -> bool:
        """Whether a Service selects the workload's pods."""
        return workload in self._served

    def is_published(self, workload: Workload) -> bool:
        """Whether a Service of the world opens a workload to the outside, by itself or behind an Ingress."""
        return workload in self._published

    def _selected(self, resource: Resource) -> Sequence[Workload]:
        """The workloads that a resource selects: one value for all that select them alike, so that it can be a key."""
        found = self._of_one.get(resource)
        if found is not None:
            return found
        leading = self._leading(resource, Relation.SELECTS)
        if len(leading) == 1:
            found = self._of_one[resource] = self._workloads(leading[0].targets)
            return found
        return tuple(workload for edges in leading for workload in self._workloads(edges.targets))

    def _workloads(self, targets: Collection[Resource]) -> Sequence[Workload]:
        if isinstance(targets, Chosen):
            return targets
        found = self._of_targets.get(id(targets))
        if found is None or found[0] is not targets:
            workloads = tuple(each for each in targets if isinstance(each, Workload))
            found = self._of_targets[id(targets)] = targets, workloads
        return found[1]

    @cached_property
    def _served(self) -> frozenset[Workload]:
        selecting = {(each.namespace, each.selector) for each in self.select(Service) if each.selects_pods}
        return frozenset(each for namespace, wanted in selecting for each in self.pods(namespace).matching(wanted))

    @cached_property
    def _published(self) -> frozenset[Workload]:
        led_to = (
            self.endpoints(service)
            for service in self.select(Service)
            if service.is_published or self.sources(service, Relation.ROUTES_TO)
        )
        apart = {id(workloads): workloads for workloads in led_to}
        return frozenset(workload for workloads in apart.values() for workload in workloads)
