"""Typed views of API objects, a class per kind; what has no class of its own is a plain Resource."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from k8snet_lint.manifest import Node
from k8snet_lint.resource.admin_policy import AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy
from k8snet_lint.resource.base import Resource, ResourceName
from k8snet_lint.resource.container import Container, ContainerPort, Handler
from k8snet_lint.resource.core import ConfigMap, Namespace
from k8snet_lint.resource.endpoints import Endpoints, EndpointSlice
from k8snet_lint.resource.engine_policy import EnginePolicy, EngineResource, EngineRule, PodsMeant
from k8snet_lint.resource.gateway import Gateway, GatewayClass, Listener, ListenerHolder, ListenerSet
from k8snet_lint.resource.gateway_policies import BackendTLSPolicy, ReferenceGrant
from k8snet_lint.resource.ingress import Backend, Ingress, IngressClass, IngressPath, IngressTLS
from k8snet_lint.resource.ip_block import IPBlock, WideRange
from k8snet_lint.resource.kustomization import Kustomization
from k8snet_lint.resource.object_ref import EXPERIMENTAL_GROUP, GATEWAY_GROUP, ObjectRef
from k8snet_lint.resource.operators import Operated, operated
from k8snet_lint.resource.policy import Direction, NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule
from k8snet_lint.resource.route import (
    BackendRef,
    GatewayRoute,
    GRPCRoute,
    HTTPRoute,
    ParentRef,
    RouteMatch,
    RouteRule,
    TCPRoute,
    TLSRoute,
    UDPRoute,
)
from k8snet_lint.resource.secret import Secret
from k8snet_lint.resource.service import Service
from k8snet_lint.resource.service_port import ServicePort
from k8snet_lint.resource.templates import templates
from k8snet_lint.resource.workload import Workload
from k8snet_lint.selector import labels_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.loader import Object, Unit

__all__ = [
    "AdminNetworkPolicy",
    "Backend",
    "BackendRef",
    "BackendTLSPolicy",
    "BaselineAdminNetworkPolicy",
    "ClusterNetworkPolicy",
    "ConfigMap",
    "Container",
    "ContainerPort",
    "Direction",
    "EndpointSlice",
    "Endpoints",
    "EnginePolicy",
    "EngineResource",
    "EngineRule",
    "GRPCRoute",
    "Gateway",
    "GatewayClass",
    "GatewayRoute",
    "HTTPRoute",
    "Handler",
    "IPBlock",
    "Ingress",
    "IngressClass",
    "IngressPath",
    "IngressTLS",
    "Kustomization",
    "Listener",
    "ListenerHolder",
    "ListenerSet",
    "Namespace",
    "NetworkPolicy",
    "ObjectRef",
    "Operated",
    "ParentRef",
    "PodsMeant",
    "PolicyPeer",
    "PolicyPort",
    "PolicyRule",
    "ReferenceGrant",
    "Resource",
    "ResourceName",
    "RouteMatch",
    "RouteRule",
    "Secret",
    "Service",
    "ServicePort",
    "TCPRoute",
    "TLSRoute",
    "UDPRoute",
    "WideRange",
    "Workload",
    "operated",
    "read",
]

KINDS: Mapping[tuple[str, str], type[Resource]] = {
    ("", "Namespace"): Namespace,
    ("", "Service"): Service,
    ("", "Endpoints"): Endpoints,
    ("", "Secret"): Secret,
    ("", "ConfigMap"): ConfigMap,
    ("discovery.k8s.io", "EndpointSlice"): EndpointSlice,
    ("networking.k8s.io", "Ingress"): Ingress,
    ("extensions", "Ingress"): Ingress,
    ("kustomize.config.k8s.io", "Component"): Kustomization,
    ("kustomize.config.k8s.io", "Kustomization"): Kustomization,
    ("networking.k8s.io", "IngressClass"): IngressClass,
    ("networking.k8s.io", "NetworkPolicy"): NetworkPolicy,
    ("extensions", "NetworkPolicy"): NetworkPolicy,
    ("policy.networking.k8s.io", "AdminNetworkPolicy"): AdminNetworkPolicy,
    ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"): BaselineAdminNetworkPolicy,
    ("policy.networking.k8s.io", "ClusterNetworkPolicy"): ClusterNetworkPolicy,
    (GATEWAY_GROUP, "GatewayClass"): GatewayClass,
    (GATEWAY_GROUP, "Gateway"): Gateway,
    (GATEWAY_GROUP, "ListenerSet"): ListenerSet,
    (EXPERIMENTAL_GROUP, "XListenerSet"): ListenerSet,
    (GATEWAY_GROUP, "HTTPRoute"): HTTPRoute,
    (GATEWAY_GROUP, "GRPCRoute"): GRPCRoute,
    (GATEWAY_GROUP, "TLSRoute"): TLSRoute,
    (GATEWAY_GROUP, "TCPRoute"): TCPRoute,
    (GATEWAY_GROUP, "UDPRoute"): UDPRoute,
    (GATEWAY_GROUP, "ReferenceGrant"): ReferenceGrant,
    (GATEWAY_GROUP, "BackendTLSPolicy"): BackendTLSPolicy,
}


ENGINES: Mapping[str, str] = {
    "cilium.io": "cilium",
    "crd.projectcalico.org": "calico",
    "networking.istio.io": "istio",
    "policy.linkerd.io": "linkerd",
    "projectcalico.org": "calico",
    "route.openshift.io": "openshift",
    "security.istio.io": "istio_security",
}
"""Groups of a network's, a mesh's or a platform's own kinds, and the module that has their classes."""


def read(written: Object, unit: Unit) -> Iterator[Resource]:
    """The typed views of one object: one, or one a pod template where it makes pods.

    An object that several units hold is read for each, from a root Node of its own: that tells the views apart.
    """
    shared, api_version, kind = written
    node = Node(shared.document, shared.value, shared.parent, shared.key)
    group = api_version.rpartition("/")[0]
    view = KINDS.get((group, kind)) or _of_engines(group).get((group, kind))
    if view is not None:
        yield view(node, api_version, kind, unit)
        return
    found = templates(node, group, kind)
    if not found:
        yield _plain(node, api_version, kind, unit)
        return
    known = operated(Resource(node, api_version, kind, unit))
    for template in found:
        labels, prefixes = (known.labels, known.prefixes) if known else ({}, ())
        yield Workload(node, api_version, kind, unit, template, labels, prefixes)


def _of_engines(group: str) -> Mapping[tuple[str, str], type[Resource]]:
    """The classes of such kinds, which are imported where one of them appears."""
    module = ENGINES.get(group)
    if module is None:
        return {}
    found: Mapping[tuple[str, str], type[Resource]] = import_module(f"k8snet_lint.resource.{module}").KINDS
    return found


def _plain(node: Node, api_version: str, kind: str, unit: Unit) -> Resource:
    """A resource without a class; one that an operator turns into pods is a Workload without containers."""
    resource = Resource(node, api_version, kind, unit)
    known = operated(resource)
    if known is None or not (known.labels or known.prefixes):
        return resource
    labels = {**labels_of(node.at("spec", "podMetadata", "labels")), **known.labels}
    return Workload(node, api_version, kind, unit, node["podTemplate"], labels, known.prefixes)
