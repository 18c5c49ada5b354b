"""Two analyses on one numbering of endpoints and ports, so that they compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.cached import cached_property
from k8snet_lint.cidr import BITS, merged
from k8snet_lint.reach.differing import differing
from k8snet_lint.reach.endpoints import Endpoint, EndpointKind
from k8snet_lint.reach.ports import PortAtoms
from k8snet_lint.reach.rows import rows
from k8snet_lint.reach.universe import addresses_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.cidr import Range
    from k8snet_lint.reach.connections import Connections
    from k8snet_lint.reach.differing import Differing
    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.sides import Cells
    from k8snet_lint.resource import Resource

Place = tuple[int | None, int | None]
"""The class of an endpoint in the old and in the new analysis; None where it has none."""

Rows = list["Cells"]
NOTHING: Cells = {}


class Joint:
    """Endpoints that both analyses treat alike fall into one class."""

    def __init__(self, old: Engine, new: Engine) -> None:
        self.engines = (old, new)
        self._places: dict[Place, int] = {}
        self._members: list[list[Endpoint]] = []
        self._at: dict[Endpoint, int] = {}
        self._match_workloads()
        self.workloads = (1 << len(self._members)) - 1
        self._match_addresses()
        named = (each for engine in self.engines for each in (*engine.vocabulary.connections, *engine.named.numbers()))
        self._ports = PortAtoms(named)
        self._translated: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._masks: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._bits_of = tuple(self._bits(version) for version in (0, 1))

    # ── one numbering ────────────────────────────────────────────────────────────────────────────────

    def _add(self, place: Place, endpoint: Endpoint) -> int:
        at = self._places.setdefault(place, len(self._members))
        if at == len(self._members):
            self._members.append([])
        self._members[at].append(endpoint)
        return at

    def _match_workloads(self) -> None:
        """Workloads by key; of several of one key, the first with the first, and so on."""
        known: dict[tuple[str, int], list[Endpoint | None]] = {}
        for version, engine in enumerate(self.engines):
            counts: dict[str, int] = {}
            for endpoint in engine.universe.endpoints(engine.universe.workloads):
                counts[endpoint.key] = counts.get(endpoint.key, 0) + 1
                known.setdefault((endpoint.key, counts[endpoint.key]), [None, None])[version] = endpoint
        for old, new in known.values():
            at = self._add((self._class(0, old), self._class(1, new)), new or old or _nobody())
            self._at.update((each, at) for each in (old, new) if each is not None)

    def bit(self, endpoint: Endpoint) -> int:
        """The joint class of a workload of either version."""
        return 1 << self._at[endpoint]

    def _class(self, version: int, endpoint: Endpoint | None) -> int | None:
        return None if endpoint is None else self.engines[version].universe.class_of(endpoint)

    def _match_addresses(self) -> None:
        found: dict[tuple[int, Place], list[Range]] = {}
        old, new = (engine.universe for engine in self.engines)
        for version, bits in BITS.items():
            classes = (each for each in (*old.atoms.classes, *new.atoms.classes) if each.version == version)
            starts = sorted({first for each in classes for first, _ in each.ranges})
            for first, after in zip(starts, [*starts[1:], 1 << bits], strict=True):
                place: Place = (
                    old.address_base + old.atoms.of_address(version, first),
                    new.address_base + new.atoms.of_address(version, first),
                )
                found.setdefault((version, place), []).append((first, after - 1))
        for (version, cut), parts in found.items():
            self._add(cut, addresses_of(version, merged(parts)))

    def _bits(self, version: int) -> dict[int, int]:
        """The joint classes of each class of one analysis."""
        found: dict[int, int] = {}
        for place, at in self._places.items():
            of = place[version]
            if of is not None:
                found[of] = found.get(of, 0) | 1 << at
        return found

    def translated(self, version: int, bits: int) -> int:
        """The joint classes of some classes of one analysis."""
        memo, known = self._translated[version], self._bits_of[version]
        found = memo.get(bits)
        if found is None:
            found = 0
            for index in members(bits):
                found |= known.get(index, 0)
            memo[bits] = found
        return found

    def _pair(self, version: int, pair: int) -> int:
        memo, ports = self._masks[version], self.engines[version].ports
        found = memo.get(pair)
        if found is None:
            halves = (ports.connections(ports.surely(pair)), ports.connections(ports.maybe(pair)))
            found = memo[pair] = self._ports.pair(*map(self._ports.mask, halves))
        return found

    # ── what differs ─────────────────────────────────────────────────────────────────────────────────

    def differences(self) -> Iterator[tuple[int, int, int, int]]:
        """Sources, targets, and the pairs of masks before and after, where these differ."""
        old, new = self._rows(0), self._rows(1)
        alike: dict[tuple[int, int], int] = {}
        for (one, other), at in self._places.items():
            rows_of = (old[1].get(one, 0) if one is not None else 0, new[1].get(other, 0) if other is not None else 0)
            alike[rows_of] = alike.get(rows_of, 0) | 1 << at
        for (one, other), sources in alike.items():
            before, after = old[0][one], new[0][other]
            if before != after:
                yield from self._differing(sources, before, after)

    def _rows(self, version: int) -> tuple[Rows, dict[int, int]]:
        """The rows of one analysis on the joint numbering, the first without targets, and the row of each class."""
        engine = self.engines[version]
        shown = engine.universe.workloads | engine.universe.addresses
        found, of = [NOTHING], {}
        for sources, cells in rows(engine, shown, shown):
            translated: Cells = {}
            for pair, bits in cells.items():
                mask = self._pair(version, pair)
                translated[mask] = translated.get(mask, 0) | self.translated(version, bits)
            for index in members(sources):
                of[index] = len(found)
            found.append(translated)
        return found, of

    def _differing(self, sources: int, before: Cells, after: Cells) -> Iterator[tuple[int, int, int, int]]:
        found: dict[tuple[int, int], int] = {}
        everything = (1 << len(self._members)) - 1
        for old, old_bits in _whole(before, everything):
            for new, new_bits in _whole(after, everything):
                both = old_bits & new_bits
                if both and old != new:
                    found[old, new] = found.get((old, new), 0) | both
        for (old, new), targets in found.items():
            for side in (targets & self.workloads, targets & ~self.workloads):
                if side:
                    yield sources, side, old, new

    # ── back to words ────────────────────────────────────────────────────────────────────────────────

    def endpoints(self, bits: int) -> tuple[Endpoint, ...]:
        """The endpoints of some joint classes."""
        return tuple(endpoint for at in members(bits) for endpoint in self._members[at])

    def connections(self, pair: int) -> tuple[Connections, Connections]:
        """What a pair of masks surely and perhaps allows."""
        ports = self._ports
        return ports.connections(ports.surely(pair)), ports.connections(ports.maybe(pair))

    def causes(self, sources: int, targets: int) -> tuple[tuple[Resource | None, Resource | None], ...]:
        """The objects with a say about any of the pairs that are not the same before and after."""
        return tuple(
            (each.old, each.new) for each in self._differing_objects if each.sources & sources or each.targets & targets
        )

    @cached_property
    def _differing_objects(self) -> tuple[Differing, ...]:
        return differing(self)


def _whole(cells: Cells, everything: int) -> Iterator[tuple[int, int]]:
    """A partition with what it leaves out, for which nothing is let through."""
    yield from cells.items()
    for bits in cells.values():
        everything &= ~bits
    if everything:
        yield 0, everything


def _nobody() -> Endpoint:
    return Endpoint(EndpointKind.STRANGER, "")
