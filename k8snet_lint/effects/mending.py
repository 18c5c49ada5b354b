"""What policies keep from an end, and where to mend it."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import EnginePolicy, NetworkPolicy
from k8snet_lint.resource.admin_policy import Action, Tier
from k8snet_lint.resource.calico import CalicoPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.explanation import Decision, SideExplanation
    from k8snet_lint.reach.groups import Key
    from k8snet_lint.reach.spec import Policy
    from k8snet_lint.resource import Direction, Resource

NAMED = 10
"""How many policies a finding names of those that isolate one end: of hundreds, each names what all of them are."""


class Isolating(NamedTuple):
    """The policies that decide about one end, in one direction.

    Shapes: `policy` is the one to mend, `at` where.
    """

    policy: Resource
    at: Node
    policies: tuple[Resource, ...]

    def steps(self, said: str, field: str = "") -> Iterator[tuple[Node, str]]:
        """What the first of them do, in those words, each at a field of its own or at its name; then how many more."""
        for each in self.policies[:NAMED]:
            yield _shown(each, field), f"{each} {said}"
        if more := self.policies[NAMED:]:
            yield _shown(more[0], field), f"so do {len(more):,} more, of which {more[0]} is the first"


class Denial(NamedTuple):
    """What policies surely keep from an end.

    Shapes: `direction` tells whose do, those of the end that is connected to (ingress) or that connects (egress);
    `near` are rules that nearly allow it; `rule` is the one that denies it, None where only none allows it.
    """

    direction: Direction
    isolating: Isolating
    near: tuple[tuple[Node, str], ...] = ()
    rule: Decision | None = None

    @property
    def at(self) -> Node:
        """Where to mend it."""
        return self.rule.rule if self.rule else self.isolating.at

    @property
    def policy(self) -> Resource:
        """The policy to mend."""
        return self.rule.policy if self.rule else self.isolating.policy

    @property
    def overrules(self) -> bool:
        """Whether no rule that allows counts for more, wherever it stands."""
        return self.rule is not None and self.rule.tier is Tier.NETWORK_POLICY


def rejected(reach: Reach) -> int:
    """The classes of pods that a policy is for of which a part is rejected: once that is mended, it may allow more."""
    policies = dict.fromkeys(each.resource for each in reach.degraded)
    found = 0
    for policy in policies:
        for workload in reach.graph.subjects(policy) if isinstance(policy, NetworkPolicy | EnginePolicy) else ():
            found |= reach.peers(workload).bits
    return found


class Mending:
    """Where to mend what policies deny; told once for all ends that the same policies select."""

    def __init__(self, reach: Reach) -> None:
        self._engine = reach.engine
        self._rejected = rejected(reach)
        self._known: dict[tuple[Direction, int], Isolating | None] = {}

    def isolating(self, direction: Direction, index: int) -> Isolating | None:
        """What isolates a class of endpoints in a direction, if something does and none of it is to be mended first."""
        if self._rejected >> index & 1:
            return None
        group = self._engine.side(direction).group_of[index]
        if (direction, group) not in self._known:
            self._known[direction, group] = self._of(direction, group)
        return self._known[direction, group]

    def denial(self, direction: Direction, index: int, blocking: Sequence[SideExplanation] = ()) -> Denial | None:
        """What denies a class something in a direction, if it is isolated; `blocking` tell why, as far as known."""
        isolating = self.isolating(direction, index)
        if isolating is None:
            return None
        rule = next((side.denying for side in blocking if side.direction is direction), None)
        return Denial(direction, isolating, tuple(_missing_one_thing(blocking)), rule)

    def _of(self, direction: Direction, group: int) -> Isolating | None:
        key = self._engine.side(direction).groups[group].key
        numbers = self._settling(direction, key) if key[3] else _deciding(key)
        if not numbers:
            return None
        resources = tuple(self._engine.policies[each].resource for each in numbers)
        policy = self._engine.policies[_most_specific(self._engine, numbers)].resource
        return Isolating(policy, _place(policy, direction), resources)

    def _settling(self, direction: Direction, key: Key) -> tuple[int, ...]:
        """The policies of the first of Calico's stages that leaves nothing to later ones; all, where each does."""
        surely = sorted(number for number, certain in chain(*key) if certain)
        stages = groupby(surely, key=lambda number: self._engine.policies[number].stage)
        for stage, numbers in stages:
            of_stage = tuple(numbers)
            settles = any(self._engine.policies[number].settles for number in of_stage)
            if stage and settles and not stage.passes and not any(self._passes(each, direction) for each in of_stage):
                return of_stage
        return _deciding(key)

    def _passes(self, number: int, direction: Direction) -> bool:
        """Whether a policy passes on all that its rules before do not decide."""
        full, all_ = self._engine.ports.full, self._engine.universe.all
        return any(
            each.rule.action is Action.PASS and each.numbers == full and not all_ & ~each.peers.surely
            for each in self._engine.compiled[number].rules[direction]
        )


def _missing_one_thing(blocking: Iterable[SideExplanation]) -> Iterator[tuple[Node, str]]:
    """Rules that lack one thing only."""
    for miss in (miss for side in blocking for miss in side.misses):
        if miss.wanted:
            yield miss.at, f"{miss.policy} asks for {miss.wanted} here, and there is {miss.found}"


def _shown(policy: Resource, field: str) -> Node:
    return policy.spec[field] if field else policy.name_node


def _place(policy: Resource, direction: Direction) -> Node:
    """The rules of a direction, or where they would stand; its key is what to point to."""
    spec = policy.spec
    written = (spec[key] for key in (direction.field, "policyTypes", "types", "podSelector", "selector", "subject"))
    return next((node for node in written if node.present), policy.name_node)


def _most_specific(engine: Engine, numbers: Iterable[int]) -> int:
    """Of some policies the first that is not for every pod, else the first."""
    return min(numbers, key=lambda each: (_is_for_all(engine.policies[each]), each))


def _deciding(key: Key) -> tuple[int, ...]:
    """The policies that surely select a group: NetworkPolicies and Calico's where there are such, else the others."""
    admin, network, baseline, calico = (tuple(number for number, surely in tier if surely) for tier in key)
    return (*network, *calico) or (*admin, *baseline)


def _is_for_all(policy: Policy) -> bool:
    if isinstance(policy.resource, CalicoPolicy):
        return policy.resource.selector.is_everything and policy.resource.account_selector.is_everything
    return policy.subject.pods.is_empty
