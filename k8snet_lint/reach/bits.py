"""Sets of small numbers as bits of an integer, and partitions of such sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

K = TypeVar("K", bound="Hashable")
L = TypeVar("L", bound="Hashable")
M = TypeVar("M", bound="Hashable")


class Bounds(NamedTuple):
    """A set that is known up to a doubt: what is surely in it, and what may be, which is more or the same."""

    surely: int
    maybe: int

    def __or__(self, other: object) -> Bounds:
        if not isinstance(other, Bounds):
            return NotImplemented
        return Bounds(self.surely | other.surely, self.maybe | other.maybe)

    def __and__(self, other: Bounds) -> Bounds:
        return Bounds(self.surely & other.surely, self.maybe & other.maybe)


EMPTY = Bounds(0, 0)


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


def merge(parts: Iterable[tuple[K, int]]) -> dict[K, int]:
    """Parts with the same label made one; empty ones left out."""
    found: dict[K, int] = {}
    for label, bits in parts:
        if bits:
            found[label] = found.get(label, 0) | bits
    return found


def product(one: Mapping[K, int], other: Mapping[L, int], label: Callable[[K, L], M]) -> dict[M, int]:
    """The common refinement of two partitions of one set, each part labelled by the labels of the two it lies in."""
    if len(one) == 1 and len(other) == 1:
        (key, bits), (key2, bits2) = next(iter(one.items())), next(iter(other.items()))
        return {label(key, key2): bits & bits2}
    found: dict[M, int] = {}
    for key, bits in one.items():
        for key2, bits2 in other.items():
            both = bits & bits2
            if both:
                joint = label(key, key2)
                found[joint] = found.get(joint, 0) | both
    return found


def overlay(base: dict[int, int], mask: int, bits: int) -> dict[int, int]:
    """A partition by masks with one more mask laid over a part of the set."""
    found: dict[int, int] = {}
    for label, part in base.items():
        inside = part & bits
        if inside:
            joint = label | mask
            found[joint] = found.get(joint, 0) | inside
            part ^= inside  # noqa: PLW2901 - what is left of the part
        if part:
            found[label] = found.get(label, 0) | part
    return found
