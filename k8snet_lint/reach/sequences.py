"""Ordered policies as sequences, of which many groups of pods have long parts in common."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from k8snet_lint.reach.bits import product
from k8snet_lint.reach.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Selected = tuple[int, bool]
"""The number of a policy that selects, and whether it surely does."""

Outcomes = dict[Outcome, int]
"""A partition of all endpoints by what becomes of connections with them."""


class Sequences:
    """What policies make of connections, level after level.

    A sequence is cut where the numbers of its levels first differ in a bit, so that sequences that differ in a few
    policies have all other parts in common, and none is longer in the making than there are bits. Each part is kept.

    Shapes: `levels` has for each policy the number of the first one in its place of the order; `level` works out
    policies of one place, with a class that they are for; `is_naming` tells whether a policy goes by ports' names, so
    that its part differs from class to class.
    """

    def __init__(
        self,
        levels: Sequence[int],
        level: Callable[[tuple[Selected, ...], int], Outcomes],
        is_naming: Callable[[int], bool],
    ) -> None:
        self._levels = levels
        self._level = level
        self._is_naming = is_naming
        self._memo: dict[tuple[tuple[Selected, ...], int], Outcomes] = {}

    def outcomes(self, selected: tuple[Selected, ...], first: int) -> Outcomes:
        """What some policies, in their order, make of the connections of a class."""
        key = (selected, first if any(self._is_naming(number) for number, _ in selected) else -1)
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._search(selected, first)
        return found

    def _search(self, selected: tuple[Selected, ...], first: int) -> Outcomes:
        low, high = self._levels[selected[0][0]], self._levels[selected[-1][0]]
        if low == high:
            return self._level(selected, first)
        bit = (low ^ high).bit_length() - 1
        at = bisect_left(selected, high >> bit << bit, key=lambda each: self._levels[each[0]])
        return product(self.outcomes(selected[:at], first), self.outcomes(selected[at:], first), Outcome.then)
