"""Sets of namespaces, as small whether they hold a few or all but a few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import members, set_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from k8snet_lint.selector import Requirement


class Names:
    """Some of the namespaces of a world, in its order: a bit for each."""

    __slots__ = ("_bits", "_index")

    def __init__(self, index: NameIndex, bits: int) -> None:
        self._index = index
        self._bits = bits

    @property
    def others(self) -> Names:
        """All that are not among them."""
        return Names(self._index, self._index.all & ~self._bits)

    def __or__(self, other: Names) -> Names:
        return Names(self._index, self._bits | other._bits)

    def __and__(self, other: Names) -> Names:
        return Names(self._index, self._bits & other._bits)

    def __sub__(self, other: Names) -> Names:
        return Names(self._index, self._bits & ~other._bits)

    def __contains__(self, name: object) -> bool:
        place = self._index.places.get(name)
        return place is not None and bool(self._bits >> place & 1)

    def __iter__(self) -> Iterator[str]:
        return map(self._index.names.__getitem__, members(self._bits))

    def __len__(self) -> int:
        return self._bits.bit_count()

    def __bool__(self) -> bool:
        return bool(self._bits)


class NameIndex:
    """Which of some names have which labels."""

    def __init__(self, names: Sequence[str], labels: Callable[[str], Mapping[str, str]]) -> None:
        self.names = names
        self.places: Mapping[object, int] = {name: place for place, name in enumerate(names)}
        self.all = (1 << len(names)) - 1
        self._labelled: dict[str, dict[str, int]] = {}
        self._having: dict[str, int] = {}
        for place, name in enumerate(names):
            for key, value in labels(name).items():
                by_value = self._labelled.setdefault(key, {})
                by_value[value] = by_value.get(value, 0) | 1 << place
                self._having[key] = self._having.get(key, 0) | 1 << place

    def those(self, names: Iterable[str | None]) -> int:
        """The bits of some names; of what is none of them there is none."""
        return set_of(self.places[name] for name in names if name in self.places)

    def meeting(self, requirements: Iterable[Requirement]) -> int:
        """The bits of the names whose labels meet every requirement."""
        found = self.all
        for each in requirements:
            found &= self._meeting(each)
        return found

    def _meeting(self, requirement: Requirement) -> int:
        found = 0 if requirement.operator.has_values else self._having.get(requirement.key, 0)
        by_value = self._labelled.get(requirement.key, {})
        for value in requirement.values:
            found |= by_value.get(value, 0)
        return self.all & ~found if requirement.operator.is_negative else found
