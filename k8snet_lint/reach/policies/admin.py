"""Policies of administrators in the shape of the analysis (policy.networking.k8s.io v1alpha1 and v1alpha2 types)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cidr import Cidr
from k8snet_lint.placeholder import is_open
from k8snet_lint.reach.connections import ALL, LAST, Connections, Protocol
from k8snet_lint.reach.spec import Block, Domain, Everyone, Nodes, Peer, Pods, Policy, Ports, Rule, Unread
from k8snet_lint.resource import Direction
from k8snet_lint.resource.admin_policy import Action, AdminPolicy, Tier
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.spec import Notes
    from k8snet_lint.resource.admin_policy import AdminPeer, AdminPort, AdminRule

PROTOCOLS = frozenset(Protocol)
LEAST_URGENT = 1000


def read(policy: AdminPolicy, notes: Notes) -> Policy:
    """The policy; a rule with a part that is not known fails closed, as the types of the API ask.

    That is: an Allow rule matches nothing, a Deny or Pass rule denies everything.
    """
    at, subject = policy.spec["subject"], policy.subject
    if subject is None:
        notes.add(policy, at, "a subject is either namespaces or pods", "selects no pods")
        subject_pods = Pods(at, "", Selector((), "no subject"), Selector())
    else:
        for flaw in filter(None, (subject.namespaces.invalid, subject.pods.invalid)):
            notes.add(policy, at, flaw, "selects no pods")
        subject_pods = Pods(at, "", subject.namespaces, subject.pods)
    if policy.priority is None:
        notes.add(policy, policy.spec["priority"], "a priority is a number from 0 to 1000", "goes last")
    if policy.kind == "ClusterNetworkPolicy" and policy.spec["tier"].text not in ("Admin", "Baseline"):
        notes.add(policy, policy.spec["tier"], f"'{policy.spec['tier'].value}' is no tier", "is read as Admin")
    return Policy(
        resource=policy,
        tier=policy.tier,
        subject=subject_pods,
        rules={direction: tuple(_rules(policy, direction, notes)) for direction in Direction},
        order=LEAST_URGENT + 1 if policy.priority is None else policy.priority,
        version=policy.version,
    )


def _rules(policy: AdminPolicy, direction: Direction, notes: Notes) -> Iterator[Rule]:
    for rule in policy.rules(direction):
        action = _action(policy, rule)
        if action is None:
            notes.add(policy, rule.node["action"], f"'{rule.node['action'].value}' is no action here")
            continue
        unknown = _unknown_part(rule, rule.node[policy.ports_field])
        if unknown is None:
            peers = tuple(each for peer in rule.peers for each in _peers(policy, peer, notes))
            yield Rule(rule.node, action, peers, tuple(_ports(policy, rule, notes)))
        elif action is Action.ALLOW:
            notes.add(policy, unknown, "it says nothing that is known", "the rule matches nothing")
        else:
            notes.add(policy, unknown, "it says nothing that is known", "the rule denies everything")
            yield Rule(rule.node, Action.DENY, (Everyone(rule.node),), (Ports(rule.node, ALL),))


def _action(policy: AdminPolicy, rule: AdminRule) -> Action | None:
    """The action; Pass has no meaning in the baseline of v1alpha1, behind which nothing comes."""
    barred = policy.tier is Tier.BASELINE and policy.version == "v1alpha1"
    return None if barred and rule.action is Action.PASS else rule.action


def _unknown_part(rule: AdminRule, ports: Node) -> Node | None:
    """The peer or port that says nothing known for its direction; the list itself where it is none."""
    if not rule.peers:
        return rule.node[rule.direction.peers_field]
    for peer in rule.peers:
        if not peer.is_known or (peer.pods is None and rule.direction is Direction.INGRESS):
            return peer.node
    if not rule.ports and ports.value is not None and ports.value != []:
        return ports
    return next((port.node for port in rule.ports if not port.is_known), None)


def _peers(policy: AdminPolicy, peer: AdminPeer, notes: Notes) -> Iterator[Peer]:
    if peer.pods is not None:
        flaw = peer.pods.namespaces.invalid or peer.pods.pods.invalid
        if flaw:
            notes.add(policy, peer.node, flaw)
        else:
            yield Pods(peer.node, "", peer.pods.namespaces, peer.pods.pods)
    elif peer.nodes is not None:
        if peer.nodes.invalid:
            notes.add(policy, peer.node, peer.nodes.invalid)
        else:
            yield Nodes(peer.node["nodes"], peer.nodes)
    for network in peer.networks:
        if is_open(network.text):
            yield Unread(network, pods=True)
            continue
        try:
            cidr = Cidr.of(network.text)
        except ValueError as error:
            notes.add(policy, network, f"'{network.value}' is no CIDR: {error}")
        else:
            yield Block(network, cidr.version, (cidr.range,))
    for name in peer.domain_names:
        yield Domain(peer.node["domainNames"], name.rstrip(".").lower())


def _ports(policy: AdminPolicy, rule: AdminRule, notes: Notes) -> Iterator[Ports]:
    if not rule.ports:
        yield Ports(rule.node, ALL)
    for port in rule.ports:
        if port.name:
            yield Ports(port.node, None, port.name)
            continue
        flaw = _port_flaw(port)
        if flaw:
            notes.add(policy, port.node, flaw)
        else:
            yield Ports(port.node, Connections.of(port.protocol, port.first or 1, port.last or LAST))


def _port_flaw(port: AdminPort) -> str:
    if port.protocol not in PROTOCOLS:
        return f"'{port.protocol}' is no protocol; expected TCP, UDP or SCTP"
    if port.first is None or port.last is None or not 1 <= port.first <= port.last <= LAST:
        return f"its ports are no range within 1-{LAST}"
    return ""
