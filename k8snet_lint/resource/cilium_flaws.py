"""What Cilium rejects of its policies (the CRDs of cilium.io/v2; pkg/policy/api, `Rule.Sanitize`)."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from k8snet_lint.cidr import Cidr
from k8snet_lint.nearest import is_near
from k8snet_lint.placeholder import is_open
from k8snet_lint.quoting import quoted
from k8snet_lint.resource import cilium_port_flaws
from k8snet_lint.resource.engine_policy import Fault
from k8snet_lint.resource.policy import Direction
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.cilium import CiliumPolicy, CiliumRule, CiliumSpec

SECTIONS = ("ingress", "ingressDeny", "egress", "egressDeny")
SPEC_FIELDS = (*SECTIONS, "endpointSelector", "nodeSelector", "enableDefaultDeny", "description", "labels", "log")
PEERS = {
    Direction.INGRESS: ("fromEndpoints", "fromCIDR", "fromCIDRSet", "fromEntities", "fromGroups", "fromNodes"),
    Direction.EGRESS: (
        "toEndpoints",
        "toCIDR",
        "toCIDRSet",
        "toEntities",
        "toServices",
        "toGroups",
        "toFQDNs",
        "toNodes",
    ),
}
"""The fields of a rule that hold its peers, of which a rule has one."""

REQUIRES = {Direction.INGRESS: "fromRequires", Direction.EGRESS: "toRequires"}
RULE_FIELDS = {
    direction: (*fields, REQUIRES[direction], "toPorts", "icmps", "authentication")
    for direction, fields in PEERS.items()
}
INSIDE_RULES = ("toPorts", "icmps", "authentication")
SELECTOR_FIELDS = ("matchLabels", "matchExpressions")
ENTITIES = (
    "all",
    "world",
    "world-ipv4",
    "world-ipv6",
    "cluster",
    "host",
    "remote-node",
    "kube-apiserver",
    "ingress",
    "init",
    "health",
    "unmanaged",
    "none",
)


def flaws(policy: CiliumPolicy) -> Iterator[Fault]:
    """Everything that keeps the policy from being taken; none of it is enforced then."""
    if not policy.specs:
        yield Fault(policy.name_node, "has neither spec nor specs", "say in spec whom it is for, and what is allowed")
    for spec in policy.specs:
        yield from _of_spec(policy, spec)


def _of_spec(policy: CiliumPolicy, spec: CiliumSpec) -> Iterator[Fault]:
    node = spec.node
    if not node.is_mapping:
        yield Fault(node, "has a spec that is no mapping", "write endpointSelector and rules below it")
        return
    yield from _of_subject(policy, node)
    yield from cilium_port_flaws.misspelt(node, SPEC_FIELDS)
    if not any(node[section] for section in SECTIONS):
        yield Fault(
            next((node[section] for section in SECTIONS if node[section].present), node),
            "has no rule in ingress, ingressDeny, egress or egressDeny",
            "add a rule; an empty one, `ingress: [{}]`, allows nothing and so denies everything",
        )
    for section in SECTIONS:
        if node[section].value is not None and not node[section].is_list:
            yield Fault(node[section], f"has {section} that is no list", "put '- ' before each rule")
    for direction in Direction:
        for rule in spec.rules(direction):
            yield from _of_rule(rule)
            if node["nodeSelector"].is_mapping:
                yield from cilium_port_flaws.of_nodes(rule)


def _of_subject(policy: CiliumPolicy, node: Node) -> Iterator[Fault]:
    pods, nodes = node["endpointSelector"], node["nodeSelector"]
    if pods.value is None and nodes.value is None:
        yield Fault(
            pods if pods.present else node, "has no endpointSelector", "add endpointSelector; {} means all pods"
        )
    elif pods.value is not None and nodes.value is not None:
        yield Fault(nodes, "has an endpointSelector and a nodeSelector", "make two policies of it, or two of specs")
    elif nodes.value is not None and not policy.cluster_scoped:
        what = "has a nodeSelector, which only a CiliumClusterwideNetworkPolicy has"
        yield Fault(nodes, what, "make it a CiliumClusterwideNetworkPolicy, or select pods by endpointSelector")
    for selector in (pods, nodes):
        yield from _selector(selector)


def _of_rule(rule: CiliumRule) -> Iterator[Fault]:
    node = rule.node
    if node.value is None:
        return
    if not node.is_mapping:
        yield Fault(node, f"has a rule that is no mapping: {quoted(str(node.value))}", "write the fields of a rule")
        return
    yield from _misplaced(rule)
    named = [each for each in rule.peer_lists if each]
    for first, second in combinations(named, 2):
        what = f"has {first.key} and {second.key} in one rule, which are not combined"
        yield Fault(second, what, "make two rules of it, one for each")
    if node["icmps"] and node["toPorts"]:
        yield Fault(node["icmps"], "has icmps and toPorts in one rule", "make two rules of it, one for each")
    for peers in (*rule.peer_lists, rule.requires):
        if peers.value is not None and not peers.is_list:
            yield Fault(peers, f"has {peers.key} that is no list", "put '- ' before each entry")
        for peer in peers:
            yield from _of_peer(str(peers.key), peer)
    yield from cilium_port_flaws.of_rule(rule)


def _of_peer(field: str, peer: Node) -> Iterator[Fault]:
    if field.endswith(("Endpoints", "Nodes", "Requires")):
        yield from _selector(peer)
    elif field.endswith("CIDR"):
        yield from _cidr(peer, bare=True)
    elif field.endswith("CIDRSet"):
        yield from _cidr_set(peer)
    elif field.endswith("Entities"):
        yield from _entity(peer)
    elif field == "toFQDNs" and bool(peer["matchName"]) == bool(peer["matchPattern"]):
        which = "both matchName and matchPattern" if peer["matchName"] else "neither matchName nor matchPattern"
        yield Fault(peer, f"has an entry of toFQDNs with {which}", "name one: a name, or a pattern with '*'")


def _entity(peer: Node) -> Iterator[Fault]:
    if peer.text in ENTITIES or is_open(peer.text):
        return
    near = next((each for each in ENTITIES if is_near(each, peer.text)), "")
    help_ = f"did you mean '{near}'?" if near else f"one of {', '.join(ENTITIES)}"
    yield Fault(peer, f"names the entity {quoted(str(peer.value))}, which there is not", help_)


def _cidr_set(entry: Node) -> Iterator[Fault]:
    written = [key for key in ("cidr", "cidrGroupRef", "cidrGroupSelector") if entry[key].value is not None]
    if len(written) != 1:
        which = " and ".join(written) or "no cidr"
        yield Fault(entry, f"has an entry of {_list(entry)} with {which}", "give one of cidr and cidrGroupRef")
    if "cidr" not in written:
        return
    yield from _cidr(entry["cidr"])
    outer = _parsed(entry["cidr"].text)
    for hole in entry["except"]:
        yield from _cidr(hole)
        inner = _parsed(hole.text)
        inside = inner is None or outer is None or outer.contains(inner)
        if not inside:
            what = f"leaves out {hole.text}, which is no part of {entry['cidr'].text}"
            yield Fault(hole, what, "leave out only blocks inside of cidr")


def _cidr(node: Node, *, bare: bool = False) -> Iterator[Fault]:
    text = node.text
    if is_open(text) or (bare and "/" not in text and _parsed(f"{text}/0") is not None):
        return
    try:
        Cidr.of(text)
    except ValueError as error:
        written = quoted(str(node.value)) if node.value is not None else "nothing"
        yield Fault(node, f"has {written} for a CIDR: {error}", "write it like 10.0.0.0/8")


def _parsed(text: str) -> Cidr | None:
    try:
        return Cidr.of(text)
    except ValueError:
        return None


def _selector(node: Node) -> Iterator[Fault]:
    """What is wrong with a selector; a field that it does not have is dropped, so that it means more than it says."""
    for key, value in node.items():
        if key in INSIDE_RULES:
            what = f"has {key} inside of a selector, where it is dropped, so that it holds for every port"
            yield Fault(value, what, f"indent {key} as the selector's list is", at_key=True)
        elif key not in SELECTOR_FIELDS:
            what = f"has '{key}' right below a selector, where it is dropped, so that it means more pods"
            yield Fault(value, what, "put labels below matchLabels", at_key=True)
    flaw = Selector.flaw(node)
    if flaw is not None:
        yield Fault(flaw.node, f"has a selector that is rejected: {flaw.why}", "correct the selector")


def _misplaced(rule: CiliumRule) -> Iterator[Fault]:
    """Fields that the section does not have; they are rejected, or dropped so that the rule means more than it says."""
    fields, section = RULE_FIELDS[rule.direction], _list(rule.node)
    other = Direction.EGRESS if rule.direction is Direction.INGRESS else Direction.INGRESS
    for key, value in rule.node.items():
        if key in RULE_FIELDS[other] and key not in fields:
            help_ = f"move it to a rule of {other.field}"
        elif rule.denies and key in ("toFQDNs", "authentication"):
            help_ = "deny addresses by toCIDRSet"
        else:
            continue
        yield Fault(value, f"has {key} in {section}, which has no such field", help_, at_key=True)
    yield from cilium_port_flaws.misspelt(rule.node, fields)


def _list(node: Node) -> str:
    """The name of the list that an entry is in."""
    return str(node.parent.key) if node.parent is not None else ""
