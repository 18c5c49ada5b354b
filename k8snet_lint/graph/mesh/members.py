"""Which pods are in a mesh: by a sidecar, by the node's proxy, or not at all, as far as labels tell."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import Workload

INJECT = "sidecar.istio.io/inject"
INJECTION = "istio-injection"
REVISION = "istio.io/rev"
DATAPLANE = "istio.io/dataplane-mode"
WAYPOINT = "istio.io/use-waypoint"


class Membership(enum.Enum):
    """How a pod is in Istio's mesh; `UNKNOWN` where the namespace or the installation decides."""

    SIDECAR = "a sidecar"
    AMBIENT = "ambient mode"
    OUTSIDE = "not in the mesh"
    UNKNOWN = "unknown"


class Members:
    """The mesh's members."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def of(self, workload: Workload) -> Membership:
        """How a workload's pods are in the mesh: their own labels first, then their namespace's."""
        told = {**workload.pod_annotations, **workload.pod_labels}
        if workload.host_network:
            return Membership.OUTSIDE
        own = _by_labels(told.get(INJECT, "").lower(), told)
        if own is not Membership.UNKNOWN:
            return own
        if any(container.name == "istio-proxy" for container in workload.containers):
            return Membership.SIDECAR
        return self.of_namespace(workload.namespace)

    def of_namespace(self, name: str) -> Membership:
        """How a namespace's pods are in the mesh where they do not say otherwise."""
        labels = self._graph.namespaces.labels(name)
        return _by_labels({"enabled": "true", "disabled": "false"}.get(labels.get(INJECTION, ""), ""), labels)

    def may_be_in(self, name: str) -> bool:
        """Whether a namespace's pods may be in the mesh: not where its labels are known and say nothing of it."""
        if self.of_namespace(name) is Membership.UNKNOWN:
            return not self._graph.namespaces.knows(name)
        return self.of_namespace(name) is not Membership.OUTSIDE

    def has_waypoint(self, name: str) -> bool:
        """Whether a namespace's traffic goes through a waypoint, or may, as its labels are not known."""
        labels = self._graph.namespaces.labels(name)
        return not self._graph.namespaces.knows(name) or labels.get(WAYPOINT, "none") != "none"


def _by_labels(inject: str, labels: Mapping[str, str]) -> Membership:
    if inject == "true" or (not inject and labels.get(REVISION)):
        return Membership.SIDECAR
    if labels.get(DATAPLANE) == "ambient":
        return Membership.AMBIENT
    if inject == "false" or labels.get(DATAPLANE) == "none":
        return Membership.OUTSIDE
    return Membership.UNKNOWN
