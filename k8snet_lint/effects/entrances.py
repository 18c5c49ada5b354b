"""Ways by which outside traffic is meant to come in: load balancers, Ingresses, routes; open, or closed by policies."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.cached import cached_property
from k8snet_lint.effects import ambient
from k8snet_lint.effects.mending import Mending
from k8snet_lint.effects.openings import TOLD
from k8snet_lint.effects.ways import Closed, Way
from k8snet_lint.reach.connections import is_port
from k8snet_lint.reach.paths import RoutedPort, port_paths, routed_ports
from k8snet_lint.reach.verdict import Verdict
from k8snet_lint.resource import Direction, Ingress, Service, Workload
from k8snet_lint.resource.ip_block import METADATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snet_lint.effects.ways import Entrance
    from k8snet_lint.graph.ingress.classes import IngressController
    from k8snet_lint.reach import Peers, Reach
    from k8snet_lint.reach.explanation import SideExplanation
    from k8snet_lint.resource import Resource


Behind = tuple[Sequence[Workload], str, int | str | None, int]
"""The pods of a Service, the protocol and target of a port of it, and the peers that connect."""


class Entrances:
    """The entrances of a world.

    Many Services may select the same pods, and many Ingresses lead to one Service: what holds of the pods behind a port
    is worked out once for all ways that lead there.
    """

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._engine = reach.engine
        self._mending = Mending(reach)
        self._known_blocking: dict[tuple[int, int, str, int], tuple[SideExplanation, ...]] = {}
        self._known_open: dict[tuple[int, int, str, int], bool] = {}

    @cached_property
    def _ways(self) -> tuple[Way, ...]:
        """Every way to a port of a Service that has pods in the set."""
        return (*self._routes(), *self._load_balancers())

    def closed(self) -> Iterator[Closed]:
        """Those that lead to pods which surely let nobody in whom they may be meant for: the first of each way."""
        known: dict[tuple[Behind, bool], tuple[Closed, ...]] = {}
        for way in self._ways:
            key = self._behind(way), self._is_served_outside(way.opener)
            if key not in known:
                known[key] = tuple(islice(filter(None, map(self._closed, self._entrances(way))), TOLD))
            for each in known[key]:
                yield each._replace(entrance=way.entrance(each.entrance.workload, each.entrance.number))

    def public(self) -> dict[Workload, Entrance]:
        """The workloads that anyone on the Internet can reach, each with the first way there."""
        found: dict[Workload, Entrance] = {}
        for way in self._first_public:
            for workload, number in self._ends(way):
                if workload not in found and self._is_open(way, workload, number):
                    found[workload] = way.entrance(workload, number)
        return found

    def public_routes(self, served: Callable[[str, Workload, int], str]) -> Iterator[tuple[Entrance, str]]:
        """The ways that an Ingress or a route opens to anyone on the Internet, to ports that serve something.

        Of each way the first such entrances, with what is served there.
        """
        known: dict[Behind, tuple[tuple[Workload, int, str], ...]] = {}
        for way in self._ways:
            if way.is_public and way.opener is not way.service:
                key = self._behind(way)
                if key not in known:
                    known[key] = tuple(islice(self._serving(way, served), TOLD))
                for workload, number, what in known[key]:
                    yield way.entrance(workload, number), what

    def reaches_metadata(self, workload: Workload) -> bool:
        """Whether the workload's pods surely may connect to the cloud's metadata service."""
        return self._reach.verdict(workload, self._metadata, "TCP", 80).verdict is Verdict.ALLOWED

    @cached_property
    def _metadata(self) -> Peers:
        return self._reach.addresses(METADATA[4])

    # ── which there are ──────────────────────────────────────────────────────────────────────────────

    def _routes(self) -> Iterator[Way]:
        publicity = self._reach.graph.publicity
        for each in routed_ports(self._reach):
            if isinstance(each, RoutedPort):
                way = Way(each.route, each.at, each.service, each.port, each.via, publicity.is_public(each.route))
                controller = self._controller_of(each.route)
                yield way._replace(unseen="its load balancer") if controller and controller.is_outside else way

    def _load_balancers(self) -> Iterator[Way]:
        publicity = self._reach.graph.publicity
        for service in self._reach.graph.select(Service):
            if service.type_name == "LoadBalancer" and service.is_published and service.selects_pods:
                public = not (publicity.is_internal(service) or service.is_limited)
                for port in service.ports:
                    yield Way(service, service.type, service, port, self._reach.internet, public)

    @property
    def _first_public(self) -> Iterable[Way]:
        """Of the public ways to the same ports of the same pods the first."""
        found: dict[Behind, Way] = {}
        for way in self._ways:
            if way.is_public:
                found.setdefault(self._behind(way), way)
        return found.values()

    def _behind(self, way: Way) -> Behind:
        pods = self._reach.graph.endpoints(way.service)
        return pods, way.port.protocol, way.port.target, way.via.bits

    def _ends(self, way: Way) -> Iterator[tuple[Workload, int]]:
        for path in port_paths(self._reach.graph, way.service, way.port):
            if path.number is not None and is_port(path.protocol, path.number):
                yield path.workload, path.number

    def _entrances(self, way: Way) -> Iterator[Entrance]:
        return (way.entrance(workload, number) for workload, number in self._ends(way))

    def _serving(self, way: Way, served: Callable[[str, Workload, int], str]) -> Iterator[tuple[Workload, int, str]]:
        for workload, number in self._ends(way):
            what = served(way.port.protocol, workload, number)
            if what and self._is_open(way, workload, number):
                yield workload, number, what

    # ── what policies make of them ───────────────────────────────────────────────────────────────────

    def _cells(self, each: Entrance) -> dict[int, int]:
        return self._engine.ingress.cells(self._engine.ingress.group_of[self._class_of(each.workload)])

    def _class_of(self, workload: Workload) -> int:
        (endpoint, *_) = self._reach.peers(workload).endpoints
        return self._engine.universe.class_of(endpoint)

    def _is_open(self, way: Way, workload: Workload, number: int) -> bool:
        """Whether what connects to the pods surely may; the same for all pods that policies do not tell apart."""
        key = (way.via.bits, self._class_of(workload), way.port.protocol, number)
        found = self._known_open.get(key)
        if found is None:
            found = self._known_open[key] = self._admits(way.via, workload, way.port.protocol, number)
        return found

    def _admits(self, via: Peers, workload: Workload, protocol: str, number: int) -> bool:
        """Whether each of those that connect to the pods surely may."""
        engine = self._engine
        bit = 1 << engine.ports.atom(protocol, number)
        target = next(members(self._reach.peers(workload).bits))
        sources = [*members(via.bits)]
        return bool(sources) and all(
            engine.ports.surely(engine.network_pair(source, target)) & bit for source in sources
        )

    def _closed(self, each: Entrance) -> Closed | None:
        engine = self._engine
        bit = ambient.atoms(self._reach, each.workload, each.protocol, each.number)
        wanted = each.via.bits | engine.universe.addresses
        let_in = 0
        for masks, bits in self._cells(each).items():
            if engine.ports.maybe(masks) & bit:
                let_in |= bits & wanted
        if not let_in:
            return self._because(each, Direction.INGRESS, self._class_of(each.workload))
        if each.via.bits & ~engine.universe.workloads or self._is_served_outside(each.opener):
            return None
        target = next(members(self._reach.peers(each.workload).bits))
        senders = [*members(each.via.bits)]
        if any(engine.ports.maybe(engine.egress.pair(sender, target)) & bit for sender in senders):
            return None
        return self._because(each, Direction.EGRESS, senders[0])

    def _is_served_outside(self, opener: Resource) -> bool:
        """Whether no pods carry the traffic, but a cloud's own load balancer."""
        found = self._controller_of(opener)
        return found is not None and (found.gives_each_its_own_address or found.brings_tls)

    def _controller_of(self, opener: Resource) -> IngressController | None:
        return self._reach.graph.ingress_classes.controller_of(opener) if isinstance(opener, Ingress) else None

    def _because(self, each: Entrance, direction: Direction, index: int) -> Closed | None:
        if self._mending.isolating(direction, index) is None:
            return None
        denial = self._mending.denial(direction, index, self._blocking(each))
        return denial and Closed(each, denial)

    def _blocking(self, each: Entrance) -> tuple[SideExplanation, ...]:
        """Why it is closed; the same for all pods that policies do not tell apart."""
        key = (each.via.bits, self._class_of(each.workload), each.protocol, each.number)
        if key not in self._known_blocking:
            why = self._reach.why(each.via, each.workload, each.protocol, each.number) if each.via.endpoints else None
            self._known_blocking[key] = why.blocking if why else ()
        return self._known_blocking[key]
