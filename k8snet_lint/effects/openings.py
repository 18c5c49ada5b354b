"""Ports that clients outside the cluster connect to straight: on a load balancer, or on every node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Reach
    from k8snet_lint.resource import ServicePort, Workload

_TYPES = {"LoadBalancer": "is a load balancer for every address", "NodePort": "opens a port on every node"}


class Opening(NamedTuple):
    """A Service's port that nothing known keeps off the Internet, and the pods that it leads to.

    Shapes: `workload` is None where the set holds no pods of the Service; `number` is the pods' port, None where it is
    a name that stands for nothing; `chain` are the steps from the Service's type on.
    """

    service: Service
    port: ServicePort
    workload: Workload | None
    number: int | None
    chain: tuple[tuple[Node, str], ...]

    @property
    def on_nodes(self) -> bool:
        """Whether it is open on the nodes only, which a firewall may stand before."""
        return self.service.type_name == "NodePort"


def openings(graph: Graph, reach: Reach | None) -> Iterator[Opening]:
    """Every opening that policies do not surely close; `reach` is None where there are no policies."""
    for service in graph.select(Service):
        what = _TYPES.get(service.type_name)
        if what is None or not service.is_published or service.is_limited or graph.publicity.is_internal(service):
            continue
        workloads = graph.endpoints(service) if service.selects_pods else ()
        for port in service.ports:
            for workload in workloads or (None,):
                number = port.number_on(workload) if workload else None
                if reach is None or workload is None or not _is_closed(reach, workload, port.protocol, number):
                    yield Opening(service, port, workload, number, tuple(_steps(service, what, port, workload)))


def _steps(service: Service, what: str, port: ServicePort, workload: Workload | None) -> Iterator[tuple[Node, str]]:
    yield service.type, f"{service} {what}"
    yield from ranges_of_everyone(service)
    yield port.node["port"], f"it leads port {port} to {workload or 'its pods'}"
    if workload is not None:
        yield workload.name_node, f"{workload} serves it"


def ranges_of_everyone(service: Service) -> Iterator[tuple[Node, str]]:
    """Its source ranges that limit nobody, as steps of a chain."""
    for version, at in service.open_versions if service.type_name == "LoadBalancer" else ():
        yield at, f"its source ranges hold every IPv{version} address"


def _is_closed(reach: Reach, workload: Workload, protocol: str, number: int | None) -> bool:
    """Whether policies deny it to every address outside."""
    from k8snet_lint.reach.connections import is_port  # noqa: PLC0415 - where there are policies, it is there
    from k8snet_lint.reach.verdict import Verdict  # noqa: PLC0415

    if number is None or not is_port(protocol, number):
        return False
    return reach.verdict(reach.internet, workload, protocol, number).verdict is Verdict.DENIED
