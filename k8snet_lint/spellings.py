"""Many names, of which those near a misspelt one are found without comparing it with each."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from k8snet_lint.nearest import is_near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SLIPS = 2
FEW = 64
"""Up to so many names, comparing with each is cheaper than keeping their shortened forms."""
LONG = 24
"""Longer names have too many shortened forms to keep; they are few, and are compared one by one."""


class Spellings:
    """Names by what is left of them when a letter or two are dropped, which names that are near have in common."""

    def __init__(self, names: Iterable[str]) -> None:
        self._position = {name: position for position, name in enumerate(names)}
        few = len(self._position) <= FEW
        self._compared = [name for name in self._position if few or len(name) > LONG]
        # Nearly all forms are one name's: a list for each would take half of the memory.
        self._by_form: dict[str, str] = {}
        self._others: dict[str, list[str]] = {}
        for name in self._position if not few else ():
            if len(name) <= LONG:
                for form in _forms(name):
                    if self._by_form.setdefault(form, name) is not name:
                        self._others.setdefault(form, []).append(name)

    def near(self, wanted: str) -> list[str]:
        """The names that `is_near` holds for, in the order they were given."""
        candidates = set(self._compared)
        if self._by_form and len(wanted) <= LONG + SLIPS:
            for form in _forms(wanted):
                if form in self._by_form:
                    candidates.update((self._by_form[form], *self._others.get(form, ())))
        return sorted((name for name in candidates if is_near(wanted, name)), key=self._position.__getitem__)


def _forms(name: str) -> Iterator[str]:
    """The name, what is left of it without one letter, and without two where two slips are allowed."""
    yield name
    yield from {name[:i] + name[i + 1 :] for i in range(len(name))}
    if len(name) >= 8:
        yield from {name[:i] + name[i + 1 : j] + name[j + 1 :] for i, j in combinations(range(len(name)), SLIPS)}
