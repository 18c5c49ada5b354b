"""Classes that the same policies select, found by what policies select and not by listing policies for each class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from k8snet_lint.bitset import members, set_of
from k8snet_lint.cached import cached_property
from k8snet_lint.resource.admin_policy import Tier

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from k8snet_lint.reach.bits import Bounds
    from k8snet_lint.reach.compiled import CompiledPolicy
    from k8snet_lint.reach.named_ports import NamedPorts
    from k8snet_lint.reach.sequences import Selected
    from k8snet_lint.reach.universe import Universe
    from k8snet_lint.resource import Direction

Key = tuple[tuple["Selected", ...], ...]
"""The policies of each tier that select a class."""


class Cohort:
    """Policies of one tier that are for the same classes, by their numbers: who hears one hears all.

    Shapes: `subject` are those classes, `doubtful` those of them that they only may be for.
    """

    __slots__ = ("doubtful", "numbers", "subject", "tier")

    def __init__(self, tier: Tier, subject: Bounds) -> None:
        self.tier: Final = tier
        self.subject: Final = subject
        self.doubtful: Final = subject.maybe & ~subject.surely
        self.numbers: Final[list[int]] = []


class Group:
    """Classes that the same policies select, so that one answer holds for all of them.

    Shapes: `cohorts` are those policies, each with whether they surely select; `first` is one of the classes; `heard`
    tells what ports' names mean to the classes, where some of the policies go by such.
    """

    def __init__(self, cohorts: tuple[tuple[Cohort, bool], ...], heard: Hashable, first: int, bits: int) -> None:
        self.cohorts: Final = cohorts
        self.heard: Final = heard
        self.first: Final = first
        self.bits: Final = bits

    @cached_property
    def key(self) -> Key:
        """The policies of each tier in the order of evaluation, each with whether it surely selects."""
        return tuple(tuple(sorted(self._of(tier))) for tier in Tier)

    def _of(self, tier: Tier) -> Iterator[Selected]:
        for cohort, certain in self.cohorts:
            if cohort.tier is tier:
                yield from ((number, certain) for number in cohort.numbers)


def grouped(
    direction: Direction, policies: Sequence[CompiledPolicy], universe: Universe, named: NamedPorts
) -> Iterator[Group]:
    """All classes, by what selects them for a direction."""
    hearing: dict[int, list[tuple[Cohort, bool]]] = {}
    for cohort in _cohorts(direction, policies):
        for index in members(cohort.subject.surely):
            hearing.setdefault(index, []).append((cohort, True))
        for index in members(cohort.doubtful):
            hearing.setdefault(index, []).append((cohort, False))
    naming = 0
    for policy in policies:
        if direction in policy.naming:
            naming |= policy.subject.maybe
    found: dict[tuple[tuple[tuple[Cohort, bool], ...], Hashable], list[int]] = {}
    for index in range(universe.count):
        heard: Hashable = named.signature(index) if naming >> index & 1 else ()
        found.setdefault((tuple(hearing.get(index, ())), heard), []).append(index)
    for (cohorts, heard), indices in found.items():
        yield Group(cohorts, heard, indices[0], universe.kept.one(set_of(indices)))


def _cohorts(direction: Direction, policies: Sequence[CompiledPolicy]) -> Iterable[Cohort]:
    found: dict[tuple[Tier, Bounds], Cohort] = {}
    for number, policy in enumerate(policies):
        if policy.has(direction):
            key = policy.policy.tier, policy.subject
            if key not in found:
                found[key] = Cohort(*key)
            found[key].numbers.append(number)
    return found.values()
