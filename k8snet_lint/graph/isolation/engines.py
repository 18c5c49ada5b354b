"""What policies of other engines isolate, as far as their views tell; each engine is asked in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.controllers import decidable
from k8snet_lint.resource import Direction
from k8snet_lint.resource.engine_policy import EnginePolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import Resource, Workload
    from k8snet_lint.resource.engine_policy import PodsMeant
    from k8snet_lint.selector import Selector

UNREAD = frozenset(
    {
        ("crd.antrea.io", "NetworkPolicy"),
    }
)
"""Namespaced policies of other engines; what they isolate is not worked out here."""

UNREAD_CLUSTER_WIDE = frozenset(
    {
        ("crd.antrea.io", "ClusterNetworkPolicy"),
    }
)
"""Policies of other engines that may reach every namespace."""


MAKERS = frozenset({("kyverno.io", "ClusterPolicy"), ("kyverno.io", "Policy"), ("capsule.clastix.io", "Tenant")})
"""Kinds of which operators may make policies."""


class OtherIsolation(Protocol):
    """What policies besides NetworkPolicies isolate: one class for each way of deciding that."""

    def policies(self, namespace: str, direction: Direction) -> Sequence[EnginePolicy]:
        """Those that isolate pods of the namespace in a direction."""

    def denies_all(self, namespace: str, direction: Direction) -> Resource | None:
        """One that isolates every pod of the namespace, but for those that it leaves out."""

    def denies(self, workload: Workload, direction: Direction) -> bool:
        """Whether one isolates the workload's pods."""

    def may_deny(self, namespace: str) -> bool:
        """Whether one may isolate pods of the namespace, so that it is not sure that none does."""


class EngineIsolation:
    """What policies isolate by selecting pods, whatever their engine."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._memo: dict[tuple[str, Direction], tuple[dict[EnginePolicy, bool], set[Workload]]] = {}

    def policies(self, namespace: str, direction: Direction) -> Sequence[EnginePolicy]:
        found, _ = self._isolating(namespace, direction)
        return [policy for policy, selects in found.items() if selects or not policy.cluster_scoped]

    def denies_all(self, namespace: str, direction: Direction) -> EnginePolicy | None:
        return next((policy for policy, meant in self._meaning(namespace, direction) if meant.pods.is_open_ended), None)

    def denies(self, workload: Workload, direction: Direction) -> bool:
        return workload in self._isolating(workload.namespace, direction)[1]

    def may_deny(self, namespace: str) -> bool:
        if not self._policies:
            return False
        return namespace in self._doubtful

    def _isolating(self, namespace: str, direction: Direction) -> tuple[dict[EnginePolicy, bool], set[Workload]]:
        """The policies that are for pods of the namespace, with whether there are any, and those that are isolated."""
        key = (namespace, direction)
        found = self._memo.get(key)
        if found is None:
            policies, isolated = found = {}, set()
            inside = self._graph.pods(namespace)
            for policy, meant in self._meaning(namespace, direction):
                selector = decidable(meant.pods, self._graph.facts)
                pods = inside.matching(selector) if selector is not None else ()
                policies[policy] = policies.get(policy, False) or bool(pods)
                if len(isolated) < len(inside.workloads):
                    isolated.update(pods)
            self._memo[key] = found
        return found

    def _meaning(self, namespace: str, direction: Direction) -> Iterator[tuple[EnginePolicy, PodsMeant]]:
        """The policies that isolate pods of the namespace, with the pods that they mean."""
        yield from self._own.get((namespace, direction), ())
        yield from self._wide.get((namespace, direction), ())

    @cached_property
    def _policies(self) -> tuple[EnginePolicy, ...]:
        return self._graph.select(EnginePolicy)

    @cached_property
    def _own(self) -> dict[tuple[str, Direction], list[tuple[EnginePolicy, PodsMeant]]]:
        found: dict[tuple[str, Direction], list[tuple[EnginePolicy, PodsMeant]]] = {}
        for policy, direction, meant in self._meant():
            if meant.namespaces is None:
                found.setdefault((policy.namespace, direction), []).append((policy, meant))
        return found

    @cached_property
    def _wide(self) -> dict[tuple[str, Direction], list[tuple[EnginePolicy, PodsMeant]]]:
        """The policies that mean namespaces by their labels, for each of these in which they may matter."""
        found: dict[tuple[str, Direction], list[tuple[EnginePolicy, PodsMeant]]] = {}
        for policy, direction, meant in self._meant():
            if meant.namespaces is not None:
                names: Iterable[str] = self._graph.namespaces.matching(meant.namespaces)[0]
                if policy.cluster_scoped and not meant.pods.is_empty:
                    selector = decidable(meant.pods, self._graph.facts)
                    pods = self._graph.all_pods.matching(selector) if selector is not None else ()
                    names = dict.fromkeys(each.namespace for each in pods if each.namespace in names)
                for name in names:
                    found.setdefault((name, direction), []).append((policy, meant))
        return found

    def _meant(self) -> Iterator[tuple[EnginePolicy, Direction, PodsMeant]]:
        for policy in self._policies:
            for direction in Direction if policy.is_understood else ():
                for meant in policy.isolated(direction):
                    yield policy, direction, meant

    @cached_property
    def _doubtful(self) -> frozenset[str]:
        """The namespaces whose pods a policy may isolate: its namespace, its labels or its meaning are not known."""
        graph = self._graph
        selectors = [(policy.namespace, meant.pods) for policy, _, meant in self._meant() if meant.namespaces is None]
        found = {*reached(graph, selectors)}
        doubted = graph.namespaces.of(())
        for policy, _, meant in self._meant():
            undecided = meant.pods.is_unfinished or decidable(meant.pods, graph.facts) is None
            if meant.namespaces is not None:
                surely, maybe = graph.namespaces.matching(meant.namespaces)
                doubted |= surely | maybe if undecided else maybe
            elif undecided:
                found.add(policy.namespace)
        for policy in self._policies:
            if not policy.is_understood:
                found.update(("", *graph.namespaces.names) if _is_anywhere(policy) else (policy.namespace,))
        return frozenset((*found, *doubted))


def makes_policies(resource: Resource) -> bool:
    """Whether an operator makes policies of it in namespaces of its choice: Kyverno's `generate`, Capsule's tenants."""
    if (resource.group, resource.kind) not in MAKERS:
        return False
    if resource.kind == "Tenant":
        return bool(resource.spec["networkPolicies"])
    made = (rule["generate"] for rule in resource.spec["rules"])
    return any(
        kind.text.rpartition("/")[2].endswith("NetworkPolicy")
        for each in made
        for kind in (each["kind"], *each.at("cloneList", "kinds"))
    )


class UnreadIsolation:
    """Policies that are not read, or not yet there: any of them may isolate whatever it could."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def policies(self, namespace: str, direction: Direction) -> Sequence[EnginePolicy]:  # noqa: ARG002 - none is known
        return ()

    def denies_all(self, namespace: str, direction: Direction) -> None:  # noqa: ARG002 - none is known to
        return None

    def denies(self, workload: Workload, direction: Direction) -> bool:  # noqa: ARG002 - none is known to
        return False

    def may_deny(self, namespace: str) -> bool:
        return self._everywhere or not self._inside.isdisjoint((namespace, ""))

    @cached_property
    def _inside(self) -> frozenset[str]:
        return frozenset(each.namespace for each in self._graph.of_kinds(UNREAD))

    @cached_property
    def _everywhere(self) -> bool:
        graph = self._graph
        return bool(graph.of_kinds(UNREAD_CLUSTER_WIDE)) or any(map(makes_policies, graph.of_kinds(MAKERS)))


def reached(graph: Graph, selecting: Iterable[tuple[str, Selector]]) -> frozenset[str]:
    """Namespaces other than a policy's own whose pods it selects, where one of the two is not set.

    Shapes: `selecting` are namespaces of policies and what those select.
    """
    found: set[str] = set()
    for is_set, written in {(bool(namespace), written) for namespace, written in selecting}:
        selector = decidable(written, graph.facts)
        if selector is None:
            continue
        if is_set:
            found.update(workload.namespace for workload in graph.pods("").matching(selector))
        elif selector.is_empty:
            found.update(filter(None, graph.namespaces.names))
        else:
            found.update(w.namespace for w in graph.all_pods.matching(selector) if w.namespace)
    return frozenset(found)


def _is_anywhere(policy: EnginePolicy) -> bool:
    return policy.cluster_scoped or not policy.namespace
