"""What the API server rejects of a NetworkPolicy (`ValidateNetworkPolicySpec`, `ValidateIPBlock`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.expression import expression
from k8snet_lint.quoting import quoted
from k8snet_lint.resource.engine_policy import Fault
from k8snet_lint.resource.policy import Direction
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.ip_block import IPBlock
    from k8snet_lint.resource.policy import NetworkPolicy, PolicyPeer, PolicyPort

LEADING_ZERO = expression(r"^(?:\d+\.)*0\d[\d.]*/")


def flaws(policy: NetworkPolicy) -> Iterator[Fault]:
    """Of its selector, then of its peers, then of its ports, whether or not their direction counts."""
    rules = [rule for direction in Direction for rule in policy.rules(direction)]
    yield from _of_selector(policy.spec["podSelector"])
    for peer in (peer for rule in rules for peer in rule.peers):
        yield from _of_peer(peer)
    for port in (port for rule in rules for port in rule.ports):
        yield from _of_port(port)


def _of_selector(node: Node) -> Iterator[Fault]:
    flaw = Selector.flaw(node)
    if flaw is not None:
        yield Fault(flaw.node, f"has a selector that the API server rejects: {flaw.why}", "correct the selector")


def _of_peer(peer: PolicyPeer) -> Iterator[Fault]:
    yield from _of_selector(peer.node["podSelector"])
    yield from _of_selector(peer.node["namespaceSelector"])
    block = peer.block
    if block is not None:
        yield from _of_block(peer.ip_block, block)
        if peer.selects:
            yield Fault(peer.ip_block, "has an ipBlock beside a selector in one peer", "make two peers of it")
    elif not peer.selects and peer.is_empty:
        help_ = "name the pods with podSelector or namespaceSelector, or leave the list out to mean everyone"
        yield Fault(peer.node, "has a peer without a selector or an ipBlock", help_)


def _of_block(node: Node, block: IPBlock) -> Iterator[Fault]:
    if node.is_mapping and not node["cidr"]:
        yield Fault(node["cidr"], "has an ipBlock without a cidr", "write the block as cidr, such as 10.0.0.0/8")
    for each in (block.cidr, *block.excepts) if block.cidr.node else ():
        if each.flaw:
            yield Fault(each.node, f"has the CIDR {quoted(each.node.text)}: {each.flaw}", "write it like 10.0.0.0/8")
        elif each.cidr is not None and each.cidr.has_host_bits:
            what = f"has the CIDR {each.node.text}, which counts as {each.cidr}"
            help_ = f"write {each.cidr}, or another prefix length if one address is meant"
            yield Fault(each.node, what, help_, is_accepted=True)
        elif each.cidr is not None and LEADING_ZERO.search(each.node.text):
            what = f"has the CIDR {each.node.text}, whose leading zeros other programs read as octal numbers"
            yield Fault(each.node, what, f"write {each.cidr}", is_accepted=True)
    for hole in block.excepts:
        if hole.cidr and block.cidr.cidr and not block.cidr.cidr.strictly_contains(hole.cidr):
            what = f"has the exception {hole.node.text}, which is no smaller part of {block.cidr.node.text}"
            yield Fault(hole.node, what, "except only blocks inside of cidr, and smaller than it")


def _of_port(port: PolicyPort) -> Iterator[Fault]:
    for flaw in port.flaws:
        yield Fault(flaw.node, f"has {flaw}", "write the number without quotes, or the name of a container port")
    if port.end_port is None:
        return
    end, last = port.node["endPort"], f"has endPort {port.end_port}"
    if port.port is None:
        yield Fault(end, f"{last} without a port", "name the first port of the range as port")
    elif isinstance(port.port, str):
        yield Fault(end, f"{last} beside port {port.called}", "give the first port as a number")
    elif port.end_port < port.port:
        yield Fault(end, f"{last}, which is lower than port {port.port}", "swap the two")
