"""Ports of the nodes that two Services of one cluster ask for: the later one is not created."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.loader.names import parent
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import ServicePort


class SharedNodePort(NamedTuple):
    """A node port of a Service that an earlier one has; `node` and `first_node` are where both are written."""

    service: Service
    port: ServicePort
    node: Node
    first: Service
    first_node: Node

    @property
    def is_in_one_directory(self) -> bool:
        """Whether both are written side by side, so that they are meant for one cluster."""
        here, there = (parent(node.location.source.name) for node in (self.node, self.first_node))
        return here == there


def shared_node_ports(graph: Graph) -> Iterator[SharedNodePort]:
    """The node ports that are asked for a second time, by number and protocol."""
    claimed: dict[tuple[int, str], tuple[Service, ServicePort]] = {}
    for service in graph.select(Service):
        for port in service.ports if not service.is_raw and service.type_name in ("NodePort", "LoadBalancer") else ():
            if port.node_port:
                first, theirs = claimed.setdefault((port.node_port, port.protocol), (service, port))
                if first.identity != service.identity and not graph.are_alternatives(service, first):
                    yield SharedNodePort(service, port, port.node["nodePort"], first, theirs.node["nodePort"])
