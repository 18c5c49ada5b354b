"""What matters to every namespace of a world, or may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.expression import expression
from k8snet_lint.graph.address_pools import POOLS
from k8snet_lint.graph.engine_isolation import UNREAD_CLUSTER_WIDE, makes_policies
from k8snet_lint.graph.external_dns import ROUTES
from k8snet_lint.graph.releases import RELEASES, applied_paths
from k8snet_lint.resource import (
    ENGINES,
    ConfigMap,
    Endpoints,
    EndpointSlice,
    Ingress,
    IngressClass,
    Kustomization,
    Namespace,
    NetworkPolicy,
    Resource,
    Secret,
    Service,
    Workload,
)
from k8snet_lint.resource.object_ref import EXPERIMENTAL_GROUP, GATEWAY_GROUP
from k8snet_lint.resource.operators import MONITORING
from k8snet_lint.resource.secret_makers import EVERYWHERE, config_map_made, secrets_made

if TYPE_CHECKING:
    from k8snet_lint.facts import Facts

LOCAL = frozenset(
    {
        *(Resource, Namespace, Service, Endpoints, EndpointSlice, Secret, ConfigMap, Workload),
        *(Ingress, IngressClass, NetworkPolicy, Kustomization),
    }
)
"""The views of what matters within a namespace, but for what it names."""

GROUPS = frozenset({GATEWAY_GROUP, EXPERIMENTAL_GROUP, "policy.networking.k8s.io", *ENGINES})
"""API groups of policies and routes that go beyond their namespace."""

KINDS = frozenset({("", "Node"), *POOLS, *UNREAD_CLUSTER_WIDE})
"""Further kinds that do so."""

LABELLED = frozenset({"kube-system", "openshift-dns", "openshift-ingress"})
"""Namespaces in which the analysis knows of pods that nobody writes; their labels matter to every policy."""

NAME = expression(r"[a-z0-9-]+\Z")


def is_pervasive(resource: Resource, facts: Facts) -> bool:
    """Whether it may change what is said of any namespace.

    Whatever has no namespace yet, or may still get another, may be anywhere.
    """
    if isinstance(resource, Kustomization):
        return False
    return (
        type(resource) not in LOCAL
        or resource.group in GROUPS
        or (resource.group, resource.kind) in KINDS
        or resource.kind in ROUTES
        or resource.is_raw
        or _goes_beyond(resource)
        or _is_elsewhere(resource, facts)
    )


def _goes_beyond(resource: Resource) -> bool:
    """Whether something acts on it in other namespaces than it names: whoever copies, applies, monitors or makes."""
    return (
        any(namespace == EVERYWHERE for namespace, _ in secrets_made(resource))
        or bool(config_map_made(resource))
        or (resource.kind in RELEASES and any(applied_paths(resource)))
        or (resource.group == MONITORING and bool(resource.spec["namespaceSelector"]["any"]))
        or makes_policies(resource)
        or (resource.kind == "Pod" and bool(resource.node["status"]))
    )


def _is_elsewhere(resource: Resource, facts: Facts) -> bool:
    """Whether it is in no namespace that is known, or in one of which more is known than what is written."""
    if isinstance(resource, Namespace):
        told = facts.ingress_controller.namespace if facts.ingress_controller else ""
        return resource.name in {*LABELLED, told} or NAME.match(resource.name) is None
    if resource.namespace:
        return resource.namespace == "openshift-ingress" or NAME.match(resource.namespace) is None
    return type(resource) is not Resource and not resource.cluster_scoped
