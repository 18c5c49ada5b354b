"""Groups of pods of which different policies say the same, so that one answer holds for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import set_of
from k8snet_lint.resource import Direction
from k8snet_lint.resource.admin_policy import Tier

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from k8snet_lint.reach.compiled import CompiledPolicy
    from k8snet_lint.reach.groups import Cohort, Group


class Alike:
    """What policies say in a direction to groups of pods, whatever the policies are called."""

    def __init__(self, direction: Direction, policies: Sequence[CompiledPolicy], groups: Sequence[Group]) -> None:
        first: dict[Hashable, int] = {}
        self._groups = groups
        self._direction = direction
        self._memo: dict[int, int] = {}
        self._meant: dict[Hashable, int] = {}
        self._memo_said: dict[Cohort, int] = {}
        self._first = [
            first.setdefault(_said(policy, direction), number) if _is_without_order(policy) else number
            for number, policy in enumerate(policies)
        ]

    def first(self, number: int) -> int:
        """The first group that was asked for and whose policies say the same as those of a group."""
        found = self._memo.get(number)
        if found is None:
            found = self._memo[number] = self._meant.setdefault(self._meaning(self._groups[number]), number)
        return found

    def _meaning(self, group: Group) -> Hashable:
        """What is equal for groups that hear the same; to each, a port's name is that of its own pods.

        Of policies that add up, it makes no odds how many say the same; those that have an order are each their own.
        """
        surely = maybe = 0
        for cohort, certain in group.cohorts:
            said = self._said_by(cohort)
            surely, maybe = (surely | said, maybe) if certain else (surely, maybe | said)
        return surely, maybe, group.heard if self._direction is Direction.INGRESS else ()

    def _said_by(self, cohort: Cohort) -> int:
        """What the policies of a cohort say: the first that says it, each."""
        found = self._memo_said.get(cohort)
        if found is None:
            found = self._memo_said[cohort] = set_of({self._first[number] for number in cohort.numbers})
        return found


def _is_without_order(policy: CompiledPolicy) -> bool:
    return policy.policy.tier is Tier.NETWORK_POLICY and policy.policy.stage is None


def _said(policy: CompiledPolicy, direction: Direction) -> Hashable:
    return direction in policy.policy.lenient, tuple(_rules(policy, direction))


def _rules(policy: CompiledPolicy, direction: Direction) -> Iterator[Hashable]:
    for rule in policy.rules.get(direction, ()):
        yield rule.rule.action, rule.peers, rule.numbers, tuple((port.name, port.protocol) for port in rule.names)
