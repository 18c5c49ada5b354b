"""Which pods are isolated: selected, for a direction, by at least one policy (networking.k8s.io/v1 NetworkPolicy)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.chosen import united
from k8snet_lint.graph.controllers import decidable, of_single_pods
from k8snet_lint.graph.edges import Absence
from k8snet_lint.graph.isolation.admin import AdminIsolation
from k8snet_lint.graph.isolation.engines import EngineIsolation, UnreadIsolation, reached
from k8snet_lint.graph.isolation.left_open import open_namespaces, unselected
from k8snet_lint.graph.together import are_for
from k8snet_lint.resource import Direction, EnginePolicy, NetworkPolicy, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.isolation.engines import OtherIsolation
    from k8snet_lint.graph.isolation.left_open import OpenNamespace, Unselected
    from k8snet_lint.resource import Resource

OTHERWISE = "a policy that says otherwise"


class Isolation:
    """Isolation, per workload and per namespace.

    A pod is isolated in a direction once some NetworkPolicy with that policy type selects it (API: `policyTypes`), a
    policy of another engine does likewise, or one of the cluster's administrator denies it everything.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._memo: dict[tuple[str, Direction], frozenset[Workload]] = {}
        self._isolating: dict[tuple[str, Direction], tuple[NetworkPolicy | EnginePolicy, ...]] = {}
        self._may_be: dict[str, bool] = {}
        self._others: tuple[OtherIsolation, ...] = (
            AdminIsolation(graph),
            EngineIsolation(graph),
            UnreadIsolation(graph),
            *_of_calico(graph),
        )

    def policies(self, namespace: str, direction: Direction) -> tuple[NetworkPolicy | EnginePolicy, ...]:
        """The policies that isolate pods of a namespace, by selecting them, in that direction."""
        key = (namespace, direction)
        found = self._isolating.get(key)
        if found is None:
            others = (policy for each in self._others for policy in each.policies(namespace, direction))
            found = self._isolating[key] = (*self._own(namespace, direction), *others)
        return found

    def default_deny(self, namespace: str, direction: Direction) -> Resource | None:
        """A policy that isolates every pod of the namespace but those it leaves out, whatever is then allowed."""
        own = next((each for each in self._own(namespace, direction) if each.pod_selector.is_open_ended), None)
        others = (each.denies_all(namespace, direction) for each in self._others)
        return own or next(filter(None, others), None)

    def is_isolated(self, workload: Workload, direction: Direction) -> bool:
        """Whether some policy selects the workload's pods for that direction, or an administrator's denies them all."""
        if workload in self._isolated(workload.namespace, direction):
            return True
        return any(each.denies(workload, direction) for each in self._others)

    def is_singled_out(self, workload: Workload) -> bool:
        """Whether some policy selects the workload's pods by their labels."""
        return workload in self._singled_out

    def open_workloads(self, namespace: str, direction: Direction) -> tuple[Workload, ...]:
        """The namespace's workloads that isolation is a question for and that no policy isolates."""
        return tuple(each for each in self.judged(namespace) if not self.is_isolated(each, direction))

    def judged(self, namespace: str) -> tuple[Workload, ...]:
        """The namespace's workloads that isolation is a question for.

        Host-network pods are out of a policy's reach, hooks pass by, and Jobs count where the configuration says so.
        What a controller makes of another workload, or of a resource without a pod template, is not for its author.
        """
        return tuple(each for each in self._graph.pods(namespace).workloads if self._is_judged(each))

    def without_default_deny(self, direction: Direction) -> Iterator[OpenNamespace]:
        """The namespaces with workloads of which no one policy isolates all pods; not the cluster's own."""
        return open_namespaces(self._graph, direction)

    @property
    def unselected(self) -> Iterator[Unselected]:
        """The workloads that no policy isolates for a direction, though policies isolate others of their namespace."""
        return unselected(self._graph)

    def absence(self, namespace: str) -> Absence:
        """How sure it is that nothing isolates there: no policy, and no proxy of a mesh that is told whom to admit."""
        if namespace in self._guarded:
            return Absence(covered=False, what=OTHERWISE)
        return self.absence_of_policies(namespace)

    def absence_of_policies(self, namespace: str) -> Absence:
        """How sure it is that no policy isolates there, whatever a mesh does, which admits nothing that one denies.

        Not, where one whose meaning is not known may, where labels that are unknown or still to be filled in decide
        whether one does, where one selects pods there, and it or they are in no set namespace, or where a file beside
        pods could not be read.
        """
        may_be = self._may_be.get(namespace)
        if may_be is None:
            may_be = namespace in self._reached or self._is_unfinished(namespace)
            may_be = may_be or any(each.is_beside_unread for each in self._graph.pods(namespace).workloads)
            may_be = may_be or any(each.may_deny(namespace) for each in self._others)
            self._may_be[namespace] = may_be
        return Absence(covered=not may_be, what=OTHERWISE)

    def absence_for(self, pods: Resource, policies: Sequence[Resource]) -> Absence:
        """How sure it is that none allows what these deny some pods: not, where they may be of another namespace."""
        if not are_for(policies, pods):
            return Absence(covered=False, what="what puts them in one namespace")
        return self.absence_of_policies(policies[0].namespace or pods.namespace)

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces that hold workloads and are not the cluster's own, in order of first appearance."""
        found = dict.fromkeys(workload.namespace for workload in self._graph.select(Workload))
        return tuple(name for name in found if name not in self._graph.facts.system_namespaces)

    def _is_judged(self, workload: Workload) -> bool:
        if workload.hooks or workload.host_network or not workload.containers:
            return False
        if workload.runs_to_completion and not self._graph.facts.include_jobs:
            return False
        return not self._graph.is_made(workload)

    @cached_property
    def _guarded(self) -> frozenset[str]:
        """Where a mesh's authorization may stand in for a policy; proxies enforce it on what comes by them alone."""
        mesh = self._graph.mesh
        return mesh.linkerd.guarded | mesh.rulings.namespaces if mesh is not None else frozenset()

    @cached_property
    def _reached(self) -> frozenset[str]:
        """Namespaces other than their own whose pods policies select, where one of the two is not set."""
        policies = self._graph.settled.select(NetworkPolicy)
        return reached(self._graph, ((policy.namespace, policy.pod_selector) for policy in policies))

    def _is_unfinished(self, namespace: str) -> bool:
        """Whether texts that are still to be filled in decide which pods a policy of the namespace selects."""
        pods = self._graph.pods(namespace)
        return any(
            pods.may_mean(policy.pod_selector) and not pods.matching(policy.pod_selector)
            for direction in Direction
            for policy in self._own(namespace, direction)
        )

    def _own(self, namespace: str, direction: Direction) -> tuple[NetworkPolicy, ...]:
        """The NetworkPolicies of a namespace that isolate in that direction."""
        return tuple(self._policies.get((namespace, direction), ()))

    @cached_property
    def _policies(self) -> dict[tuple[str, Direction], list[NetworkPolicy]]:
        found: dict[tuple[str, Direction], list[NetworkPolicy]] = {}
        for policy in self._graph.select(NetworkPolicy):
            for direction in policy.types:
                found.setdefault((policy.namespace, direction), []).append(policy)
        return found

    def _isolated(self, namespace: str, direction: Direction) -> frozenset[Workload]:
        key = (namespace, direction)
        found = self._memo.get(key)
        if found is None:
            pods, facts = self._graph.pods(namespace), self._graph.facts
            written = {policy.pod_selector for policy in self._own(namespace, direction)}
            selectors = {decidable(selector, facts) for selector in written}
            selected = (pods.matching(selector) for selector in selectors if selector is not None)
            single = (of_single_pods(selector, pods.workloads) for selector in written)
            found = self._memo[key] = united(chain(selected, single), len(pods.workloads))
        return found

    @cached_property
    def _singled_out(self) -> frozenset[Workload]:
        graph = self._graph
        own = ((each.namespace, each.pod_selector, None) for each in graph.select(NetworkPolicy))
        others = ((each.namespace, m.pods, m.namespaces) for each in graph.select(EnginePolicy) for m in each.subjects)
        selected = (
            graph.peers.pods(namespace, pods, namespaces).workloads
            for namespace, pods, namespaces in (*own, *others)
            if not pods.is_empty
        )
        return united(selected, len(graph.select(Workload)))


def _of_calico(graph: Graph) -> Iterator[OtherIsolation]:
    """What Calico's policies isolate, where there are any."""
    if "Calico" in graph.engines:
        from k8snet_lint.graph.isolation.calico import CalicoIsolation  # noqa: PLC0415 - few repositories have them

        yield CalicoIsolation(graph)
