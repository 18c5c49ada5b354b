"""What acts on every namespace of some worlds, and which questions hang on that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.address_pools import POOLS
from k8snet_lint.graph.isolation.engines import UNREAD_CLUSTER_WIDE, makes_policies
from k8snet_lint.graph.mesh.signs import GROUPS as MESH
from k8snet_lint.graph.mesh.signs import ROOT
from k8snet_lint.graph.sidecar_sets import SIDECAR_SET
from k8snet_lint.resource import EnginePolicy, EngineResource, Resource
from k8snet_lint.resource.admin_policy import AdminPolicy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from k8snet_lint.graph.graph import Graph

ISTIO_GATEWAY, SERVICE_ENTRY = ("networking.istio.io", "Gateway"), ("networking.istio.io", "ServiceEntry")
"""Kinds of a mesh whose listeners and hosts are there once for all of it."""

KINDS = frozenset({("", "Node"), *POOLS, *UNREAD_CLUSTER_WIDE, ISTIO_GATEWAY, SERVICE_ENTRY, SIDECAR_SET})
"""Kinds that matter to every namespace, besides those that views tell."""


def acts_everywhere(resource: Resource) -> bool:
    """Whether it may act on resources of namespaces that it does not name, as sets of addresses do that rules find."""
    return (
        isinstance(resource, AdminPolicy)
        or (isinstance(resource, EngineResource) and not _is_of_namespace(resource))
        or (resource.group, resource.kind) in KINDS
        or (resource.namespace == ROOT and resource.group == "security.istio.io")
        or makes_policies(resource)
    )


def _is_of_namespace(resource: EngineResource) -> bool:
    return isinstance(resource, EnginePolicy) and not resource.cluster_scoped


class Acting:
    """What acts everywhere in some worlds, so that a part of one cannot tell what hangs on it."""

    def __init__(self, graphs: Iterable[Graph], acting: Iterable[Resource]) -> None:
        self._graphs = tuple(graphs)
        self._acting = tuple(acting)

    @cached_property
    def has_mesh(self) -> bool | None:
        """Whether each of the worlds has a service mesh; None where they differ in that."""
        found = {graph.has_mesh for graph in self._graphs}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def is_mesh_adrift(self) -> bool:
        """Whether it is not known yet of which namespace some object of a mesh is."""
        every = (each for graph in self._graphs for each in graph.resources if each.group in MESH)
        return any(each.is_raw or not each.namespace for each in every)

    @cached_property
    def engines(self) -> frozenset[str] | None:
        """The engines whose policies each of the worlds has; None where they differ in that."""
        found = {graph.engines for graph in self._graphs}
        return found.pop() if len(found) == 1 else None

    def is_among(self, view: type[Resource]) -> bool:
        """Whether something that acts everywhere is among what that view is for; each object is a plain Resource."""
        return view is not Resource and any(issubclass(each, view) for each in self._views)

    def is_among_kinds(self, kinds: Collection[tuple[str, str]]) -> bool:
        """Whether something that acts everywhere is of one of these groups and kinds."""
        return not self._kinds.isdisjoint(kinds)

    @cached_property
    def _views(self) -> frozenset[type[Resource]]:
        return frozenset(map(type, self._acting))

    @cached_property
    def _kinds(self) -> frozenset[tuple[str, str]]:
        return frozenset((each.group, each.kind) for each in self._acting)
