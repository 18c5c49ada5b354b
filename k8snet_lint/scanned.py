"""What a run looked at, in figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.errors import Skipped
from k8snet_lint.graph import NotAloneError, Relation
from k8snet_lint.loader import UNRENDERED
from k8snet_lint.report import Scanned
from k8snet_lint.resource import (
    Gateway,
    GatewayRoute,
    Ingress,
    ListenerHolder,
    ListenerSet,
    NetworkPolicy,
    Service,
    Workload,
)
from k8snet_lint.resource.openshift import OpenShiftRoute

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from k8snet_lint.config import Config
    from k8snet_lint.graph import Graph, Unresolved
    from k8snet_lint.graph.parts.parts import Parts
    from k8snet_lint.loader import Loaded
    from k8snet_lint.resource import Resource

COUNTED = (
    (Relation.SELECTS, Service),
    (Relation.SELECTS, NetworkPolicy),
    (Relation.ADMITS, NetworkPolicy),
    (Relation.ROUTES_TO, Ingress),
    (Relation.ROUTES_TO, OpenShiftRoute),
    (Relation.REFERS_TO, Ingress),
    (Relation.REFERS_TO, Workload),
    (Relation.ROUTES_TO, GatewayRoute),
    (Relation.ATTACHES_TO, GatewayRoute),
    (Relation.ATTACHES_TO, ListenerSet),
    (Relation.REFERS_TO, Gateway),
    (Relation.REFERS_TO, ListenerHolder),
)
"""The references that count as unresolved where they lead outside."""


Asked = tuple[Relation, "type[Resource]"]
Place = tuple[int, tuple[str | int, ...]]
"""A document, by its id, and a path in it."""


class Outside:
    """The references that lead nowhere in some world; whole worlds are shown to it one by one."""

    def __init__(self, parts: Parts | None, worlds: int) -> None:
        self.places: set[Place] = set()
        self._untold = self._look_at(parts) if parts else dict.fromkeys(COUNTED, frozenset(range(worlds)))

    def look(self, number: int, graph: Graph) -> None:
        """Take the references of a world that its parts do not tell of."""
        for (relation, kind), untold in self._untold.items():
            if number in untold:
                self._take(graph.unresolved(relation, kind))

    def _look_at(self, parts: Parts) -> Mapping[Asked, Collection[int]]:
        """Take the references of parts; gives back the numbers of the worlds that some part does not tell of."""
        untold: dict[Asked, set[int]] = {asked: set() for asked in COUNTED}
        for worlds, part in parts.shares:
            for asked in COUNTED:
                try:
                    missing = part.unresolved(*asked)
                except NotAloneError:
                    untold[asked] |= worlds
                else:
                    own = [each for each in missing if id(each.source) not in parts.seen]
                    self._take(own)
                    if len(own) < len(missing):
                        untold[asked] |= worlds
            if len(worlds) == 1:
                part.whole.forget()
        return untold

    def _take(self, missing: Iterable[Unresolved]) -> None:
        self.places.update((id(each.at.document), each.at.path) for each in missing)


def scanned(loaded: Loaded, graphs: Sequence[Graph], outside: Outside, config: Config) -> Scanned:
    """The scope of a run; an object that several worlds share counts once, and is looked at once where it can be."""
    kinds: dict[int, str] = {}
    namespaces: set[str] = set()
    for graph in graphs:
        for resource in graph.resources:
            kinds[id(resource.node)] = resource.kind
            namespaces.add(resource.namespace)
    objects: dict[str, int] = {}
    for kind_name in kinds.values():
        objects[kind_name] = objects.get(kind_name, 0) + 1
    return Scanned(
        files=loaded.files,
        documents=loaded.documents,
        objects=dict(sorted(objects.items())),
        namespaces=tuple(sorted(namespaces - {""})),
        skipped=(*loaded.skipped, *_unjudged(graphs)),
        unresolved=len(outside.places),
        units=tuple(unit.name for unit in loaded.units),
        worlds=tuple(world.name for world in loaded.worlds if world.name),
        raw=loaded.raw,
        unbuilt=tuple(name for skip in loaded.skipped if skip.reason.startswith(UNRENDERED) for name in skip.names),
        config=config.name,
        notices=tuple(f"{config.where(notice.path)}: {notice.message}" for notice in loaded.notices),
    )


def _unjudged(graphs: Sequence[Graph]) -> Iterator[Skipped]:
    """The rules of definitions that nothing can judge here; all worlds have the same definitions."""
    kinds = sorted({kind for graph in graphs[:1] for kind in graph.fields.unjudged})
    if kinds:
        yield Skipped("kind whose rules in CEL need the extra k8snet-lint[cel]", len(kinds), tuple(kinds), is_gap=True)
