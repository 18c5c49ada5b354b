"""Backends that speak TLS by what their Service says, and that Gateways are told nothing about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snet_lint.resource import BackendTLSPolicy, GRPCRoute, HTTPRoute, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import BackendRef, GatewayRoute, ServicePort

TOLD_BY = ("backend-protocol", "serversscheme", "serverstransport", "app-protocols")
"""Endings of Service annotations by which controllers of old learn that a backend speaks TLS."""


class PlainBackend(NamedTuple):
    """A port for HTTPS that a route sends plain HTTP to."""

    route: GatewayRoute
    backend: BackendRef
    service: Service
    port: ServicePort


def plain_backends(graph: Graph) -> Iterator[PlainBackend]:
    """The backends of routes that go to a port for HTTPS for which no BackendTLSPolicy is there.

    In a mesh, which has means of its own, there are none; nor where an annotation of the Service tells the protocol.
    """
    if graph.mesh is not None:
        return
    told = {(target.namespace, target.name) for policy in graph.select(BackendTLSPolicy) for target in policy.targets}
    for kind in (HTTPRoute, GRPCRoute):
        for route in graph.select(kind):
            for backend in (backend for rule in route.rules for backend in rule.backends):
                target = backend.target
                if target.is_service and (target.namespace, target.name) not in told:
                    yield from _plain(graph, route, backend)


def _plain(graph: Graph, route: GatewayRoute, backend: BackendRef) -> Iterator[PlainBackend]:
    for service in graph.named(Service, backend.target.namespace, backend.target.name):
        annotated = any(key.endswith(TOLD_BY) for key in service.annotations)
        for port in service.ports if not annotated else ():
            if port.number == backend.port and speaks_tls(port):
                yield PlainBackend(route, backend, service, port)


def speaks_tls(port: ServicePort) -> bool:
    """Whether a port says that it is for HTTPS: by its protocol, else by its name or number."""
    protocol = port.node["appProtocol"].text.lower()
    return protocol == "https" if protocol else port.name == "https" or port.number == 443
