"""What the kinds of the Gateway API refer to by name."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from k8snet_lint.graph.edges import Edges, Relation, Unresolved
from k8snet_lint.graph.named import named, referred
from k8snet_lint.resource import (
    BackendTLSPolicy,
    ConfigMap,
    Gateway,
    GatewayClass,
    GatewayRoute,
    ListenerHolder,
    ListenerSet,
    Secret,
    Service,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import ObjectRef, Resource

Written = Edges | Unresolved

CLASSES_BY_CONTROLLER = (
    "istio*",
    "cilium",
    "gke-l7-*",
    "gke-td",
    "gke-persistent-*",
    "azure-alb-external",
    "azure-alb-internal",
    "approuting-istio",
    "amazon-vpc-lattice",
    "openshift-default",
    "traefik",
    "nginx",
    "kong",
    "kgateway*",
    "agentgateway*",
    "gloo-gateway*",
    "eg",
    "envoy-gateway",
    "contour",
    "haproxy",
    "consul",
    "consul-api-gateway",
    "tailscale",
    "ngrok",
    "linkerd*",
)
"""Names of classes that controllers, or the charts that install them, make, by their documentation."""


def gateway_class(graph: Graph, gateway: Gateway) -> Iterator[Written]:
    """The class of a Gateway."""
    name = gateway.class_node.text
    known = any(fnmatchcase(name, pattern) for pattern in CLASSES_BY_CONTROLLER)
    assumed = ("*",) if known else graph.facts.assumed.gateway_classes
    if name:
        yield from named(graph, gateway, GatewayClass, gateway.class_node, Relation.REFERS_TO, assumed=assumed)


def certificates(graph: Graph, holder: ListenerHolder) -> Iterator[Written]:
    """The Secrets of the listeners of a Gateway or ListenerSet."""
    assumed = ("*",) if holder.is_issued else graph.facts.assumed.secrets
    for listener in holder.listeners:
        for each in listener.certificates:
            if each.is_secret and each.name:
                yield from referred(graph, holder, Secret, each, Relation.REFERS_TO, assumed=assumed)


def parent_gateway(graph: Graph, listener_set: ListenerSet) -> Iterator[Written]:
    """The Gateway that a ListenerSet is merged into."""
    parent = listener_set.parent
    if parent.is_gateway and parent.name:
        assumed = graph.facts.assumed.gateways
        yield from referred(graph, listener_set, Gateway, parent, Relation.ATTACHES_TO, assumed=assumed)


def route_parents(graph: Graph, route: GatewayRoute) -> Iterator[Written]:
    """What a route is to be attached to."""
    for parent in route.parents:
        kind = _PARENTS.get((parent.target.group, parent.target.kind))
        if kind is not None and parent.target.name:
            services = kind is Service
            assumed = graph.facts.assumed.services if services else graph.facts.assumed.gateways
            yield from referred(graph, route, kind, parent.target, Relation.ATTACHES_TO, assumed=assumed)


def route_backends(graph: Graph, route: GatewayRoute) -> Iterator[Written]:
    """The Services that a route sends traffic to."""
    assumed = graph.facts.assumed.services
    for rule in route.rules:
        for backend in rule.sent:
            if backend.target.is_service and backend.target.name:
                yield from referred(graph, route, Service, backend.target, Relation.ROUTES_TO, assumed=assumed)


def policy_targets(graph: Graph, policy: BackendTLSPolicy) -> Iterator[Written]:
    """The Services that a BackendTLSPolicy is for."""
    for target in policy.targets:
        if target.is_service and target.name:
            assumed = graph.facts.assumed.services
            yield from referred(graph, policy, Service, target, Relation.SELECTS, assumed=assumed)


def policy_authorities(graph: Graph, policy: BackendTLSPolicy) -> Iterator[Written]:
    """The ConfigMaps, or Secrets, with the certificates of authorities that a BackendTLSPolicy trusts."""
    for each in policy.authorities:
        if each.name and not each.group and each.kind in ("ConfigMap", "Secret"):
            kind, assumed = (
                (Secret, graph.facts.assumed.secrets)
                if each.is_secret
                else (ConfigMap, graph.facts.assumed.config_maps)
            )
            yield from referred(graph, policy, kind, each, Relation.REFERS_TO, assumed=assumed)


def names_wanted_by_gateways(resource: Resource) -> Iterator[tuple[type[Resource], str, str]]:
    """The kind, namespace and name of everything that a resource of the Gateway API refers to by name."""
    if isinstance(resource, Gateway):
        yield GatewayClass, "", resource.class_node.text
    if isinstance(resource, ListenerHolder):
        for listener in resource.listeners:
            yield from (_wanted(Secret, each) for each in listener.certificates if each.is_secret)
    elif isinstance(resource, GatewayRoute):
        for parent in resource.parents:
            kind = _PARENTS.get((parent.target.group, parent.target.kind))
            if kind is not None:
                yield _wanted(kind, parent.target)
        for rule in resource.rules:
            yield from (_wanted(Service, each.target) for each in rule.sent if each.target.is_service)
    elif isinstance(resource, BackendTLSPolicy):
        yield from (_wanted(Service, each) for each in resource.targets if each.is_service)
        yield from (_wanted(ConfigMap, each) for each in resource.authorities if each.kind == "ConfigMap")
    if isinstance(resource, ListenerSet):
        yield _wanted(Gateway, resource.parent)


def _wanted(kind: type[Resource], ref: ObjectRef) -> tuple[type[Resource], str, str]:
    return kind, ref.namespace, ref.name


_PARENTS: Mapping[tuple[str, str], type[Resource]] = {
    ("gateway.networking.k8s.io", "Gateway"): Gateway,
    ("gateway.networking.k8s.io", "ListenerSet"): ListenerSet,
    ("gateway.networking.x-k8s.io", "XListenerSet"): ListenerSet,
    ("", "Service"): Service,
}
