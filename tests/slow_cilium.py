"""Cilium's policies, one connection at a time, as its documentation tells them; for the slow evaluator."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from tests import slow_reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.slow_reach import Manifest, Maybe, Pod, World

NAMESPACE = "k8s:io.kubernetes.pod.namespace"
Connection = tuple[Any, Any, str, int]
"""The peer and the destination, protocol and port."""

PEERS = ("Endpoints", "Entities", "CIDR", "CIDRSet")


def is_cilium(manifest: Manifest) -> bool:
    return str(manifest["apiVersion"]).startswith("cilium.io/")


def isolates(policy: Manifest, direction: str) -> bool:
    written = policy["spec"].get("enableDefaultDeny", {}).get(direction)
    return bool(written if written is not None else has_rules(policy, direction))


def has_rules(policy: Manifest, direction: str) -> bool:
    return bool(policy["spec"].get(direction) or policy["spec"].get(f"{direction}Deny"))


Option = tuple[bool, bool, bool, bool]
"""Whether a policy selects, allows, denies and isolates."""


def options(
    world: World, direction: str, subject: Pod, peer: Pod | str, destination: Pod | str, protocol: str, port: int
) -> Iterator[list[Option]]:
    """For each policy what it can turn out to say, a doubt at a time."""
    connection = (peer, destination, protocol, port)
    for policy in world.cilium:
        if has_rules(policy, direction) or isolates(policy, direction):
            selecting = slow_reach.choices(selects(world, policy, subject))
            allowing = slow_reach.choices(matches(world, policy, direction, connection))
            denying = slow_reach.choices(matches(world, policy, f"{direction}Deny", connection))
            closed = isolates(policy, direction)
            yield [(each, allow, deny, closed) for each in selecting for allow in allowing for deny in denying]


def selects(world: World, policy: Manifest, pod: Pod) -> Maybe:
    return pods(world, policy, policy["spec"]["endpointSelector"], pod)


def pods(world: World, policy: Manifest, selector: Manifest, pod: Pod) -> Maybe:
    """Whether a selector means a pod: one of its own namespace, unless it names one, or the policy is for all."""
    asked = slow_reach.requirements(selector)
    spaces = [(slow_reach.NAME, operator, values) for key, operator, values in asked if key == NAMESPACE]
    rest = {"matchExpressions": [{"key": k, "operator": o, "values": v} for k, o, v in asked if k != NAMESPACE]}
    if spaces:
        space = (
            None if pod.namespace == "" else all(slow_reach.admits(s, {slow_reach.NAME: pod.namespace}) for s in spaces)
        )
    elif policy["kind"] == "CiliumClusterwideNetworkPolicy":
        space = True
    else:
        space = world.own(policy, pod)
    return slow_reach.all_of((space, slow_reach.matches(rest, pod)))


def matches(world: World, policy: Manifest, section: str, connection: Connection) -> Maybe:
    """Whether a rule of a section is about the connection."""
    side = "from" if section.startswith("ingress") else "to"
    rules = policy["spec"].get(section) or []
    return slow_reach.any_of(rule_matches(world, policy, rule, side, connection) for rule in rules)


def rule_matches(world: World, policy: Manifest, rule: Manifest, side: str, connection: Connection) -> Maybe:
    peer, destination, protocol, port = connection
    lists = [(kind, rule[f"{side}{kind}"]) for kind in PEERS if f"{side}{kind}" in rule]
    if any(not entries for _, entries in lists) or not (lists or rule.get("toPorts")):
        return False
    written = rule.get("toPorts") or [{"ports": [{"port": "0"}]}]
    wanted = [(each, entry) for entry in written for each in entry["ports"]]
    hit = [entry for each, entry in wanted if port_matches(each, destination, protocol, port)]
    if not hit:
        return False
    means = slow_reach.any_of(
        peer_matches(world, policy, kind, entry, peer) for kind, entries in lists for entry in entries
    )
    return slow_reach.all_of((means if lists else True, None if all("rules" in entry for entry in hit) else True))


def peer_matches(world: World, policy: Manifest, kind: str, entry: Any, peer: Pod | str) -> Maybe:  # noqa: ANN401
    if kind == "Endpoints":
        return False if isinstance(peer, str) or peer.host_network else pods(world, policy, entry, peer)
    if kind == "Entities":
        return entity(entry, peer)
    if not isinstance(peer, str):
        return False
    cidr, excepts = (entry, []) if kind == "CIDR" else (entry["cidr"], entry.get("except", []))
    address = ip_address(peer)
    return address in ip_network(cidr) and not any(address in ip_network(each) for each in excepts)


def entity(name: str, peer: Pod | str) -> Maybe:
    outside = isinstance(peer, str)
    on_node = not isinstance(peer, str) and peer.host_network
    match name:
        case "all":
            return True
        case "world":
            return outside
        case "cluster":
            return not outside
        case "host" | "remote-node":
            return None if on_node else False
        case "kube-apiserver":
            return None if outside or on_node else False
        case _:
            return False


def port_matches(written: Manifest, destination: Pod | str, protocol: str, port: int) -> bool:
    if written.get("protocol", "ANY") not in ("ANY", protocol):
        return False
    text = written["port"]
    if not text.isdecimal():
        return (protocol, port) in slow_reach.named(text, destination)
    return bool(text == "0" or int(text) <= port <= max(int(text), written.get("endPort", 0)))
