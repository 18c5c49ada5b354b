"""The typed resource classes, for rules: `graph.select(Service)`. Those of what is rare are loaded when first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph import IngressController
from k8snet_lint.resource import (
    AdminNetworkPolicy,
    Backend,
    BackendRef,
    BackendTLSPolicy,
    BaselineAdminNetworkPolicy,
    ClusterNetworkPolicy,
    ConfigMap,
    Container,
    ContainerPort,
    Direction,
    Endpoints,
    EndpointSlice,
    EnginePolicy,
    EngineResource,
    EngineRule,
    Gateway,
    GatewayClass,
    GatewayRoute,
    GRPCRoute,
    Handler,
    HTTPRoute,
    Ingress,
    IngressClass,
    IngressPath,
    IngressTLS,
    IPBlock,
    Kustomization,
    Listener,
    ListenerHolder,
    ListenerSet,
    Namespace,
    NetworkPolicy,
    ObjectRef,
    ParentRef,
    PolicyPeer,
    PolicyPort,
    PolicyRule,
    ReferenceGrant,
    Resource,
    RouteMatch,
    RouteRule,
    Secret,
    Service,
    ServicePort,
    TCPRoute,
    TLSRoute,
    UDPRoute,
    WideRange,
    Workload,
)
from k8snet_lint.resource.openshift import OpenShiftRoute

if TYPE_CHECKING:
    from k8snet_lint.resource.alias import Alias
    from k8snet_lint.resource.calico import BUILT_IN_TIERS
    from k8snet_lint.resource.istio import DestinationRule, IstioGateway, ServiceEntry, Sidecar, VirtualService
    from k8snet_lint.resource.istio_security import AuthorizationPolicy, PeerAuthentication, RequestAuthentication
    from k8snet_lint.resource.linkerd import (
        LinkerdAuthorizationPolicy,
        LinkerdHTTPRoute,
        LinkerdServer,
        LinkerdServerAuthorization,
    )

__all__ = [
    "BUILT_IN_TIERS",
    "AdminNetworkPolicy",
    "Alias",
    "AuthorizationPolicy",
    "Backend",
    "BackendRef",
    "BackendTLSPolicy",
    "BaselineAdminNetworkPolicy",
    "ClusterNetworkPolicy",
    "ConfigMap",
    "Container",
    "ContainerPort",
    "DestinationRule",
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
    "IngressController",
    "IngressPath",
    "IngressTLS",
    "IstioGateway",
    "Kustomization",
    "LinkerdAuthorizationPolicy",
    "LinkerdHTTPRoute",
    "LinkerdServer",
    "LinkerdServerAuthorization",
    "Listener",
    "ListenerHolder",
    "ListenerSet",
    "Namespace",
    "NetworkPolicy",
    "ObjectRef",
    "OpenShiftRoute",
    "ParentRef",
    "PeerAuthentication",
    "PolicyPeer",
    "PolicyPort",
    "PolicyRule",
    "ReferenceGrant",
    "RequestAuthentication",
    "Resource",
    "RouteMatch",
    "RouteRule",
    "Secret",
    "Service",
    "ServiceEntry",
    "ServicePort",
    "Sidecar",
    "TCPRoute",
    "TLSRoute",
    "UDPRoute",
    "VirtualService",
    "WideRange",
    "Workload",
]

_HOMES = {
    "BUILT_IN_TIERS": "calico",
    "Alias": "alias",
    "AuthorizationPolicy": "istio_security",
    "DestinationRule": "istio",
    "IstioGateway": "istio",
    "LinkerdAuthorizationPolicy": "linkerd",
    "LinkerdHTTPRoute": "linkerd",
    "LinkerdServer": "linkerd",
    "LinkerdServerAuthorization": "linkerd",
    "PeerAuthentication": "istio_security",
    "RequestAuthentication": "istio_security",
    "ServiceEntry": "istio",
    "Sidecar": "istio",
    "VirtualService": "istio",
}


def __getattr__(name: str) -> object:
    """The class of what few manifests hold, from the module that defines it (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'k8snet_lint.kinds' has no attribute '{name}'"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 - only for whoever asks

    return getattr(import_module(f"k8snet_lint.resource.{home}"), name)
