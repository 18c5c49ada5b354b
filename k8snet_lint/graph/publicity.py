"""Which Ingresses, routes and Gateways the Internet can reach, as far as names, classes, hosts and annotations tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.expression import expression
from k8snet_lint.graph.address_pools import AddressPools
from k8snet_lint.graph.ingress.classes import ALB_SCHEME
from k8snet_lint.graph.logins import Logins
from k8snet_lint.resource import Gateway, GatewayRoute, Ingress
from k8snet_lint.resource.words import is_loopback

if TYPE_CHECKING:
    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import Resource, Service

LIMITS = ("whitelist-source-range", "denylist-source-range", "allowlist-source-range", "inbound-cidrs")
"""Endings of annotations by which controllers admit certain addresses only."""

DENYING = "denylist-source-range"

EVERYONE = frozenset({"0.0.0.0/0", "::/0"})
"""The blocks that such a list is none with, unless it keeps them off."""

PRIVATE_WORDS = frozenset({"internal", "private", "intranet", "int", "local", "tailscale", "vpn"})
PRIVATE_HOSTS = (
    *(".local", ".internal", ".lan", ".home", ".test", ".svc", ".cluster.local"),
    *(".home.arpa", ".localdomain", ".intranet", ".private", ".corp"),
)
"""How hosts end that nobody resolves on the Internet (RFC 6761, RFC 6762, RFC 8375)."""
PRIVATE_ADDRESS = expression(
    r"(?:.+[.-])?(?:10[.-]\d+|172[.-](?:1[6-9]|2\d|3[01])|192[.-]168)[.-]\d+[.-]\d+"
    r"\.(?:(?:nip|sslip|xip)\.io|traefik\.me)"
)
"""Names that public name servers answer with the private address that stands in them."""


class Publicity:
    """What of a world is meant for everyone."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._pools = AddressPools(graph)
        self._logins = Logins(graph)

    def is_public(self, opener: Resource) -> bool:
        """Whether nothing keeps an Ingress, a route of the Gateway API or of OpenShift off the Internet."""
        limited = any(
            key.endswith(LIMITS) and (key.endswith(DENYING) or EVERYONE.isdisjoint(value.replace(",", " ").split()))
            for key, value in opener.annotations.items()
        )
        words = {*_words(opener.name), *_words(opener.namespace)}
        if limited or words & PRIVATE_WORDS:
            return False
        if isinstance(opener, Ingress):
            return self._is_public_ingress(opener) and not _are_private([host.text for host in opener.hosts])
        if isinstance(opener, GatewayRoute):
            return self._is_public_route(opener) and not _are_private([host.text for host in opener.hostnames])
        return not _are_private([opener.spec["host"].text])

    def may_authenticate(self, opener: Resource) -> bool:
        """Whether an Ingress or a route asks clients for credentials, or may."""
        return self._logins.may_be_asked(opener)

    def is_internal(self, service: Service) -> bool:
        """Whether something keeps a load balancer off the Internet: its Service, or the addresses there are."""
        return service.is_internal or self._pools.keep_inside(service)

    def is_public_gateway(self, gateway: Gateway) -> bool:
        """Whether nothing keeps a Gateway's addresses off the Internet."""
        told = gateway.class_node.text in self._graph.facts.internal_ingress_classes
        words = {*_words(gateway.name), *_words(gateway.namespace)}
        return not (told or gateway.is_internal or words & PRIVATE_WORDS)

    def _is_public_ingress(self, ingress: Ingress) -> bool:
        classes = self._graph.ingress_classes
        alb = any(key.startswith("alb.ingress.kubernetes.io/") for key in ingress.annotations)
        internal = alb and ingress.annotations.get(ALB_SCHEME) != "internet-facing"
        named = bool(_words(classes.class_of(ingress)) & PRIVATE_WORDS)
        return not (classes.is_internal(ingress) or ingress.is_acme_solver or internal or named)

    def _is_public_route(self, route: GatewayRoute) -> bool:
        """By the Gateways that take it; where none is known, by what its parents are called."""
        gateways = self._graph.attachments.gateways(route)
        if gateways:
            return any(map(self.is_public_gateway, gateways))
        named = {word for parent in route.parents for word in _words(parent.target.name)}
        return not (route.is_mesh or named & PRIVATE_WORDS)


def _are_private(hosts: list[str]) -> bool:
    return any(hosts) and all(map(_is_private, hosts))


def _is_private(host: str) -> bool:
    if host and "." not in host:
        return True
    return host.endswith(PRIVATE_HOSTS) or is_loopback(host) or PRIVATE_ADDRESS.fullmatch(host) is not None


def _words(text: str) -> set[str]:
    return {*text.lower().replace("_", "-").replace(".", "-").split("-")}
