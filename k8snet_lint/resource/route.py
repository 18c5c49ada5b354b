"""Routes of the Gateway API: HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, UDPRoute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.object_ref import GATEWAY_GROUP, ObjectRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node


class ParentRef(NamedTuple):
    """What a route is to be attached to: a Gateway, a ListenerSet, or a Service of the mesh (GEP-1426).

    Shapes: `section` is absent or empty for all of the parent; so is `port` None.
    """

    target: ObjectRef
    section: Node
    port: int | None

    @staticmethod
    def of(node: Node, home: str) -> ParentRef:
        target = ObjectRef.of(node, home, GATEWAY_GROUP, "Gateway")
        return ParentRef(target, node["sectionName"], node["port"].integer)

    @property
    def node(self) -> Node:
        return self.target.node

    @property
    def is_narrowed(self) -> bool:
        """Whether it means some of the parent's listeners only."""
        return bool(self.section.text) or self.port is not None


class BackendRef(NamedTuple):
    """Where a rule sends traffic.

    Shapes: `port` is a Service's port number; `weight` is 1 where none is written; `is_copy` is true for what a
    filter sends, such as a mirrored request or one for authorization.
    """

    target: ObjectRef
    port: int | None
    weight: int
    is_copy: bool

    @staticmethod
    def of(node: Node, home: str, *, is_copy: bool = False) -> BackendRef:
        weight = node["weight"].integer
        target = ObjectRef.of(node, home, "", "Service")
        return BackendRef(target, node["port"].integer, 1 if weight is None else weight, is_copy)

    @property
    def node(self) -> Node:
        return self.target.node


class RouteMatch(NamedTuple):
    """The requests that one item of `matches` means; what is left out matches everything.

    Shapes: `path` and `path_type` are those of an HTTPRoute, or `service/method` and its type of a GRPCRoute;
    `conditions` are headers, query parameters and the method.
    """

    node: Node
    path_type: str
    path: str
    conditions: frozenset[tuple[str, ...]]


class RouteRule(NamedTuple):
    """One item of a route's `rules`."""

    node: Node
    matches: tuple[RouteMatch, ...]
    backends: tuple[BackendRef, ...]
    copies: tuple[BackendRef, ...]

    @property
    def redirects(self) -> bool:
        """Whether a filter answers every request with a redirect, so that no backend gets one."""
        return any(each["type"].text == "RequestRedirect" or each["requestRedirect"] for each in self.node["filters"])

    @property
    def sent(self) -> tuple[BackendRef, ...]:
        """Every backend that is written, those of filters last."""
        return (*self.backends, *self.copies)


class GatewayRoute(Resource):
    """What the kinds of routes have in common."""

    protocol = "TCP"
    has_hostnames = True

    @cached_property
    def parents(self) -> tuple[ParentRef, ...]:
        return tuple(ParentRef.of(node, self.namespace) for node in self.spec["parentRefs"] if node.is_mapping)

    @cached_property
    def hostnames(self) -> tuple[Node, ...]:
        """Where its host names are written; empty for every host, and for a kind that knows none."""
        return tuple(each for each in self.spec["hostnames"] if each.text) if self.has_hostnames else ()

    @cached_property
    def rules(self) -> tuple[RouteRule, ...]:
        return tuple(self._rule(node) for node in self.spec["rules"] if node.is_mapping)

    @cached_property
    def is_mesh(self) -> bool:
        """Whether it steers traffic within the cluster: all its parents are Services."""
        return bool(self.parents) and all(parent.target.is_service for parent in self.parents)

    @property
    def serves(self) -> bool:
        """Whether it does more than redirect and answer ACME challenges."""
        return any(
            not rule.redirects and not all(match.path.startswith(ACME) for match in rule.matches) for rule in self.rules
        )

    def _rule(self, node: Node) -> RouteRule:
        backends = [each for each in node["backendRefs"] if each.is_mapping]
        filters = [*node["filters"], *(each for backend in backends for each in backend["filters"])]
        copied = (each.at(*path) for each in filters for path in _SENDING)
        return RouteRule(
            node,
            tuple(self._matches(node)),
            tuple(BackendRef.of(each, self.namespace) for each in backends),
            tuple(BackendRef.of(each, self.namespace, is_copy=True) for each in copied if each.is_mapping),
        )

    def _matches(self, node: Node) -> Iterator[RouteMatch]:  # noqa: ARG002 - as the kinds that match requests have it
        """What the rule matches; nothing for kinds that do not look into the traffic."""
        return iter(())


ACME = "/.well-known/acme-challenge"

_SENDING = (("requestMirror", "backendRef"), ("externalAuth", "backendRef"))
"""Where filters name a backend."""


class HTTPRoute(GatewayRoute):
    """An HTTPRoute."""

    def _matches(self, node: Node) -> Iterator[RouteMatch]:
        for each in node["matches"] or [node["matches"]]:
            path = each["path"]
            conditions = [*_conditions(each, "headers"), *_conditions(each, "queryParams")]
            if each["method"].text:
                conditions.append(("method", each["method"].text))
            yield RouteMatch(each, path["type"].text or "PathPrefix", path["value"].text or "/", frozenset(conditions))


class GRPCRoute(GatewayRoute):
    """A GRPCRoute."""

    def _matches(self, node: Node) -> Iterator[RouteMatch]:
        for each in node["matches"] or [node["matches"]]:
            method = each["method"]
            kind = method["type"].text or "Exact"
            service, name = method["service"].text, method["method"].text
            if kind == "Exact" and not (service and name):
                conditions = [(key, value) for key, value in (("service", service), ("name", name)) if value]
                yield RouteMatch(each, "PathPrefix", "/", frozenset([*conditions, *_conditions(each, "headers")]))
            else:
                path = f"/{service}/{name}"
                yield RouteMatch(each, kind, path, frozenset(_conditions(each, "headers")))


class TLSRoute(GatewayRoute):
    """A TLSRoute, which goes by the name that clients ask for (SNI)."""


class TCPRoute(GatewayRoute):
    """A TCPRoute."""

    has_hostnames = False


class UDPRoute(GatewayRoute):
    """A UDPRoute."""

    protocol = "UDP"
    has_hostnames = False


def _conditions(match: Node, field: str) -> Iterator[tuple[str, ...]]:
    for each in match[field]:
        name = each["name"].text.lower() if field == "headers" else each["name"].text
        yield field, name, each["type"].text or "Exact", each["value"].text
