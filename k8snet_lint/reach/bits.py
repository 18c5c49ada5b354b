"""Sets that are known up to a doubt, and partitions of sets; a set is bits of an integer."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
    from typing import TypeVar

    K = TypeVar("K", bound="Hashable")
    L = TypeVar("L", bound="Hashable")
    M = TypeVar("M", bound="Hashable")


FEW = 8
"""So many parts are held against as many others."""


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


class Kept:
    """Sets that are kept for long, each once, however often it is found: one of many classes takes kilobytes."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def one(self, bits: int) -> int:
        """The set, as the object that stands for all that are equal."""
        return self._known.setdefault(bits, bits)

    def bounds(self, bounds: Bounds) -> Bounds:
        """The same for both bounds, which mostly are equal."""
        return Bounds(self.one(bounds.surely), self.one(bounds.maybe))

    def parts(self, parts: Iterable[tuple[K, int]]) -> dict[K, int]:
        """Parts of a set by their labels, each of them such an object."""
        return {label: self.one(bits) for label, bits in parts}


def merge(parts: Iterable[tuple[K, int]]) -> dict[K, int]:
    """Parts with the same label made one; empty ones left out."""
    found: dict[K, int] = {}
    for label, bits in parts:
        if bits:
            found[label] = found.get(label, 0) | bits
    return found


def product(one: Mapping[K, int], other: Mapping[L, int], label: Callable[[K, L], M]) -> dict[M, int]:
    """The common refinement of two partitions of one set, each part labelled by the labels of the two it lies in.

    Many parts are not held against many: of a part that has fewer members than there are others, each member is looked
    up among these.
    """
    if len(one) == 1 and len(other) == 1:
        (key, bits), (key2, bits2) = next(iter(one.items())), next(iter(other.items()))
        return {label(key, key2): bits & bits2}
    found: dict[M, int] = {}
    small = _small(one, len(other)) if min(len(one), len(other)) > FEW else {}
    alone = reduce(or_, small.values(), 0)
    label_of = {index: key2 for key2, bits2 in other.items() for index in members(bits2 & alone)}
    for key, bits in one.items():
        if key in small:
            both_of = [(label_of[index], 1 << index) for index in members(bits) if index in label_of]
        else:
            both_of = [(key2, bits & bits2) for key2, bits2 in other.items() if bits & bits2]
        for key2, both in both_of:
            joint = label(key, key2)
            found[joint] = found.get(joint, 0) | both
    return found


def _small(parts: Mapping[K, int], than: int) -> dict[K, int]:
    return {label: bits for label, bits in parts.items() if bits.bit_count() < than}


def folded(parts: Sequence[dict[K, int]], label: Callable[[K, K], K]) -> dict[K, int]:
    """The common refinement of several partitions, in their order; `label` may be applied to any neighbours first."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return product(folded(parts[:half], label), folded(parts[half:], label), label)


def laid_over(everything: int, masks: Sequence[tuple[int, int]]) -> dict[int, int]:
    """A set parted by the masks laid over its members, each over some: the label of a part is their union."""
    if len(masks) > FEW:
        half = len(masks) // 2
        return product(laid_over(everything, masks[:half]), laid_over(everything, masks[half:]), or_)
    found = {0: everything}
    for mask, bits in masks:
        found = overlay(found, mask, bits)
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
