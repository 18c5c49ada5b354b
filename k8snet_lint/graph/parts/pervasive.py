"""What matters to every namespace of a world, or may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.parts.beyond import CONNECTIONS, HOMED, HOMELESS, MADE, MONITORS, MOVING, ROAMING, UNIT
from k8snet_lint.graph.roles import is_name_server
from k8snet_lint.resource import (
    ConfigMap,
    EnginePolicy,
    Kustomization,
    Namespace,
    NetworkPolicy,
    Resource,
    Secret,
    Workload,
)
from k8snet_lint.resource.operators import MONITORING
from k8snet_lint.resource.secret_makers import EVERYWHERE, config_map_made, secrets_made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph.parts.beyond import Bearing

LABELLED = frozenset({"kube-system", "openshift-dns", "openshift-ingress"})
"""Namespaces in which the analysis knows of pods that nobody writes; their labels matter to every policy."""


def bearings(resource: Resource, facts: Facts) -> Iterator[Bearing]:
    """The questions of any namespace that a resource has a bearing on."""
    yield UNIT, resource.unit.name
    if isinstance(resource, Kustomization):
        return
    if resource.namespace or isinstance(resource, Namespace):
        yield HOMED
    elif is_homeless(resource):
        yield HOMELESS
    if not resource.is_fixed:
        yield from ((MOVING, (kind, resource.name)) for kind in type(resource).__mro__ if issubclass(kind, Resource))
    if config_map_made(resource):
        yield MADE, (ConfigMap, config_map_made(resource))
    yield from ((MADE, (Secret, name)) for namespace, name in secrets_made(resource) if namespace == EVERYWHERE)
    if looks_everywhere(resource):
        yield MONITORS
    if roams(resource):
        yield ROAMING
    elif connects(resource, facts):
        yield CONNECTIONS


def is_homeless(resource: Resource) -> bool:
    """Whether it names no namespace and is to be in one, so that it may be in any."""
    plain = Namespace, Kustomization
    is_known = type(resource) is not Resource and not isinstance(resource, plain)
    return is_known and not (resource.namespace or resource.cluster_scoped)


def looks_everywhere(resource: Resource) -> bool:
    """Whether it is a monitor of every namespace."""
    return resource.group == MONITORING and resource.spec["namespaceSelector"]["any"].value is True


def roams(resource: Resource) -> bool:
    """Whether it is pods, or a policy for pods, that may be in any namespace."""
    kinds = Workload | NetworkPolicy | EnginePolicy
    return isinstance(resource, kinds) and not (resource.namespace or resource.cluster_scoped)


def connects(resource: Resource, facts: Facts) -> bool:
    """Whether who may connect to whom, wherever that is, may hang on it."""
    if isinstance(resource, Namespace):
        told = facts.ingress_controller.namespace if facts.ingress_controller else ""
        return resource.name in {*LABELLED, told}
    return (
        resource.namespace == "openshift-ingress"
        or (resource.kind == "Pod" and bool(resource.node["status"]))
        or _answers_on_nodes(resource)
    )


def _answers_on_nodes(resource: Resource) -> bool:
    """Whether it is a name server on the nodes' network, which every pod may ask on its own node."""
    return isinstance(resource, Workload) and resource.host_network and is_name_server(resource)
