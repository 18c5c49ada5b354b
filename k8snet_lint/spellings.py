"""Many names, of which those near a misspelt one are found without comparing it with each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.nearest import is_near, is_within, slips_in
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeVar

    K = TypeVar("K", bound="Hashable")


FEW = 4
"""Up to so many names, comparing with each is cheaper than parting them by their letters."""
ENOUGH = 16
"""So many names that are near are a family, of which no more are looked for."""


class Stretch(NamedTuple):
    """Some names that stand together, from `low` to before `high`: they have the letters before `depth` in common."""

    low: int
    high: int
    depth: int


class Spellings:
    """Names in the order of their letters, in which those that begin alike stand together.

    A wanted name is followed along its letters. Where names part from it, a slip is tried for all of them at once; once
    no slip is left, the whole name is known.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {name: position for position, name in enumerate(self._names)}

    @cached_property
    def _sorted(self) -> Sequence[str]:
        """Those that are long enough to be misspelt, by their letters."""
        return sorted(name for name in self._position if slips_in(len(name)))

    def near(self, wanted: str, may_be: Callable[[str], bool] = lambda _: True) -> list[str]:
        """The names that `is_near` and `may_be` hold for, in the order they were given."""
        found: set[str] = set()
        slips = slips_in(len(wanted))
        for name in self._within(wanted, Stretch(0, len(self._sorted), 0), slips) if slips else ():
            if name not in found and is_near(wanted, name) and may_be(name):
                found.add(name)
                if len(found) == ENOUGH:
                    break
        return sorted(found, key=self._position.__getitem__)

    def _within(self, rest: str, names: Stretch, slips: int) -> Iterator[str]:
        """Those of some names whose letters from `depth` on are the rest of the wanted one but for some slips."""
        low, high, depth = names
        if low == high:
            return
        if slips == 0:
            name = self._sorted[low][:depth] + rest
            yield from (name,) if name in self._position else ()
        elif high - low <= FEW:
            yield from (name for name in self._sorted[low:high] if is_within(name[depth:], rest, slips))
        else:
            same = self._going_on(names, rest[:1])
            yield from self._within(rest[1:], same, slips) if rest else self._sorted[same.low : same.high]
            for others in (Stretch(low, same.low, depth), Stretch(same.high, high, depth)):
                yield from self._slipping(rest, others, slips - 1)

    def _slipping(self, rest: str, names: Stretch, slips: int) -> Iterator[str]:
        """The same for names that go on otherwise, or end: after a letter too many, too few or wrong."""
        yield from self._within(rest[1:], names, slips)
        low = names.low
        while low < names.high:
            letter = self._sorted[low][names.depth : names.depth + 1]
            part = self._going_on(Stretch(low, names.high, names.depth), letter)
            low = part.high
            if letter:
                yield from self._within(rest, part, slips)
                yield from self._within(rest[1:], part, slips)
                if letter == rest[1:2]:
                    yield from self._within(rest[2:], self._going_on(part, rest[0]), slips)

    def _going_on(self, names: Stretch, letter: str) -> Stretch:
        """Those of some names that have a letter next; those that end there for an empty one."""
        low, high, depth = names

        def following(name: str) -> str:
            return name[depth : depth + 1]

        low = bisect_left(self._sorted, letter, low, high, key=following)
        return Stretch(low, bisect_right(self._sorted, letter, low, high, key=following), depth + 1)


NO_SPELLINGS = Spellings(())


def spellings_by(names: Iterable[tuple[K, str]]) -> Mapping[K, Spellings]:
    """Names in groups: those that come with the same key."""
    groups: dict[K, list[str]] = {}
    for key, name in names:
        groups.setdefault(key, []).append(name)
    return {key: Spellings(group) for key, group in groups.items()}
