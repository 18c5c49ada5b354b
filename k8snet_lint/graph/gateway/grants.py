"""References from one namespace into another, and the ReferenceGrants that allow them (GEP-709)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Gateway, GatewayRoute, ListenerHolder, ReferenceGrant, Secret, Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import ObjectRef, Resource


class Crossing(NamedTuple):
    """A reference into another namespace; `role` says what the target is there for."""

    source: Resource
    target: ObjectRef
    role: str


class Allowance(NamedTuple):
    """Objects of a kind and namespace, and what they may refer to: an object, or all of a kind for an empty name."""

    group: str
    kind: str
    namespace: str
    target_group: str
    target_kind: str
    target_namespace: str
    target_name: str


class Grants:
    """The ReferenceGrants of a world, and the references that need them. Parents of routes, and meshes, need none."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def allow(self, source: Resource, target: ObjectRef) -> bool:
        """Whether a grant of the target's namespace lets the source refer to it."""
        return not self._allowed.isdisjoint(_asking(source, target))

    def would_hold(self, namespace: str) -> bool:
        """Whether the world holds what lives in a namespace, so that a grant of it would be there too."""
        complete = self._graph.facts.assumed.complete
        return complete or self._graph.namespaces.first_in(namespace) is not None

    def surely_refuse(self, source: Resource, target: ObjectRef) -> bool:
        """Whether a reference that no grant allows is known not to be allowed by one that is elsewhere, or unfinished.

        A grant is unfinished where a variable stands for the namespace that it is for.
        """
        may_come = not self._unfinished.isdisjoint(each._replace(namespace="") for each in _asking(source, target))
        return bool(source.namespace) and self.would_hold(target.namespace) and not may_come

    def of(self, namespace: str) -> Sequence[ReferenceGrant]:
        """The grants of a namespace."""
        return self._by_namespace.get(namespace, ())

    def misplaced(self, source: Resource, target: ObjectRef) -> ReferenceGrant | None:
        """A grant that would allow it in the target's namespace and stands in the source's, where it allows nothing.

        What it trusts is of its own namespace, of which nobody needs a grant.
        """
        asked = frozenset(_asking(source, target))
        for grant in self.of(source.namespace):
            there = (each._replace(target_namespace=target.namespace) for each in _given(grant))
            is_for_its_own = all(each.namespace == grant.namespace for each in grant.trusted)
            if is_for_its_own and not asked.isdisjoint(there):
                return grant
        return None

    @cached_property
    def refused(self) -> tuple[Crossing, ...]:
        """The references that no grant allows."""
        return tuple(each for each in self._crossings if not self.allow(each.source, each.target))

    @cached_property
    def unused(self) -> tuple[ReferenceGrant, ...]:
        """The grants that allow none of the references of the world."""
        asked = frozenset(allowance for each in self._crossings for allowance in _asking(each.source, each.target))
        grants = self._graph.select(ReferenceGrant)
        return tuple(grant for grant in grants if asked.isdisjoint(_given(grant)))

    @cached_property
    def _allowed(self) -> frozenset[Allowance]:
        return frozenset(each for grant in self._graph.select(ReferenceGrant) for each in _given(grant))

    @cached_property
    def _unfinished(self) -> frozenset[Allowance]:
        """What is allowed to namespaces that a variable stands for, without these."""
        given = (each for grant in self._graph.select(ReferenceGrant) for each in _given(grant))
        return frozenset(each._replace(namespace="") for each in given if is_open(each.namespace))

    @cached_property
    def _by_namespace(self) -> dict[str, list[ReferenceGrant]]:
        found: dict[str, list[ReferenceGrant]] = {}
        for grant in self._graph.select(ReferenceGrant):
            found.setdefault(grant.namespace, []).append(grant)
        return found

    @cached_property
    def _crossings(self) -> tuple[Crossing, ...]:
        abroad = (each for each in self._references() if each.target.is_abroad and each.target.name)
        return tuple(each for each in abroad if not is_open(each.target.namespace))

    def _references(self) -> Iterator[Crossing]:
        for holder in self._graph.select(ListenerHolder):
            for listener in holder.listeners:
                yield from (Crossing(holder, each, "certificate") for each in listener.certificates)
                yield from (Crossing(holder, each, "CA certificate") for each in listener.client_authorities)
        for gateway in self._graph.select(Gateway):
            yield from (Crossing(gateway, each, "CA certificate") for each in gateway.client_authorities)
            yield from (Crossing(gateway, each, "client certificate") for each in gateway.client_certificates)
        for route in self._graph.select(GatewayRoute):
            # meshes let the consumers of a Service steer their own requests to it (GEP-1426)
            for rule in route.rules if not route.is_mesh else ():
                yield from (Crossing(route, each.target, "backend") for each in rule.backends)
                yield from (Crossing(route, each.target, "mirror") for each in rule.copies)


def _given(grant: ReferenceGrant) -> Iterator[Allowance]:
    """What a grant allows."""
    for who in grant.trusted:
        for what in grant.granted:
            yield Allowance(who.group, who.kind, who.namespace, what.group, what.kind, grant.namespace, what.name)


def _asking(source: Resource, target: ObjectRef) -> Iterator[Allowance]:
    """What has to be allowed for a reference, of which either is enough."""
    for name in ("", target.name):
        who = (source.group, source.kind, source.namespace)
        yield Allowance(*who, target.group, target.kind, target.namespace, name)


def is_there(graph: Graph, target: ObjectRef) -> bool:
    """Whether the object that a reference means is in the world, or made by something that is."""
    kind = Service if target.is_service else Secret
    known = target.is_service or target.is_secret
    return known and (
        bool(graph.named(kind, target.namespace, target.name)) or graph.supplies(kind, target.namespace, target.name)
    )
