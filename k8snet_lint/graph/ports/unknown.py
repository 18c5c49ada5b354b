"""Ports of policies that the pods they are ports of do not have (networking.k8s.io/v1 `NetworkPolicyPort`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction
from k8snet_lint.resource.protocols import PROTOCOLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import EnginePolicy, EngineRule, NetworkPolicy, PolicyPort, PolicyRule, Workload


class UnknownPort(NamedTuple):
    """A port that a policy allows and that leads nowhere, as far as manifests tell.

    Shapes: `pods` are all that it is a port of, none where those are addresses, which have no names for ports;
    `is_sure` tells of a name that only these pods could have.
    """

    policy: NetworkPolicy | EnginePolicy
    port: PolicyPort
    pods: Sequence[Workload]
    is_sure: bool

    @property
    def other_protocol(self) -> str:
        """The protocol by which all of the pods declare the port, where that is all that differs; else empty."""
        return next((each for each in PROTOCOLS if each != self.port.protocol and self._have(each)), "")

    def _have(self, protocol: str) -> bool:
        port = self.port.port
        return bool(self.pods) and port is not None and all(pod.declares(port, protocol) for pod in self.pods)


def unknown_ports(graph: Graph) -> Iterator[UnknownPort]:
    """Names that no pod has, and single numbers that every pod is known not to serve."""
    for policy in graph.policies:
        for each in policy.effective_rules:
            if any(port.port is not None for port in each.ports):
                yield from _of_rule(graph, policy, each)


def _of_rule(
    graph: Graph, policy: NetworkPolicy | EnginePolicy, rule: PolicyRule | EngineRule
) -> Iterator[UnknownPort]:
    pods, _, others = graph.peers.destinations(policy, rule)
    only_addresses = rule.direction is Direction.EGRESS and rule.is_of_addresses
    for port in rule.ports:
        is_name = isinstance(port.port, str)
        if not port.port or port.flaws or not (is_name or (port.end_port is None and not others)):
            continue
        if is_name and only_addresses:
            yield UnknownPort(policy, port, (), is_sure=False)
        elif all(graph.pod_ports.declaring(pods, port.port, each).all_lack for each in port.protocols):
            yield UnknownPort(policy, port, pods, is_sure=is_name and not others)
