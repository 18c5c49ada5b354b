"""Linkerd's policy kinds (policy.linkerd.io v1alpha1 to v1beta3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.resource.base import Resource
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.manifest import Node


class LinkerdServer(Resource):
    """A policy.linkerd.io Server: one port of some pods."""

    @cached_property
    def selector_node(self) -> Node:
        return self.spec["podSelector"]

    @cached_property
    def selector(self) -> Selector | None:
        """The labels of its pods; None where it is for external workloads."""
        return Selector.of(self.selector_node) if self.selector_node.is_mapping else None


class LinkerdServerAuthorization(Resource):
    """A policy.linkerd.io ServerAuthorization: who may talk to Servers, named or selected by their labels."""

    @cached_property
    def server_name(self) -> Node:
        return self.spec.at("server", "name")

    @cached_property
    def server_selector(self) -> Node:
        return self.spec.at("server", "selector")


class LinkerdAuthorizationPolicy(Resource):
    """A policy.linkerd.io AuthorizationPolicy: who may talk to a Server, a route or a Namespace."""

    @cached_property
    def target(self) -> Node:
        return self.spec["targetRef"]


class LinkerdHTTPRoute(Resource):
    """A policy.linkerd.io HTTPRoute."""


KINDS: Mapping[tuple[str, str], type[Resource]] = {
    ("policy.linkerd.io", "Server"): LinkerdServer,
    ("policy.linkerd.io", "ServerAuthorization"): LinkerdServerAuthorization,
    ("policy.linkerd.io", "AuthorizationPolicy"): LinkerdAuthorizationPolicy,
    ("policy.linkerd.io", "HTTPRoute"): LinkerdHTTPRoute,
}
