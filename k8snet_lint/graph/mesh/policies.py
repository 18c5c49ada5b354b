"""Whom Istio's security policies are for, and what they name that is not there (security.istio.io)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph import near
from k8snet_lint.graph.controllers import decidable
from k8snet_lint.graph.edges import Missed, Relation, Unresolved
from k8snet_lint.graph.mesh.machines import selects_machines
from k8snet_lint.graph.mesh.signs import ROOT
from k8snet_lint.graph.selection import is_name_loose, selected
from k8snet_lint.resource import Gateway, Service
from k8snet_lint.resource.istio import IstioGateway, ServiceEntry, Sidecar
from k8snet_lint.resource.istio_security import AuthorizationPolicy, Targeted
from k8snet_lint.spellings import Spellings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.graph.edges import NearMiss
    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource, Workload
    from k8snet_lint.selector import Selector

TARGETS: Mapping[str, tuple[type[Resource], ...]] = {
    "Gateway": (Gateway, IstioGateway),
    "Service": (Service,),
    "ServiceEntry": (ServiceEntry,),
}
"""What policies name in their own namespace, by kind."""


class MeshPolicies:
    """Istio's policies and their workloads."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._memo: dict[Targeted, Sequence[Workload] | None] = {}
        self.authorizations = graph.select(AuthorizationPolicy)

    def subjects(self, policy: Targeted) -> Sequence[Workload] | None:
        """The workloads that a policy is for; None where only a controller, or its targets, can tell."""
        if policy not in self._memo:
            self._memo[policy] = self._subjects(policy)
        return self._memo[policy]

    def is_mesh_wide(self, policy: Targeted) -> bool:
        return policy.namespace == ROOT

    @cached_property
    def selecting_nothing(self) -> tuple[Unresolved, ...]:
        """The policies, and the Sidecars, whose labels neither pods nor machines carry."""
        policies = (policy for policy in self._graph.select(Targeted) if not policy.targets)
        found = (missing for policy in policies for missing in self._missing(policy))
        sidecars = self._graph.select(Sidecar)
        return (
            *found,
            *(one for each in sidecars for one in self._for_nobody(each, each.selector, each.selector_node)),
        )

    @cached_property
    def missing_targets(self) -> tuple[Unresolved, ...]:
        """The Gateways and Services that policies name and that are not there."""
        return tuple(
            Unresolved(policy, Relation.REFERS_TO, kind, f"{policy.namespace}/{name}".strip("/"), at, covered)
            for policy in self._graph.select(Targeted)
            for target in policy.targets
            for kind, name, at in ((target["kind"].text, target["name"].text, target["name"]),)
            if name and kind in TARGETS and not self._may_be(policy, kind, name)
            for covered in (self._covers(kind, policy.namespace),)
        )

    @cached_property
    def misspelt_namespaces(self) -> tuple[Unresolved, ...]:
        """The namespaces of sources that are not there, while one of nearly that name is."""
        return tuple(
            Unresolved(policy, Relation.ADMITS, "Namespace", at.text, at, covered=False, near=misses)
            for policy in self.authorizations
            for rule in policy.rules
            for at in rule.namespaces
            if at.text and "*" not in at.text and at.text not in self._namespaces
            for misses in (self._called_like(at.text),)
            if misses
        )

    def _called_like(self, name: str) -> tuple[NearMiss, ...]:
        """The Namespaces of nearly that name."""
        written = self._graph.whole.namespaces.written
        return near.names(name, self._spellings, lambda other: (written[other],) if other in written else ())

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(self._graph.whole.namespaces.names)

    @cached_property
    def _namespaces(self) -> frozenset[str]:
        return frozenset(self._graph.namespaces.names)

    def is_for_gateways(self, policy: Targeted) -> bool:
        """Whether the pods let in what comes from outside, which is what they are there for."""
        named = any("gateway" in value for each in policy.selector.requirements for value in each.values)
        subjects = self.subjects(policy) or ()
        return named or (bool(subjects) and all(map(self._graph.roles.is_ingress_controller, subjects)))

    def _subjects(self, policy: Targeted) -> Sequence[Workload] | None:
        if policy.targets:
            return None
        pods = self._graph.all_pods if self.is_mesh_wide(policy) else self._graph.pods(policy.namespace)
        selector = decidable(policy.selector, self._graph.facts)
        return None if selector is None else pods.matching(selector)

    def _missing(self, policy: Targeted) -> Iterator[Unresolved]:
        if self.subjects(policy) is None or self.subjects(policy):
            return
        for each in self._for_nobody(policy, policy.selector, policy.spec["selector"]):
            if each.near or self._graph.facts.assumed.complete or not self.is_for_gateways(policy):
                yield each._replace(covered=False) if self.is_mesh_wide(policy) else each

    def _for_nobody(self, source: Resource, selector: Selector, at: Node) -> Iterator[Unresolved]:
        """The labels of what is for some pods, where neither pods of its namespace nor machines have them."""
        for each in () if selector.is_empty else selected(self._graph, source, selector, at, Relation.SELECTS):
            # The labels may be those of pods of another namespace.
            if isinstance(each, Missed) and not selects_machines(self._graph.whole, selector):
                yield each.unresolved

    def _may_be(self, policy: Targeted, kind: str, name: str) -> bool:
        """Whether such an object is in the policy's namespace, or may turn out to be."""
        return any(
            self._graph.named(view, policy.namespace, name) or is_name_loose(self._graph, policy, view, name)
            for view in TARGETS[kind]
        )

    def _covers(self, kind: str, namespace: str) -> bool:
        return self._graph.facts.assumed.complete or (kind, namespace) in self._known

    @cached_property
    def _known(self) -> frozenset[tuple[str, str]]:
        return frozenset((each.kind, each.namespace) for each in self._graph.resources if each.kind in TARGETS)
