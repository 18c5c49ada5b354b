"""What of Calico's policies never comes to anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.resource.engine_policy import Fault
from k8snet_lint.resource.policy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.resource.base import Resource
    from k8snet_lint.resource.calico import CalicoPolicy


def ineffective(policy: CalicoPolicy) -> Iterator[Fault]:
    """A policy that is only staged, rules that `types` leaves out, and rules behind one that decides everything."""
    if policy.is_staged:
        yield staged(policy)
        return
    for direction in Direction:
        rules = policy.rules(direction)
        if rules and direction not in policy.types:
            yield Fault(
                policy.spec[direction.field],
                f"has rules for {direction.field} that are never asked: its types leave {direction} out",
                f"add {direction} to types, or remove the rules",
            )
            continue
        place = next((place for place, rule in enumerate(rules) if rule.is_sweeping), len(rules))
        if place + 1 < len(rules):
            yield Fault(
                rules[place + 1].node,
                f"has rules for {direction.field} that are never asked: "
                f"rule {place + 1} before them is for all traffic, and its action is {rules[place].action}",
                "move the rule that is for everything to the end, or remove those behind it",
            )


def staged(policy: Resource) -> Fault:
    """A policy that shows what it would do, and does nothing."""
    return Fault(
        policy.node["kind"],
        "is staged: Calico shows what it would do, and does not enforce it",
        f"write it as {policy.kind.removeprefix('Staged').removeprefix('Kubernetes')} once it does what is meant",
        is_meant=True,
    )
