"""Worlds in parts: what no alternative touches of all that they share, and what else there is in each.

Rules and the graph ask of a resource what is in its namespace, what it names and what names it, and what it shares with
others: whoever is asked about has a tie to it (`ties.py`). So all that hangs together by ties is judged alike whatever
else a world holds, but for what `pervasive.py` lists and what a `Part` refuses to say. Ties are looked for over all
worlds at once, which may join too much and never too little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.beyond import Beyond
from k8snet_lint.graph.mesh_signs import has_mesh
from k8snet_lint.graph.part import Part
from k8snet_lint.graph.pervasive import bearings, is_pervasive
from k8snet_lint.graph.ties import Ties
from k8snet_lint.joined import Joined
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph.beyond import Bearing
    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.ties import Tie
    from k8snet_lint.resource import Resource


MOST = 4
"""Where worlds have so many times what they share, looking for ties costs more than it saves."""


class Parts(NamedTuple):
    """What no alternative touches, in every world, and the rest of each world."""

    untouched: Part
    rest: tuple[Part, ...]

    @staticmethod
    def of(graphs: Sequence[Graph], shared: Collection[int]) -> Parts | None:
        """The parts of some worlds; None where alternatives touch everything, or nearly all.

        `shared` are the ids of the units that all worlds have.
        """
        if len(graphs) < 2 or any(map(has_mesh, graphs)):
            return None
        common = [each for each in graphs[0].resources if id(each.unit) in shared]
        own = [each for graph in graphs for each in graph.resources if id(each.unit) not in shared]
        every = [*common, *own]
        if len(own) > MOST * len(common) * (len(graphs) - 1) or any(map(is_pervasive, every)):
            return None
        found = _untouched(common, own, Ties(every, graphs[0].roles))
        if not found:
            return None
        ids = frozenset(map(id, found))
        left = [each for each in every if id(each) not in ids]
        split = {each.directory for each in found} & {each.directory for each in left}
        facts = graphs[0].facts
        touched = _bearings(left[: len(common) - len(found)], facts)
        beside = Beyond(touched, _bearings(own, facts) - touched)
        around = Beyond(_bearings(found, facts))
        rest = ((each for each in graph.resources if id(each) not in ids) for graph in graphs)
        parts = (Part(resources, graph, around, split) for resources, graph in zip(rest, graphs, strict=True))
        return Parts(Part(found, graphs[0], beside, split), tuple(parts))


def _bearings(resources: Iterable[Resource], facts: Facts) -> frozenset[Bearing]:
    return frozenset(bearing for each in resources for bearing in bearings(each, facts))


def _untouched(common: Sequence[Resource], own: Sequence[Resource], ties: Ties) -> list[Resource]:
    """Those of the resources that all worlds have which nothing else hangs together with, in their order."""
    joined: Joined[Tie] = Joined()
    for each in (*common, *own):
        first, *others = ties.of(each)
        for other in others:
            joined.join(first, other)
    touched = {joined.leader(ties.first(each)) for each in own}
    return [each for each in common if joined.leader(ties.first(each)) not in touched]
