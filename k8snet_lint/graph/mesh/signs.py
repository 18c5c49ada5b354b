"""What shows that a world has a service mesh, told without reading any of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.resource import Namespace, Workload

if TYPE_CHECKING:
    from k8snet_lint.graph.resources import Resources

GROUPS = frozenset({"networking.istio.io", "security.istio.io", "policy.linkerd.io"})
MARKS = ("istio-injection", "istio.io/rev", "istio.io/dataplane-mode", "linkerd.io/inject")
"""Labels and annotations by which a Namespace joins a mesh."""

ROOT = "istio-system"
"""The namespace of the control plane, whose policies are for the whole mesh (`MeshConfig.rootNamespace`)."""

LINKERD = "config.linkerd.io/"


def has_mesh(resources: Resources) -> bool:
    """Whether objects of a mesh are there, a Namespace joins one, or pods configure a proxy."""
    return (
        any(each.group in GROUPS for each in resources.resources)
        or any(mark in told for each in resources.select(Namespace) for told in _told(each) for mark in MARKS)
        or any(key.startswith(LINKERD) for each in resources.select(Workload) for key in each.pod_annotations)
    )


def _told(namespace: Namespace) -> tuple[dict[str, str], dict[str, str]]:
    return namespace.labels, namespace.annotations
