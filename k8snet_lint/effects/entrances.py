"""Ways by which outside traffic is meant to come in: load balancers, Ingresses, routes; open, or closed by policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.cached import cached_property
from k8snet_lint.effects import ambient
from k8snet_lint.effects.mending import Mending
from k8snet_lint.effects.openings import ranges_of_everyone
from k8snet_lint.reach.connections import is_port
from k8snet_lint.reach.paths import RoutePath, route_paths, service_paths
from k8snet_lint.reach.verdict import Verdict
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction, Ingress, Service
from k8snet_lint.resource.ip_block import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.effects.mending import Isolating
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Peers, Reach
    from k8snet_lint.reach.paths import ServicePath
    from k8snet_lint.resource import Resource, Workload


class Entrance(NamedTuple):
    """A way from outside to a port of a workload's pods.

    Shapes: `opener` is the Ingress, route or Service that makes it; `chain` are its steps, the last one at the
    workload's ports; `is_public` tells that nothing keeps it off the Internet; `via` are the peers that connect to
    the pods, addresses for a load balancer.
    """

    opener: Resource
    service: Service
    workload: Workload
    protocol: str
    number: int
    via: Peers
    chain: tuple[tuple[Node, str], ...]
    is_public: bool

    @property
    def port(self) -> str:
        """The port, for a message."""
        return f"{self.protocol} {self.number}"

    @property
    def clients(self) -> str:
        """Who connects to the pods, for a message: a controller of the set by its name."""
        if self.opener is self.service:
            return "addresses outside the cluster"
        carriers = [each.workload for each in self.via.endpoints]
        if not carriers or None in carriers:
            return "the pods that carry its traffic"
        first, *others = dict.fromkeys(carriers)
        return f"{first} and {len(others)} more" if others else str(first)


class Closed(NamedTuple):
    """An entrance that policies surely close.

    Shapes: `direction` tells whose do: the workload's own (ingress) or those of what connects to it (egress);
    `isolating` are the policies that do; `near` are rules that nearly allow it.
    """

    entrance: Entrance
    direction: Direction
    isolating: Isolating
    near: tuple[tuple[Node, str], ...]

    @property
    def lacks(self) -> str:
        """What the policies keep the one end from, for a message."""
        way = self.entrance
        if self.direction is Direction.INGRESS:
            return f"{way.workload} admits no {way.port} from {way.clients}"
        return f"{way.clients} may not connect to {way.port} of {way.workload}"


class Entrances:
    """The entrances of a world."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._engine = reach.engine
        self._mending = Mending(reach.engine)
        self._known_near: dict[tuple[int, int, str, int], tuple[tuple[Node, str], ...]] = {}

    @cached_property
    def all(self) -> tuple[Entrance, ...]:
        """Every entrance that leads to pods of the set."""
        return (*self._routes(), *self._load_balancers())

    def closed(self) -> Iterator[Closed]:
        """Those that lead to pods which surely let nobody in whom they may be meant for."""
        for each in self.all:
            found = self._closed(each)
            if found is not None:
                yield found

    def public(self) -> dict[Workload, Entrance]:
        """The workloads that anyone on the Internet can reach, each with the first way there."""
        found: dict[Workload, Entrance] = {}
        for each in self.all:
            if each.is_public and each.workload not in found and self._is_open(each):
                found[each.workload] = each
        return found

    def public_routes(self) -> Iterator[Entrance]:
        """Every way that an Ingress or a route opens to anyone on the Internet."""
        return (each for each in self.all if each.is_public and each.opener is not each.service and self._is_open(each))

    def reaches_metadata(self, workload: Workload) -> bool:
        """Whether the workload's pods surely may connect to the cloud's metadata service."""
        return self._reach.verdict(workload, self._metadata, "TCP", 80).verdict is Verdict.ALLOWED

    @cached_property
    def _metadata(self) -> Peers:
        return self._reach.addresses(METADATA[4])

    # ── which there are ──────────────────────────────────────────────────────────────────────────────

    def _routes(self) -> Iterator[Entrance]:
        for each in route_paths(self._reach):
            if isinstance(each, RoutePath) and is_port(each.path.protocol, each.path.number):
                yield self._entrance(
                    each.route,
                    each.at,
                    each.path,
                    each.via,
                    is_public=self._reach.graph.publicity.is_public(each.route),
                )

    def _load_balancers(self) -> Iterator[Entrance]:
        for service in self._reach.graph.select(Service):
            if service.type_name == "LoadBalancer" and service.is_published:
                public = not (self._reach.graph.publicity.is_internal(service) or service.is_limited)
                for path in service_paths(self._reach.graph, service):
                    if is_port(path.protocol, path.number):
                        yield self._entrance(service, service.type, path, self._reach.internet, is_public=public)

    def _entrance(self, opener: Resource, at: Node, path: ServicePath, via: Peers, *, is_public: bool) -> Entrance:
        service, workload, number = path.service, path.workload, path.number or 0
        what = "is a load balancer" if opener is service else f"sends traffic to {service}"
        return Entrance(
            opener=opener,
            service=service,
            workload=workload,
            protocol=path.protocol,
            number=number,
            via=via,
            chain=(
                (at, f"{opener} {what}"),
                *(ranges_of_everyone(service) if opener is service else ()),
                (path.port.target_node, f"{service} leads port {path.port} to {path.protocol} {number} of {workload}"),
            ),
            is_public=is_public,
        )

    # ── what policies make of them ───────────────────────────────────────────────────────────────────

    def _cells(self, each: Entrance) -> dict[int, int]:
        return self._engine.ingress.cells(self._group(each))

    def _group(self, each: Entrance) -> int:
        return self._engine.ingress.group_of[self._class_of(each)]

    def _class_of(self, each: Entrance) -> int:
        (endpoint, *_) = self._reach.peers(each.workload).endpoints
        return self._engine.universe.class_of(endpoint)

    def _is_open(self, each: Entrance) -> bool:
        """Whether what connects to the pods surely may, each of it."""
        engine = self._engine
        bit = 1 << engine.ports.atom(each.protocol, each.number)
        target = next(members(self._reach.peers(each.workload).bits))
        sources = [*members(each.via.bits)]
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
            return self._because(each, Direction.INGRESS, self._group(each))
        if each.via.bits & ~engine.universe.workloads or self._is_served_outside(each.opener):
            return None
        target = next(members(self._reach.peers(each.workload).bits))
        senders = [*members(each.via.bits)]
        if any(engine.ports.maybe(engine.egress.pair(sender, target)) & bit for sender in senders):
            return None
        return self._because(each, Direction.EGRESS, engine.egress.group_of[senders[0]])

    def _is_served_outside(self, opener: Resource) -> bool:
        """Whether no pods carry the traffic, but a cloud's own load balancer."""
        found = self._reach.graph.ingress_classes.controller_of(opener) if isinstance(opener, Ingress) else None
        return found is not None and (found.gives_each_its_own_address or found.brings_tls)

    def _because(self, each: Entrance, direction: Direction, group: int) -> Closed | None:
        isolating = self._mending.isolating(direction, group)
        return None if isolating is None else Closed(each, direction, isolating, self._near(each))

    def _near(self, each: Entrance) -> tuple[tuple[Node, str], ...]:
        """Rules that lack one thing only; they are the same for all pods that policies do not tell apart."""
        key = (each.via.bits, self._class_of(each), each.protocol, each.number)
        if key not in self._known_near:
            self._known_near[key] = tuple(self._missing_one_thing(each))
        return self._known_near[key]

    def _missing_one_thing(self, each: Entrance) -> Iterator[tuple[Node, str]]:
        if not each.via.endpoints:
            return
        for side in self._reach.why(each.via, each.workload, each.protocol, each.number).blocking:
            for miss in side.misses:
                if miss.wanted:
                    yield miss.at, f"{miss.policy} asks for {miss.wanted} here, and there is {miss.found}"
