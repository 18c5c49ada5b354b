"""Names in the order of their letters, looked through for those that a wanted one differs from by a slip or two."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.nearest import is_within
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

FEW = 4
"""Up to so many names, comparing with each is cheaper than parting them by their letters."""


class Stretch(NamedTuple):
    """Some names that stand together, from `low` to before `high`: they have the letters before `depth` in common."""

    low: int
    high: int
    depth: int


class Lettered:
    """Some names, found from either end.

    Of a slip or two, one half of the wanted name holds one at the most, and of a single one none. So names are followed
    from both ends, with no more slips than that in the half that comes first, where there are most to part from.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def within(self, wanted: str, slips: int) -> Iterator[str]:
        """The names that are a slip or two away from the wanted one, or are it; some come more than once."""
        if len(self._names) <= FEW:
            yield from (name for name in self._names if is_within(name, wanted, slips))
            return
        half = len(wanted) // 2 + 1  # letters that are swapped may be the two in the middle
        yield from self._onward.within(wanted, slips, half)
        yield from (name[::-1] for name in self._backward.within(wanted[::-1], slips, len(wanted) - half + 2))

    @cached_property
    def _onward(self) -> _Ordered:
        return _Ordered(self._names)

    @cached_property
    def _backward(self) -> _Ordered:
        return _Ordered([name[::-1] for name in self._names])


class _Ordered:
    """Names in the order of their letters, in which those that begin alike stand together.

    A wanted name is followed along its letters. Where names part from it, a slip is tried for all of them at once; once
    no slip is left, the whole name is known.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._known = frozenset(names)
        self._sorted = sorted(self._known)

    def within(self, wanted: str, slips: int, later: int) -> Iterator[str]:
        """Those within some slips, of which the last one is left for so many letters at the end."""
        return self._within(wanted, Stretch(0, len(self._sorted), 0), slips, later)

    def _within(self, rest: str, names: Stretch, slips: int, later: int) -> Iterator[str]:
        """Those of some names whose letters from `depth` on are the rest of the wanted one but for some slips."""
        low, high, depth = names
        if low == high:
            return
        if slips == 0:
            name = self._sorted[low][:depth] + rest
            yield from (name,) if name in self._known else ()
        elif high - low <= FEW:
            yield from (name for name in self._sorted[low:high] if is_within(name[depth:], rest, slips))
        else:
            same = self._going_on(names, rest[:1])
            yield from self._within(rest[1:], same, slips, later) if rest else self._sorted[same.low : same.high]
            if slips > 1 or len(rest) <= later:
                for others in (Stretch(low, same.low, depth), Stretch(same.high, high, depth)):
                    yield from self._slipping(rest, others, slips - 1, later)

    def _slipping(self, rest: str, names: Stretch, slips: int, later: int) -> Iterator[str]:
        """The same for names that go on otherwise, or end: after a letter too many, too few or wrong."""
        yield from self._within(rest[1:], names, slips, later)
        low = names.low
        while low < names.high:
            letter = self._sorted[low][names.depth : names.depth + 1]
            part = self._going_on(Stretch(low, names.high, names.depth), letter)
            low = part.high
            if letter:
                yield from self._within(rest, part, slips, later)
                yield from self._within(rest[1:], part, slips, later)
                if letter == rest[1:2]:
                    yield from self._within(rest[2:], self._going_on(part, rest[0]), slips, later)

    def _going_on(self, names: Stretch, letter: str) -> Stretch:
        """Those of some names that have a letter next; those that end there for an empty one."""
        low, high, depth = names

        def following(name: str) -> str:
            return name[depth : depth + 1]

        low = bisect_left(self._sorted, letter, low, high, key=following)
        return Stretch(low, bisect_right(self._sorted, letter, low, high, key=following), depth + 1)
