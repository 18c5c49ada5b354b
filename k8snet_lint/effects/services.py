"""Ports of Services that no policy lets anyone reach, though nothing in the set asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.effects import ambient
from k8snet_lint.effects.mending import Mending
from k8snet_lint.graph import Relation
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction, Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.effects.mending import Isolating
    from k8snet_lint.effects.mistakes import Mistakes
    from k8snet_lint.reach import Reach
    from k8snet_lint.resource import ServicePort, Workload


class Unreachable(NamedTuple):
    """A Service's port that leads to pods of which each denies it to everyone.

    Shapes: `workload` is the first that has such pods, `isolating` are the policies that isolate it.
    """

    service: Service
    port: ServicePort
    protocol: str
    number: int
    workload: Workload
    isolating: Isolating


class Behind(NamedTuple):
    """The pods behind a port of a Service, each with its own port, and whether all of them deny it to everyone."""

    workloads: Sequence[Workload]
    pods: list[tuple[Workload, int]]
    numbers: frozenset[int]
    closed: bool


class Services:
    """Services held against the ingress policies of their pods."""

    def __init__(self, reach: Reach, consumed: frozenset[tuple[Service, int]], mistakes: Mistakes) -> None:
        self._reach = reach
        self._engine = reach.engine
        self._mending = Mending(reach)
        self._consumed = consumed
        self._mistakes = mistakes
        self._known: dict[tuple[int, str, int | str | None], Behind] = {}

    def unreachable(self) -> Iterator[Unreachable]:
        """Ports that neither workloads of the set, nor pods outside it, nor any address can reach.

        Those of Services that something leads outside traffic to are left out, and ports with a consumer in the set.
        """
        graph = self._reach.graph
        for service in graph.select(Service):
            if service.type_name == "ClusterIP" and not graph.sources(service, Relation.ROUTES_TO):
                yield from self._of(service)

    def _of(self, service: Service) -> Iterator[Unreachable]:
        workloads = self._reach.graph.endpoints(service) if service.selects_pods else ()
        for port in service.ports:
            behind = self._behind(workloads, port)
            if not self._consumed.isdisjoint((service, number) for number in behind.numbers):
                left = [each for each in behind.pods if (service, each[1]) not in self._consumed]
                behind = self._judged(workloads, left, port)
            if not behind.closed or port.number is None:
                continue
            workload, number = behind.pods[0]
            isolating = self._mending.isolating(Direction.INGRESS, self._class_of(workload))
            if isolating is not None and not self._mistakes.close(isolating, (port.protocol, number)):
                yield Unreachable(service, port, port.protocol, number, workload, isolating)

    def _behind(self, workloads: Sequence[Workload], port: ServicePort) -> Behind:
        """What is behind a port; worked out once for Services that lead to the same."""
        key = (id(workloads), port.protocol, port.target)
        found = self._known.get(key)
        if found is None or found.workloads is not workloads:
            pods = []
            if port.protocol in ("TCP", "UDP", "SCTP"):
                led = ((each, port.number_on(each)) for each in workloads)
                pods = [(each, number) for each, number in led if number is not None]
            found = self._known[key] = self._judged(workloads, pods, port)
        return found

    def _judged(self, workloads: Sequence[Workload], pods: list[tuple[Workload, int]], port: ServicePort) -> Behind:
        closed = bool(pods) and all(self._is_closed(each, port.protocol, number) for each, number in pods)
        return Behind(workloads, pods, frozenset(number for _, number in pods), closed)

    def _is_closed(self, workload: Workload, protocol: str, number: int) -> bool:
        """Whether nobody gets in; nodes, whose own pods always accept them, count for nothing."""
        engine = self._engine
        if not 1 <= number <= 65535:
            return False
        bit = ambient.atoms(self._reach, workload, protocol, number)
        cells = engine.ingress.cells(engine.ingress.group_of[self._class_of(workload)])
        others = ~engine.universe.on_host
        return not any(bits & others and engine.ports.maybe(masks) & bit for masks, bits in cells.items())

    def _class_of(self, workload: Workload) -> int:
        (endpoint, *_) = self._reach.peers(workload).endpoints
        return self._engine.universe.class_of(endpoint)
