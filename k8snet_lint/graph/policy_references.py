"""What a NetworkPolicy refers to: the pods that it is for, and the pods and namespaces that its peers admit."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from k8snet_lint.graph import near
from k8snet_lint.graph.edges import Edges, Relation, Unresolved
from k8snet_lint.graph.namespaces import NAME_LABEL
from k8snet_lint.graph.selection import is_loose, selected
from k8snet_lint.resource import Namespace, NetworkPolicy, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.peers import PeerPods
    from k8snet_lint.resource import PolicyPeer
    from k8snet_lint.selector import Selector


def policy_pods(graph: Graph, policy: NetworkPolicy) -> Iterator[Edges | Unresolved]:
    """The pods of the policy's `podSelector`; an empty one means all of the namespace, be there any or none."""
    at = policy.spec["podSelector"]
    if not policy.pod_selector.is_empty:
        yield from selected(graph, policy, policy.pod_selector, at, Relation.SELECTS)
        return
    if graph.pods(policy.namespace).workloads:
        yield Edges(policy, Relation.SELECTS, graph.pods(policy.namespace).workloads, at)


def policy_peers(graph: Graph, policy: NetworkPolicy) -> Iterator[Edges | Unresolved]:
    """The pods and namespaces of every peer of the rules that count."""
    for rule in policy.effective_rules:
        for peer in rule.peers:
            if peer.is_valid and peer.ip_block.value is None:
                yield from _peer(graph, policy, peer)


def _peer(graph: Graph, policy: NetworkPolicy, peer: PolicyPeer) -> Iterator[Edges | Unresolved]:
    pods, namespaces = peer.pod_selector, peer.namespace_selector
    if namespaces is None:
        yield from _own_pods(graph, policy, peer)
    elif namespaces.invalid or (pods is not None and pods.invalid):
        return
    elif not graph.namespaces.matching(namespaces)[0]:
        if not _is_in_every_cluster(graph, namespaces):
            yield _no_namespace(graph, policy, peer, namespaces)
    elif pods is not None and not pods.is_empty:
        yield from _pods(graph, policy, peer, pods, namespaces)
    elif not namespaces.is_empty:
        yield from _namespaces(graph, policy, peer, namespaces)


def _own_pods(graph: Graph, policy: NetworkPolicy, peer: PolicyPeer) -> Iterator[Edges | Unresolved]:
    """A peer that means some pods of the policy's own namespace."""
    pods = peer.pod_selector
    if pods is None or pods.is_empty:
        return
    for each in selected(graph, policy, pods, peer.node["podSelector"], Relation.ADMITS):
        if isinstance(each, Unresolved) and policy.namespace:
            yield each._replace(wanted=f"{each.wanted} in namespace '{policy.namespace}'")
        else:
            yield each


def _namespaces(graph: Graph, policy: NetworkPolicy, peer: PolicyPeer, selector: Selector) -> Iterator[Edges]:
    """A peer that means whole namespaces; one that means them all needs no edge to each."""
    surely = graph.namespaces.matching(selector)[0]
    found = tuple(namespace for name in surely for namespace in graph.named(Namespace, "", name))
    if found:
        yield Edges(policy, Relation.ADMITS, found, peer.node["namespaceSelector"])


def _no_namespace(graph: Graph, policy: NetworkPolicy, peer: PolicyPeer, selector: Selector) -> Unresolved:
    maybe = graph.namespaces.matching(selector)[1]
    misses = graph.peers.near_namespaces(selector)
    return Unresolved(
        source=policy,
        relation=Relation.ADMITS,
        kind="Namespace",
        wanted=str(selector),
        at=near.place(peer.node["namespaceSelector"], selector, misses),
        covered=not maybe and graph.facts.assumed.complete,
        near=misses,
    )


def _pods(
    graph: Graph, policy: NetworkPolicy, peer: PolicyPeer, pods: Selector, namespaces: Selector
) -> Iterator[Edges | Unresolved]:
    """A peer that means some pods of some namespaces, of which at least one is known."""
    meant = graph.peers.pods(policy.namespace, pods, namespaces)
    if meant.workloads:
        yield Edges(policy, Relation.ADMITS, meant.workloads, peer.node["podSelector"])
    outside = not graph.facts.system_namespaces.isdisjoint(meant.namespaces) and not namespaces.is_empty
    if not (meant.workloads or meant.doubtful or outside or _is_cluster_dns(pods)):
        yield _no_pods(graph, policy, peer, pods, meant)


def _no_pods(graph: Graph, policy: NetworkPolicy, peer: PolicyPeer, pods: Selector, meant: PeerPods) -> Unresolved:
    loose = is_loose(policy, graph.all_pods.matching(pods))
    covered = not pods.is_exclusion and all(graph.covers(Workload, name) for name in meant.namespaces)
    every = peer.namespace_selector is None or peer.namespace_selector.is_empty
    found = (miss for name in meant.namespaces for miss in near.labels(pods, graph.pods(name)))
    misses = () if loose else tuple(islice(found, near.MOST))
    return Unresolved(
        source=policy,
        relation=Relation.ADMITS,
        kind="Pod",
        wanted=f"{pods} in {'any namespace' if every else f'namespaces with {peer.namespace_selector}'}",
        at=near.place(peer.node["podSelector"], pods, misses),
        covered=not loose and (graph.facts.assumed.complete or (covered and not every)),
        near=misses,
    )


def _is_cluster_dns(pods: Selector) -> bool:
    """Whether a selector means the DNS server, which each cluster has under this label."""
    return any(requirement.key == "k8s-app" and "kube-dns" in requirement.values for requirement in pods.requirements)


def _is_in_every_cluster(graph: Graph, selector: Selector) -> bool:
    """Whether a selector goes by the name of a namespace that each cluster has."""
    return any(
        requirement.key == NAME_LABEL and (value == "default" or value in graph.facts.system_namespaces)
        for requirement in selector.requirements
        for value in requirement.values
    )
