"""Whether an Ingress or a route asks clients for credentials, or may: by its own words, or by a policy for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.resource import GatewayRoute, Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node

ANNOTATIONS = (
    "/auth-url",
    "/auth-signin",
    "/auth-type",
    "/auth-secret",
    "/auth-tls-secret",
    "/auth-realm",
    "/router.middlewares",
    "/plugins",
    "/basic-auth-secret",
    "/jwt-key",
    "/policies",
    "/backend-config",
)
"""Endings of annotations by which controllers ask for credentials, or may: which middleware or plugin it is, is told
elsewhere (ingress-nginx, NGINX, HAProxy, Traefik, Kong, GKE and the AWS Load Balancer Controller's documentation)."""

FILTERS = frozenset({"ExtensionRef", "ExternalAuth"})
"""Filters of routes that do, or may: what an extension does is told elsewhere (Gateway API, `HTTPRouteFilterType`)."""

POLICIES = ("Auth", "Security", "Extension")
"""Words in the kinds of policies that do, or may: SecurityPolicy, AuthPolicy, RequestAuthentication."""

Target = tuple[str, str, str]


class Logins:
    """Who asks for credentials in a world."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def may_be_asked(self, opener: Resource) -> bool:
        """Whether what comes in by an Ingress or a route is asked for credentials, or may be."""
        if any(key.endswith(ANNOTATIONS) for key in opener.annotations):
            return True
        return isinstance(opener, GatewayRoute) and (
            any(each["type"].text in FILTERS for rule in opener.rules for each in _filters(rule.node))
            or not self._guarded.isdisjoint(self._places(opener))
        )

    def _places(self, route: GatewayRoute) -> Iterator[Target]:
        """The route, and the Gateways that take it, as what policies may be for."""
        yield route.kind, route.namespace, route.name
        for parent in route.parents:
            yield parent.target.kind, parent.target.namespace, parent.target.name

    @cached_property
    def _guarded(self) -> frozenset[Target]:
        """What policies are for that ask for credentials, or may."""
        return frozenset(
            (target["kind"].text, target["namespace"].text or policy.namespace, target["name"].text)
            for policy in self._graph.whole.select(Resource)
            if policy.kind == "TrafficPolicy" or any(word in policy.kind for word in POLICIES)
            for target in (policy.spec["targetRef"], *policy.spec["targetRefs"])
        )


def _filters(rule: Node) -> Iterator[Node]:
    yield from rule["filters"]
    for backend in rule["backendRefs"]:
        yield from backend["filters"]
