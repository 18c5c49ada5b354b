"""Which pods a policy's peer means (networking.k8s.io/v1 `NetworkPolicyPeer`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph import near
from k8snet_lint.graph.chosen import Chosen
from k8snet_lint.graph.controllers import decidable
from k8snet_lint.graph.deferred import Deferred
from k8snet_lint.graph.edges import Relation
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction, EnginePolicy, NetworkPolicy
from k8snet_lint.resource.engine_policy import EngineRule
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from k8snet_lint.graph.edges import NearMiss, Unresolved
    from k8snet_lint.graph.either_peers import EitherPeers
    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.names import Names
    from k8snet_lint.graph.selecting import Selecting
    from k8snet_lint.resource import PolicyRule, Resource, Workload

FEW = 8
"""Up to so many namespaces, looking into each is cheaper than looking through what is selected anywhere."""

MANY = 5
"""From so many namespaces on, a selector that is used in all of them is no slip of the pen."""

EVERYTHING = Selector()


class PeerPods(NamedTuple):
    """What a peer selects in the world.

    Shapes: `namespaces` are those that surely match, the unset one as an empty name; `doubtful` tells that unknown
    labels of a namespace, or labels that only a controller knows, may add to the workloads or take from them.
    """

    workloads: Collection[Workload]
    namespaces: Collection[str]
    doubtful: bool = False


class Destinations(NamedTuple):
    """The pods whose ports a rule means: one value for all rules that mean the same pods, so that it can be a key.

    Shapes: no workloads where some are not known; `doubtful` where a selector takes all pods, so that others than the
    world's may be among them.
    """

    workloads: Sequence[Workload]
    namespaces: Collection[str]
    doubtful: bool


NOWHERE = Destinations((), (), doubtful=False)


class Peers:
    """The pods behind the selectors of peers; each combination is worked out once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._memo: dict[tuple[str, Selector, Selector | None], PeerPods] = {}
        self._listed: dict[int, tuple[Collection[Workload], tuple[Workload, ...]]] = {}
        self._near: dict[Selector, tuple[NearMiss, ...]] = {}

    @cached_property
    def selecting(self) -> Selecting:
        """How many selectors of a namespace mean pods of the world."""
        from k8snet_lint.graph.selecting import Selecting  # noqa: PLC0415 - only what selects nothing asks for it

        return Selecting(self._graph)

    def pods(self, namespace: str, pods: Selector | None, namespaces: Selector | None) -> PeerPods:
        """The workloads that a peer with these selectors means in a policy of `namespace`.

        None is a field that is not written: no `namespaceSelector` means the policy's own namespace, no
        `podSelector` all pods.
        """
        key = ("" if namespaces is not None else namespace, pods or EVERYTHING, namespaces)
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._search(*key)
        return found

    def destinations(self, policy: NetworkPolicy | EnginePolicy, rule: PolicyRule | EngineRule) -> Destinations:
        """The pods whose ports a rule means: the policy's own for ingress, its peers' for egress."""
        if isinstance(rule, EngineRule):
            return self._destinations(policy, rule)
        if isinstance(policy, NetworkPolicy) and rule.direction is Direction.INGRESS:
            subjects = self._graph.subjects(policy)
            return Destinations(subjects, (policy.namespace,), doubtful=policy.pod_selector.is_empty)
        meant = [self.pods(policy.namespace, peer.pod_selector, peer.namespace_selector) for peer in rule.peers]
        known = all(peer.is_valid and not (peer.is_block or peer.is_every_pod) for peer in rule.peers)
        if not known or any(each.doubtful or not each.workloads for each in meant):
            return NOWHERE
        whole = any(peer.pod_selector is None or peer.pod_selector.is_empty for peer in rule.peers)
        return self._united(meant, doubtful=whole)

    def _destinations(self, policy: Resource, rule: EngineRule) -> Destinations:
        """The same for the policy of another engine."""
        whom = (rule.subject,) if rule.direction is Direction.INGRESS else rule.pods
        meant = [self.pods(policy.namespace, each.pods, each.namespaces) for each in whom]
        known = rule.direction is Direction.INGRESS or rule.is_of_pods
        if not known or any(each.doubtful or not each.workloads for each in meant):
            return NOWHERE
        return self._united(meant, doubtful=any(each.pods.is_empty for each in whom))

    def _united(self, meant: Sequence[PeerPods], *, doubtful: bool) -> Destinations:
        """What several peers mean, each once."""
        if len(meant) == 1:
            return Destinations(self._list(meant[0].workloads), meant[0].namespaces, doubtful)
        workloads = dict.fromkeys(each for peer in meant for each in peer.workloads)
        namespaces = dict.fromkeys(name for peer in meant for name in peer.namespaces)
        return Destinations(tuple(workloads), tuple(namespaces), doubtful)

    def _list(self, workloads: Collection[Workload]) -> Sequence[Workload]:
        if isinstance(workloads, tuple | Chosen):
            return workloads
        found = self._listed.get(id(workloads))
        if found is None or found[0] is not workloads:
            found = self._listed[id(workloads)] = workloads, tuple(workloads)
        return found[1]

    @cached_property
    def missed(self) -> Mapping[Resource, Sequence[Unresolved]]:
        """The peers that select nothing, by their policies."""
        found: dict[Resource, list[Unresolved]] = {}
        for each in self._graph.unresolved(Relation.ADMITS, NetworkPolicy, EnginePolicy):
            found.setdefault(each.source, []).append(each)
        return found

    @property
    def either(self) -> Iterator[EitherPeers]:
        """Peers of NetworkPolicies that admit namespaces or pods where both may have been meant at once."""
        if not self._graph.select(NetworkPolicy):
            return iter(())
        from k8snet_lint.graph.either_peers import either_peers  # noqa: PLC0415 - only where there are policies

        return either_peers(self._graph)

    def near_namespaces(self, selector: Selector) -> tuple[NearMiss, ...]:
        """What a selector that holds for no known namespace may have meant.

        Nothing, where policies of many namespaces go by it: they agree on something that lives elsewhere.
        """
        found = self._near.get(selector)
        if found is None:
            shared = len(self._users.get(selector, ())) >= MANY
            found = self._near[selector] = () if shared else near.namespaces(selector, self._graph.namespaces)
        return found

    def uses(self, selector: Selector) -> bool:
        """Whether a policy goes by that selector of namespaces."""
        return selector in self._users

    @cached_property
    def _users(self) -> dict[Selector, set[str]]:
        """The namespaces whose policies use each namespace selector."""
        users: dict[Selector, set[str]] = {}
        for policy in self._graph.select(NetworkPolicy):
            for rule in policy.effective_rules:
                for peer in rule.peers:
                    if peer.namespace_selector is not None:
                        users.setdefault(peer.namespace_selector, set()).add(policy.namespace)
        for other in self._graph.select(EnginePolicy):
            for meant in other.peers:
                if meant.namespaces is not None:
                    users.setdefault(meant.namespaces, set()).add(other.namespace)
        return users

    def _search(self, namespace: str, pods: Selector, namespaces: Selector | None) -> PeerPods:
        selector = decidable(pods, self._graph.facts)
        doubtful = selector != pods or pods.is_unfinished
        if namespaces is None:
            inside = () if selector is None else self._graph.pods(namespace).matching(selector)
            return PeerPods(inside, (namespace,), doubtful)
        graph = self._graph.holding(selector, namespaces)
        surely, maybe = graph.namespaces.matching(namespaces)
        found = () if selector is None else _among(graph, surely, selector)
        doubtful = doubtful or bool(maybe) or (not found and selector is not None and _may_be(graph, surely, selector))
        return PeerPods(found, surely, doubtful)


def _may_be(graph: Graph, names: Names, selector: Selector) -> bool:
    """Whether texts that are still to be filled in may make a selector mean pods of some namespaces."""
    if len(names) <= FEW:
        return any(graph.pods(name).may_mean(selector) for name in names)
    return graph.all_pods.may_mean(selector)


def _among(graph: Graph, names: Names, selector: Selector) -> Collection[Workload]:
    """The pods of some namespaces that a selector means."""
    if len(names) <= FEW:
        return tuple(each for name in names for each in graph.pods(name).matching(selector))
    anywhere = graph.all_pods.matching(selector)
    return Deferred(lambda: (each for each in anywhere if each.namespace in names)) if names.others else anywhere
