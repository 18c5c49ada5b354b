"""What a policy refers to: the pods that it is for, and the pods and namespaces that its peers admit."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from k8snet_lint.graph import near
from k8snet_lint.graph.controllers import may_be_made_at_run_time
from k8snet_lint.graph.deferred import Deferred
from k8snet_lint.graph.edges import Edges, Missed, Relation, Unresolved
from k8snet_lint.graph.namespaces import named_by
from k8snet_lint.graph.selection import is_cluster_dns, is_loose, selected
from k8snet_lint.graph.told_controller import is_controller, is_of_controller
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Namespace, NetworkPolicy, Workload
from k8snet_lint.selector import NAME_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.edges import NearMiss
    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.peers import PeerPods
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import EnginePolicy, PodsMeant, PolicyPeer, Resource
    from k8snet_lint.selector import Selector

PLATFORM_OWNED = "openshift-"
"""How the names of a platform's own namespaces start, which no manifest of a user's makes."""

PLATFORM_SET = ("network.openshift.io/policy-group", "policy-group.network.openshift.io/")
"""How labels start that a platform gives to namespaces of its own (OpenShift, *Network policy*)."""


def policy_pods(graph: Graph, policy: NetworkPolicy) -> Iterator[Edges | Missed]:
    """The pods of the policy's `podSelector`; an empty one means all of the namespace, be there any or none."""
    at = policy.spec["podSelector"]
    if not policy.pod_selector.is_empty:
        yield from selected(graph, policy, policy.pod_selector, at, Relation.SELECTS)
        return
    if graph.pods(policy.namespace).workloads:
        yield Edges(policy, Relation.SELECTS, graph.pods(policy.namespace).workloads, at)


def policy_peers(graph: Graph, policy: NetworkPolicy) -> Iterator[Edges | Missed]:
    """The pods and namespaces of every peer of the rules that count."""
    for rule in policy.effective_rules:
        for peer in rule.peers:
            if peer.is_valid and peer.ip_block.value is None:
                yield from _peer(graph, policy, peer)


def engine_pods(graph: Graph, policy: EnginePolicy) -> Iterator[Edges | Missed]:
    """The pods that a policy of another engine is for."""
    for meant in policy.subjects:
        if meant.namespaces is not None:
            yield from _meant(graph, policy, Meant.of(meant, Relation.SELECTS))
        elif not meant.pods.is_empty:
            yield from selected(graph, policy, meant.pods, meant.node, Relation.SELECTS)
        elif graph.pods(policy.namespace).workloads:
            yield Edges(policy, Relation.SELECTS, graph.pods(policy.namespace).workloads, meant.node)


def engine_peers(graph: Graph, policy: EnginePolicy) -> Iterator[Edges | Missed]:
    """The pods and namespaces of every peer of a policy of another engine."""
    for meant in policy.peers:
        yield from _meant(graph, policy, Meant.of(meant, Relation.ADMITS))


class Meant(NamedTuple):
    """Two selectors of a policy and where each is written; no namespaces mean the policy's own, no pods mean all."""

    relation: Relation
    pods: Selector | None
    namespaces: Selector | None
    pods_at: Node
    namespaces_at: Node

    @staticmethod
    def of(meant: PodsMeant, relation: Relation) -> Meant:
        return Meant(relation, meant.pods, meant.namespaces, meant.node, meant.node)


def _peer(graph: Graph, policy: NetworkPolicy, peer: PolicyPeer) -> Iterator[Edges | Missed]:
    pods_at, namespaces_at = peer.node["podSelector"], peer.node["namespaceSelector"]
    meant = Meant(Relation.ADMITS, peer.pod_selector, peer.namespace_selector, pods_at, namespaces_at)
    return _meant(graph, policy, meant)


def _meant(graph: Graph, policy: Resource, meant: Meant) -> Iterator[Edges | Missed]:
    pods, namespaces = meant.pods, meant.namespaces
    if namespaces is None:
        yield from _own_pods(graph, policy, meant)
    elif namespaces.invalid or (pods is not None and pods.invalid):
        return
    elif not graph.has_namespace(namespaces):
        every_cluster = namespaces.is_exclusion or _is_in_every_cluster(graph, namespaces)
        if not (every_cluster or namespaces.is_unfinished or is_of_controller(graph.facts, namespaces)):
            yield Missed(lambda: _no_namespace(graph.lacking(namespaces), policy, meant, namespaces))
    elif pods is not None and not pods.is_empty:
        yield from _pods(graph, policy, meant, pods, namespaces)
    elif not namespaces.is_empty:
        yield from _namespaces(graph, policy, meant, namespaces)


def _own_pods(graph: Graph, policy: Resource, meant: Meant) -> Iterator[Edges | Missed]:
    """A peer that means some pods of the policy's own namespace."""
    pods = meant.pods
    if pods is None or pods.is_empty or is_controller(graph.facts, (policy.namespace,), pods):
        return
    for each in selected(graph, policy, pods, meant.pods_at, meant.relation):
        yield _here(each, policy.namespace) if isinstance(each, Missed) and policy.namespace else each


def _here(missed: Missed, namespace: str) -> Missed:
    """A reference that leads nowhere, with the namespace in which it does."""

    def look() -> Unresolved:
        found = missed.unresolved
        return found._replace(wanted=f"{found.wanted} in namespace '{namespace}'")

    return Missed(look)


def _namespaces(graph: Graph, policy: Resource, meant: Meant, selector: Selector) -> Iterator[Edges]:
    """A peer that means whole namespaces; one that means them all needs no edge to each."""
    surely = graph.namespaces.matching(selector)[0]
    found = Deferred(lambda: (namespace for name in surely for namespace in graph.named(Namespace, "", name)))
    if found:
        yield Edges(policy, meant.relation, found, meant.namespaces_at)


def _no_namespace(graph: Graph, policy: Resource, meant: Meant, selector: Selector) -> Unresolved:
    maybe = graph.namespaces.matching(selector)[1]
    misses = graph.peers.near_namespaces(selector)
    return Unresolved(
        source=policy,
        relation=meant.relation,
        kind="Namespace",
        wanted=str(selector),
        at=near.place(meant.namespaces_at, selector, misses),
        covered=not maybe and graph.facts.assumed.complete,
        near=misses,
    )


def _pods(
    graph: Graph, policy: Resource, meant: Meant, pods: Selector, namespaces: Selector
) -> Iterator[Edges | Missed]:
    """A peer that means some pods of some namespaces, of which at least one is known."""
    found = graph.peers.pods(policy.namespace, pods, namespaces)
    if found.workloads:
        yield Edges(policy, meant.relation, found.workloads, meant.pods_at)
    outside = not namespaces.is_empty and any(name in found.namespaces for name in graph.facts.system_namespaces)
    told = is_controller(graph.facts, found.namespaces, pods)
    if not (found.workloads or found.doubtful or outside or told or is_cluster_dns(pods)):
        yield Missed(lambda: _no_pods(graph, policy, meant, pods, namespaces))


def _no_pods(graph: Graph, policy: Resource, meant: Meant, pods: Selector, namespaces: Selector) -> Unresolved:
    loose, every, names = is_loose(policy, graph.labelled_anywhere(pods)), namespaces.is_empty, named_by(namespaces)
    graph = graph if names else graph.whole
    within = graph.peers.pods(policy.namespace, pods, namespaces)
    misses = () if loose else tuple(islice(_near(graph, pods, within, by_name=names), near.MOST))
    return Unresolved(
        source=policy,
        relation=meant.relation,
        kind="Pod",
        wanted=pods_within(pods, namespaces),
        at=near.place(meant.pods_at, pods, misses),
        covered=not loose and (graph.facts.assumed.complete or (not every and _covers(graph, policy, pods, within))),
        near=misses,
    )


def pods_within(pods: Selector, namespaces: Selector) -> str:
    """Pods that two selectors mean, in words."""
    return f"{pods} in {'any namespace' if namespaces.is_empty else f'namespaces with {namespaces}'}"


def _near(graph: Graph, pods: Selector, within: PeerPods, *, by_name: bool) -> Iterator[NearMiss]:
    """Pods of some namespaces that are nearly meant: of each that is named, else of all at once."""
    if by_name:
        return (each for name in within.namespaces for each in near.labels(pods, graph.pods(name)))
    return iter(near.labels(pods, graph.all_pods, lambda each: each.namespace in within.namespaces))


def _covers(graph: Graph, policy: Resource, pods: Selector, within: PeerPods) -> bool:
    """Whether the pods that are meant would be among the workloads of the world: no operator or program makes them."""
    if pods.is_exclusion or not graph.covers_all(Workload, within.namespaces, policy):
        return False
    known = [graph.pods(name) for name in within.namespaces]
    if graph.facts.assumed.complete:
        return True
    if any(each.may_opt_in(pods) for each in known):
        return False
    return not graph.may_operate(within.namespaces, pods) and not may_be_made_at_run_time(pods, *known)


def _is_in_every_cluster(graph: Graph, selector: Selector) -> bool:
    """Whether a selector goes by the name of a namespace that each cluster has, or by a label that a platform gives."""
    known = {"default", *graph.facts.system_namespaces}
    return any(
        (requirement.key == NAME_LABEL and (value in known or value.startswith(PLATFORM_OWNED)))
        or requirement.key.startswith(PLATFORM_SET)
        for requirement in selector.requirements
        for value in (*requirement.values, "")
    )
