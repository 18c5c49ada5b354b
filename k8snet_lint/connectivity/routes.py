"""Paths of outside traffic: what Ingresses, Gateways and Routes lead to, and whether policies let it through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.reach import Connections, Verdict
from k8snet_lint.reach.connections import LAST
from k8snet_lint.reach.paths import BrokenPath, route_paths
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.reach import Endpoint, Reach
    from k8snet_lint.reach.paths import RoutePath
    from k8snet_lint.resource import ResourceName
    from k8snet_lint.source import Location


class Route(NamedTuple):
    """From what carries outside traffic to the pods of one workload.

    Shapes: `entry` is `ingress`, `gateway` or `route`; `sources` are the keys of the peers that connect; `route` is the
    Ingress or other object, written at `location`; `connections` are those of the pods' port.
    """

    entry: str
    route: ResourceName
    service: ResourceName
    location: Location
    sources: tuple[str, ...]
    workload: Endpoint
    connections: Connections
    verdict: Verdict
    reasons: tuple[str, ...]


def routes(reach: Reach) -> tuple[Route, ...]:
    """The paths that lead to pods, each once, in the order of names."""
    found: dict[tuple[str, ResourceName, str, str, ResourceName], Route] = {}
    for path in route_paths(reach):
        if isinstance(path, BrokenPath):
            continue
        for each in _routes(reach, path):
            key = (each.entry, each.route, each.workload.key, str(each.connections), each.service)
            found.setdefault(key, each)
    return tuple(each for _, each in sorted(found.items()))


def _routes(reach: Reach, path: RoutePath) -> Iterator[Route]:
    ruling, number = path.ruling(reach), path.path.number
    if ruling is None or number is None or not 0 < number <= LAST:
        return
    for endpoint in reach.peers(path.path.workload):
        yield Route(
            entry=path.kind.value,
            route=path.route.identity,
            service=path.path.service.identity,
            location=path.at.location,
            sources=tuple(sorted({each.key for each in path.via})),
            workload=endpoint,
            connections=Connections.port(path.path.protocol, number),
            verdict=ruling.verdict,
            reasons=tuple(sorted(reason.value for reason in ruling.reasons)),
        )
