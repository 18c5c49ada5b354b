"""Who leads where: Services to pods, and Ingresses, Gateways and Routes to Services and on to pods."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.reach.gateways import gateway_backends, openshift_backends
from k8snet_lint.reach.verdict import Reason, Reasoned, Verdict
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Ingress, Service

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.gateways import RoutedService
    from k8snet_lint.reach.peers import Peers
    from k8snet_lint.reach.reach import Reach
    from k8snet_lint.resource import Resource, ServicePort, Workload


class PathKind(enum.StrEnum):
    """What stands at the beginning of a path."""

    INGRESS = "ingress"
    GATEWAY = "gateway"
    ROUTE = "route"
    LOAD_BALANCER = "load-balancer"
    NODE_PORT = "node-port"


_PUBLISHED = {"LoadBalancer": PathKind.LOAD_BALANCER, "NodePort": PathKind.NODE_PORT}
"""The types of Services that clients outside the cluster connect to."""


class ServicePath(NamedTuple):
    """A Service's port and what it comes to on the pods of one workload.

    Shapes: `number` is None where the target port's name stands for nothing on the pods: they get no traffic of it.
    """

    service: Service
    port: ServicePort
    workload: Workload
    protocol: str
    number: int | None


class RoutePath(NamedTuple):
    """From what carries outside traffic, over a backend's Service, to the pods of one workload.

    Shapes: `at` is where the backend is written; `via` are the peers that connect to the pods.
    """

    kind: PathKind
    route: Resource
    at: Node
    via: Peers
    path: ServicePath

    def ruling(self, reach: Reach) -> Reasoned | None:
        """Whether policies let the traffic through; None where the port stands for nothing on the pods.

        Without `externalTrafficPolicy: Local` a node may put its own address in place of the client's.
        """
        path = self.path
        if path.number is None:
            return None
        found = reach.reasoned(self.via, path.workload, path.protocol, path.number)
        if self.kind in _PUBLISHED.values() and path.service.spec["externalTrafficPolicy"].text != "Local":
            of_node = reach.reasoned(reach.nodes, path.workload, path.protocol, path.number)
            if of_node.verdict is not found.verdict:
                return Reasoned(Verdict.UNKNOWN, found.reasons | {Reason.SOURCE_ADDRESS})
        return found


class RoutedPort(NamedTuple):
    """From what carries outside traffic to a port of a backend's Service, which selects pods of the set."""

    kind: PathKind
    route: Resource
    at: Node
    via: Peers
    service: Service
    port: ServicePort

    def paths(self, graph: Graph) -> Iterator[RoutePath]:
        """On from there to each workload."""
        for path in port_paths(graph, self.service, self.port):
            yield RoutePath(self.kind, self.route, self.at, self.via, path)


class BrokenPath(NamedTuple):
    """A backend that leads to no pods, and why."""

    kind: PathKind
    route: Resource
    at: Node
    why: str


def service_paths(graph: Graph, service: Service) -> Iterator[ServicePath]:
    """What each port of a Service comes to on each workload that it selects; nothing for one without a selector."""
    if not service.selects_pods:
        return
    for workload in graph.endpoints(service):
        for port in service.ports:
            yield ServicePath(service, port, workload, port.protocol, port.number_on(workload))


def port_paths(graph: Graph, service: Service, port: ServicePort) -> Iterator[ServicePath]:
    """What one port of a Service that selects pods comes to on each workload."""
    for workload in graph.endpoints(service):
        yield ServicePath(service, port, workload, port.protocol, port.number_on(workload))


def route_paths(reach: Reach) -> Iterator[RoutePath | BrokenPath]:
    """Every path of outside traffic, to the pods of each workload."""
    return _followed(reach, routed_ports(reach))


def routed_ports(reach: Reach) -> Iterator[RoutedPort | BrokenPath]:
    """Where outside traffic is led: by Ingresses, by Gateway API routes, by OpenShift Routes."""
    for ingress in reach.graph.select(Ingress):
        yield from _ingress_ports(reach, ingress)
    for ref in gateway_backends(reach.graph):
        yield from _ref_ports(reach, PathKind.GATEWAY, ref, reach.gateway_pods(ref.gateways))
    for ref in openshift_backends(reach.graph):
        yield from _ref_ports(reach, PathKind.ROUTE, ref, reach.router)


def published_paths(reach: Reach) -> Iterator[RoutePath | BrokenPath]:
    """Every path from the internet straight to a Service: its load balancer, or its port on every node."""
    for service in reach.graph.select(Service):
        kind = _PUBLISHED.get(service.type_name) if service.is_published else None
        if kind is not None and service.selects_pods:
            ways = _to_ports(reach, kind, service, service.type, service, service.ports, reach.internet)
            yield from _followed(reach, ways)


def _followed(reach: Reach, ways: Iterable[RoutedPort | BrokenPath]) -> Iterator[RoutePath | BrokenPath]:
    for each in ways:
        if isinstance(each, BrokenPath):
            yield each
        else:
            yield from each.paths(reach.graph)


def _ingress_ports(reach: Reach, ingress: Ingress) -> Iterator[RoutedPort | BrokenPath]:
    for backend in ingress.backends:
        name = backend.service.text
        if not name or backend.is_action:
            continue
        services = reach.graph.named(Service, ingress.namespace, name)
        if not services:
            yield BrokenPath(PathKind.INGRESS, ingress, backend.service, f"Service '{name}' is not in the set")
            continue
        wanted = backend.port
        ports = services[-1].ports_called(wanted)
        via = reach.carriers(ingress)
        yield from _to_ports(reach, PathKind.INGRESS, ingress, backend.port_node, services[-1], ports, via)


def _ref_ports(reach: Reach, kind: PathKind, ref: RoutedService, via: Peers) -> Iterator[RoutedPort | BrokenPath]:
    services = reach.graph.named(Service, ref.namespace, ref.service)
    if ref.flaw or not services:
        yield BrokenPath(kind, ref.route, ref.at, ref.flaw or f"Service '{ref.service}' is not in the set")
        return
    if kind is PathKind.ROUTE:
        ports = tuple(port for port in services[-1].ports if ref.port in (None, port.name or None, port.target))
    else:
        ports = services[-1].ports_called(ref.port) if isinstance(ref.port, int) else ()
    yield from _to_ports(reach, kind, ref.route, ref.at, services[-1], ports, via)


def _to_ports(
    reach: Reach,
    kind: PathKind,
    route: Resource,
    at: Node,
    service: Service,
    ports: tuple[ServicePort, ...],
    via: Peers,
) -> Iterator[RoutedPort | BrokenPath]:
    if not ports:
        yield BrokenPath(kind, route, at, f"Service '{service.name}' has no such port")
    elif not (service.selects_pods and reach.graph.endpoints(service)):
        yield BrokenPath(kind, route, at, f"Service '{service.name}' selects no pods of the set")
    else:
        for port in ports:
            yield RoutedPort(kind, route, at, via, service, port)
