"""Policies that go by the address of the client, which a node hides that forwards a connection (`SNAT`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cidr import Cidr
from k8snet_lint.graph.edges import Relation
from k8snet_lint.resource import Direction, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import IPBlock, PolicyPort, PolicyRule, Service, ServicePort, Workload

PRIVATE = tuple(map(Cidr.of, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))
"""Addresses that may be the nodes' own."""


def admitted_client(graph: Graph, service: Service) -> tuple[NetworkPolicy, IPBlock] | None:
    """A block of public addresses that some port of a Service is for, where nothing admits everyone to that port.

    None too where a block may hold the nodes' addresses, which connections then come from.
    """
    pods = graph.endpoints(service)
    if not pods or not graph.select(NetworkPolicy):
        return None
    for workload in pods:
        telling = tuple(_telling(graph, workload))
        for port in service.ports if any(rule.blocks for _, rule in telling) else ():
            found = [(policy, rule) for policy, rule in telling if _holds(rule, workload, port)]
            blocks = [(policy, block) for policy, rule in found for block in rule.blocks]
            open_ = any(rule.is_everyone for _, rule in found) or any(
                map(_may_hold_nodes, (each for _, each in blocks))
            )
            if blocks and not open_:
                return blocks[0]
    return None


def _telling(graph: Graph, workload: Workload) -> Iterator[tuple[NetworkPolicy, PolicyRule]]:
    """The rules for some pods that are for addresses, or for everyone."""
    for edge in graph.sources(workload, Relation.SELECTS, NetworkPolicy):
        policy = edge.source
        if isinstance(policy, NetworkPolicy) and Direction.INGRESS in policy.types:
            for rule in policy.rules(Direction.INGRESS):
                if rule.is_everyone or rule.blocks:
                    yield policy, rule


def _holds(rule: PolicyRule, workload: Workload, port: ServicePort) -> bool:
    return not rule.ports or any(_is_for(each, workload, port) for each in rule.ports)


def _is_for(allowed: PolicyPort, workload: Workload, port: ServicePort) -> bool:
    """Whether a policy's port is the one that a Service's port leads to on the pods."""
    if allowed.protocol != port.protocol:
        return False
    number = port.number_on(workload)
    if isinstance(allowed.port, int) and number is not None:
        return allowed.port <= number <= (allowed.end_port or allowed.port)
    if isinstance(allowed.port, str):
        named = workload.named_port(allowed.port, allowed.protocol)
        return allowed.port == port.target or (named is not None and named.number == number)
    return allowed.port is None


def _may_hold_nodes(block: IPBlock) -> bool:
    """Whether the block is unknown, holds every address, or holds private ones."""
    cidr = block.cidr.cidr
    return cidr is None or any(cidr.contains(private) or private.contains(cidr) for private in PRIVATE)
