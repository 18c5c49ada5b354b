"""Many names, of which those near a misspelt one are found without comparing it with each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.lettered import Lettered
from k8snet_lint.nearest import is_near, slips_in

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeVar

    K = TypeVar("K", bound="Hashable")


ENOUGH = 16
"""So many names that are near are a family, of which no more are looked for."""

DIGITS = str.maketrans("", "", "0123456789")


class Spellings:
    """Names that may be a misspelling of another one, or the other way round."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)

    def near(self, wanted: str, may_be: Callable[[str], bool] = lambda _: True) -> list[str]:
        """The names that `is_near` and `may_be` hold for, in the order they were given."""
        slips = slips_in(len(wanted))
        return self._chosen(wanted, self._lettered.within(wanted, slips) if slips else (), may_be)

    def near_in_letters(self, wanted: str, may_be: Callable[[str], bool] = lambda _: True) -> list[str]:
        """Those of them that differ in more than digits, by which whole series of names are told apart."""
        return self._chosen(wanted, self._otherwise(wanted), may_be)

    def _chosen(self, wanted: str, names: Iterable[str], may_be: Callable[[str], bool]) -> list[str]:
        found: set[str] = set()
        for name in names:
            if name not in found and is_near(wanted, name) and may_be(name):
                found.add(name)
                if len(found) == ENOUGH:
                    break
        return sorted(found, key=self._position.__getitem__) if found else []

    def _otherwise(self, wanted: str) -> Iterator[str]:
        """Names of series whose letters are near: to take the digits out of two names brings them no further apart.

        They have the same digits, as `web-7x` is none for `web-8`, or differ by one slip, as `web-o7` from `web-07`.
        """
        slips, letters = slips_in(len(wanted)), wanted.translate(DIGITS)
        series = dict.fromkeys(self._letters.within(letters, slips) if slips else ())
        for other in series:
            if other != letters:
                yield from self._numbered.get((other, _digits(wanted)), ())
                yield from self._series[other].within(wanted, 1)

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {name: position for position, name in enumerate(self._names)}

    @cached_property
    def _long(self) -> Sequence[str]:
        """Those that are long enough to be misspelt."""
        return [name for name in self._position if slips_in(len(name))]

    @cached_property
    def _lettered(self) -> Lettered:
        return Lettered(self._long)

    @cached_property
    def _series(self) -> Mapping[str, Lettered]:
        """The names by their letters, without the digits."""
        return {key: Lettered(names) for key, names in _grouped((name.translate(DIGITS), name) for name in self._long)}

    @cached_property
    def _numbered(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """The names by their letters and by their digits."""
        return dict(_grouped(((name.translate(DIGITS), _digits(name)), name) for name in self._long))

    @cached_property
    def _letters(self) -> Lettered:
        return Lettered(self._series.keys())


NO_SPELLINGS = Spellings(())


def spellings_by(names: Iterable[tuple[K, str]]) -> Mapping[K, Spellings]:
    """Names in groups: those that come with the same key."""
    return {key: Spellings(group) for key, group in _grouped(names)}


def _digits(name: str) -> str:
    return "".join(filter("0123456789".__contains__, name))


def _grouped(names: Iterable[tuple[K, str]]) -> Iterable[tuple[K, list[str]]]:
    groups: dict[K, list[str]] = {}
    for key, name in names:
        groups.setdefault(key, []).append(name)
    return groups.items()
