"""Cilium's policies in the shape of the analysis (Cilium documentation, *Layer 3*, *Layer 4*, *Deny policies*)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cidr import Cidr
from k8snet_lint.placeholder import is_open
from k8snet_lint.reach.addresses import everything
from k8snet_lint.reach.connections import ALL, LAST, Connections, Protocol
from k8snet_lint.reach.spec import Block, Domain, Entities, Everyone, Peer, Pods, Policy, Ports, Rule, Unread
from k8snet_lint.reach.verdict import Reason
from k8snet_lint.resource import Direction, IPBlock
from k8snet_lint.resource.admin_policy import Action, Tier
from k8snet_lint.resource.cilium_selector import endpoints, reserved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.spec import Notes
    from k8snet_lint.resource.cilium import CiliumPolicy, CiliumRule, CiliumSpec

PROTOCOLS = {**{each.value: (each,) for each in Protocol}, "ANY": tuple(Protocol), "": tuple(Protocol)}
WORLDS = {"world-ipv4": 4, "world-ipv6": 6}
PARSED = ("http", "kafka", "l7proto")
"""Rules beyond ports that may refuse single requests of a connection; dns rules leave name servers reachable."""


def read(policy: CiliumPolicy, notes: Notes, *, enforced: bool) -> Iterator[Policy]:
    """One policy for each spec that selects pods; nothing of one that Cilium rejects, as it ignores the whole of it."""
    for fault in policy.flaws:
        notes.add(policy, fault.node, f"it {fault.what}", "the whole policy is ignored")
    for spec in () if policy.flaws else policy.specs:
        subject = spec.subject
        if subject is None:
            notes.add(policy, spec.node["nodeSelector"], "policies for nodes are not analysed", "is left out")
            continue
        about = [each for each in Direction if spec.isolates(each) or spec.rules(each)]
        yield Policy(
            resource=policy,
            tier=Tier.NETWORK_POLICY,
            subject=Pods(subject.node, policy.namespace, subject.namespaces, subject.pods),
            rules={each: tuple(_rules(policy, spec, each)) for each in about},
            lenient=frozenset(each for each in about if not spec.isolates(each)),
            enforced=enforced,
        )


def _rules(policy: CiliumPolicy, spec: CiliumSpec, direction: Direction) -> Iterator[Rule]:
    """The rules; those that ask for more than peers and ports are parted by what they ask for."""
    required = any(each.requires for each in spec.rules(direction))
    for rule in spec.rules(direction):
        if rule.is_nobody:
            continue
        peers = tuple(_peers(policy, rule))
        action = Action.DENY if rule.denies else Action.ALLOW
        by_doubt: dict[Reason | None, list[Ports]] = {}
        for doubt, port in _ports(rule):
            asked = Reason.PEER_UNREAD if required else _authentication(rule)
            by_doubt.setdefault(asked or doubt, []).append(port)
        for doubt, ports in by_doubt.items():
            yield Rule(rule.node, action, peers, tuple(ports), doubt)


def _authentication(rule: CiliumRule) -> Reason | None:
    mode = rule.node.at("authentication", "mode").text
    return Reason.AUTHENTICATION if mode not in ("", "disabled") else None


# ── peers ─────────────────────────────────────────────────────────────────────────────────────────────


def _peers(policy: CiliumPolicy, rule: CiliumRule) -> Iterator[Peer]:
    lists = rule.peer_lists
    if not lists:
        yield Everyone(rule.node)
    for each in lists:
        kind = str(each.key).removeprefix("from").removeprefix("to")
        if kind == "Entities":
            yield from _entities(each, [entry.text for entry in each])
        for entry in each:
            yield from _peer(policy, kind, entry)


def _peer(policy: CiliumPolicy, kind: str, entry: Node) -> Iterator[Peer]:
    match kind:
        case "Endpoints":
            found = reserved(entry)
            if found:
                yield from _entities(entry, found)
                return
            meant = endpoints(entry, cluster_wide=policy.cluster_scoped)
            yield Pods(entry, policy.namespace, meant.namespaces, meant.pods)
        case "CIDR" | "CIDRSet" if is_open(entry.text or entry["cidr"].text):
            yield Unread(entry, pods=False)
        case "CIDR":
            text = entry.text
            cidr = Cidr.of(text if "/" in text else f"{text}/{128 if ':' in text else 32}")
            yield Block(entry, cidr.version, (cidr.range,), outside=True)
        case "CIDRSet" if entry["cidr"].text:
            block = IPBlock.of(entry)
            yield Block(entry, block.version, block.ranges, outside=True)
        case "FQDNs":
            name = entry["matchName"].text or entry["matchPattern"].text
            yield Domain(entry, name.rstrip(".").lower())
        case "CIDRSet" | "Groups" | "Nodes":
            yield Unread(entry, pods=False)
        case "Services":
            yield Unread(entry, pods=True)
        case _:
            return


def _entities(node: Node, names: list[str]) -> Iterator[Peer]:
    if "all" in names:
        yield Everyone(node)
        return
    for name in names:
        if name in WORLDS:
            yield Block(node, WORLDS[name], (everything(WORLDS[name]),), outside=True)
    yield Entities(node, tuple(sorted({*names}.difference(WORLDS))))


# ── ports ─────────────────────────────────────────────────────────────────────────────────────────────


def _ports(rule: CiliumRule) -> Iterator[tuple[Reason | None, Ports]]:
    """The ports, with why it is not sure that connections to them are let through."""
    if not rule.node["toPorts"]:
        if not rule.node["icmps"]:
            yield None, Ports(rule.node, ALL)
        return
    for entry in rule.ports:
        parsed = any(entry["rules"][each].value not in (None, [], [{}]) for each in PARSED)
        asks = parsed or entry["serverNames"] or entry["listener"]
        doubt = Reason.REQUEST_RULES if asks else None
        if not entry["ports"]:
            yield Reason.REQUEST_RULES, Ports(entry, ALL)
        for port in entry["ports"]:
            for found in _port(port):
                yield doubt, found


def _port(port: Node) -> Iterator[Ports]:
    text, protocols = port["port"].text, PROTOCOLS.get(port["protocol"].text, ())
    if not text.isdecimal():
        yield from (Ports(port, None, text.lower(), each) for each in protocols)
        return
    first, last = int(text), port["endPort"].integer or 0
    ends = (first, max(first, last)) if first else (1, max(last, 0) or LAST)
    if protocols:
        yield Ports(port, Connections.from_ranges((each, ends) for each in protocols))
