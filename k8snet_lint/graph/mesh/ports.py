"""Which protocol a mesh takes the ports of Services for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.mesh.members import Membership
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.mesh.members import Members
    from k8snet_lint.resource import ServicePort, Workload

PROTOCOLS = frozenset(
    {"grpc", "grpc-web", "http", "http2", "https", "hbone", "mongo", "mysql", "redis", "tcp", "tls", "udp", "auto"}
)
"""What the name of a port starts with (Istio: protocol selection)."""

OWN_LABELS = ("istio", "gateway.istio.io/managed", "operator.istio.io/component")


class TwoMeanings(NamedTuple):
    """Two Services that give one port of some pods two protocols, or reach it by two ports."""

    workload: Workload
    port: ServicePort
    service: Service
    other_port: ServicePort
    other: Service


class MeshPorts:
    """The ports of the Services whose pods may be in the mesh."""

    def __init__(self, graph: Graph, members: Members) -> None:
        self._graph = graph
        self._members = members

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """The Services of the mesh: not the cluster's own, and not Istio's."""
        return tuple(each for each in self._graph.select(Service) if self._is_in_mesh(each))

    @cached_property
    def unnamed(self) -> tuple[tuple[Service, ServicePort], ...]:
        """The ports whose names do not say which protocol they speak."""
        return tuple(
            (service, port)
            for service in self.services
            for port in service.ports
            if port.protocol != "UDP" and not port.node["appProtocol"] and protocol_of(port) is None
        )

    @cached_property
    def opaque_external(self) -> tuple[tuple[Service, ServicePort], ...]:
        """The ports of ExternalName Services that a proxy takes for plain TCP, so that the host is lost."""
        return tuple(
            (service, port)
            for service in self.services
            if service.is_external_name
            for port in service.ports
            if protocol_of(port) == "tcp"
        )

    @cached_property
    def two_meanings(self) -> tuple[TwoMeanings, ...]:
        """The ports of pods to which two Services give different protocols or different numbers of their own."""
        found: dict[tuple[Workload, object], tuple[Service, ServicePort]] = {}
        return tuple(self._two_meanings(found))

    def _two_meanings(self, found: dict[tuple[Workload, object], tuple[Service, ServicePort]]) -> Iterator[TwoMeanings]:
        for service in self.services:
            for workload in self._graph.endpoints(service) if service.selects_pods else ():
                if self._members.of(workload) is Membership.OUTSIDE:
                    continue
                for port in service.ports:
                    first, other = found.setdefault((workload, port.target), (service, port))
                    differ = protocol_of(port) != protocol_of(other) or port.number != other.number
                    if first.name != service.name and differ and port.protocol != "UDP":
                        yield TwoMeanings(workload, port, service, other, first)

    def _is_in_mesh(self, service: Service) -> bool:
        labels = service.labels
        if service.namespace in self._graph.facts.system_namespaces or service.is_generated:
            return False
        if any(key in labels for key in OWN_LABELS) or labels.get("release") == "istio":
            return False
        return self._members.may_be_in(service.namespace)


def protocol_of(port: ServicePort) -> str | None:
    """The protocol that a port's `appProtocol` or name tells; None where neither does."""
    name = (port.node["appProtocol"].text or port.name).lower()
    if name.startswith("grpc-web"):
        return "grpc-web"
    first = name.partition("-")[0]
    return first if first in PROTOCOLS else None
