"""What is open to the world, to the whole cluster, to other namespaces, and what publishes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from k8snet_lint.connectivity.analyses import Flawed, flawed
from k8snet_lint.connectivity.ends import find_everywhere
from k8snet_lint.connectivity.naming import Names, Naming
from k8snet_lint.connectivity.narrowed import asked_port, hold_namespace
from k8snet_lint.connectivity.routes import routes
from k8snet_lint.errors import UsageError
from k8snet_lint.reach import ALL, NONE, Connections, RoutePath, Verdict, published_paths
from k8snet_lint.reach.connections import is_port
from k8snet_lint.reach.exposure import Exposure, Scope
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.connectivity.analyses import Analysis
    from k8snet_lint.connectivity.listing import Query
    from k8snet_lint.connectivity.ports import AskedPort
    from k8snet_lint.reach import Endpoint, Reach
    from k8snet_lint.reach.exposure import Opening
    from k8snet_lint.reach.paths import ServicePath
    from k8snet_lint.source import Location

ORDER = (Scope.INTERNET, Scope.CLUSTER, Scope.NAMESPACE)


class Publication(NamedTuple):
    """An object that leads traffic from outside to a workload, and where it is written.

    Shapes: `is_closed` tells that policies deny that traffic, whichever port of the workload it is for.
    """

    name: str
    location: Location
    is_closed: bool = False


Published = tuple[tuple[str, tuple[Publication, ...]], ...]
"""Workloads with what leads outside traffic to them."""


class Exposed(NamedTuple):
    """Workloads that are open alike, and to whom.

    Shapes: `namespaces` are those of scope NAMESPACE; `every` holds for all of the scope, `some` for a part of it,
    `perhaps` where it cannot be told; the three have nothing in common.
    """

    workloads: Names
    direction: Direction
    scope: Scope
    namespaces: tuple[str, ...]
    every: Connections
    some: Connections
    perhaps: Connections


@dataclass(frozen=True, slots=True)
class WorldExposure:
    """What is open in one world."""

    world: str
    rows: tuple[Exposed, ...]
    published: Published
    flawed: tuple[Flawed, ...]


@dataclass(frozen=True, slots=True)
class Exposures:
    """What is open in all worlds."""

    worlds: tuple[WorldExposure, ...]


def exposures(analyses: Sequence[Analysis], query: Query) -> Exposures:
    """What is open of the workloads that `--to` and `--namespace` mean, on a port or on any.

    Raises UsageError where the end means nobody, for a namespace or a port that is none, and for `--from`, of which
    exposure says everything at once.
    """
    if query.source:
        raise UsageError("--exposure asks who may connect, --from says who", help="leave one of the two out")
    hold_namespace(analyses, query.namespace)
    ends = find_everywhere(analyses, query.target, "--to") if query.target else None
    asked = asked_port(analyses, query.port, (ends or {}).values())
    found = []
    for world, reach in analyses:
        wanted = None
        if ends is not None:
            wanted = frozenset(each.key for each in ends[world].members) if world in ends else frozenset()
        among = [
            each
            for each in Exposure(reach).all()
            if (wanted is None or each.workload.key in wanted) and query.namespace in ("", each.workload.namespace)
        ]
        keys = {each.workload.key for each in among}
        published = tuple((key, by) for key, by in publications(reach) if key in keys)
        rows = tuple(_rows(reach, among, asked, pairs=query.pairs))
        found.append(WorldExposure(world, rows, published, flawed(reach)))
    return Exposures(tuple(found))


def _rows(reach: Reach, openings: Sequence[Opening], asked: AskedPort | None, *, pairs: bool) -> Iterator[Exposed]:
    """Openings with equal connections as one row, the widest scope first."""
    spaces: dict[tuple[Endpoint, Direction, Scope, Parts], list[str]] = {}
    for each in openings:
        parts = _parts(each, asked)
        if any(parts):
            spaces.setdefault((each.workload, each.direction, each.scope, parts), []).extend(each.namespaces)
    alike: dict[tuple[Direction, Scope, tuple[str, ...], Parts], list[Endpoint]] = {}
    for (endpoint, direction, scope, parts), names in spaces.items():
        namespaces = tuple(sorted(names))
        alike.setdefault((direction, scope, namespaces, parts), []).append(endpoint)
    naming = Naming(reach.workloads)
    made = [
        Exposed(names, direction, scope, namespaces, *parts)
        for (direction, scope, namespaces, parts), endpoints in alike.items()
        for names in ([(each.key,) for each in endpoints] if pairs else [naming.of(endpoints)])
    ]
    directions = tuple(Direction)

    def order(row: Exposed) -> tuple[object, ...]:
        place = directions.index(row.direction), ORDER.index(row.scope)
        return *place, row.namespaces, row.workloads, str(row.every), str(row.some), str(row.perhaps)

    yield from sorted(made, key=order)


Parts = tuple[Connections, Connections, Connections]


def _parts(opening: Opening, asked: AskedPort | None) -> Parts:
    """What holds for all of the scope, for some of it, and perhaps, each without the one before."""
    mask = ALL
    if asked is not None:
        mask = asked.on(opening.workload) if asked.name else asked.numbers()
    parts = (opening.every, opening.some - opening.every, opening.perhaps - opening.some)
    return tuple(each & mask for each in parts) if mask else (NONE, NONE, NONE)  # type: ignore[return-value]


def publications(reach: Reach) -> Published:
    """Workloads with what leads outside traffic to them, by name."""
    found: dict[str, dict[str, Publication]] = {}
    for key, each in _publications(reach):
        known = found.setdefault(key, {}).setdefault(each.name, each)
        found[key][each.name] = known._replace(is_closed=known.is_closed and each.is_closed)
    return tuple((key, tuple(by[name] for name in sorted(by))) for key, by in sorted(found.items()))


def _publications(reach: Reach) -> Iterator[tuple[str, Publication]]:
    """Each way to a port of a workload."""
    for route in routes(reach):
        yield route.workload.key, Publication(str(route.route), route.location, route.verdict is Verdict.DENIED)
    for path in published_paths(reach):
        if isinstance(path, RoutePath):
            service, way = path.path.service, path.path
            denied = is_port(way.protocol, way.number) and _is_denied(reach, way)
            named = Publication(f"{service} ({service.type_name})", service.type.location, denied)
            for endpoint in reach.peers(way.workload):
                yield endpoint.key, named


def _is_denied(reach: Reach, way: ServicePath) -> bool:
    """Whether policies deny the pods' port to every public address, be it that of the client or of no node."""
    return reach.verdict(reach.internet, way.workload, way.protocol, way.number or 0).verdict is Verdict.DENIED
