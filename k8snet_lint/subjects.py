"""Subjects of rules that have nothing to judge, told by the kinds of objects alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.mesh.signs import has_mesh
from k8snet_lint.resource import Workload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.graph import Graph

GROUPS = {
    "cluster_policy": ("policy.networking.k8s.io",),
    "gateway": ("gateway.networking.k8s.io", "gateway.networking.x-k8s.io"),
    "kustomize": ("kustomize.config.k8s.io",),
}
"""The API groups without which no rule of a subject has anything to say."""

POLICIES = ("Policy", "NetworkSet", "Tier")
"""How the kinds of all networks' policies end, and of what stands beside them."""


SERVING = frozenset({"ConfigMap", "Ingress", "IngressClass", "Route"})
"""The kinds that rules on Ingresses judge, besides what runs NGINX."""


def idle(graphs: Sequence[Graph]) -> frozenset[str]:
    """The subjects whose rules need not even be loaded."""
    kinds = {(each.group, each.kind) for graph in graphs for each in graph.resources}
    present = {group for group, _ in kinds}
    found = {subject for subject, groups in GROUPS.items() if present.isdisjoint(groups)}
    if not any(kind.endswith(POLICIES) for _, kind in kinds):
        found.add("policy")
    if SERVING.isdisjoint(kind for _, kind in kinds) and not any(map(_runs_nginx, graphs)):
        found.add("ingress")
    if not any(map(has_mesh, graphs)):
        found.add("mesh")
    return frozenset(found)


def _runs_nginx(graph: Graph) -> bool:
    return any("nginx" in each.repository for workload in graph.select(Workload) for each in workload.containers)
