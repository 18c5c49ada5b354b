"""Who refers to whom, and what leads nowhere; worked out when it is first asked for."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.coverage import Coverage
from k8snet_lint.graph.edges import Edge, Edges, Missed, Relation, Unresolved
from k8snet_lint.graph.references import REFERENCES
from k8snet_lint.graph.resources import NONE
from k8snet_lint.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import networkx as nx

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph.references import Reference, Written
    from k8snet_lint.graph.resources import Examples

    Numbered = tuple[int, Edges]
    Referring = Mapping[tuple[Relation, type[Resource]], Callable[..., Iterator[Written]]]


class Relations(Coverage):
    """The edges between the resources of a world.

    What is worked out is kept once it is whole: a part of a world may refuse to say some of it (`Part`).
    """

    def __init__(self, resources: Iterable[Resource], facts: Facts, examples: Examples = NONE) -> None:
        super().__init__(resources, facts, examples)
        self._references: dict[tuple[Relation, type[Resource]], tuple[Written, ...]] = {}
        self._targets: dict[tuple[Relation, type[Resource]], dict[Resource, list[Edges]]] = {}
        self._kinds: dict[tuple[Relation, type[Resource]], tuple[type[Resource], ...]] = {}
        self._sources: dict[tuple[Relation, type[Resource]], dict[Resource, list[list[Numbered]]]] = {}

    @cached_property
    def referring(self) -> Referring:
        """Which references resources hold, by relation and kind."""
        return REFERENCES

    def references(self, relation: Relation, kind: type[Resource]) -> Iterator[Reference]:
        """Every reference by that relation that resources of a kind hold, resolved or not."""
        for each in self._written(relation, kind):
            yield from each.each if isinstance(each, Edges) else (_told(each),)

    def targets(self, resource: Resource, relation: Relation) -> tuple[Edge, ...]:
        """What the resource refers to by that relation."""
        return tuple(edge for edges in self._leading(resource, relation) for edge in edges.each)

    def sources(self, resource: Resource, relation: Relation, among: type[Resource] = Resource) -> tuple[Edge, ...]:
        """What refers to the resource by that relation, among the resources of a kind."""
        found = self._sources.get((relation, among))
        if found is None:
            found = self._sources[relation, among] = self._by_target(relation, among)
        groups = found.get(resource, ())
        every = (each for group in groups for each in group)
        ordered = every if len(groups) == 1 else sorted(every, key=itemgetter(0))
        return tuple(Edge(edges.source, relation, resource, edges.at) for _, edges in ordered)

    def unresolved(self, relation: Relation, *kinds: type[Resource]) -> tuple[Unresolved, ...]:
        """The references by that relation that resources of some kinds hold and that lead nowhere."""
        written = (each for kind in kinds for each in self._written(relation, kind))
        return tuple(_told(each) for each in written if not isinstance(each, Edges))

    def to_networkx(self) -> nx.MultiDiGraph[Resource]:
        """The graph for algorithms and exports: nodes are resources, edges carry `relation` and `edge`."""
        import networkx as nx  # noqa: PLC0415 - costs more than a whole check

        exported: nx.MultiDiGraph[Resource] = nx.MultiDiGraph()
        exported.add_nodes_from(self.resources)
        for relation, kind in self.referring:
            for edge in self.references(relation, kind):
                if isinstance(edge, Edge):
                    exported.add_edge(edge.source, edge.target, relation=relation, edge=edge)
        return exported

    def _leading(self, resource: Resource, relation: Relation) -> Sequence[Edges]:
        view = type(resource)
        kinds = self._kinds.get((relation, view))
        if kinds is None:
            found = (kind for of, kind in self.referring if of is relation and issubclass(view, kind))
            kinds = self._kinds[relation, view] = tuple(found)
        return [edges for kind in kinds for edges in self._held(relation, kind).get(resource, ())]

    def _held(self, relation: Relation, kind: type[Resource]) -> Mapping[Resource, Sequence[Edges]]:
        """What resources of a kind refer to by that relation, by who does."""
        found = self._targets.get((relation, kind))
        if found is None:
            found = {}
            for edges in self._written(relation, kind):
                if isinstance(edges, Edges):
                    found.setdefault(edges.source, []).append(edges)
            self._targets[relation, kind] = found
        return found

    def _written(self, relation: Relation, kind: type[Resource]) -> tuple[Written, ...]:
        """The references as they are written, a selector's as one."""
        found = self._references.get((relation, kind))
        if found is None:
            refer = self.referring.get((relation, kind))
            every = (reference for each in self.select(kind) for reference in refer(self, each)) if refer else ()
            found = self._references[relation, kind] = tuple(every)
        return found

    def _by_target(self, relation: Relation, among: type[Resource]) -> dict[Resource, list[list[Numbered]]]:
        """What refers to each resource, numbered: one list for all that lead to the same resources."""
        groups: dict[int, list[Numbered]] = {}
        found: dict[Resource, list[list[Numbered]]] = {}
        for numbered in enumerate(self._resolved(relation, among)):
            targets = numbered[1].targets
            if id(targets) not in groups:
                groups[id(targets)] = []
                for target in targets:
                    found.setdefault(target, []).append(groups[id(targets)])
            groups[id(targets)].append(numbered)
        return found

    def _resolved(self, relation: Relation, among: type[Resource]) -> Iterator[Edges]:
        kinds = (kind for of, kind in self.referring if of is relation and issubclass(kind, among))
        return (each for kind in kinds for each in self._written(relation, kind) if isinstance(each, Edges))


def _told(missing: Unresolved | Missed) -> Unresolved:
    return missing.unresolved if isinstance(missing, Missed) else missing
