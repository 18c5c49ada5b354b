"""Worlds in parts: what no alternative touches of all that they share, and what else there is in each.

Rules and the graph ask of a resource what is in its namespace, what it names and what names it, and what it shares with
others: whoever is asked about has a tie to it (`ties.py`). So all that hangs together by ties is judged alike whatever
else a world holds, but for what `pervasive.py` and `acting.py` list and what a `Part` refuses to say. What all worlds
share is parted by the worlds whose own resources touch it: in all others it is judged once. Of that, what has to do
with nearly everything is a witness to every part (`witnesses.py`), and ties nothing together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.parts.acting import Acting, acts_everywhere
from k8snet_lint.graph.parts.around import Around, Held
from k8snet_lint.graph.parts.beyond import CONNECTIONS, Bearing, Beyond
from k8snet_lint.graph.parts.part import Part
from k8snet_lint.graph.parts.pervasive import bearings
from k8snet_lint.graph.parts.scattered import scattered
from k8snet_lint.graph.parts.ties import Ties
from k8snet_lint.graph.parts.touching import touching
from k8snet_lint.graph.parts.witnesses import Witnesses
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.parts.touching import Worlds
    from k8snet_lint.resource import Resource


MOST = 4
"""Where worlds have so many times what they share, looking for ties costs more than it saves."""

SPARED = 10
"""One in so many of what worlds share has to be spared each of them: what parts refuse to say is worked out twice."""


class Parts(NamedTuple):
    """What no alternative touches, the rest of each world, and what only the alternatives of some worlds touch.

    Shapes: `partly` are parts with the worlds in which nothing else touches them; `seen` are the ids of the resources
    that every part shows.
    """

    untouched: Part
    rest: tuple[Part, ...]
    partly: tuple[tuple[Worlds, Part], ...] = ()
    seen: frozenset[int] = frozenset()

    @property
    def shares(self) -> Iterator[tuple[Worlds, Part]]:
        """Every part, and the numbers of the worlds that it is a part of."""
        yield frozenset(range(len(self.rest))), self.untouched
        yield from self.partly
        yield from ((frozenset((number,)), part) for number, part in enumerate(self.rest))

    @staticmethod
    def of(graphs: Sequence[Graph], shared: Collection[int]) -> Parts | None:
        """The parts of several worlds; None where alternatives touch everything, or nearly all.

        `shared` are the ids of the units that all worlds have.
        """
        common = [each for each in graphs[0].resources if id(each.unit) in shared]
        own = [[each for each in graph.resources if id(each.unit) not in shared] for graph in graphs]
        if sum(map(len, own)) > MOST * len(common) * (len(graphs) - 1):
            return None
        parting = _Parting(graphs, common, own)
        return parting.parts() if parting.pays else None


class _Parting:
    """Parts worlds, given what they share and what each has for its own.

    What is shared and no witness is grouped by the worlds that touch it.
    """

    def __init__(self, graphs: Sequence[Graph], common: Sequence[Resource], own: Sequence[Sequence[Resource]]) -> None:
        self._graphs = graphs
        self._own = own
        self._all = frozenset(range(len(graphs)))
        alone = [each for found in own for each in found]
        self._witnesses = Witnesses.of(common, alone, graphs[0].facts, graphs[0].roles)
        seen = self._witnesses.seen
        self._held = Held(common, own, graphs[0].facts)
        shown, common = [each for each in common if id(each) in seen], [each for each in common if id(each) not in seen]
        every = [*common, *alone]
        everywhere = [each for each in common if acts_everywhere(each)]
        refused = (*everywhere, *filter(acts_everywhere, alone))
        self._acting = Acting(graphs, refused)
        self._groups: dict[Worlds, list[Resource]] = {frozenset(): []}
        self._touched: list[list[Resource]] = [[] for _ in graphs]
        for each, worlds in zip(
            common,
            touching(common, [(*found, *everywhere) for found in own], Ties(every, graphs[0].roles, shown)),
            strict=True,
        ):
            self._groups.setdefault(worlds, []).append(each)
            for number in worlds:
                self._touched[number].append(each)
        self._beside = {worlds: _bearings(found, graphs[0].facts) for worlds, found in self._groups.items()}
        self._shared = frozenset[Bearing]().union(*self._beside.values())
        self._perhaps = _bearings(alone, graphs[0].facts)
        self._scattered = scattered((*self._groups.values(), alone), shown)

    @property
    def pays(self) -> bool:
        """Whether enough is shared that not all worlds touch."""
        spared = sum(len(found) * len(self._all - worlds) for worlds, found in self._groups.items())
        return spared * SPARED > sum(map(len, self._groups.values())) * len(self._all)

    def parts(self) -> Parts:
        """All parts."""
        made = {worlds: self._group(worlds) for worlds in self._groups if worlds < self._all}
        untouched = made.pop(frozenset())
        partly = tuple((self._all - worlds, part) for worlds, part in made.items())
        return Parts(untouched, tuple(map(self._rest, range(len(self._graphs)))), partly, self._witnesses.seen)

    def _group(self, worlds: Worlds) -> Part:
        """What these worlds touch, as it is in the others."""
        beyond = Beyond(self._surely(lambda others: others != worlds), self._perhaps)
        return self._part(self._groups[worlds], self._all - worlds, beyond)

    def _rest(self, number: int) -> Part:
        """What a world has for its own, and what that touches."""
        beyond = Beyond(self._surely(lambda others: number not in others))
        return self._part((*self._touched[number], *self._own[number]), frozenset((number,)), beyond)

    def _part(self, resources: Iterable[Resource], worlds: Worlds, beyond: Beyond) -> Part:
        """A part of some worlds, in the order of the first of them."""
        world = self._graphs[min(worlds)]
        held = self._witnesses.seen.union(map(id, resources))
        among = (each for each in world.resources if id(each) in held)
        around = Around(self._held, worlds, world)
        return Part(among, world, beyond, self._acting, self._scattered, around, self._witnesses)

    def _surely(self, is_beyond: Callable[[Worlds], bool]) -> frozenset[Bearing]:
        """What bears on a part of all that is shared; a part's own bearings change nothing, but for one."""
        connects = any(CONNECTIONS in found and is_beyond(worlds) for worlds, found in self._beside.items())
        return self._shared if connects else self._quiet

    @cached_property
    def _quiet(self) -> frozenset[Bearing]:
        return self._shared - {CONNECTIONS}


def _bearings(resources: Iterable[Resource], facts: Facts) -> frozenset[Bearing]:
    return frozenset(bearing for each in resources for bearing in bearings(each, facts))
