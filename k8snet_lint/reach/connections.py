"""Connections: protocols and destination ports, as sets with an algebra."""

from __future__ import annotations

import enum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from k8snet_lint.cidr import merged, without

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Range = tuple[int, int]
"""The first and the last port, both of it."""

FIRST, LAST = 1, 65535
EVERY_PORT: Range = (FIRST, LAST)


class Protocol(enum.StrEnum):
    """The protocols that policies tell apart (core/v1 `Protocol`)."""

    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"


PROTOCOLS = tuple(Protocol)


def is_port(protocol: str, number: int | None) -> bool:
    """Whether it is a port that policies tell apart from others."""
    return number is not None and FIRST <= number <= LAST and protocol in Protocol.__members__


class Connections:
    """A set of (protocol, port).

    Shapes: the ranges of each protocol are disjoint, not adjacent and in order, so that equal sets are equal values.
    """

    __slots__ = ("sctp", "tcp", "udp")

    def __init__(self, tcp: tuple[Range, ...] = (), udp: tuple[Range, ...] = (), sctp: tuple[Range, ...] = ()) -> None:
        self.tcp: Final = tcp
        self.udp: Final = udp
        self.sctp: Final = sctp

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Connections) and (
            self.tcp == other.tcp and self.udp == other.udp and self.sctp == other.sctp
        )

    def __hash__(self) -> int:
        return hash((self.tcp, self.udp, self.sctp))

    def __repr__(self) -> str:
        return f"<Connections {self}>"

    @staticmethod
    def of(protocol: str, first: int = FIRST, last: int | None = None) -> Connections:
        """One port, a range of them, or every port of a protocol where no port is given.

        Raises ValueError where the protocol is none of the three.
        """
        return _of(protocol, first, last if last is not None else LAST if first == FIRST else first)

    @staticmethod
    def port(protocol: str, number: int) -> Connections:
        """One port of a protocol."""
        return _of(protocol, number, number)

    @staticmethod
    def from_ranges(ranges: Iterable[tuple[str, Range]]) -> Connections:
        """The union of ranges, in any order; what lies outside the legal ports, or is empty, is left out.

        Raises ValueError where a protocol is none of the three.
        """
        by: dict[str, list[Range]] = {protocol: [] for protocol in PROTOCOLS}
        for protocol, (first, last) in ranges:
            low, high = max(first, FIRST), min(last, LAST)
            if low <= high:
                by[Protocol(protocol)].append((low, high))
        return Connections(*(merged(each) for each in by.values()))

    def ranges(self, protocol: str) -> tuple[Range, ...]:
        """The ports of one protocol.

        Raises ValueError where it is none of the three.
        """
        if protocol == Protocol.TCP:
            return self.tcp
        if protocol == Protocol.UDP:
            return self.udp
        if protocol == Protocol.SCTP:
            return self.sctp
        raise ValueError(f"{protocol!r} is none of {', '.join(PROTOCOLS)}")

    def __iter__(self) -> Iterator[tuple[Protocol, Range]]:
        """Every range with its protocol."""
        for protocol in PROTOCOLS:
            for found in self.ranges(protocol):
                yield protocol, found

    def __or__(self, other: Connections) -> Connections:
        return Connections(*(merged((*self.ranges(p), *other.ranges(p))) for p in PROTOCOLS))

    def __sub__(self, other: Connections) -> Connections:
        return Connections(*(_minus(self.ranges(p), other.ranges(p)) for p in PROTOCOLS))

    def __and__(self, other: Connections) -> Connections:
        return self - (self - other)

    def __invert__(self) -> Connections:
        return ALL - self

    def __le__(self, other: Connections) -> bool:
        """Whether all of it is in the other."""
        return (self - other).is_empty

    def __bool__(self) -> bool:
        return not self.is_empty

    @property
    def is_empty(self) -> bool:
        return not (self.tcp or self.udp or self.sctp)

    @property
    def is_everything(self) -> bool:
        return self == ALL

    def contains(self, protocol: str, port: int) -> bool:
        """Whether one port of a protocol is in it."""
        return any(first <= port <= last for first, last in self.ranges(protocol))

    def __str__(self) -> str:
        """`TCP 80,443; UDP 53`; a protocol without numbers is all of its ports; `all` and `none`."""
        if self.is_everything:
            return "all"
        named = ((protocol, self.ranges(protocol)) for protocol in PROTOCOLS)
        return "; ".join(_text(protocol, found) for protocol, found in named if found) or "none"


@lru_cache(maxsize=4096)
def _of(protocol: str, first: int, last: int) -> Connections:
    """A range of one protocol's ports; a cluster asks for the same few over and over."""
    return Connections.from_ranges(((protocol, (first, last)),))


def _minus(ranges: tuple[Range, ...], holes: tuple[Range, ...]) -> tuple[Range, ...]:
    return tuple(left for whole in ranges for left in without(whole, holes)) if holes else ranges


def _text(protocol: Protocol, ranges: tuple[Range, ...]) -> str:
    if ranges == (EVERY_PORT,):
        return protocol
    return f"{protocol} {','.join(str(a) if a == b else f'{a}-{b}' for a, b in ranges)}"


NONE = Connections()
ALL = Connections((EVERY_PORT,), (EVERY_PORT,), (EVERY_PORT,))
