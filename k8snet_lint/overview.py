"""The resource graph of all worlds as plain frozen data, for whoever prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from k8snet_lint.graph import Edge, Graph
from k8snet_lint.resource import GatewayRoute, Kustomization

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph import Unresolved
    from k8snet_lint.graph.gateway.attachment import Attachment
    from k8snet_lint.graph.references import Reference
    from k8snet_lint.loader import Loaded, Unit, World
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
class Attached:
    """A route of the Gateway API and one of its parents, with what the API would say of the two.

    Shapes: `accepted` and `resolved` are reasons of the conditions `Accepted` and `ResolvedRefs`, or `Unknown`;
    `target` is None where the parent is not in the set; `why` says what keeps the route off, empty where nothing does.
    """

    source: Shown
    parent: str
    target: Shown | None
    location: Location
    accepted: str
    listeners: tuple[str, ...]
    why: tuple[str, ...]
    resolved: str
    unresolved: tuple[str, ...]


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
    attachments: tuple[Attached, ...]

    @staticmethod
    def of(loaded: Loaded, facts: Facts) -> Overview:
        """What was loaded, worked out world by world."""
        shown: dict[Shown, None] = {}
        relations: dict[Related, None] = {}
        dangling: dict[Dangling, None] = {}
        attached: dict[Attached, None] = {}
        for graph in Graph.of_worlds(loaded.worlds, facts):
            views = {resource: _shown(resource) for resource in graph.resources}
            shown.update(dict.fromkeys(view for each, view in views.items() if not isinstance(each, Kustomization)))
            for reference in _references(graph):
                source, at = views[reference.source], reference.at.location
                if isinstance(reference, Edge):
                    relations[Related(source, reference.relation.value, views[reference.target], at)] = None
                else:
                    dangling[_dangling(reference, source)] = None
            attached.update(dict.fromkeys(_attached(graph, views)))
        return Overview(
            units=tuple(_unit(unit, loaded.worlds) for unit in loaded.units),
            worlds=tuple(world.name for world in loaded.worlds if world.name),
            resources=tuple(sorted(shown, key=_place)),
            relations=tuple(sorted(relations, key=lambda each: (*_from(each), _place(each.target)))),
            unresolved=tuple(sorted(dangling, key=_from)),
            attachments=tuple(sorted(attached, key=lambda each: (_place(each.source), each.location.sort_key))),
        )


def _references(graph: Graph) -> Iterator[Reference]:
    for relation, kind in graph.referring:
        yield from graph.references(relation, kind)


def _attached(graph: Graph, views: Mapping[Resource, Shown]) -> Iterator[Attached]:
    if not graph.select(GatewayRoute):
        return
    for each in graph.attachments.all:
        resolved = graph.attachments.resolutions(each.route)
        yield Attached(
            source=views[each.route],
            parent=str(each.parent.target),
            target=views[each.target] if each.target is not None else None,
            location=each.parent.node.location,
            accepted=each.accepted.value,
            listeners=tuple(listener.name for listener in each.listeners),
            why=_why(each),
            resolved=graph.attachments.resolved(each.route).value,
            unresolved=tuple(dict.fromkeys(one.why for one in resolved if one.why)),
        )


def _why(attachment: Attachment) -> tuple[str, ...]:
    """What keeps a route off its parent, listener by listener; nothing where some listener takes it."""
    if attachment.listeners:
        return ()
    refused = (f"{refusal.listener}: {refusal.why}" for refusal in attachment.refusals)
    return (*filter(None, (attachment.why,)), *refused)


def _unit(unit: Unit, worlds: Sequence[World]) -> UnitShown:
    within = tuple(world.name for world in worlds if world.name and unit in world.units)
    return UnitShown(unit.name, unit.kind.value, unit.reason, within)


def _shown(resource: Resource) -> Shown:
    return Shown(resource.identity, resource.node.location, resource.unit.name)


def _dangling(missing: Unresolved, source: Shown) -> Dangling:
    near = tuple((miss.node.location, miss.text) for miss in missing.near)
    return Dangling(
        source, missing.relation.value, missing.kind, missing.wanted, missing.at.location, missing.covered, near
    )


def _place(shown: Shown) -> tuple[object, ...]:
    return (shown.location.sort_key, shown.unit, shown.name)


def _from(reference: Related | Dangling) -> tuple[object, ...]:
    return (_place(reference.source), reference.location.sort_key, reference.relation)
