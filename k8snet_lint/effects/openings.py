"""Ports that clients outside the cluster connect to straight: on a load balancer, or on every node."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Service, Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snet_lint.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Reach
    from k8snet_lint.resource import ServicePort

_TYPES = {"LoadBalancer": "is a load balancer for every address", "NodePort": "opens a port on every node"}

Behind = tuple[Sequence[Workload], str, int | str | None]
"""The pods of a Service, the protocol and target of a port of it."""

End = tuple[Workload | None, int | None]

TOLD = 10
"""How many workloads behind one way in are told of: of hundreds, each says what is wrong with the way itself."""


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


class Openings:
    """The openings of a world that policies do not surely close.

    What holds of pods is worked out once for all Services that select them; `reach` is None where no policies are.
    """

    def __init__(self, graph: Graph, reach: Reach | None) -> None:
        self._graph = graph
        self._reach = reach
        self._known: dict[Behind, tuple[End, ...]] = {}

    def first(self) -> Iterator[Opening]:
        """Of each port the first workload that it is open to."""
        for service, port in self._ports():
            for workload, number in self._ends(service, port)[:1]:
                yield _opening(service, port, workload, number)

    def serving(
        self, served: Callable[[Workload | None, int | None, ServicePort], str]
    ) -> Iterator[tuple[Opening, str]]:
        """Of each port the first workloads that serve something there, with what that is."""
        known: dict[tuple[Behind, int | None], tuple[tuple[Workload | None, int | None, str], ...]] = {}
        for service, port in self._ports():
            key = self._behind(service, port), port.number
            if key not in known:
                found = ((*end, served(*end, port)) for end in self._ends(service, port))
                known[key] = tuple(islice((each for each in found if each[2]), TOLD))
            for workload, number, what in known[key]:
                yield _opening(service, port, workload, number), what

    def _ports(self) -> Iterator[tuple[Service, ServicePort]]:
        for service in self._graph.select(Service):
            limited = not service.is_published or service.is_limited or self._graph.publicity.is_internal(service)
            if service.type_name in _TYPES and not limited:
                yield from ((service, port) for port in service.ports)

    def _behind(self, service: Service, port: ServicePort) -> Behind:
        pods = self._graph.endpoints(service) if service.selects_pods else ()
        return pods, port.protocol, port.target

    def _ends(self, service: Service, port: ServicePort) -> tuple[End, ...]:
        """The workloads that a port is open to, each with the number there; one of None where there are no pods."""
        key = self._behind(service, port)
        if key not in self._known:
            ends = ((each, port.number_on(each)) for each in key[0])
            opened = (end for end in ends if not self._is_closed(*end, port.protocol))
            self._known[key] = tuple(opened) if key[0] else ((None, None),)
        return self._known[key]

    def _is_closed(self, workload: Workload, number: int | None, protocol: str) -> bool:
        """Whether policies deny it to every address outside."""
        if self._reach is None or number is None:
            return False
        from k8snet_lint.reach.connections import is_port  # noqa: PLC0415 - where there are policies, it is there
        from k8snet_lint.reach.verdict import Verdict  # noqa: PLC0415

        if not is_port(protocol, number):
            return False
        return self._reach.verdict(self._reach.internet, workload, protocol, number).verdict is Verdict.DENIED


def _opening(service: Service, port: ServicePort, workload: Workload | None, number: int | None) -> Opening:
    return Opening(service, port, workload, number, tuple(_steps(service, port, workload)))


def _steps(service: Service, port: ServicePort, workload: Workload | None) -> Iterator[tuple[Node, str]]:
    yield service.type, f"{service} {_TYPES[service.type_name]}"
    yield from ranges_of_everyone(service)
    yield port.node["port"], f"it leads port {port} to {workload or 'its pods'}"
    if workload is not None:
        yield from number_of_name(port, workload)
        yield workload.name_node, f"{workload} serves it"


def number_of_name(port: ServicePort, workload: Workload) -> Iterator[tuple[Node, str]]:
    """Where the workload says which number a port has that is targeted by name, as a step of a chain."""
    named = port.named_on(workload)
    if named is not None:
        yield named.node["containerPort"], f"{workload} declares {named}"


def ranges_of_everyone(service: Service) -> Iterator[tuple[Node, str]]:
    """Its source ranges that limit nobody, as steps of a chain."""
    for version, at in service.open_versions if service.type_name == "LoadBalancer" else ():
        yield at, f"its source ranges hold every IPv{version} address"
