"""Port atoms: the pieces into which all ports that anything names cut the protocols, as bits of an integer."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from k8snet_lint.reach.connections import FIRST, LAST, Connections, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.reach.connections import Range


class PortAtoms:
    """A numbering of ports in which every set that was named at the start is a set of bits.

    Shapes: a *mask* has a bit for each atom. A *pair* of masks is one integer, its low half the connections that
    are surely in a set, its high half those that may be: unions and intersections of pairs are those of integers.
    """

    def __init__(self, named: Iterable[Connections]) -> None:
        cuts: dict[Protocol, set[int]] = {protocol: {FIRST, LAST + 1} for protocol in Protocol}
        for connections in named:
            for protocol, (first, last) in connections:
                cuts[protocol].update((first, last + 1))
        self._starts: dict[Protocol, list[int]] = {}
        self._base: dict[Protocol, int] = {}
        self.count = 0
        for protocol, found in cuts.items():
            self._starts[protocol] = sorted(found)
            self._base[protocol] = self.count
            self.count += len(found) - 1
        self.full = (1 << self.count) - 1
        self.full_pair = self.full | self.full << self.count
        self._masks: dict[Connections, int] = {}
        self._connections: dict[int, Connections] = {}

    def atom(self, protocol: str, port: int) -> int:
        """The number of the atom that holds a port."""
        known = Protocol(protocol)
        return self._base[known] + bisect_right(self._starts[known], port) - 1

    def mask(self, connections: Connections) -> int:
        """The atoms of connections that were named at the start, or of the atoms that hold them."""
        found = self._masks.get(connections)
        if found is None:
            found = 0
            for protocol, (first, last) in connections:
                low, high = self.atom(protocol, first), self.atom(protocol, last)
                found |= (1 << high + 1) - (1 << low)
            self._masks[connections] = found
        return found

    def connections(self, mask: int) -> Connections:
        """The ports of a mask."""
        found = self._connections.get(mask)
        if found is None:
            found = self._connections[mask] = Connections(*(tuple(self._ranges(each, mask)) for each in Protocol))
        return found

    def _ranges(self, protocol: Protocol, mask: int) -> Iterator[Range]:
        """The ports of a protocol, run by run of its bits."""
        starts = self._starts[protocol]
        bits = mask >> self._base[protocol] & (1 << len(starts) - 1) - 1
        at = 0
        while bits:
            skipped = (bits & -bits).bit_length() - 1
            bits >>= skipped
            run = (~bits & bits + 1).bit_length() - 1
            yield starts[at + skipped], starts[at + skipped + run] - 1
            at += skipped + run
            bits >>= run

    def pair(self, surely: int, maybe: int) -> int:
        """Two masks as one integer."""
        return surely | maybe << self.count

    def surely(self, pair: int) -> int:
        """The low half of a pair."""
        return pair & self.full

    def maybe(self, pair: int) -> int:
        """The high half of a pair."""
        return pair >> self.count
