"""Why sets of answers are unknown, as codes alone: worked out for policies that go together, not for each pair."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.reach import causes
from k8snet_lint.reach.bits import merge
from k8snet_lint.reach.left_open import LeftOpen
from k8snet_lint.reach.verdict import Reason
from k8snet_lint.resource.admin_policy import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.groups import Group
    from k8snet_lint.reach.sides import Side
    from k8snet_lint.resource import Direction


class Reasons:
    """The reasons of `causes.of` without the places, for all pairs of some classes at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._unenforced = {number for number, policy in enumerate(engine.policies) if not policy.enforced}
        self._doubtful: dict[tuple[Direction, int], tuple[tuple[int, int], ...]] = {}
        self._left_open = LeftOpen(engine)

    def of(self, sources: int, targets: int, mask: int) -> set[Reason]:
        """Why some of the connections between any two of some classes are unknown."""
        found: set[Reason] = set()
        for side, subjects, peers in (
            (self._engine.egress, sources, targets),
            (self._engine.ingress, targets, sources),
        ):
            alike: dict[int, list[Group]] = {}
            for number in {side.group_of[index] for index in members(subjects)}:
                alike.setdefault(side.alike(number), []).append(side.groups[number])
            for number, groups in alike.items():
                unknown = [*self._unknown(side, number, peers, mask)]
                if unknown:
                    self._add(found, side, groups, subjects, unknown)
        self._add_mesh(found, sources, targets, mask)
        return found

    def _unknown(self, side: Side, number: int, peers: int, mask: int) -> Iterator[tuple[int, int]]:
        """Connections that a direction leaves unknown, with the peers of which it does."""
        key = (side.direction, side.alike(number))
        found = self._doubtful.get(key)
        if found is None:
            ports, cells = self._engine.ports, side.cells(number).items()
            doubtful = ((ports.maybe(masks) & ~ports.surely(masks), bits) for masks, bits in cells)
            found = self._doubtful[key] = tuple(merge(doubtful).items())
        yield from ((left & mask, bits & peers) for left, bits in found if left & mask and bits & peers)

    def _add(
        self, found: set[Reason], side: Side, groups: list[Group], subjects: int, unknown: list[tuple[int, int]]
    ) -> None:
        """Add why connections of groups that are alike are unknown: what a cohort says is looked at once for all."""
        if any(bits & self._engine.universe.on_host for _, bits in unknown):
            found.add(Reason.HOST_NETWORK)
        among = reduce(or_, (group.bits for group in groups)) & subjects
        heard = {(cohort, group.heard): group for group in groups for cohort, _ in group.cohorts}
        for (cohort, _), group in heard.items():
            if self._unenforced and not self._unenforced.isdisjoint(cohort.numbers):
                found.add(Reason.OTHER_NETWORK)
            found.update(reason for reason, bits in self._left_open.of_subjects(cohort).items() if bits & among)
            for reason, parts in self._left_open.of_rules(side.direction, cohort, group).items():
                if reason not in found and _meet(parts, unknown):
                    found.add(reason)
        for group in groups:
            if any(cohort.tier is not Tier.NETWORK_POLICY for cohort, _ in group.cohorts):
                found |= self._of_order(side, group, unknown)

    def _of_order(self, side: Side, group: Group, unknown: Iterable[tuple[int, int]]) -> set[Reason]:
        return {
            cause.reason
            for left, bits in unknown
            for peer in members(bits)
            for cause in causes.of_order(self._engine, side, group.first, peer, left)
        }

    def _add_mesh(self, found: set[Reason], sources: int, targets: int, mask: int) -> None:
        engine, ports = self._engine, self._engine.ports
        for target in members(targets) if engine.mesh.rulings else ():
            left = mask & ~ports.surely(engine.mesh.onto(target))
            reason = causes.of_mesh(engine, target)
            if reason is None or reason in found or not left:
                continue
            if any(ports.maybe(engine.pair(source, target)) & left for source in members(sources)):
                found.add(reason)


def _meet(parts: Iterable[tuple[int, int]], others: Iterable[tuple[int, int]]) -> bool:
    """Whether any two of them have both connections and peers in common."""
    return any(one & about and other & bits for about, bits in parts for one, other in others)
