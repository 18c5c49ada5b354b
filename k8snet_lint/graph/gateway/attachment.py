"""Which routes attach to which listeners: the verdicts that the Gateway API's controllers would write into status.

Sources: `RouteConditionReason`, the documentation of `Listener.allowedRoutes`, `Listener.hostname`, `ParentReference`;
GEP-709 (references across namespaces), GEP-1426 (Services as parents), GEP-1713 (ListenerSets).
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.gateway import hostnames
from k8snet_lint.graph.gateway.grants import is_there
from k8snet_lint.graph.named import is_assumed
from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Gateway, GatewayRoute, ListenerHolder, ListenerSet, Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import BackendRef, Listener, ParentRef, Resource


MOST = 64
"""More listeners than this in one object the API server rejects, so that it takes no routes as it is written."""


class RouteReason(enum.StrEnum):
    """Why a condition of a route is true or false, in the API's own words; UNKNOWN where the files cannot tell."""

    ACCEPTED = "Accepted"
    NOT_ALLOWED = "NotAllowedByListeners"
    NO_HOSTNAME = "NoMatchingListenerHostname"
    NO_PARENT = "NoMatchingParent"
    RESOLVED = "ResolvedRefs"
    NOT_PERMITTED = "RefNotPermitted"
    NOT_FOUND = "BackendNotFound"
    INVALID_KIND = "InvalidKind"
    UNKNOWN = "Unknown"


class Refusal(NamedTuple):
    """Why one listener does not take a route, as the end of a sentence; `reason` is UNKNOWN where it may."""

    listener: Listener
    reason: RouteReason
    why: str


class Attachment(NamedTuple):
    """A route and one of its parents.

    Shapes: `accepted` is the reason of the condition `Accepted`; `listeners` are those that surely take the route;
    `refusals` are the others that the reference means; `target` is None where the parent is not in the set; `why` is
    why it is unknown, or what does not match, empty where the refusals tell.
    """

    route: GatewayRoute
    parent: ParentRef
    target: Resource | None
    accepted: RouteReason
    listeners: tuple[Listener, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    why: str = ""


class Resolution(NamedTuple):
    """What one backend of a route comes to; `why` is the end of a sentence, empty where all is well."""

    backend: BackendRef
    reason: RouteReason
    why: str = ""


class Attachments:
    """The verdicts on all routes of a world."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._of: dict[GatewayRoute, tuple[Attachment, ...]] = {}
        self._refusals: dict[tuple[int, str, str, bool], Refusal | None] = {}

    @cached_property
    def all(self) -> tuple[Attachment, ...]:
        """Every route with each of its parents, in the order of files and places."""
        return tuple(each for route in self._graph.select(GatewayRoute) for each in self.of(route))

    def of(self, route: GatewayRoute) -> tuple[Attachment, ...]:
        """A route with each of its parents."""
        if route not in self._of:
            self._of[route] = tuple(self._judged(route, parent) for parent in route.parents)
        return self._of[route]

    def gateways(self, route: GatewayRoute) -> tuple[Gateway, ...]:
        """The Gateways of the set that serve the route, or may, as far as labels that are not known decide."""
        found = (
            self._graph.gateways.parent(listener.holder)
            for each in self.of(route)
            for listener in (*each.listeners, *(r.listener for r in each.refusals if r.reason is RouteReason.UNKNOWN))
            if not isinstance(listener.holder, ListenerSet) or self._graph.gateways.takes(listener.holder) is not False
        )
        return tuple(dict.fromkeys(gateway for gateway in found if gateway is not None))

    def attached(self, listener: Listener) -> tuple[GatewayRoute, ...]:
        """The routes that a listener surely takes."""
        return tuple(self._by_listener.get(id(listener), ()))

    def resolved(self, route: GatewayRoute) -> RouteReason:
        """The reason of the route's condition `ResolvedRefs`, the same for all its parents."""
        reasons = {each.reason for each in self.resolutions(route)}
        order = (RouteReason.INVALID_KIND, RouteReason.NOT_PERMITTED, RouteReason.NOT_FOUND, RouteReason.UNKNOWN)
        return next((reason for reason in order if reason in reasons), RouteReason.RESOLVED)

    def resolutions(self, route: GatewayRoute) -> Iterator[Resolution]:
        """What each backend of a route comes to."""
        return (self._resolved(route, backend) for rule in route.rules for backend in rule.sent)

    @cached_property
    def _by_listener(self) -> dict[int, list[GatewayRoute]]:
        found: dict[int, list[GatewayRoute]] = {}
        for each in self.all:
            for listener in each.listeners:
                found.setdefault(id(listener), []).append(each.route)
        return found

    # ── parents ──────────────────────────────────────────────────────────────────────────────────────

    def _judged(self, route: GatewayRoute, parent: ParentRef) -> Attachment:
        wanted = parent.target
        if wanted.is_service:
            return self._on_service(route, parent)
        if not (wanted.is_gateway or wanted.is_listener_set):
            return Attachment(route, parent, None, RouteReason.UNKNOWN, why=f"what takes a {wanted.kind} decides")
        kind: type[ListenerHolder] = Gateway if wanted.is_gateway else ListenerSet
        found = self._graph.named(kind, wanted.namespace, wanted.name, route)
        if any(len(each.listeners) > MOST for each in found):
            return Attachment(route, parent, found[-1], RouteReason.UNKNOWN, why=f"it has more than {MOST} listeners")
        if found:
            return self._on_listeners(route, parent, found)
        return self._absent(route, parent, kind, self._graph.facts.assumed.gateways)

    def _on_listeners(self, route: GatewayRoute, parent: ParentRef, holders: tuple[ListenerHolder, ...]) -> Attachment:
        """The verdict of a parent; where it is described more than once, of all the descriptions together."""
        if all(isinstance(each, ListenerSet) and self._graph.gateways.takes(each) is False for each in holders):
            why = f"{holders[-1]} is not taken by its Gateway itself"
            return Attachment(route, parent, holders[-1], RouteReason.UNKNOWN, why=why)
        listeners = [each for holder in holders for each in holder.listeners]
        meant = [each for each in listeners if _is_meant(parent, each)]
        if not meant and any(_may_be_meant(parent, each) for each in listeners):
            why = "a variable decides which listener is meant"
            return Attachment(route, parent, holders[-1], RouteReason.UNKNOWN, why=why)
        hosts = [each.text.lower() for each in route.hostnames]
        taken, refusals = [], []
        for listener in meant:
            refusal = self._refusal(route, hosts, listener)
            if refusal is None:
                taken.append(listener)
            else:
                refusals.append(refusal)
        reasons = {each.reason for each in refusals}
        order = (RouteReason.UNKNOWN, RouteReason.NO_HOSTNAME, RouteReason.NOT_ALLOWED)
        reason = next((each for each in order if each in reasons), RouteReason.NO_PARENT)
        return Attachment(
            route=route,
            parent=parent,
            target=holders[-1],
            accepted=RouteReason.ACCEPTED if taken else reason,
            listeners=tuple(taken),
            refusals=tuple(refusals),
            why="" if meant else f"{holders[-1]} has no such listener",
        )

    def _refusal(self, route: GatewayRoute, hosts: Sequence[str], listener: Listener) -> Refusal | None:
        refusal = self._refusal_from(route, listener)
        if refusal is not None and refusal.reason is RouteReason.NOT_ALLOWED:
            return refusal
        if listener.hostname and hosts and not any(_may_meet(listener.hostname, host) for host in hosts):
            return Refusal(listener, RouteReason.NO_HOSTNAME, f"it serves '{listener.hostname}'")
        return refusal

    def _refusal_from(self, route: GatewayRoute, listener: Listener) -> Refusal | None:
        """Why the listener takes no routes of that kind from there; the same for all that are alike in this."""
        key = (id(listener), route.kind, route.namespace, route.is_raw)
        if key not in self._refusals:
            self._refusals[key] = self._search(route, listener)
        return self._refusals[key]

    def _search(self, route: GatewayRoute, listener: Listener) -> Refusal | None:
        if not listener.takes(route.kind):
            return Refusal(listener, RouteReason.NOT_ALLOWED, f"it takes no {route.kind}")
        scope = listener.scope
        admitted = self._graph.gateways.admits(scope, listener.holder, route)
        if admitted is False:
            return Refusal(listener, RouteReason.NOT_ALLOWED, f"it takes routes {scope}, and not from this one")
        if admitted is None:
            return Refusal(listener, RouteReason.UNKNOWN, f"it takes routes {scope}, which the files cannot tell")
        return None

    def _on_service(self, route: GatewayRoute, parent: ParentRef) -> Attachment:
        found = self._graph.named(Service, parent.target.namespace, parent.target.name, route)
        if not found:
            return self._absent(route, parent, Service, self._graph.facts.assumed.services)
        if parent.port is not None and not any(each.may_offer(parent.port) for each in found):
            why = f"{found[-1]} has no port {parent.port}"
            return Attachment(route, parent, found[-1], RouteReason.NO_PARENT, why=why)
        return Attachment(route, parent, found[-1], RouteReason.ACCEPTED)

    def _absent(
        self, route: GatewayRoute, parent: ParentRef, kind: type[Resource], assumed: tuple[str, ...]
    ) -> Attachment:
        wanted = parent.target
        told = is_assumed(wanted.namespace, wanted.name, assumed)
        sure = not told and self._graph.covers(kind, wanted.namespace, route)
        reason = RouteReason.NO_PARENT if sure else RouteReason.UNKNOWN
        return Attachment(route, parent, None, reason, why=f"{wanted} is not among the scanned files")

    # ── backends ─────────────────────────────────────────────────────────────────────────────────────

    def _resolved(self, route: GatewayRoute, backend: BackendRef) -> Resolution:
        target, graph = backend.target, self._graph
        if not target.is_service:
            if target.means_core:
                return Resolution(backend, RouteReason.INVALID_KIND, f"there is no API group '{target.group}'")
            if target.is_of_other_kind:
                return Resolution(backend, RouteReason.INVALID_KIND, f"the core API's {target.kind} is no backend")
            return Resolution(backend, RouteReason.UNKNOWN, f"what takes a {target.kind} decides")
        if target.is_abroad and not route.is_mesh and not graph.grants.allow(route, target):
            sure = graph.grants.surely_refuse(route, target)
            why = f"no ReferenceGrant of namespace '{target.namespace}' allows it"
            return Resolution(backend, RouteReason.NOT_PERMITTED if sure else RouteReason.UNKNOWN, why)
        if is_there(graph, target) or is_assumed(target.namespace, target.name, graph.facts.assumed.services):
            return Resolution(backend, RouteReason.RESOLVED)
        sure = graph.covers(Service, target.namespace)
        reason = RouteReason.NOT_FOUND if sure else RouteReason.UNKNOWN
        return Resolution(backend, reason, f"{target} is not among the scanned files")


def _may_meet(served: str, wanted: str) -> bool:
    """Whether some host fits both, as far as one can tell before variables are filled in."""
    return hostnames.meets(served, wanted) or is_open(served) or is_open(wanted)


def _is_meant(parent: ParentRef, listener: Listener) -> bool:
    return parent.section.text in ("", listener.name) and parent.port in (None, listener.port)


def _may_be_meant(parent: ParentRef, listener: Listener) -> bool:
    """Whether it is meant once variables are filled in."""
    section = parent.section.text
    is_called = section in ("", listener.name) or is_open(section) or is_open(listener.name)
    return is_called and (parent.port in (None, listener.port) or is_open(listener.node["port"].value))
