"""IP blocks: addresses in CIDR form, and the ranges of addresses that they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

BITS = {4: 32, 6: 128}
"""How long an address is, by IP version."""

Range = tuple[int, int]
"""The first and the last address, both of it, as whole numbers."""


class Cidr(NamedTuple):
    """An address and how many of its leading bits count.

    Shapes: `version` is 4 or 6; `address` is the address as written, a whole number; `prefix` counts bits.
    """

    version: int
    address: int
    prefix: int

    @staticmethod
    def of(text: str) -> Cidr:
        """The block that is written.

        Raises ValueError, saying what is wrong with the text, where it is no CIDR. Accepted as the API server does
        for this field (`ParseCIDRSloppy`): bits set behind the prefix and IPv4 numbers with leading zeros are legal.
        """
        written, slash, length = text.partition("/")
        version, address = _address(written)
        if not slash:
            message = f"a CIDR ends in a prefix length, as in '{written}/{BITS[version]}'"
            raise ValueError(message)
        if not (length.isascii() and length.isdecimal() and len(length) < 4 and int(length) <= BITS[version]):
            message = f"the prefix length of an IPv{version} block is a number from 0 to {BITS[version]}"
            raise ValueError(message)
        return Cidr(version, address, int(length))

    @property
    def first(self) -> int:
        """The lowest address of the block."""
        return self.address >> self._free << self._free

    @property
    def last(self) -> int:
        """The highest address of the block."""
        return self.first + (1 << self._free) - 1

    @property
    def range(self) -> Range:
        return self.first, self.last

    @property
    def has_host_bits(self) -> bool:
        """Whether bits are set that do not count."""
        return self.address != self.first

    @property
    def is_everything(self) -> bool:
        """Whether it holds every address of its version."""
        return self.prefix == 0

    def contains(self, other: Cidr) -> bool:
        """Whether all of the other block is in this one; blocks of different versions have nothing in common."""
        return self.version == other.version and self.first <= other.first and other.last <= self.last

    def strictly_contains(self, other: Cidr) -> bool:
        """Whether the other block is in this one, and smaller."""
        return self.contains(other) and self.prefix < other.prefix

    @property
    def _free(self) -> int:
        return BITS[self.version] - self.prefix

    def __str__(self) -> str:
        """The canonical form: the first address, shortly (RFC 5952), and the prefix length."""
        from ipaddress import IPv4Address, IPv6Address  # noqa: PLC0415 - most manifests hold no address

        first = IPv4Address(self.first) if self.version == 4 else IPv6Address(self.first)
        return f"{first}/{self.prefix}"


def merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The same addresses in as few ranges as there are gaps between, lowest first."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def without(whole: Range, holes: Iterable[Range]) -> tuple[Range, ...]:
    """What is left of a range once holes are cut out of it, lowest first."""
    left, last = [], whole[1]
    start = whole[0]
    for hole_first, hole_last in merged(holes):
        if hole_first > start:
            left.append((start, min(hole_first - 1, last)))
        start = max(start, hole_last + 1)
        if start > last:
            return tuple(left)
    return (*left, (start, last))


def _address(text: str) -> tuple[int, int]:
    """Version and value of an address."""
    try:
        return (6, _ipv6(text)) if ":" in text else (4, _ipv4(text))
    except ValueError:
        message = "it starts with no IPv4 or IPv6 address"
        raise ValueError(message) from None


def _ipv4(text: str) -> int:
    parts = text.split(".")
    if len(parts) != 4 or not all(part.isascii() and part.isdecimal() for part in parts):
        raise ValueError(text)
    return int.from_bytes(bytes(int(part.lstrip("0")[:4] or "0") for part in parts), "big")


def _ipv6(text: str) -> int:
    from ipaddress import IPv6Address  # noqa: PLC0415 - most manifests hold no such address

    return int(IPv6Address(text.replace("%", "?")))  # a zone has no place in a block
