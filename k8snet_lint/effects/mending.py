"""Where a policy is to be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.sides import Group
    from k8snet_lint.resource import Direction, Resource


def place(policy: Resource, direction: Direction) -> Node:
    """The rules of a direction, or where they would stand; its key is what to point to."""
    spec = policy.spec
    written = (spec[direction.field], spec["policyTypes"], spec["podSelector"], spec["subject"])
    return next((node for node in written if node.present), policy.name_node)


def most_specific(engine: Engine, numbers: Iterable[int]) -> int | None:
    """Of some policies the first that is not for every pod, else the first."""
    return min(numbers, key=lambda each: (engine.policies[each].subject.pods.is_empty, each), default=None)


def isolating(group: Group) -> tuple[int, ...]:
    """The policies that decide about a group: NetworkPolicies where some select it, else the administrator's."""
    admin, network, baseline = (tuple(number for number, _ in tier) for tier in group.key)
    return network or (*admin, *baseline)
