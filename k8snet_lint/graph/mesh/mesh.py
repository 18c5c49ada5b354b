"""The service mesh of a world: its hosts, gateways, routes, members and policies, each worked out when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.mesh.conflicts import MeshConflicts
from k8snet_lint.graph.mesh.destinations import Destinations
from k8snet_lint.graph.mesh.gateways import MeshGateways
from k8snet_lint.graph.mesh.hosts import Hosts
from k8snet_lint.graph.mesh.ineffective import Ineffective, Ineffectiveness
from k8snet_lint.graph.mesh.linkerd import Linkerd
from k8snet_lint.graph.mesh.members import Members
from k8snet_lint.graph.mesh.policies import MeshPolicies
from k8snet_lint.graph.mesh.ports import MeshPorts
from k8snet_lint.graph.mesh.rulings import MeshRulings
from k8snet_lint.graph.mesh.tls import MeshTLS

if TYPE_CHECKING:
    from k8snet_lint.graph.graph import Graph


class Mesh:
    """What the objects of Istio and Linkerd come to."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.hosts = Hosts(graph)
        self.members = Members(graph)

    @cached_property
    def gateways(self) -> MeshGateways:
        """Which Gateways VirtualServices bind to."""
        return MeshGateways(self._graph, self.hosts)

    @cached_property
    def conflicts(self) -> MeshConflicts:
        """Which objects claim one host or one listener."""
        return MeshConflicts(self._graph, self.hosts)

    @cached_property
    def destinations(self) -> Destinations:
        """Where routes lead."""
        return Destinations(self._graph, self.hosts)

    @cached_property
    def policies(self) -> MeshPolicies:
        """Whom Istio's policies are for."""
        return MeshPolicies(self._graph)

    @cached_property
    def ineffective(self) -> tuple[Ineffective, ...]:
        """Istio's policies that do not do what they are there for."""
        return tuple(Ineffectiveness(self._graph, self.members, self.policies).found)

    @cached_property
    def rulings(self) -> MeshRulings:
        """What policies make of the connections to each workload."""
        return MeshRulings(self._graph, self.members, self.policies)

    @cached_property
    def ports(self) -> MeshPorts:
        """What protocols the ports of Services have."""
        return MeshPorts(self._graph, self.members)

    @cached_property
    def tls(self) -> MeshTLS:
        """Where traffic of the mesh is not encrypted, or its server not verified."""
        return MeshTLS(self._graph, self.hosts, self.policies)

    @cached_property
    def linkerd(self) -> Linkerd:
        """What Linkerd's policies refer to."""
        return Linkerd(self._graph)
