"""The resource graph of all worlds as plain frozen data, for whoever prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from k8snet_lint.graph import Edge, Graph
from k8snet_lint.graph.references import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph import Unresolved
    from k8snet_lint.loader import Loaded
    from k8snet_lint.resource import Resource, ResourceName
    from k8snet_lint.source import Location


@dataclass(frozen=True, slots=True)
class Shown:
    """A resource, where it is written, and the unit that applies it."""

    name: ResourceName
    location: Location
    unit: str


@dataclass(frozen=True, slots=True)
class Related:
    """One resource's relation to another, and where it is written."""

    source: Shown
    relation: str
    target: Shown
    location: Location


@dataclass(frozen=True, slots=True)
class Dangling:
    """A reference that leads nowhere; `near` are places of near misses with a word on each."""

    source: Shown
    relation: str
    kind: str
    wanted: str
    location: Location
    covered: bool
    near: tuple[tuple[Location, str], ...]


@dataclass(frozen=True, slots=True)
class UnitShown:
    """A unit: its root, how its objects came to be, and the worlds it is part of."""

    name: str
    kind: str
    reason: str
    worlds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Resources and relations of all worlds, each once, in the order of files and places."""

    units: tuple[UnitShown, ...]
    worlds: tuple[str, ...]
    resources: tuple[Shown, ...]
    relations: tuple[Related, ...]
    unresolved: tuple[Dangling, ...]

    @staticmethod
    def of(loaded: Loaded, facts: Facts) -> Overview:
        """What was loaded, worked out world by world."""
        seen: dict[Resource, Shown] = {}
        relations: dict[Related, None] = {}
        dangling: dict[Dangling, None] = {}
        for world in loaded.worlds:
            graph = Graph.of(world, facts)
            views = {resource: _shown(resource) for resource in graph.resources}
            seen.update(views)
            for relation, kind in REFERENCES:
                for reference in graph.references(relation, kind):
                    if isinstance(reference, Edge):
                        source, target = views[reference.source], views[reference.target]
                        relations[Related(source, relation.value, target, reference.at.location)] = None
                    else:
                        dangling[_dangling(reference, views[reference.source])] = None
        return Overview(
            units=tuple(
                UnitShown(
                    name=unit.name,
                    kind=unit.kind.value,
                    reason=unit.reason,
                    worlds=tuple(world.name for world in loaded.worlds if world.name and unit in world.units),
                )
                for unit in loaded.units
            ),
            worlds=tuple(world.name for world in loaded.worlds if world.name),
            resources=_sorted(dict.fromkeys(seen.values())),
            relations=tuple(sorted(relations, key=lambda each: (_place(each.source), each.location.sort_key, each.relation, _place(each.target)))),
            unresolved=tuple(sorted(dangling, key=lambda each: (_place(each.source), each.location.sort_key, each.relation))),
        )


def _shown(resource: Resource) -> Shown:
    return Shown(resource.identity, resource.node.location, resource.unit.name)


def _dangling(missing: Unresolved, source: Shown) -> Dangling:
    near = tuple((miss.node.location, miss.text) for miss in missing.near)
    return Dangling(
        source, missing.relation.value, missing.kind, missing.wanted, missing.at.location, missing.covered, near
    )


def _place(shown: Shown) -> tuple[object, ...]:
    return (shown.location.sort_key, shown.unit, shown.name)


def _sorted(resources: Iterable[Shown]) -> tuple[Shown, ...]:
    return tuple(sorted(resources, key=_place))
