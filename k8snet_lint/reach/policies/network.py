"""NetworkPolicies in the shape of the analysis (networking.k8s.io/v1 types and validation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.placeholder import is_open
from k8snet_lint.reach.connections import ALL, LAST, Connections, Protocol
from k8snet_lint.reach.spec import AllOf, Block, Doubt, Everyone, Peer, Pods, Policy, Ports, Rule, Unread
from k8snet_lint.reach.verdict import Reason
from k8snet_lint.resource.admin_policy import Action, Tier
from k8snet_lint.resource.ip_block import IPBlock
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.spec import Notes
    from k8snet_lint.resource import NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule

PROTOCOLS = frozenset(Protocol)


def read(policy: NetworkPolicy, notes: Notes) -> Policy:
    """The policy, without what the API server rejects; each such part is noted and matches nothing."""
    _note_flaws(policy, notes)
    return Policy(
        resource=policy,
        tier=Tier.NETWORK_POLICY,
        subject=Pods(policy.spec["podSelector"], policy.namespace, None, policy.pod_selector),
        rules={
            direction: tuple(
                Rule(rule.node, Action.ALLOW, tuple(_peers(policy, rule, notes)), tuple(_ports(policy, rule, notes)))
                for rule in policy.rules(direction)
            )
            for direction in sorted(policy.types)
        },
    )


def _note_flaws(policy: NetworkPolicy, notes: Notes) -> None:
    """Note what is wrong beside the rules themselves."""
    spec = policy.spec
    if spec.value is not None and not spec.is_mapping:
        notes.add(policy, spec, f"a spec is a mapping, not '{spec.value}'", "is read as an empty one")
    if policy.pod_selector.invalid:
        notes.add(policy, spec["podSelector"], policy.pod_selector.invalid, "selects no pods")
    for item in spec["policyTypes"]:
        if item.text not in ("Ingress", "Egress"):
            notes.add(policy, item, f"'{item.value}' is no policy type; expected Ingress or Egress", "is left out")
    for direction in sorted(policy.types):
        written = spec[direction.field]
        if written.value is not None and not written.is_list:
            notes.add(policy, written, f"'{direction.field}' is a list of rules")


def _is_open(node: Node) -> bool:
    """Whether a list says nothing, which in a rule means everything: absent, null or empty."""
    return node.value is None or node.value == []


def _peers(policy: NetworkPolicy, rule: PolicyRule, notes: Notes) -> Iterator[Peer]:
    written = rule.node[rule.direction.peers_field]
    if rule.node.value is not None and not rule.node.is_mapping:
        notes.add(policy, rule.node, f"a rule is a mapping, not '{rule.node.value}'")
    elif _is_open(written):
        yield Everyone(rule.node)
    elif not written.is_list:
        notes.add(policy, written, f"'{rule.direction.peers_field}' is a list of peers")
    for peer in rule.peers:
        found = _peer(policy, peer, notes)
        if found is not None:
            yield found


def _peer(policy: NetworkPolicy, peer: PolicyPeer, notes: Notes) -> Peer | None:
    if not peer.is_valid:
        selects = peer.pod_selector is not None or peer.namespace_selector is not None
        flaw = "a peer is an ipBlock or selectors, not both" if selects else "a peer names an ipBlock or a selector"
        notes.add(policy, peer.node, flaw)
        return None
    if peer.ip_block.value is not None:
        return _block(policy, peer.ip_block, notes)
    for selector in (peer.pod_selector, peer.namespace_selector):
        if selector is not None and selector.invalid:
            notes.add(policy, peer.node, selector.invalid)
            return None
    return Pods(peer.node, policy.namespace, peer.namespace_selector, peer.pod_selector or Selector())


def _block(policy: NetworkPolicy, node: Node, notes: Notes) -> Peer | None:
    block = IPBlock.of(node)
    cidr = block.cidr.cidr
    if is_open(block.cidr.node.text):
        return Unread(node, pods=True)
    if cidr is None:
        notes.add(policy, block.cidr.node, f"'{block.cidr.node.value}' is no CIDR")
        return None
    unfinished = [hole.node for hole in block.excepts if is_open(hole.node.text)]
    for hole in block.excepts:
        if hole.node in unfinished:
            continue
        if hole.cidr is None:
            notes.add(policy, hole.node, f"'{hole.node.value}' is no CIDR")
            return None
        if not cidr.strictly_contains(hole.cidr):
            flaw = f"'{hole.cidr}' is not a smaller part of '{cidr}'"
            notes.add(policy, hole.node, flaw, "is cut out where it overlaps")
    found = Block(node, cidr.version, block.ranges)
    return AllOf(node, (found, Doubt(unfinished[0], Reason.PEER_UNREAD))) if unfinished else found


def _ports(policy: NetworkPolicy, rule: PolicyRule, notes: Notes) -> Iterator[Ports]:
    written = rule.node["ports"]
    if _is_open(written):
        yield Ports(rule.node, ALL)
    elif not written.is_list:
        notes.add(policy, written, "'ports' is a list")
    for port in rule.ports:
        flaw = _port_flaw(port)
        if flaw:
            notes.add(policy, port.node, flaw)
        elif isinstance(port.port, str):
            yield Ports(port.node, None, port.port, port.protocol)
        elif port.port is None:
            yield Ports(port.node, Connections.of(port.protocol))
        else:
            yield Ports(port.node, Connections.of(port.protocol, port.port, port.end_port or port.port))


def _port_flaw(port: PolicyPort) -> str:
    """What the API server rejects (`ValidateNetworkPolicyPort`)."""
    written = port.node.value
    if written is not None and not isinstance(written, dict):
        return f"a port is a mapping, not '{written}'"
    number, protocol, end = map((written or {}).get, ("port", "protocol", "endPort"))
    if port.protocol not in PROTOCOLS or not (protocol is None or (protocol and isinstance(protocol, str))):
        return f"'{protocol}' is no protocol; expected TCP, UDP or SCTP"
    if port.port is None and number is not None:
        return f"'{number}' is no port"
    if isinstance(port.port, int) and not 1 <= port.port <= LAST:
        return f"port {port.port} is outside 1-{LAST}"
    return "" if end is None else _end_flaw(port)


def _end_flaw(port: PolicyPort) -> str:
    if port.end_port is None or not isinstance(port.port, int):
        return "endPort is a number and needs a numeric port"
    return "" if port.port <= port.end_port <= LAST else f"endPort {port.end_port} is outside {port.port}-{LAST}"
