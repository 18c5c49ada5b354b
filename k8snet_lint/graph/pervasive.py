"""What matters to every namespace of a world, or may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.graph.address_pools import POOLS
from k8snet_lint.graph.engine_isolation import UNREAD, UNREAD_CLUSTER_WIDE
from k8snet_lint.graph.external_dns import ROUTES
from k8snet_lint.graph.releases import RELEASES
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
from k8snet_lint.resource.secret_makers import EVERYWHERE, secrets_made

if TYPE_CHECKING:
    from k8snet_lint.facts import Facts

LOCAL = frozenset(
    {
        *(Resource, Namespace, Service, Endpoints, EndpointSlice, Secret, ConfigMap, Workload),
        *(Ingress, IngressClass, NetworkPolicy, Kustomization),
    }
)
"""The views of what matters within a namespace, but for what it names."""

GROUPS = frozenset(
    {
        *(GATEWAY_GROUP, EXPERIMENTAL_GROUP, "policy.networking.k8s.io", *ENGINES),
        *(group for group, _ in (*POOLS, *UNREAD, *UNREAD_CLUSTER_WIDE)),
        *("capsule.clastix.io", "kyverno.io", "project.openshift.io", "trust.cert-manager.io", MONITORING),
    }
)
"""API groups of policies, routes, addresses and monitors that go beyond their namespace."""

KINDS = frozenset({*RELEASES, *ROUTES, "Node", "ServiceMonitor"})
"""Kinds that do so in whatever group."""

LABELLED = frozenset({"kube-system", "openshift-dns", "openshift-ingress"})
"""Namespaces in which the analysis knows of pods that nobody writes; their labels matter to every policy."""

NAME = re.compile(r"[a-z0-9-]+\Z")


def is_pervasive(resource: Resource, facts: Facts) -> bool:
    """Whether it may change what is said of any namespace.

    Whatever has no namespace yet, or may still get another, may be anywhere.
    """
    if isinstance(resource, Kustomization):
        return False
    if isinstance(resource, Workload) and resource.kind == "Pod" and resource.node["status"]:
        return True
    if type(resource) not in LOCAL or resource.group in GROUPS or resource.kind in KINDS or resource.is_raw:
        return True
    if resource.namespace:
        return (
            resource.namespace == "openshift-ingress" or NAME.match(resource.namespace) is None or _is_copied(resource)
        )
    if isinstance(resource, Namespace):
        told = facts.ingress_controller.namespace if facts.ingress_controller else ""
        return resource.name in {*LABELLED, told} or NAME.match(resource.name) is None
    return (type(resource) is not Resource and not resource.cluster_scoped) or _is_copied(resource)


def _is_copied(resource: Resource) -> bool:
    """Whether a Secret of it is copied to whichever namespace asks for it."""
    return any(namespace == EVERYWHERE for namespace, _ in secrets_made(resource))
