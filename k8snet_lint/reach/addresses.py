"""Address atoms: the pieces into which all blocks cut the IP addresses, grouped by the blocks that hold them."""

from __future__ import annotations

from bisect import bisect_right
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from k8snet_lint.cidr import BITS, Cidr, Range, merged, without
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Ranges = tuple[Range, ...]

_NOT_PUBLIC = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/3",
)
"""Addresses that are not routed on the internet (RFC 6890)."""

_PODS = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "240.0.0.0/4")
"""Where clusters take the IPv4 addresses of pods from."""


def text_of(version: int, addresses: Range) -> str:
    """A range as people write it: a CIDR where it is one, else its first and last address."""
    first, last = addresses
    size = last - first + 1
    prefix = BITS[version] - size.bit_length() + 1
    kind = IPv4Address if version == 4 else IPv6Address
    if size & size - 1 or first % size:
        return f"{kind(first)}-{kind(last)}"
    return str(kind(first)) if size == 1 else f"{kind(first)}/{prefix}"


def everything(version: int) -> Range:
    """All addresses of a version."""
    return 0, (1 << BITS[version]) - 1


INTERNET: Mapping[int, Ranges] = {
    4: without(everything(4), (Cidr.of(text).range for text in _NOT_PUBLIC)),
    6: (Cidr(6, 0x2000 << 112, 3).range,),
}
"""The addresses of the internet, by version."""

ASSUMED_PODS: Mapping[int, Ranges] = {4: merged(Cidr.of(text).range for text in _PODS), 6: (everything(6),)}
"""Where pods may have their addresses as long as nobody says where."""


class AddressClass(NamedTuple):
    """Addresses that all blocks treat alike."""

    version: int
    ranges: Ranges


class AddressAtoms:
    """The classes that some blocks make of all addresses; sets of classes are bits of an integer."""

    def __init__(self, blocks: Iterable[tuple[int, Ranges]]) -> None:
        self._starts: dict[int, list[int]] = {}
        self._class_of: dict[int, list[int]] = {}
        self._memo: dict[tuple[int, Ranges], int] = {}
        classes: list[tuple[int, list[Range]]] = []
        named = {*blocks, *INTERNET.items()}
        for version in BITS:
            self._sweep(version, sorted(ranges for of, ranges in named if of == version), classes)
        self.classes = tuple(AddressClass(version, merged(ranges)) for version, ranges in classes)
        self._all = {v: sum(1 << i for i, each in enumerate(self.classes) if each.version == v) for v in BITS}

    def _sweep(self, version: int, blocks: list[Ranges], classes: list[tuple[int, list[Range]]]) -> None:
        first, last = everything(version)
        changes = {first: 0}
        for index, ranges in enumerate(blocks):
            token = hash((index, 0)) << 64 ^ hash((index, 1))
            for low, high in ranges:
                changes[low] = changes.get(low, 0) ^ token
                changes[high + 1] = changes.get(high + 1, 0) ^ token
        starts = sorted(start for start in changes if start <= last)
        known: dict[int, int] = {}
        inside, of = 0, []
        for start, end in zip(starts, [*starts[1:], last + 1], strict=True):
            inside ^= changes[start]
            if inside not in known:
                known[inside] = len(classes)
                classes.append((version, []))
            of.append(known[inside])
            classes[known[inside]][1].append((start, end - 1))
        self._starts[version], self._class_of[version] = starts, of

    def of_address(self, version: int, address: int) -> int:
        """The number of the class that holds an address."""
        return self._class_of[version][bisect_right(self._starts[version], address) - 1]

    def overlapping(self, version: int, ranges: Ranges) -> int:
        """The classes that hold an address of the ranges."""
        found = self._memo.get((version, ranges))
        if found is None:
            found = 0
            for first, last in ranges:
                found |= self._span(version, first, last)
            self._memo[version, ranges] = found
        return found

    def of_block(self, version: int, ranges: Ranges) -> int:
        """The classes of a block that was named at the start: each lies in it, or outside."""
        holes = without(everything(version), ranges)
        if self._atoms(version, holes) < self._atoms(version, ranges):
            return self._all[version] & ~self.overlapping(version, holes)
        return self.overlapping(version, ranges)

    def _atoms(self, version: int, ranges: Ranges) -> int:
        starts = self._starts[version]
        return sum(bisect_right(starts, last) - bisect_right(starts, first) + 1 for first, last in ranges)

    def _span(self, version: int, first: int, last: int) -> int:
        starts, of = self._starts[version], self._class_of[version]
        found = 0
        for index in {*of[bisect_right(starts, first) - 1 : bisect_right(starts, last)]}:
            found |= 1 << index
        return found
