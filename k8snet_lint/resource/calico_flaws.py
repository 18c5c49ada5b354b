"""What Calico rejects of its own objects (libcalico-go `validator/v3`, and the rules of the CRDs)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.calico_selector import has_global, is_only_global
from k8snet_lint.nearest import did_you_mean
from k8snet_lint.placeholder import is_open
from k8snet_lint.quoting import quoted
from k8snet_lint.resource.calico_rule import DEFAULT_TIER, DEFAULT_TIER_ORDER, PROTOCOLS, WITH_PORTS, CalicoAction
from k8snet_lint.resource.engine_policy import Fault
from k8snet_lint.resource.policy import Direction
from k8snet_lint.resource.port_flaws import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.calico import CalicoPolicy, CalicoTier, NetworkSet
    from k8snet_lint.resource.calico_rule import CalicoEntity, CalicoRule, CalicoSelector, WrittenNet

STAGED_ACTIONS = ("Set", "Delete", "Learn", "Ignore")
ONLY_GLOBAL = ("namespaceSelector", "doNotTrack", "preDNAT", "applyOnForward")
"""Fields that only a GlobalNetworkPolicy has."""

KUBERNETES_WORDS = {
    "podSelector": "selector",
    "policyTypes": "types",
    "from": "source",
    "to": "destination",
    "ipBlock": "nets",
    "cidr": "nets",
    "except": "notNets",
    "endPort": "a range such as 8000:8080 in ports",
}
"""What a Kubernetes NetworkPolicy calls things that have another name here."""


def of_policy(policy: CalicoPolicy) -> Iterator[Fault]:
    """The flaws of a policy; one that stages a deletion needs nothing."""
    if policy.spec["stagedAction"].text != "Delete":
        yield from map(_fault, _policy(policy))


def of_set(each: NetworkSet) -> Iterator[Fault]:
    """The flaws of a network set."""
    yield from map(_fault, _nets(each.nets))
    key = "projectcalico.org/namespace"
    if key in each.labels:
        yield _fault(Flaw(each.metadata["labels"][key], f"the label {key} is Calico's own"))


def of_tier(tier: CalicoTier) -> Iterator[Fault]:
    """The flaws of a tier."""
    yield from map(_fault, _tier(tier))


def _fault(flaw: Flaw) -> Fault:
    key, what = flaw.node.key, f"is rejected by Calico: {flaw.why}"
    if key in KUBERNETES_WORDS:
        return Fault(flaw.node, what, f"write {KUBERNETES_WORDS[key]} instead", at_key=True)
    act = "correct" if flaw.node.present else "add"
    return Fault(flaw.node, what, flaw.act or (f"{act} the {key}" if isinstance(key, str) else f"{act} the entry"))


def _tier(tier: CalicoTier) -> Iterator[Flaw]:
    action, order = tier.spec["defaultAction"], tier.spec["order"]
    if action.value is not None and action.text not in ("Pass", "Deny"):
        yield Flaw(action, f"{_shown(action)} is no defaultAction; expected Pass or Deny")
    if tier.name == DEFAULT_TIER and order.value is not None and order.value != DEFAULT_TIER_ORDER:
        yield Flaw(order, f"the tier {DEFAULT_TIER} has the order {DEFAULT_TIER_ORDER:.0f}, and no other")


def _policy(policy: CalicoPolicy) -> Iterator[Flaw]:
    spec = policy.spec
    yield from _foreign(spec)
    staged = spec["stagedAction"]
    if policy.is_staged and staged.value is not None and staged.text not in STAGED_ACTIONS:
        yield Flaw(staged, f"{_shown(staged)} is no stagedAction{did_you_mean(staged.text, STAGED_ACTIONS)}")
    if not policy.is_global:
        for key in ONLY_GLOBAL:
            if spec[key].present:
                yield Flaw(
                    spec[key],
                    f"only a GlobalNetworkPolicy has {key}",
                    f"delete {key}, or make the policy a GlobalNetworkPolicy",
                )
    if isinstance(spec["order"].value, (str, bool)) and not is_open(spec["order"].text):
        yield Flaw(spec["order"], f"the order {_shown(spec['order'])} is no number")
    yield from _types(spec["types"])
    for selector in (policy.namespace_selector, policy.selector, policy.account_selector):
        yield from _selector(selector, is_rules=False)
    if policy.is_global:
        yield from _hosts(policy)
    for direction in Direction:
        for rule in policy.rules(direction):
            yield from _rule(rule, is_global=policy.is_global)


def _foreign(node: Node) -> Iterator[Flaw]:
    """Fields that a Kubernetes NetworkPolicy has."""
    for key, item in node.items():
        if key in KUBERNETES_WORDS:
            yield Flaw(item, f"there is no field {key}; Calico's is {KUBERNETES_WORDS[key]}")


def _types(types: Node) -> Iterator[Flaw]:
    seen: set[str] = set()
    for item in types:
        if item.text not in tuple(Direction) and not is_open(item.text):
            yield Flaw(
                item,
                f"{_shown(item)} is no type{did_you_mean(item.text, [*Direction]) or '; expected Ingress or Egress'}",
            )
        elif item.text in seen:
            yield Flaw(item, f"the type {item.text} stands there twice")
        seen.add(item.text)


def _hosts(policy: CalicoPolicy) -> Iterator[Flaw]:
    """What goes together of the fields for host endpoints."""
    spec = policy.spec
    untracked, pre_dnat = spec["doNotTrack"], spec["preDNAT"]
    if untracked.value is True and pre_dnat.value is True:
        yield Flaw(pre_dnat, "preDNAT and doNotTrack exclude each other")
    for node in (untracked, pre_dnat):
        if node.value is True and spec["applyOnForward"].value is not True:
            yield Flaw(node, f"{node.key} needs applyOnForward: true", "add applyOnForward: true")
    if pre_dnat.value is True and (spec["egress"] or "Egress" in {item.text for item in spec["types"]}):
        yield Flaw(pre_dnat, "a policy that works before DNAT has no egress", "move egress to a policy of its own")


def _selector(selector: CalicoSelector, *, is_rules: bool) -> Iterator[Flaw]:
    """`is_rules` tells the namespaceSelector of a rule, the only one that `global()` may stand in, on its own."""
    if selector.flaw:
        yield Flaw(selector.node, f"the {selector.node.key} cannot be read: {selector.flaw}")
    elif selector.expression is not None and has_global(selector.expression):
        if not is_rules:
            yield Flaw(selector.node, "global() only has a meaning in the namespaceSelector of a rule")
        elif not is_only_global(selector.expression):
            yield Flaw(selector.node, "global() stands on its own, and next to no other condition")


def _rule(rule: CalicoRule, *, is_global: bool) -> Iterator[Flaw]:
    node = rule.node
    yield from _foreign(node)
    action = node["action"]
    if rule.action is None and not is_open(action.text):
        what = f"{_shown(action)} is no action" if action.value is not None else "a rule has no action"
        hint = did_you_mean(action.text, [*CalicoAction]) or f"; expected one of {', '.join(CalicoAction)}"
        yield Flaw(action, f"{what}{hint}")
    yield from _protocol(rule)
    yield from _http(rule)
    for entity in (rule.source, rule.destination):
        yield from _entity(entity, rule.protocol)
    yield from _services(rule, is_global=is_global)
    yield from _versions(rule)


def _protocol(rule: CalicoRule) -> Iterator[Flaw]:
    for key in ("protocol", "notProtocol"):
        written = rule.node[key]
        if written.text and written.text.lower() not in PROTOCOLS and not is_open(written.text):
            known = [*PROTOCOLS.values()]
            hint = did_you_mean(written.text, known) or f"; expected a number or one of {', '.join(known)}"
            yield Flaw(written, f"{_shown(written)} is no {key}{hint}")
        elif written.integer is not None and not 1 <= written.integer <= 255:
            yield Flaw(written, f"the {key} {written.integer} is no number from 1 to 255")
    icmp = rule.node["icmp"]
    if icmp.value is not None and rule.protocol not in ("ICMP", "ICMPv6"):
        yield Flaw(icmp, "icmp needs the protocol ICMP or ICMPv6", "set the rule's protocol to ICMP, or delete icmp")
    for each in (icmp, rule.node["notICMP"]):
        if each["code"].value is not None and each["type"].value is None:
            yield Flaw(each["code"], "a code of ICMP needs a type")


def _http(rule: CalicoRule) -> Iterator[Flaw]:
    http = rule.node["http"]
    if http.value is None:
        return
    if rule.direction is Direction.EGRESS:
        yield Flaw(http, "http is for ingress rules")
    if rule.action is not None and rule.action is not CalicoAction.ALLOW:
        yield Flaw(http, f"http is for rules that Allow, not for {rule.action}")
    if rule.protocol not in ("", "TCP"):
        yield Flaw(rule.node["protocol"], f"http goes over TCP, not over {rule.protocol}")


def _entity(entity: CalicoEntity, protocol: str) -> Iterator[Flaw]:
    yield from _foreign(entity.node)
    yield from _selector(entity.namespace_selector, is_rules=True)
    for selector in (entity.selector, entity.not_selector, entity.account_selector):
        yield from _selector(selector, is_rules=False)
    yield from _nets((*entity.nets, *entity.not_nets))
    for key, ports in (("ports", entity.ports), ("notPorts", entity.not_ports)):
        if ports and protocol not in WITH_PORTS and not is_open(protocol):
            which = f"not {protocol}" if protocol else "and the rule names none"
            act = f"delete {key}, or change the rule's protocol" if protocol else "add protocol: TCP to the rule"
            yield Flaw(entity.node[key], f"{key} need the protocol {', '.join(WITH_PORTS[:-1])} or SCTP, {which}", act)
        for port in ports:
            if port.flaw:
                yield Flaw(port.node, f"the port {_shown(port.node)}: {port.flaw}")


def _nets(nets: Iterable[WrittenNet]) -> Iterator[Flaw]:
    for net in nets:
        if net.flaw:
            yield Flaw(net.node, f"the block {_shown(net.node)}: {net.flaw}")


def _services(rule: CalicoRule, *, is_global: bool) -> Iterator[Flaw]:
    if rule.own.service is not None:
        end = "destination" if rule.direction is Direction.INGRESS else "source"
        yield Flaw(rule.own.node["services"], f"services are for the other end, not for the {end} of {rule.direction}")
    if rule.peer.service is None:
        return
    entity, services = rule.peer, rule.peer.node["services"]
    namespace, name = rule.peer.service
    if not name:
        yield Flaw(services, "services name no Service")
    elif is_global and not namespace:
        yield Flaw(services, "services of a GlobalNetworkPolicy need a namespace", "add namespace to services")
    for key in ("namespaceSelector", "selector", "notSelector", "serviceAccounts", "nets", "notNets"):
        if entity.node[key]:
            yield Flaw(services, f"services and {key} exclude each other", f"delete services or {key}")
    for key in ("ports", "notPorts") if rule.direction is Direction.EGRESS else ():
        if entity.node[key]:
            why = f"{key} and services exclude each other: the Service's own ports count"
            yield Flaw(entity.node[key], why, f"delete {key}")


def _versions(rule: CalicoRule) -> Iterator[Flaw]:
    """Blocks of both IP versions, or of another one than the rule is for."""
    told = rule.node["ipVersion"]
    if told.value is not None and told.value not in (4, 6) and not is_open(told.text):
        yield Flaw(told, f"the ipVersion {_shown(told)} is neither 4 nor 6")
        return
    lists = ((each.nets, each.not_nets) for each in (rule.source, rule.destination))
    first = told.integer
    for net in (net for pair in lists for nets in pair for net in nets):
        if net.cidr is None:
            continue
        first = first or net.cidr.version
        if net.cidr.version != first:
            which = f"ipVersion {told.integer}" if told.integer else f"the IPv{first} blocks before it"
            yield Flaw(net.node, f"the IPv{net.cidr.version} block {net.node.text} contradicts {which}")
            return


def _shown(node: Node) -> str:
    return quoted(str(node.value))
