"""Which requests Ingresses claim, and which of them more than one claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Ingress, IngressPath

if TYPE_CHECKING:
    from k8snet_lint.graph.graph import Graph

_TELLING_APART = (
    "nginx.org/mergeable-ingress-type",
    "traefik.ingress.kubernetes.io/router.",
    "konghq.com/methods",
    "konghq.com/headers.",
    "konghq.com/protocols",
    "haproxy.org/route-acl",
    "alb.ingress.kubernetes.io/conditions.",
    "alb.ingress.kubernetes.io/group.",
)
"""Prefixes of annotations by which the same host and path may mean different requests, or have an order."""


class Route(NamedTuple):
    """What makes two routes one: the server that they are on, and the requests that they match.

    Shapes: `server` is the class, then what sets the Ingress apart from others of its class.
    """

    server: tuple[str, ...]
    host: str
    path: str
    path_type: str


class Claim(NamedTuple):
    """A route as an Ingress writes it."""

    ingress: Ingress
    path: IngressPath


class IngressRoutes:
    """The routes of all Ingresses; those of canaries, ACME challenges and an AWS controller's actions are left out."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def repeated(self) -> tuple[tuple[Claim, Claim], ...]:
        """Each claim to a route that another one claims before it, with that one."""
        return tuple(
            (claim, first)
            for route, claim in self._claims
            if (first := self._first[route]) is not claim and not _is_one_object(claim.ingress, first.ingress)
        )

    @cached_property
    def shared_hosts(self) -> tuple[tuple[Claim, Claim], ...]:
        """For each host that several namespaces serve: the first claim of each further one, with the first of all.

        Not where a route of that host is claimed by both, which tells it, nor where a variable stands for the host.
        """
        told = {
            (claim.ingress.namespace, claim.path.host.lower())
            for claim, first in self.repeated
            if claim.ingress.namespace != first.ingress.namespace
        }
        owners: dict[tuple[str, str], dict[str, Claim]] = {}
        for route, claim in self._claims:
            home = claim.ingress.namespace
            is_told = (home, route.host) in told or claim.path.is_for_unknown_host
            if self._first[route] is claim and route.host and home and not is_told:
                owners.setdefault((route.server[0], route.host), {}).setdefault(home, claim)
        return tuple(
            (other, first)
            for first, *others in (tuple(by_namespace.values()) for by_namespace in owners.values())
            for other in others
        )

    @cached_property
    def _first(self) -> dict[Route, Claim]:
        return dict(reversed(self._claims))

    @cached_property
    def _claims(self) -> tuple[tuple[Route, Claim], ...]:
        return tuple(
            (_route(server, path), Claim(ingress, path))
            for ingress in self._graph.select(Ingress)
            if not ingress.is_canary and not ingress.is_acme_solver
            for server in (self._server(ingress),)
            for path in ingress.paths
            if not path.backend.is_action
        )

    def _server(self, ingress: Ingress) -> tuple[str, ...]:
        classes = self._graph.ingress_classes
        own = "" if classes.shares_address(ingress) else f"{ingress.namespace}/{ingress.name}"
        apart = (
            f"{key}={value}" for key, value in sorted(ingress.annotations.items()) if key.startswith(_TELLING_APART)
        )
        return (classes.class_of(ingress), own, *apart)


def _route(server: tuple[str, ...], path: IngressPath) -> Route:
    text = path.path or "/"
    if path.path_type == "Prefix":
        text = text.rstrip("/") or "/"
    return Route(server, path.host.lower(), text, path.path_type)


def _is_one_object(one: Ingress, other: Ingress) -> bool:
    """Whether both describe the same object, or may: a namespace that is not known yet could be the other's.

    What is written once and read for two roots that were not built is one, whatever those make of it.
    """
    if one is other or one.name != other.name:
        return False
    if one.is_raw and other.is_raw and one.node.location == other.node.location:
        return True
    return one.namespace == other.namespace or not one.namespace or not other.namespace
