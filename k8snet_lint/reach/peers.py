"""Sets of endpoints, as answers hold them and questions name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cidr import BITS, merged
from k8snet_lint.reach.addresses import text_of
from k8snet_lint.reach.endpoints import EndpointKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.reach.endpoints import Endpoint
    from k8snet_lint.reach.universe import Universe


class Peers:
    """Some endpoints; iterating lists them.

    Shapes: `bits` are their classes; `text` is how they were asked for, empty for a set that an answer made.
    """

    __slots__ = ("_chosen", "_universe", "bits", "text")

    def __init__(
        self, universe: Universe, bits: int, chosen: tuple[Endpoint, ...] | None = None, text: str = ""
    ) -> None:
        self._universe = universe
        self._chosen = chosen
        self.bits = bits
        self.text = text

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints, in the order of the manifests."""
        return self._universe.endpoints(self.bits) if self._chosen is None else self._chosen

    def part(self, bits: int) -> Peers:
        """Those of them that are of some classes."""
        if self._chosen is None:
            return Peers(self._universe, self.bits & bits)
        chosen = tuple(each for each in self._chosen if bits >> self._universe.class_of(each) & 1)
        return Peers(self._universe, self.bits & bits, chosen)

    def __iter__(self) -> Iterator[Endpoint]:
        return iter(self.endpoints)

    def __len__(self) -> int:
        return len(self.endpoints)

    def __bool__(self) -> bool:
        return bool(self.bits)

    def __contains__(self, endpoint: Endpoint) -> bool:
        return endpoint in self.endpoints

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Peers) and {*self.endpoints} == {*other.endpoints}

    def __hash__(self) -> int:
        return hash(frozenset(self.endpoints))

    @property
    def blocks(self) -> tuple[str, ...]:
        """The addresses among them, in as few CIDRs and ranges as they take."""
        return blocks(self.endpoints)

    def __str__(self) -> str:
        named = (each.key for each in self.endpoints if each.kind is not EndpointKind.ADDRESSES)
        return self.text or ", ".join((*dict.fromkeys(named), *self.blocks))

    def __repr__(self) -> str:
        return f"<Peers {self!s:.60}>"


def blocks(endpoints: Iterable[Endpoint]) -> tuple[str, ...]:
    """The addresses of some endpoints, in as few CIDRs and ranges as they take."""
    found: dict[int, list[tuple[int, int]]] = {version: [] for version in BITS}
    for each in endpoints:
        if each.kind is EndpointKind.ADDRESSES:
            found[each.version] += each.ranges
    return tuple(text_of(version, each) for version, ranges in found.items() for each in merged(ranges))
