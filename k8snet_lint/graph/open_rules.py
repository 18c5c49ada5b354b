"""Rules of policies that leave nobody out, on any port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Direction, EnginePolicy, NetworkPolicy


class OpenRule(NamedTuple):
    """A rule for every port, where it says for whom; `is_everyone` tells that addresses outside the cluster are too."""

    policy: NetworkPolicy | EnginePolicy
    at: Node
    is_everyone: bool


def open_rules(graph: Graph, direction: Direction) -> Iterator[OpenRule]:
    """The rules of a direction that are for everyone, or for every pod of every namespace."""
    for policy in graph.policies:
        for each in policy.effective_rules:
            if each.direction is not direction or not each.is_every_port:
                continue
            if each.is_everyone:
                yield OpenRule(policy, each.peers_node if each.peers_node.present else each.node, is_everyone=True)
            elif each.every_pod is not None:
                yield OpenRule(policy, each.every_pod, is_everyone=False)
