"""Sets of small numbers as bits of an integer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def members(bits: int) -> Iterator[int]:
    """The numbers in a set, lowest first."""
    if not bits:
        return
    low = (bits & -bits).bit_length() - 1
    text = bin(bits >> low)[:1:-1]
    at = text.find("1")
    while at >= 0:
        yield low + at
        at = text.find("1", at + 1)


def set_of(numbers: Iterable[int]) -> int:
    """The set of some numbers."""
    found = 0
    for number in numbers:
        found |= 1 << number
    return found
