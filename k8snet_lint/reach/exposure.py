"""What is open to the world, to the whole cluster, to other namespaces: asked of pods that need not be in the set.

Pods of which nothing but the namespace is known stand for all that anyone may start there, so that an answer holds
however many pods come later.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.bitset import members, set_of
from k8snet_lint.cached import cached_property
from k8snet_lint.reach.endpoints import Endpoint, EndpointKind, stranger
from k8snet_lint.reach.engine import STRANGER, Engine
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.reach.connections import Connections
    from k8snet_lint.reach.reach import Reach
    from k8snet_lint.resource import Workload


class Scope(enum.Enum):
    """Whom a workload is open to, the widest first: public addresses, any pod of the cluster, a namespace's pods."""

    INTERNET = "internet"
    CLUSTER = "cluster"
    NAMESPACE = "namespace"


class Opening(NamedTuple):
    """Connections between a workload and all of a scope, seen from the workload: in, or out.

    Shapes: `every` holds for all of the scope, `some` for a part of it at the least, `perhaps` where labels that are
    not known fit, or for what is unknown otherwise; each is part of the next. `namespaces` are those of scope
    NAMESPACE, for each of which it holds.
    """

    workload: Endpoint
    direction: Direction
    scope: Scope
    namespaces: tuple[str, ...]
    every: Connections
    some: Connections
    perhaps: Connections


class Exposure:
    """Openings of workloads; the analysis is done once more, with a pod for every namespace, when first asked."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    @cached_property
    def _strangers(self) -> dict[str, Endpoint]:
        names = sorted(self._reach.graph.namespaces.names)
        return {name: stranger(f"any pod in {name}", EndpointKind.STRANGER, name) for name in names}

    @cached_property
    def _engine(self) -> Engine:
        return Engine(self._reach.graph, self._reach.profile, tuple(self._strangers.values()))

    @cached_property
    def _internet(self) -> int:
        """The classes of public addresses."""
        bits = 0
        for endpoint in self._reach.internet:
            bits |= self._engine.universe.addresses_in(endpoint.version, endpoint.ranges)
        return bits

    @cached_property
    def _in_namespaces(self) -> int:
        """The classes of the pods that stand for namespaces."""
        return set_of(self._name_of)

    @cached_property
    def _name_of(self) -> dict[int, str]:
        return {self._engine.universe.class_of(each): name for name, each in self._strangers.items()}

    @cached_property
    def _workloads(self) -> tuple[Endpoint, ...]:
        return self._engine.universe.endpoints(self._engine.universe.workloads)

    @cached_property
    def _by_workload(self) -> dict[Workload | None, Endpoint]:
        return {each.workload: each for each in self._workloads}

    def all(self) -> Iterator[Opening]:
        """Every opening of every workload that something may use."""
        for endpoint in self._workloads:
            for direction in Direction:
                yield from self._openings(endpoint, direction)

    def of(self, endpoint: Endpoint, direction: Direction) -> tuple[Opening, ...]:
        """The openings of one workload in one direction; of namespaces, those that the whole cluster has not."""
        twin = self._by_workload.get(endpoint.workload)
        return tuple(self._openings(twin, direction)) if twin is not None else ()

    def _openings(self, endpoint: Endpoint, direction: Direction) -> Iterator[Opening]:
        universe, ports = self._engine.universe, self._engine.ports
        side = self._engine.side(direction)
        index = universe.class_of(endpoint)
        cells = side.cells(side.group_of[index])
        if direction is Direction.INGRESS:
            cells = self._engine.mesh.into(cells, index)

        def opening(scope: Scope, bits: int, namespaces: tuple[str, ...] = ()) -> Opening:
            every, some, perhaps = ports.full, 0, 0
            left = bits
            for masks, inside in cells.items():
                if inside & bits:
                    left &= ~inside
                    every &= ports.surely(masks)
                    some |= ports.surely(masks)
                    perhaps |= ports.maybe(masks)
            every = 0 if left else every
            found = [ports.connections(mask) for mask in (every, some, perhaps)]
            return Opening(endpoint, direction, scope, namespaces, *found)

        internet = opening(Scope.INTERNET, self._internet)
        cluster = opening(Scope.CLUSTER, 1 << universe.class_of(STRANGER))
        yield from (each for each in (internet, cluster) if each.perhaps)
        own = self._strangers.get(endpoint.namespace or "")
        others = self._in_namespaces & ~(1 << universe.class_of(own) if own is not None else 0)
        for masks, inside in cells.items():
            beyond = inside & others
            if beyond and ports.connections(ports.surely(masks)) - cluster.every:
                yield opening(Scope.NAMESPACE, beyond, tuple(self._name_of[each] for each in members(beyond)))
