"""Routes of the Gateway API and of OpenShift, followed to Services; who attaches to whom is the graph's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import GatewayRoute
from k8snet_lint.resource.object_ref import GATEWAY_GROUP
from k8snet_lint.resource.openshift import OpenShiftRoute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import BackendRef, Gateway, Resource

GATEWAY_LABEL = "gateway.networking.k8s.io/gateway-name"
"""The label of pods that carry the traffic of the Gateway it names (GEP-1762)."""


class RoutedService(NamedTuple):
    """A Service that a route sends traffic to.

    Shapes: `port` is a Service's port number, or for an OpenShift Route a port's name or target, None for all ports;
    `flaw` says why no traffic gets there, empty where some does; `gateways` are those that the route is attached to.
    """

    route: Resource
    at: Node
    namespace: str
    service: str
    port: int | str | None
    protocol: str
    flaw: str = ""
    gateways: tuple[Resource, ...] = ()


def gateway_backends(graph: Graph) -> Iterator[RoutedService]:
    """Every Service that a route of a Gateway sends traffic to; those of a mesh (parent Service) are left out."""
    for route in graph.select(GatewayRoute):
        if route.is_mesh:
            continue
        gateways = graph.attachments.gateways(route)
        for rule in route.rules:
            for backend in rule.sent:
                if backend.target.is_service:
                    target, flaw = backend.target, _flaw(graph, route, backend, gateways)
                    yield RoutedService(
                        route, backend.node, target.namespace, target.name, backend.port, route.protocol, flaw, gateways
                    )


def _flaw(graph: Graph, route: GatewayRoute, backend: BackendRef, gateways: tuple[Gateway, ...]) -> str:
    if backend.weight == 0:
        return "its weight is 0"
    if backend.target.is_abroad and not graph.grants.allow(route, backend.target):
        return f"no ReferenceGrant of namespace '{backend.target.namespace}' allows it"
    return "" if gateways else "the route is attached to no listener of the set"


def openshift_backends(graph: Graph) -> Iterator[RoutedService]:
    """Every Service that an OpenShift Route sends traffic to."""
    for route in graph.select(OpenShiftRoute):
        port = route.port.value
        wanted = port if isinstance(port, (int, str)) and not isinstance(port, bool) else None
        for backend in route.backends:
            flaw = "its weight is 0" if backend["weight"].integer == 0 else ""
            yield RoutedService(route, backend, route.namespace, backend["name"].text, wanted, "TCP", flaw)


def is_gateway(resource: Resource) -> bool:
    """Whether it is a Gateway, whose pods a controller makes, somewhere."""
    return resource.group == GATEWAY_GROUP and resource.kind == "Gateway"
