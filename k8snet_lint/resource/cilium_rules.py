"""Rules of Cilium's policies as rules about any policy see them: whom they let in or out, on which ports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cidr import Cidr
from k8snet_lint.resource.cilium_selector import endpoints, reserved
from k8snet_lint.resource.engine_policy import EnginePort, EngineRule
from k8snet_lint.resource.ip_block import IPBlock, WrittenCidr
from k8snet_lint.resource.policy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.cilium import CiliumPolicy, CiliumRule
    from k8snet_lint.resource.engine_policy import PodsMeant

EVERY_ADDRESS = Cidr.of("0.0.0.0/0")
ALL_PROTOCOLS = ("TCP", "UDP")


def effective_rules(policy: CiliumPolicy) -> Iterator[EngineRule]:
    """The rules that allow, of directions that are isolated and where the same spec denies and requires nothing."""
    for spec in policy.specs:
        subject = spec.subject
        if subject is None:
            continue
        for direction in Direction:
            rules = spec.rules(direction)
            if spec.isolates(direction) and not any(rule.denies or rule.requires for rule in rules):
                yield from (_rule(policy, rule, subject) for rule in rules if not rule.is_nobody)


def _rule(policy: CiliumPolicy, rule: CiliumRule, subject: PodsMeant) -> EngineRule:
    lists, direction = rule.peer_lists, rule.direction
    pods = tuple(endpoints(each, cluster_wide=policy.cluster_scoped) for each in rule.endpoints if not reserved(each))
    every_port = _is_every_port(rule)
    blocks, ports = tuple(_blocks(lists, world=every_port or direction is Direction.INGRESS)), tuple(_ports(rule))
    entities = {entry.text: entry for each in lists if _kind(each) == "Entities" for entry in each}
    everyone = not lists or "all" in entities or {"world", "cluster"} <= {*entities}
    return EngineRule(
        node=rule.node,
        direction=direction,
        peers_node=entities.get("all") or (lists[0] if lists else rule.node),
        subject=subject,
        pods=pods,
        is_of_pods=bool(lists) and len(pods) == sum(len([*each]) for each in lists),
        blocks=() if everyone else blocks,
        is_of_addresses=bool(blocks) and all(_kind(each) in ("CIDR", "CIDRSet") for each in lists),
        every_pod=next((each.node for each in pods if _is_every(each)), entities.get("cluster")),
        is_everyone=everyone,
        ports=ports,
        is_every_port=every_port,
    )


def _is_every(pods: PodsMeant) -> bool:
    return pods.namespaces is not None and pods.namespaces.is_empty and pods.pods.is_empty


def _kind(peers: Node) -> str:
    return str(peers.key).removeprefix("from").removeprefix("to")


def _blocks(lists: tuple[Node, ...], *, world: bool) -> Iterator[IPBlock]:
    """The addresses that are meant; `world` is whether the entity of that name counts as some."""
    for peers in lists:
        for entry in peers:
            match _kind(peers):
                case "CIDR":
                    yield IPBlock(WrittenCidr.of(entry), ())
                case "CIDRSet" if entry["cidr"].text:
                    yield IPBlock.of(entry)
                case "Entities" if world and entry.text == "world":
                    yield IPBlock(WrittenCidr(entry, EVERY_ADDRESS, ""), ())
                case _:
                    continue


def _ports(rule: CiliumRule) -> Iterator[EnginePort]:
    for entry in rule.ports:
        for port in entry["ports"]:
            text, end = port["port"].text, port["endPort"].integer or None
            wanted = (int(text) or None) if text.isdecimal() else text.lower() or None
            yield EnginePort(port, port["protocol"].text or "ANY", wanted, end)


def _is_every_port(rule: CiliumRule) -> bool:
    """Whether no port is left out, of TCP and of UDP at the least, and no request either."""
    if not rule.node["toPorts"]:
        return not rule.node["icmps"]
    found: set[str] = set()
    for entry in rule.ports:
        for port in entry["ports"] if not entry["rules"] else ():
            whole = EnginePort(port, "", *_numbers(port)).is_every_port
            found.update((port["protocol"].text or "ANY",) if whole else ())
    return "ANY" in found or found.issuperset(ALL_PROTOCOLS)


def _numbers(port: Node) -> tuple[int | str | None, int | None]:
    text = port["port"].text
    return ((int(text) or None) if text.isdecimal() else text), port["endPort"].integer
