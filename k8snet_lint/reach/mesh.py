"""A mesh's authorization as a second layer: what policies of the network let through, its proxies may still turn away.

Proxies see TCP alone, and are asked where a connection ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.reach.bits import merge
from k8snet_lint.reach.connections import LAST, Connections

if TYPE_CHECKING:
    from k8snet_lint.graph import Graph
    from k8snet_lint.graph.mesh.rulings import MeshRuling
    from k8snet_lint.reach.endpoints import Endpoint
    from k8snet_lint.reach.ports import PortAtoms
    from k8snet_lint.reach.sides import Cells
    from k8snet_lint.reach.universe import Universe

TCP = Connections(((1, LAST),))


def ruling_on(graph: Graph, endpoint: Endpoint) -> MeshRuling | None:
    """What a mesh makes of TCP connections to an endpoint; None where it leaves them alone."""
    if graph.mesh is None or endpoint.workload is None:
        return None
    return graph.mesh.rulings.of(endpoint.workload)


class MeshLayer:
    """The pairs of masks that a mesh lets through to each class; most have none of their own."""

    def __init__(self, graph: Graph, universe: Universe, ports: PortAtoms) -> None:
        self._full = ports.full_pair
        self.rulings: dict[int, MeshRuling] = {}
        self._masks: dict[int, int] = {}
        self._ruled: dict[int, int] = {}
        tcp = ports.mask(TCP)
        for index in members(universe.workloads if graph.mesh is not None else 0):
            ruling = ruling_on(graph, universe.first(index))
            if ruling is not None:
                masks = self._full & ~ports.pair(tcp, tcp if ruling.closed else 0)
                self.rulings[index] = ruling
                self._masks[index] = masks
                self._ruled[masks] = self._ruled.get(masks, 0) | 1 << index

    def onto(self, target: int) -> int:
        """The pair of masks that connections to a class are cut down to."""
        return self._masks.get(target, self._full)

    def into(self, cells: Cells, target: int) -> Cells:
        """Sources of one target by pairs of masks, cut down likewise."""
        cut = self.onto(target)
        return cells if cut == self._full else merge((masks & cut, bits) for masks, bits in cells.items())

    def over(self, cells: Cells) -> Cells:
        """Targets by pairs of masks, cut down to what the mesh lets through."""
        if not self._ruled:
            return cells
        found: Cells = {}
        for masks, bits in cells.items():
            rest = bits
            for cut, ruled in self._ruled.items():
                rest &= ~ruled
                if masks & cut and bits & ruled:
                    found[masks & cut] = found.get(masks & cut, 0) | bits & ruled
            if rest:
                found[masks] = found.get(masks, 0) | rest
        return found
