"""Machines outside the cluster that are part of a mesh, as WorkloadEntries or by the WorkloadGroup that they join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.selector import labels_of

if TYPE_CHECKING:
    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.selector import Selector

LABELS: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("networking.istio.io", "WorkloadEntry"): (("spec", "labels"), ("metadata", "labels")),
    ("networking.istio.io", "WorkloadGroup"): (("spec", "template", "labels"), ("spec", "metadata", "labels")),
}
"""Where the labels of machines are written, the later ones over the earlier."""


def selects_machines(graph: Graph, selector: Selector) -> bool:
    """Whether machines have the labels that a selector asks for, of whatever namespace they are."""
    for each in graph.of_kinds(LABELS):
        found = (labels_of(each.node.at(*path)) for path in LABELS[each.group, each.kind])
        if selector.matches({key: value for labels in found for key, value in labels.items()}):
            return True
    return False
