"""Who may connect to whom, in sets: all of it, or what ends, a port and a namespace leave of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from k8snet_lint.bitset import members, set_of
from k8snet_lint.connectivity.analyses import Flawed, flawed
from k8snet_lint.connectivity.ends import End, find_everywhere
from k8snet_lint.connectivity.naming import Names, Naming
from k8snet_lint.connectivity.narrowed import asked_port, hold_namespace
from k8snet_lint.connectivity.ports import all_ports
from k8snet_lint.connectivity.routes import Route, routes
from k8snet_lint.reach import ALL, Connections, Endpoint, EndpointKind, Verdict
from k8snet_lint.reach.reasons import Reasons
from k8snet_lint.reach.rows import rows
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.connectivity.analyses import Analysis
    from k8snet_lint.connectivity.ports import AskedPort
    from k8snet_lint.reach import Reach

LOOKED_AT = 64
"""Of how many pairs of classes the reasons of one unknown row are worked out."""


class Query(NamedTuple):
    """What of all connections is asked for; empty parts leave nothing out. `pairs` expands sets."""

    source: str = ""
    target: str = ""
    port: str = ""
    namespace: str = ""
    pairs: bool = False


class Row(NamedTuple):
    """Connections that hold from every source to every target.

    Shapes: `verdict` is ALLOWED or UNKNOWN; `reasons` are codes, for UNKNOWN only.
    """

    sources: Names
    targets: Names
    connections: Connections
    verdict: Verdict
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorldListing:
    """The connections of one world; `namespaces` tells which workloads a name such as `shop/` stands for."""

    world: str
    rows: tuple[Row, ...]
    routes: tuple[Route, ...]
    namespaces: Mapping[str, tuple[str, ...]]
    flawed: tuple[Flawed, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The connections of all worlds."""

    query: Query
    worlds: tuple[WorldListing, ...]


def listing(analyses: Sequence[Analysis], query: Query) -> Listing:
    """What may connect, in the order of names.

    Raises UsageError where an end means nobody, and for a namespace or a port that is none.
    """
    hold_namespace(analyses, query.namespace)
    ends: list[Mapping[str, End] | None] = [
        find_everywhere(analyses, text, option) if text else None
        for text, option in ((query.source, "--from"), (query.target, "--to"))
    ]
    asked = asked_port(analyses, query.port, (ends[1] or {}).values())
    found = []
    for world, reach in analyses:
        here = [None if known is None else known.get(world, _NOBODY) for known in ends]
        lister = _Lister(reach, here[0], here[1], asked)
        among = tuple(each for each in routes(reach) if _concerns(each, query, here[0], here[1], asked))
        found.append(
            WorldListing(world, lister.rows(query), among, lister.naming.namespaces, flawed(reach)),
        )
    return Listing(query, tuple(found))


_NOBODY = End("", ())


def _concerns(route: Route, query: Query, source: End | None, target: End | None, asked: AskedPort | None) -> bool:
    """Whether a path from outside is among what is asked for."""
    if query.namespace not in ("", route.workload.namespace):
        return False
    if source is not None and source.text not in ("ingress", "gateway", "router", "internet"):
        keys = {each.key for each in source.members if each.kind is not EndpointKind.ADDRESSES}
        if keys.isdisjoint(route.sources):
            return False
    if target is not None and all(each is not route.workload for each in target.members):
        return False
    return asked is None or bool(asked.on(route.workload) & route.connections)


class _Part(NamedTuple):
    """Sources and targets to go over, with the connections that count."""

    sources: frozenset[Endpoint]
    targets: frozenset[Endpoint]
    connections: Connections


class _Lister:
    """The connections of one world between two ends, either of which may be everybody."""

    def __init__(self, reach: Reach, source: End | None, target: End | None, asked: AskedPort | None) -> None:
        self._reach = reach
        self._engine = reach.engine
        universe = self._engine.universe
        self._shown = frozenset(universe.endpoints(universe.shown))
        self._source, self._target, self._asked = source, target, asked
        self._why = Reasons(self._engine)
        self.naming = Naming(reach.workloads)
        self._named: dict[tuple[frozenset[Endpoint], bool], Names] = {}
        self._in: dict[tuple[int, frozenset[Endpoint]], frozenset[Endpoint]] = {}

    def rows(self, query: Query) -> tuple[Row, ...]:
        """The rows, merged as far as sets are equal, or a row a pair."""
        found: dict[tuple[frozenset[Endpoint], Connections, Verdict, tuple[str, ...]], frozenset[Endpoint]] = {}
        for part in self._parts(query.namespace):
            for sources, targets, connections, verdict, reasons in self._rectangles(part):
                key = (targets, connections, verdict, reasons)
                found[key] = found.get(key, frozenset()) | sources
        made: list[Row] = []
        for (targets, connections, verdict, reasons), sources in found.items():
            if query.pairs:
                made += self._pairs(sources, targets, connections, verdict, reasons)
            else:
                names = self._names(sources, is_source=True), self._names(targets, is_source=False)
                made.append(Row(*names, connections, verdict, reasons))
        return tuple(sorted(made, key=lambda row: (row.sources, row.targets, row.verdict, str(row.connections))))

    def _parts(self, namespace: str) -> Iterator[_Part]:
        sources = self._shown if self._source is None else frozenset(self._source.members)
        targets = self._shown if self._target is None else frozenset(self._target.members)
        for connections, into in self._by_port(targets):
            if not namespace:
                yield _Part(sources, into, connections)
                continue
            inside = frozenset(each for each in sources if each.namespace == namespace)
            yield _Part(inside, into, connections)
            yield _Part(sources - inside, frozenset(e for e in into if e.namespace == namespace), connections)

    def _by_port(self, targets: frozenset[Endpoint]) -> Iterator[tuple[Connections, frozenset[Endpoint]]]:
        """The connections that count, and the targets for which they are those."""
        service = self._target.service if self._target is not None else None
        if service is None and (self._asked is None or not self._asked.name):
            yield (ALL if self._asked is None else self._asked.numbers()), targets
            return
        found: dict[Connections, set[Endpoint]] = {}
        for each in targets:
            meant = all_ports(each, service) if self._asked is None else self._asked.on(each, service)
            found.setdefault(ALL if meant is None else meant, set()).add(each)
        for connections, among in sorted(found.items(), key=lambda item: str(item[0])):
            if connections:
                yield connections, frozenset(among)

    def _rectangles(
        self, part: _Part
    ) -> Iterator[tuple[frozenset[Endpoint], frozenset[Endpoint], Connections, Verdict, tuple[str, ...]]]:
        universe, ports = self._engine.universe, self._engine.ports
        source_bits = target_bits = 0
        for each in part.sources:
            source_bits |= 1 << universe.class_of(each)
        for each in part.targets:
            target_bits |= 1 << universe.class_of(each)
        meant: dict[int, tuple[Connections, Connections]] = {}
        for bits, cells in rows(self._engine, source_bits, target_bits):
            sources = self._among(bits, part.sources)
            for masks, into in cells.items():
                targets = self._among(into, part.targets)
                if masks not in meant:
                    doubtful = ports.maybe(masks) & ~ports.surely(masks)
                    both = ports.connections(ports.surely(masks)), ports.connections(doubtful)
                    meant[masks] = both[0] & part.connections, both[1] & part.connections
                surely, perhaps = meant[masks]
                if surely and sources and targets:
                    yield sources, targets, surely, Verdict.ALLOWED, ()
                if perhaps and sources and targets:
                    yield sources, targets, perhaps, Verdict.UNKNOWN, self._reasons(bits, into, perhaps)

    def _among(self, bits: int, wanted: frozenset[Endpoint]) -> frozenset[Endpoint]:
        key = (bits, wanted)
        found = self._in.get(key)
        if found is None:
            found = self._in[key] = wanted.intersection(self._engine.universe.endpoints(bits))
        return found

    def _reasons(self, sources: int, targets: int, connections: Connections) -> tuple[str, ...]:
        mask = self._engine.ports.mask(connections)
        found: set[str] = set()
        for some, into in _first_pairs(sources, targets):
            found.update(reason.value for reason in self._why.of(some, into, mask))
        return tuple(sorted(found))

    def _names(self, endpoints: frozenset[Endpoint], *, is_source: bool) -> Names:
        key = (endpoints, is_source)
        if key not in self._named:
            end = self._source if is_source else self._target
            self._named[key] = self.naming.of(endpoints, end.within if end is not None else None)
        return self._named[key]

    def _pairs(
        self,
        sources: frozenset[Endpoint],
        targets: frozenset[Endpoint],
        connections: Connections,
        verdict: Verdict,
        reasons: tuple[str, ...],
    ) -> Iterator[Row]:
        into = [*self._each(targets, is_source=False)]
        for source, name in self._each(sources, is_source=True):
            for target, other in into:
                if source is None or source is not target or not source.is_lone:
                    yield Row(name, other, connections, verdict, reasons)

    def _each(self, endpoints: frozenset[Endpoint], *, is_source: bool) -> Iterator[tuple[Endpoint | None, Names]]:
        """The endpoints one by one with their names; addresses, which are no single ones, together."""
        addresses = frozenset(each for each in endpoints if each.kind is EndpointKind.ADDRESSES)
        yield from ((each, (each.key,)) for each in endpoints - addresses)
        if addresses:
            yield None, self._names(addresses, is_source=is_source)


def _first_pairs(sources: int, targets: int) -> Iterator[tuple[int, int]]:
    """As many pairs of classes as are looked at, in sets: all targets of the first sources, then some of the next."""
    into = [*islice(members(targets), LOOKED_AT)]
    whole, left = divmod(LOOKED_AT, len(into))
    first = [*islice(members(sources), whole + 1)]
    yield set_of(first[:whole]), set_of(into)
    if left and len(first) > whole:
        yield 1 << first[whole], set_of(into[:left])
