"""Which pods are isolated: selected, for a direction, by at least one policy (networking.k8s.io/v1 NetworkPolicy)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from k8snet_lint.graph.edges import Absence
from k8snet_lint.resource import Direction, NetworkPolicy, Workload

if TYPE_CHECKING:
    from k8snet_lint.graph.graph import Graph

OTHER_ENGINES = frozenset(
    {
        ("cilium.io", "CiliumNetworkPolicy"),
        ("crd.projectcalico.org", "NetworkPolicy"),
        ("projectcalico.org", "NetworkPolicy"),
        ("security.istio.io", "AuthorizationPolicy"),
    }
)
"""Namespaced policies of other engines; what they isolate is not worked out here."""

OTHER_CLUSTER_WIDE = frozenset(
    {
        ("cilium.io", "CiliumClusterwideNetworkPolicy"),
        ("crd.projectcalico.org", "GlobalNetworkPolicy"),
        ("projectcalico.org", "GlobalNetworkPolicy"),
        ("policy.networking.k8s.io", "AdminNetworkPolicy"),
        ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"),
        ("policy.networking.k8s.io", "ClusterNetworkPolicy"),
    }
)
"""Policies that may reach every namespace."""


class Isolation:
    """Isolation by NetworkPolicies, per workload and per namespace.

    A pod is isolated in a direction once some policy with that policy type selects it (API: `policyTypes`).
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def policies(self, namespace: str, direction: Direction) -> tuple[NetworkPolicy, ...]:
        """The policies of a namespace that isolate in that direction."""
        return self._policies.get((namespace, direction), ())

    def default_deny(self, namespace: str, direction: Direction) -> NetworkPolicy | None:
        """A policy that isolates every pod of the namespace, whatever it then allows."""
        return next((each for each in self.policies(namespace, direction) if each.pod_selector.is_empty), None)

    def is_isolated(self, workload: Workload, direction: Direction) -> bool:
        """Whether some policy selects the workload's pods for that direction."""
        return id(workload) in self._isolated(workload.namespace, direction)

    def open_workloads(self, namespace: str, direction: Direction) -> tuple[Workload, ...]:
        """The namespace's workloads that isolation is a question for and that no policy isolates.

        Host-network pods are out of a policy's reach; Jobs count where the configuration says so.
        """
        return tuple(
            workload
            for workload in self.judged(namespace)
            if not workload.host_network and not self.is_isolated(workload, direction)
        )

    def judged(self, namespace: str) -> tuple[Workload, ...]:
        """The namespace's workloads that isolation is a question for."""
        facts = self._graph.facts
        return tuple(
            workload
            for workload in self._graph.pods(namespace).workloads
            if not workload.hooks and (facts.include_jobs or not workload.runs_to_completion)
        )

    def absence(self, namespace: str) -> Absence:
        """How sure it is that no policy isolates there.

        Not, where one of another engine may, or where one is written whose namespace is not settled.
        """
        unsettled = any(
            policy.namespace != namespace and (policy.is_raw or not policy.namespace or not namespace)
            for policy in self._graph.select(NetworkPolicy)
        )
        return Absence(covered=not unsettled and not self._others_everywhere and namespace not in self._others)

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces that hold workloads and are not the cluster's own, in order of first appearance."""
        found = dict.fromkeys(workload.namespace for workload in self._graph.select(Workload))
        return tuple(name for name in found if name not in self._graph.facts.system_namespaces)

    @cached_property
    def _policies(self) -> dict[tuple[str, Direction], tuple[NetworkPolicy, ...]]:
        found: dict[tuple[str, Direction], tuple[NetworkPolicy, ...]] = {}
        for policy in self._graph.select(NetworkPolicy):
            for direction in policy.types:
                key = (policy.namespace, direction)
                found[key] = (*found.get(key, ()), policy)
        return found

    def _isolated(self, namespace: str, direction: Direction) -> frozenset[int]:
        key = (namespace, direction)
        found = self._memo.get(key)
        if found is None:
            pods = self._graph.pods(namespace)
            selectors = {policy.pod_selector for policy in self.policies(namespace, direction)}
            found = frozenset(id(workload) for selector in selectors for workload in pods.matching(selector))
            self._memo[key] = found
        return found

    @cached_property
    def _memo(self) -> dict[tuple[str, Direction], frozenset[int]]:
        return {}

    @cached_property
    def _others(self) -> frozenset[str]:
        resources = self._graph.resources
        return frozenset(each.namespace for each in resources if (each.group, each.kind) in OTHER_ENGINES)

    @cached_property
    def _others_everywhere(self) -> bool:
        return any((each.group, each.kind) in OTHER_CLUSTER_WIDE for each in self._graph.resources)
