"""What Gateways are told about the TLS of backends: policies that clash or miss, and ports that nothing is said of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import BackendTLSPolicy, GatewayRoute, GRPCRoute, HTTPRoute, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import BackendRef, ObjectRef, ServicePort

TOLD_BY = ("backend-protocol", "serversscheme", "serverstransport", "app-protocols")
"""Endings of Service annotations by which controllers of old learn that a backend speaks TLS."""


class PlainBackend(NamedTuple):
    """A port for HTTPS that a route sends plain HTTP to."""

    route: GatewayRoute
    backend: BackendRef
    service: Service
    port: ServicePort


class UnknownPort(NamedTuple):
    """A `sectionName` that no port of the target has; `names` are those that its ports have."""

    policy: BackendTLSPolicy
    target: ObjectRef
    section: Node
    names: tuple[str, ...]


class SecondPolicy(NamedTuple):
    """A policy for a target, or one port of it, that an earlier one is for."""

    policy: BackendTLSPolicy
    target: ObjectRef
    section: str
    earlier: BackendTLSPolicy


class BackendTLS:
    """The BackendTLSPolicies of a world and the backends that its routes lead to."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @property
    def unknown_ports(self) -> Iterator[UnknownPort]:
        """The ports that policies name and their Services lack."""
        for policy in self._graph.select(BackendTLSPolicy):
            for target in policy.targets:
                section = target.node["sectionName"]
                if target.is_service and section.text and not is_open(section.text):
                    services = self._graph.named(Service, target.namespace, target.name)
                    if services and not services[-1].may_offer(section.text):
                        names = (port.name for port in services[-1].ports)
                        yield UnknownPort(policy, target, section, tuple(filter(None, names)))

    @property
    def conflicts(self) -> Iterator[SecondPolicy]:
        """The policies for what an earlier one is for, of which only one is accepted (`Conflicted`)."""
        first: dict[tuple[str, str, str], BackendTLSPolicy] = {}
        for policy in self._graph.select(BackendTLSPolicy):
            for target in policy.targets:
                section = target.node["sectionName"].text
                earlier = first.setdefault((str(target), target.group, section), policy)
                if earlier.name != policy.name and not self._graph.are_alternatives(earlier, policy):
                    yield SecondPolicy(policy, target, section, earlier)

    @property
    def plain_backends(self) -> Iterator[PlainBackend]:
        """The backends of routes that go to a port for HTTPS for which no policy is there.

        In a mesh, which has means of its own, there are none; nor where the Service's annotations tell the protocol.
        """
        routes = self._graph.select(GatewayRoute)
        if not routes or self._graph.has_mesh:
            return
        policies = self._graph.select(BackendTLSPolicy)
        told = {(target.namespace, target.name) for policy in policies for target in policy.targets}
        for route in (each for each in routes if isinstance(each, (HTTPRoute, GRPCRoute))):
            for backend in (backend for rule in route.rules for backend in rule.backends):
                target = backend.target
                if target.is_service and (target.namespace, target.name) not in told:
                    yield from self._plain(route, backend)

    def _plain(self, route: GatewayRoute, backend: BackendRef) -> Iterator[PlainBackend]:
        for service in self._graph.named(Service, backend.target.namespace, backend.target.name):
            annotated = any(key.endswith(TOLD_BY) for key in service.annotations)
            for port in service.ports if not annotated else ():
                if port.number == backend.port and speaks_tls(port):
                    yield PlainBackend(route, backend, service, port)


def speaks_tls(port: ServicePort) -> bool:
    """Whether a port says that it is for HTTPS: by its protocol, else by its name or number."""
    protocol = port.node["appProtocol"].text.lower()
    return protocol == "https" if protocol else port.name == "https" or port.number == 443
