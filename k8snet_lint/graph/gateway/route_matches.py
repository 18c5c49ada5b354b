"""Which requests routes of the Gateway API claim on one listener, and which are claimed twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.gateway import hostnames
from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import GRPCRoute, HTTPRoute, Ingress
from k8snet_lint.resource.words import lowered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import GatewayRoute, Listener, RouteMatch, RouteRule


class RouteClaim(NamedTuple):
    """A match of a route, for one host; `host` is empty for every host."""

    route: GatewayRoute
    match: RouteMatch
    host: str

    @property
    def is_for_unknown_host(self) -> bool:
        """Whether a variable stands for the host, which may be another one for each route that is written so."""
        return is_open(self.host)

    @property
    def requests(self) -> str:
        """The requests that are claimed, for a sentence."""
        where = f"{self.host}{self.match.path}" if self.host else f"{self.match.path} of every host"
        return f"{where} with the same conditions" if self.match.conditions else where


class RouteMatches:
    """The requests that HTTPRoutes and GRPCRoutes claim."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def repeated(self) -> tuple[tuple[RouteClaim, RouteClaim], ...]:
        """Each claim of a route that another route claims on the same listener before it, with that one, once."""
        found: dict[tuple[int, int], tuple[RouteClaim, RouteClaim]] = {}
        for claims in self._by_listener():
            first: dict[object, RouteClaim] = {}
            for claim in claims:
                match = claim.match
                key = (claim.route.kind, claim.host, match.path_type, _path(match), match.conditions)
                earlier = first.setdefault(key, claim)
                if earlier.route is not claim.route and not _is_one_object(earlier.route, claim.route):
                    found.setdefault((id(match), id(earlier.match)), (claim, earlier))
        return tuple(found.values())

    @cached_property
    def shadowed(self) -> tuple[tuple[GatewayRoute, RouteRule, RouteRule], ...]:
        """Rules whose every match stands in an earlier rule of the route, which wins a tie, with the first of those."""
        return tuple(
            each for kind in (HTTPRoute, GRPCRoute) for route in self._graph.select(kind) for each in _shadowed(route)
        )

    @cached_property
    def served_by_ingress_too(self) -> tuple[tuple[GatewayRoute, str, Ingress], ...]:
        """Routes with a host that an Ingress serves as well, and with that host."""
        ingresses: dict[str, Ingress] = {}
        for ingress in self._graph.select(Ingress):
            if not ingress.is_acme_solver:
                for host in ingress.hosts:
                    if host.text:
                        ingresses.setdefault(host.text.lower(), ingress)
        return tuple(
            (route, host.text, ingresses[host.text.lower()])
            for route in (self._graph.select(HTTPRoute) if ingresses else ())
            if not route.is_mesh
            for host in route.hostnames
            if host.text.lower() in ingresses
        )

    def _by_listener(self) -> Iterator[list[RouteClaim]]:
        found: dict[int, tuple[Listener, list[GatewayRoute]]] = {}
        for each in self._graph.attachments.all:
            if isinstance(each.route, (HTTPRoute, GRPCRoute)):
                for listener in each.listeners:
                    found.setdefault(id(listener), (listener, []))[1].append(each.route)
        for listener, routes in found.values():
            yield [claim for route in dict.fromkeys(routes) for claim in _claims(route, listener)]


def _claims(route: GatewayRoute, listener: Listener) -> Iterator[RouteClaim]:
    hosts = [lowered(each.text) for each in route.hostnames] or [""]
    for host in dict.fromkeys(
        hostnames.common(listener.hostname, host) for host in hosts if hostnames.meets(listener.hostname, host)
    ):
        for rule in route.rules:
            for match in rule.matches:
                yield RouteClaim(route, match, host)


def _shadowed(route: GatewayRoute) -> Iterator[tuple[GatewayRoute, RouteRule, RouteRule]]:
    first: dict[object, RouteRule] = {}
    for rule in route.rules:
        keys = [(match.path_type, _path(match), match.conditions) for match in rule.matches]
        owners = [first.get(key) for key in keys]
        if keys and owners[0] is not None and all(owner is not None and owner is not rule for owner in owners):
            yield route, rule, owners[0]
        for key in keys:
            first.setdefault(key, rule)


def _path(match: RouteMatch) -> str:
    return match.path.rstrip("/") or "/" if match.path_type == "PathPrefix" else match.path


def _is_one_object(one: GatewayRoute, other: GatewayRoute) -> bool:
    """Whether both describe the same object, or may: a namespace that is not known yet could be the other's."""
    if one.name != other.name:
        return False
    return one.namespace == other.namespace or not one.namespace or not other.namespace
