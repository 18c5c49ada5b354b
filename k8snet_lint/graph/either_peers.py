"""Peers side by side that may have been meant as one (networking.k8s.io/v1 `NetworkPolicyPeer`)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import PolicyPeer, Workload
    from k8snet_lint.selector import Selector


class EitherPeers(NamedTuple):
    """Two neighbouring peers, one of which only names namespaces and one only pods, so that either is enough.

    Shapes: `items` are the two as they are written; `extra` the known workloads that would not be admitted if both had
    to hold; `may_be_meant` tells that pods of the policy's own namespace have the labels, and none elsewhere; `astray`
    are the places of labels that pods of the own namespace lack, and not for being misspelt.
    """

    policy: NetworkPolicy
    items: tuple[Node, Node]
    namespaces: Selector
    extra: frozenset[Workload]
    may_be_meant: bool
    beside_addresses: bool
    astray: tuple[Node, ...]

    @property
    def has_comment(self) -> bool:
        """Whether a comment stands on the line of one of the items, or on the one above."""
        return any(map(_has_comment, self.items))


def either_peers(graph: Graph) -> Iterator[EitherPeers]:
    """Those pairs that admit something else than one peer of both would, as far as is known."""
    for policy in graph.select(NetworkPolicy):
        for each in policy.effective_rules:
            for one, other in pairwise(each.peers):
                selectors = _selectors(one, other) or _selectors(other, one)
                if selectors is not None:
                    beside = any(peer.is_block for peer in each.peers)
                    yield from _admitting_more(graph, policy, (one.node, other.node), *selectors, beside=beside)


def _selectors(one: PolicyPeer, other: PolicyPeer) -> tuple[Selector, Selector] | None:
    """The namespace selector of the one peer and the pod selector of the other, where each has nothing else."""
    namespaces, pods = one.namespace_selector, other.pod_selector
    bare = one.pod_selector is None and other.namespace_selector is None and not one.is_block and not other.is_block
    if namespaces is None or pods is None or not bare:
        return None
    return (namespaces, pods) if pods.requirements and not namespaces.invalid else None


def _admitting_more(
    graph: Graph, policy: NetworkPolicy, items: tuple[Node, Node], namespaces: Selector, pods: Selector, *, beside: bool
) -> Iterator[EitherPeers]:
    if not graph.has_namespace(namespaces) and graph.lacking(namespaces).peers.near_namespaces(namespaces):
        return  # The name of the namespace is to be mended first.
    own = graph.peers.pods(policy.namespace, pods, None).workloads
    either = {*own, *graph.peers.pods(policy.namespace, None, namespaces).workloads}
    both = graph.peers.pods(policy.namespace, pods, namespaces)
    if not either or both.doubtful or either != set(both.workloads):
        may_be_meant = bool(own) and not both.workloads and policy.namespace not in both.namespaces
        extra = frozenset(either.difference(both.workloads))
        astray = () if own else tuple(_astray(graph, policy, items))
        yield EitherPeers(policy, items, namespaces, extra, may_be_meant, beside, astray)


def _astray(graph: Graph, policy: NetworkPolicy, items: tuple[Node, Node]) -> Iterator[Node]:
    paths = [each["podSelector"].path for each in items if each["podSelector"].present]
    for missing in graph.peers.missed.get(policy, ()):
        if any(missing.at.path[: len(path)] == path for path in paths):
            owners = [graph.owner(miss.node) for miss in missing.near]
            if not any(owner is not None and owner.namespace == policy.namespace for owner in owners):
                yield missing.at


def _has_comment(node: Node) -> bool:
    place = node.key_location
    return any(" #" in f" {place.source.line(line)}" for line in (place.span.start.line, place.span.start.line - 1))
