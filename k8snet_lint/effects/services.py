"""Ports of Services that no policy lets anyone reach, though nothing in the set asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snet_lint.effects import mending
from k8snet_lint.graph import Relation
from k8snet_lint.reach.gateways import openshift_backends
from k8snet_lint.reach.paths import service_paths
from k8snet_lint.resource import Direction, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.paths import ServicePath
    from k8snet_lint.resource import Resource, ServicePort, Workload


class Unreachable(NamedTuple):
    """A Service's port that leads to pods of which each denies it to everyone.

    Shapes: `policy` is the one to mend, `at` where; `policies` are all that isolate the first of the workloads.
    """

    service: Service
    port: ServicePort
    protocol: str
    number: int
    workloads: tuple[Workload, ...]
    policy: Resource
    at: Node
    policies: tuple[Resource, ...]


class Services:
    """Services held against the ingress policies of their pods."""

    def __init__(self, reach: Reach, consumed: frozenset[tuple[Service, int]]) -> None:
        self._reach = reach
        self._engine = reach.engine
        self._consumed = consumed

    def unreachable(self) -> Iterator[Unreachable]:
        """Ports that neither workloads of the set, nor pods outside it, nor any address can reach.

        Those of Services that something leads outside traffic to are left out, and ports with a consumer in the set.
        """
        graph = self._reach.graph
        routed = {(ref.namespace, ref.service) for ref in openshift_backends(graph)}
        for service in graph.select(Service):
            if service.type_name != "ClusterIP" or (service.namespace, service.name) in routed:
                continue
            if not graph.sources(service, Relation.ROUTES_TO):
                yield from self._of(service)

    def _of(self, service: Service) -> Iterator[Unreachable]:
        by_port: dict[int, list[ServicePath]] = {}
        for path in service_paths(self._reach.graph, service):
            is_port = path.number is not None and path.protocol in ("TCP", "UDP", "SCTP")
            if is_port and (service, path.number) not in self._consumed:
                by_port.setdefault(id(path.port), []).append(path)
        for paths in by_port.values():
            first = paths[0]
            if first.number is not None and all(map(self._is_closed, paths)):
                group = self._group(first.workload)
                numbers = mending.isolating(self._engine.ingress.groups[group].key)
                chosen = mending.most_specific(self._engine, numbers)
                if chosen is not None:
                    yield Unreachable(
                        service,
                        first.port,
                        first.protocol,
                        first.number,
                        tuple(path.workload for path in paths),
                        self._engine.policies[chosen].resource,
                        mending.place(self._engine.policies[chosen].resource, Direction.INGRESS),
                        tuple(self._engine.policies[each].resource for each in numbers),
                    )

    def _is_closed(self, path: ServicePath) -> bool:
        """Whether nobody gets in; nodes, whose own pods always accept them, count for nothing."""
        engine = self._engine
        if path.number is None or not 1 <= path.number <= 65535:
            return False
        bit = 1 << engine.ports.atom(path.protocol, path.number)
        cells = engine.ingress.cells(self._group(path.workload))
        others = ~engine.universe.on_host
        return not any(bits & others and engine.ports.maybe(masks) & bit for masks, bits in cells.items())

    def _group(self, workload: Workload) -> int:
        (endpoint, *_) = self._reach.peers(workload).endpoints
        return self._engine.ingress.group_of[self._engine.universe.class_of(endpoint)]
