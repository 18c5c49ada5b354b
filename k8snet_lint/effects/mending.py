"""Where a policy is to be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.reach.spec import AllOf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.sides import Key
    from k8snet_lint.reach.spec import Policy
    from k8snet_lint.resource import Direction, Resource


def place(policy: Resource, direction: Direction) -> Node:
    """The rules of a direction, or where they would stand; its key is what to point to."""
    spec = policy.spec
    written = (spec[key] for key in (direction.field, "policyTypes", "types", "podSelector", "selector", "subject"))
    return next((node for node in written if node.present), policy.name_node)


def most_specific(engine: Engine, numbers: Iterable[int]) -> int | None:
    """Of some policies the first that is not for every pod, else the first."""
    return min(numbers, key=lambda each: (_is_for_all(engine.policies[each]), each), default=None)


def isolating(key: Key) -> tuple[int, ...]:
    """The policies that decide about a group: NetworkPolicies and Calico's where such select it, else the others."""
    admin, network, baseline, calico = (tuple(number for number, _ in tier) for tier in key)
    return (*network, *calico) or (*admin, *baseline)


def _is_for_all(policy: Policy) -> bool:
    return policy.subject.pods.is_empty and policy.also in (None, AllOf(policy.subject.node, ()))
