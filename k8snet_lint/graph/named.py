"""References by name: the object of a kind and name in a namespace, or in none for a cluster-scoped kind."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING

from k8snet_lint.graph import near
from k8snet_lint.graph.edges import Edges, NearMiss, Relation, Unresolved
from k8snet_lint.graph.selection import is_name_loose
from k8snet_lint.placeholder import is_open
from k8snet_lint.resource import ConfigMap, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import ObjectRef, Resource


def named(
    graph: Graph,
    source: Resource,
    kind: type[Resource],
    name: Node,
    relation: Relation,
    *,
    assumed: tuple[str, ...] = (),
) -> Iterator[Edges | Unresolved]:
    """An edge to the object of that name in the source's namespace, or the reference that leads nowhere."""
    wanted = name.text
    namespace = "" if kind.cluster_scoped else source.namespace
    found = graph.named(kind, namespace, wanted, source)
    if found:
        yield Edges(source, relation, found, name)
    if found or is_open(wanted) or graph.supplies(kind, namespace, wanted) or is_assumed(namespace, wanted, assumed):
        return
    unsettled = not kind.cluster_scoped and is_name_loose(graph, source, kind, wanted)
    loose = unsettled or graph.is_elsewhere(kind, namespace, wanted)
    unclaimed, called = graph.unclaimed(kind, namespace), partial(graph.named, kind, namespace)
    misses = () if loose else near.names(wanted, unclaimed, called)
    yield Unresolved(
        source=source,
        relation=relation,
        kind=kind.__name__,
        wanted=f"{namespace}/{wanted}" if namespace else wanted,
        at=name,
        covered=not loose and _holds(graph, kind, namespace, wanted, source),
        near=misses,
        nearly=() if loose or misses else near.called_like(wanted, graph.spelt(kind, namespace)),
    )


def referred(
    graph: Graph,
    source: Resource,
    kind: type[Resource],
    ref: ObjectRef,
    relation: Relation,
    *,
    assumed: tuple[str, ...] = (),
) -> Iterator[Edges | Unresolved]:
    """An edge to the object that a reference of the Gateway API means, which may be of another namespace."""
    name = ref.node["name"]
    found = graph.named(kind, ref.namespace, ref.name, source)
    if found:
        yield Edges(source, relation, found, name)
    known = graph.supplies(kind, ref.namespace, ref.name) or is_assumed(ref.namespace, ref.name, assumed)
    if found or known or is_open(ref.name) or is_open(ref.namespace):
        return
    may_move = graph.may_move(kind, ref.name)
    unsettled = may_move if ref.is_abroad else is_name_loose(graph, source, kind, ref.name)
    loose = unsettled or graph.is_elsewhere(kind, ref.namespace, ref.name)
    misses = () if loose else (_elsewhere(graph, kind, ref, relation) or _misspelt(graph, kind, ref))
    yield Unresolved(
        source=source,
        relation=relation,
        kind=ref.kind,
        wanted=f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name,
        at=name,
        covered=not loose and _covers(graph, kind, ref, source),
        near=misses,
        nearly=() if loose or misses else near.called_like(ref.name, graph.spelt(kind, ref.namespace)),
    )


def _covers(graph: Graph, kind: type[Resource], ref: ObjectRef, source: Resource) -> bool:
    """Whether the world would hold the object, unless it is said that nothing lives elsewhere.

    Gateways are mostly another team's. A ConfigMap is a bundle of authorities, which trust-manager and its like write.
    """
    fixed = kind is Service or (bool(ref.namespace) and kind is not ConfigMap) or graph.facts.assumed.complete
    return fixed and _holds(graph, kind, ref.namespace, ref.name, source)


def _holds(graph: Graph, kind: type[Resource], namespace: str, name: str, source: Resource) -> bool:
    """Whether the world would hold the object: no operator makes it of a custom resource, as far as can be told."""
    if not graph.covers(kind, namespace, source):
        return False
    return kind is not Service or graph.facts.assumed.complete or not graph.may_be_operated(namespace, name)


def _misspelt(graph: Graph, kind: type[Resource], ref: ObjectRef) -> tuple[NearMiss, ...]:
    return near.names(ref.name, graph.unclaimed(kind, ref.namespace), partial(graph.named, kind, ref.namespace))


def _elsewhere(graph: Graph, kind: type[Resource], ref: ObjectRef, relation: Relation) -> tuple[NearMiss, ...]:
    """A parent of that very name in one other namespace, where the reference forgets to name it."""
    if relation is not Relation.ATTACHES_TO or ref.node["namespace"].text or ref.is_service or not ref.namespace:
        return ()
    anywhere = graph.named_anywhere(kind, ref.name)
    if len({each.namespace for each in anywhere}) != 1:
        return ()
    return tuple(NearMiss(each.name_node, f"{each} has this name, in another namespace") for each in anywhere[:1])


def is_assumed(namespace: str, name: str, assumed: tuple[str, ...]) -> bool:
    """Whether one of the patterns, `namespace/name` or a name for any namespace, means the object."""
    return any(
        fnmatchcase(name, pattern) if "/" not in pattern else fnmatchcase(f"{namespace}/{name}", pattern)
        for pattern in assumed
    )
