"""Some resources of a world that none of the others has to do with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from k8snet_lint.graph.alone import NotAloneError
from k8snet_lint.graph.edges import Relation
from k8snet_lint.graph.graph import Graph
from k8snet_lint.resource import Kustomization

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from k8snet_lint.graph.edges import Unresolved
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource


class Part(Graph):
    """A graph that says of its resources what the graph of the whole world says of them.

    Raises NotAloneError where that may hang on the others: near misses are looked for everywhere, what the world tells
    nothing of is told once for all of it, and kustomizations have no names that tell them apart. `split` are the
    directories that hold resources of several parts.
    """

    def __init__(self, resources: Iterable[Resource], world: Graph, split: Collection[str]) -> None:
        super().__init__(resources, world.facts, world.definitions, world.examples)
        self._split = split

    @property
    def whole(self) -> NoReturn:
        """Not known here."""
        raise NotAloneError("whole")

    def unresolved(self, relation: Relation, *kinds: type[Resource]) -> tuple[Unresolved, ...]:
        """The references that lead nowhere, where these are by name."""
        found = super().unresolved(relation, *kinds)
        if found and relation in (Relation.SELECTS, Relation.ADMITS, Relation.SCRAPES):
            raise NotAloneError(relation)
        return found

    def in_directory(self, directory: str) -> tuple[Resource, ...]:
        """The resources whose files lie in a directory."""
        if directory in self._split:
            raise NotAloneError(directory)
        return super().in_directory(directory)

    def owner(self, node: Node) -> Resource:
        """The resource that a node is part of."""
        found = super().owner(node)
        if found is None or isinstance(found, Kustomization):
            raise NotAloneError("owner")
        return found
