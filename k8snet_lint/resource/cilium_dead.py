"""What is written in a policy of Cilium and never comes to anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.resource.cilium_flaws import PEERS
from k8snet_lint.resource.engine_policy import Fault
from k8snet_lint.resource.policy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.cilium import CiliumPolicy, CiliumRule, CiliumSpec

NAMES = "the addresses of names"
"""What Cilium learns from the answers that its dns rules see, for the pods that they are for."""


def ineffective(policy: CiliumPolicy) -> Iterator[Fault]:
    """The dead parts of a policy."""
    for spec in policy.specs:
        dead = _whole(spec)
        if dead is not None:
            yield dead
            continue
        for direction in Direction:
            for rule in spec.rules(direction):
                yield from _of_rule(rule)
        names = [name for rule in spec.rules(Direction.EGRESS) for name in rule.node["toFQDNs"]]
        if names and not learns_names(policy):
            yield Fault(
                names[0],
                "allows connections to names, but no dns rule lets Cilium learn their addresses",
                "allow port 53 to the cluster's DNS in a rule with rules: {dns: [{matchPattern: '*'}]}",
                needs=NAMES,
            )


def _whole(spec: CiliumSpec) -> Fault | None:
    """For one that neither isolates nor allows or denies anything: where it says so."""
    if any(spec.isolates(direction) for direction in Direction):
        return None
    if not all(_is_idle(rule) for direction in Direction for rule in spec.rules(direction)):
        return None
    what = "matches no traffic, and enableDefaultDeny keeps it from denying the rest"
    return Fault(spec.node["enableDefaultDeny"], what, "say whom it allows or denies, or leave enableDefaultDeny out")


def _of_rule(rule: CiliumRule) -> Iterator[Fault]:
    if _is_idle(rule):
        dead = _nobody(rule)
        if dead is not None:
            yield dead
    for entry in rule.ports:
        for port in entry["ports"]:
            yield from _range(port)


def _is_idle(rule: CiliumRule) -> bool:
    """Whether a rule matches nobody and asks nothing of the peers of other rules either."""
    return rule.is_nobody and not rule.requires


def _nobody(rule: CiliumRule) -> Fault | None:
    """A rule that matches nobody; alone in its section it is how people write that nothing is allowed."""
    fields = (rule.node[field] for field in PEERS[rule.direction])
    empty = next((each for each in fields if each.present and not each), None)
    section = rule.node.parent
    alone = section is not None and len([*section]) == 1 and not rule.ports and not rule.node["icmps"]
    if alone and not rule.denies and (empty is None or empty.value is not None):
        return None
    verb = "denies" if rule.denies else "allows"
    if empty is not None:
        what = f"{verb} nobody anything by a rule whose {empty.key} is an empty list"
        return Fault(empty, what, f"name the peers, or leave {empty.key} out to mean everyone on the rule's ports")
    everyone = "fromEntities: [all]" if rule.direction is Direction.INGRESS else "toEntities: [all]"
    what = f"{verb} nobody anything by an empty rule, which in Cilium does not mean everyone"
    return Fault(rule.node, what, f"write {everyone} if that is meant, or leave the rule out")


def _range(port: Node) -> Iterator[Fault]:
    first, last = port["port"].text, port["endPort"]
    if last.integer is None or not last.integer:
        return
    if not first.isdecimal():
        what = f"has endPort {last.integer} beside the name '{first}', where it counts for nothing"
        yield Fault(last, what, "give the first port as a number")
    elif last.integer < int(first[:6]):
        yield Fault(last, f"has endPort {last.integer}, which is lower than port {first}", "swap the two")


def learns_names(policy: CiliumPolicy) -> bool:
    """Whether it has dns rules, which show Cilium what the pods look up."""
    return any(
        entry["rules"]["dns"]
        for spec in policy.specs
        for rule in spec.rules(Direction.EGRESS)
        if not rule.denies
        for entry in rule.ports
    )
