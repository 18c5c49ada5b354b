"""Host names that external-dns publishes, and which of them two unrelated objects ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Ingress, Service
from k8snet_lint.resource.words import lowered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource

PREFIX = "external-dns.alpha.kubernetes.io/"
HOSTNAME, TARGET = f"{PREFIX}hostname", f"{PREFIX}target"
ROUTES = {"HTTPRoute": "hostnames", "GRPCRoute": "hostnames", "TLSRoute": "hostnames", "Route": "host"}
"""The kinds of routes that external-dns reads, and where their hosts stand."""


class Published(NamedTuple):
    """A host name that an object has published; `at` is where it says so."""

    name: str
    resource: Resource
    at: Node

    @property
    def is_open(self) -> bool:
        """Whether it holds a variable, so that it may be another name for each object that is written so."""
        return is_open(self.name)


class Claim(NamedTuple):
    """A host name that a Service has published for itself, and another object for something else."""

    published: Published
    other: Published


def claims(graph: Graph) -> Iterator[Claim]:
    """Each host name that two unrelated objects have published, at least one of them a Service."""
    services: dict[str, list[Published]] = {}
    for service in graph.select(Service):
        if HOSTNAME in service.annotations and _is_plain(service):
            for each in _annotated(service):
                services.setdefault(each.name, []).append(each)
    if not services:
        return
    routed: dict[str, Published] = {}
    for resource in graph.resources:
        if _is_plain(resource):
            for each in _routed(resource):
                routed.setdefault(each.name, each)
    for name, found in services.items():
        yield from _clash(graph, found, routed.get(name))


def _clash(graph: Graph, found: Sequence[Published], route: Published | None) -> Iterator[Claim]:
    first = found[0]
    for later in found[1:]:
        if not _are_related(graph, first.resource, later.resource):
            yield Claim(later, first)
            return
    controller = isinstance(first.resource, Service) and graph.roles.publishes_controller(first.resource)
    if route is not None and not controller and not _are_related(graph, first.resource, route.resource):
        yield Claim(first, route)


def _are_related(graph: Graph, one: Resource, other: Resource) -> bool:
    """Whether both may well have the name: for the same pods, for inside and outside, or never both at once."""
    if graph.are_alternatives(one, other) or one.annotations.get(TARGET) != other.annotations.get(TARGET):
        return graph.are_alternatives(one, other)
    if one.annotations.get(TARGET):
        return True
    if not isinstance(one, Service):
        return False
    if isinstance(other, Service):
        return (one.namespace, one.name) == (other.namespace, other.name) or (
            one.is_internal is not other.is_internal
            or (one.namespace == other.namespace and one.selector == other.selector)
        )
    return isinstance(other, Ingress) and any(
        backend.service.text == one.name and other.namespace == one.namespace for backend in other.backends
    )


def _is_plain(resource: Resource) -> bool:
    """Whether its records are its own: no share of a weighted or located set, and read by the usual controller."""
    told = resource.annotations
    return (
        f"{PREFIX}set-identifier" not in told and told.get(f"{PREFIX}controller", "dns-controller") == "dns-controller"
    )


def _annotated(resource: Resource) -> Iterator[Published]:
    node = resource.annotation(HOSTNAME)
    for name in node.text.split(","):
        if name.strip():
            yield Published(lowered(name.strip().rstrip(".")), resource, node)


def route_hosts(resource: Resource) -> tuple[Node, ...]:
    """Where a route says which hosts it is for; nowhere for what is none."""
    if resource.kind not in ROUTES or "." not in resource.group:
        return ()
    written = resource.spec[ROUTES[resource.kind]]
    return written, *written


def _routed(resource: Resource) -> Iterator[Published]:
    hosts = resource.hosts if isinstance(resource, Ingress) else route_hosts(resource)
    if hosts or isinstance(resource, Ingress):
        yield from _annotated(resource)
    for host in hosts:
        if host.text:
            yield Published(lowered(host.text.rstrip(".")), resource, host)
