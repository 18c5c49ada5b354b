"""Istio's security kinds (security.istio.io v1, v1beta1), as istiod reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.base import Resource
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.manifest import Node

HTTP_SOURCES = ("requestPrincipals", "notRequestPrincipals", "remoteIpBlocks", "notRemoteIpBlocks")
HTTP_OPERATIONS = ("hosts", "notHosts", "methods", "notMethods", "paths", "notPaths")
GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name"
"""The label of the pods that are made for a Gateway of the Gateway API."""


class Targeted(Resource):
    """A kind that is for some workloads: by labels, or by the Gateways and Services that it names."""

    @cached_property
    def selector_node(self) -> Node:
        return self.spec.at("selector", "matchLabels")

    @cached_property
    def selector(self) -> Selector:
        """The labels of its workloads; without any, all of its namespace, or all of the mesh."""
        return Selector.of_labels(self.selector_node)

    @cached_property
    def targets(self) -> tuple[Node, ...]:
        """The objects that it names in the place of a selector (`targetRef`, `targetRefs`)."""
        return tuple(node for node in (self.spec["targetRef"], *self.spec["targetRefs"]) if node.is_mapping)

    @property
    def selects_gateway_pods(self) -> bool:
        """Whether it selects what the Gateway API made, to which only `targetRefs` attaches policies."""
        return not self.targets and any(each.key == GATEWAY_NAME for each in self.selector.requirements)


class AuthorizationRule(NamedTuple):
    """One rule of an AuthorizationPolicy; an empty one matches every request."""

    node: Node

    @property
    def is_everything(self) -> bool:
        return self.node.is_mapping and not any(self.node[field] for field in ("from", "to", "when"))

    @property
    def http_attributes(self) -> Iterator[Node]:
        """What it asks of HTTP alone, so that it means nothing to plain TCP."""
        for field, inner, names in (("from", "source", HTTP_SOURCES), ("to", "operation", HTTP_OPERATIONS)):
            for item in self.node[field]:
                yield from (item[inner][name] for name in names if item[inner][name])
        for condition in self.node["when"]:
            if condition["key"].text.startswith("request."):
                yield condition["key"]

    @property
    def namespaces(self) -> Iterator[Node]:
        """The namespaces of its sources, those that are left out among them."""
        for item in self.node["from"]:
            for field in ("namespaces", "notNamespaces"):
                yield from item["source"][field]

    @property
    def ports(self) -> frozenset[str]:
        """The ports that it names; none where some operation names no port."""
        operations = [item["operation"]["ports"] for item in self.node["to"]]
        if not operations or not all(operations):
            return frozenset()
        return frozenset(str(port.value) for ports in operations for port in ports)


class AuthorizationPolicy(Targeted):
    """A security.istio.io AuthorizationPolicy."""

    @cached_property
    def action(self) -> str:
        """`ALLOW` where no action is written."""
        return self.spec["action"].text or "ALLOW"

    @cached_property
    def rules(self) -> tuple[AuthorizationRule, ...]:
        return tuple(AuthorizationRule(node) for node in self.spec["rules"])

    @property
    def allows_nothing(self) -> bool:
        """Whether it allows, but has no rule that could match: what it selects is closed by default."""
        return self.action == "ALLOW" and not self.rules and (self.spec["rules"].value in (None, []))

    @property
    def everything(self) -> AuthorizationRule | None:
        """The first rule that matches every request."""
        return next((rule for rule in self.rules if rule.is_everything), None)


class RequestAuthentication(Targeted):
    """A security.istio.io RequestAuthentication: which tokens are checked."""


class PeerAuthentication(Targeted):
    """A security.istio.io PeerAuthentication: whether workloads insist on mutual TLS."""

    @cached_property
    def mode(self) -> Node:
        return self.spec.at("mtls", "mode")

    @cached_property
    def port_modes(self) -> tuple[tuple[int, Node], ...]:
        """The modes that single ports of the pods have."""
        written = ((label, node["mode"]) for label, node in self.spec["portLevelMtls"].items())
        return tuple((int(label), mode) for label, mode in written if str(label).isdecimal())


KINDS: Mapping[tuple[str, str], type[Resource]] = {
    ("security.istio.io", "AuthorizationPolicy"): AuthorizationPolicy,
    ("security.istio.io", "PeerAuthentication"): PeerAuthentication,
    ("security.istio.io", "RequestAuthentication"): RequestAuthentication,
}
