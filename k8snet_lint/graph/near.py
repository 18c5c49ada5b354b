"""Near misses: what in the world almost is what a reference wants.

A near miss turns "not in these files" into "misspelt": a name or a label value at a small edit distance, the same
labels in exactly one other namespace, or a label value that is the name of a Namespace lacking that label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.edges import NearMiss
from k8snet_lint.nearest import is_near
from k8snet_lint.selector import Operator, Requirement, Selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from k8snet_lint.graph.namespaces import Namespaces
    from k8snet_lint.graph.pods import PodIndex
    from k8snet_lint.resource import Resource, Workload

MOST = 3
"""How many near misses a finding names at the most."""

MOST_COMPARED = 2_000
"""How many names one reference is compared with at the most: keeps a hostile input from costing a square."""


def names(wanted: str, candidates: Sequence[Resource]) -> tuple[NearMiss, ...]:
    """Candidates whose name is misspelt from the wanted one, or the other way round."""
    found = [candidate for candidate in candidates[:MOST_COMPARED] if is_near(wanted, candidate.name)]
    return tuple(NearMiss(candidate.name_node, f"{candidate} is named like it") for candidate in found[:MOST])


def labels(selector: Selector, here: PodIndex) -> tuple[NearMiss, ...]:
    """Workloads that all requirements but one select, whose label differs from that one by a misspelling."""
    found = [
        _differs(workload, requirement)
        for requirement in selector.requirements
        if requirement.operator is Operator.IN
        for workload in _but_for(selector, requirement, here)
    ]
    return tuple(found[:MOST])


def _but_for(selector: Selector, odd: Requirement, here: PodIndex) -> Iterable[Workload]:
    rest = selector.where(lambda requirement: requirement is not odd)
    candidates = [value for value in sorted(here.values(odd.key))[:MOST_COMPARED] if _near_any(value, odd.values)]
    for value in candidates:
        for workload in here.labelled(odd.key, value):
            if rest.matches(workload.pod_labels):
                yield workload


def _near_any(value: str, wanted: tuple[str, ...]) -> bool:
    return any(is_near(value, each) for each in wanted)


def _differs(workload: Workload, requirement: Requirement) -> NearMiss:
    value = workload.pod_labels[requirement.key]
    node = workload.template.at("metadata", "labels", requirement.key)
    return NearMiss(node, f"{workload} has {requirement.key}={value}")


def elsewhere(namespace: str, found: Sequence[Workload]) -> tuple[NearMiss, ...]:
    """The pods that have the wanted labels, where they are all in exactly one other namespace."""
    others = {workload.namespace for workload in found}
    if len(others) != 1 or others <= {"", namespace}:
        return ()
    return tuple(
        NearMiss(workload.template.at("metadata", "labels"), f"{workload} has these labels, in another namespace")
        for workload in found[:MOST]
    )


def namespace_names(selector: Selector, namespaces: Namespaces) -> tuple[NearMiss, ...]:
    """Namespaces that a label value names, though they lack that label."""
    return tuple(
        NearMiss(namespaces.written[value].name_node, f"Namespace/{value} has this name, but no label {requirement.key}={value}")
        for requirement in selector.requirements
        if requirement.operator is Operator.IN
        for value in requirement.values
        if value in namespaces.written and namespaces.written[value].labels.get(requirement.key) != value
    )[:MOST]


def namespace_labels(selector: Selector, namespaces: Namespaces) -> tuple[NearMiss, ...]:
    """Namespaces whose label, or whose name where the selector goes by it, is misspelt from the wanted value."""
    found = [
        NearMiss(namespace.metadata["labels"] or namespace.name_node, f"{namespace} has {requirement.key}={value}")
        for requirement in selector.requirements
        if requirement.operator is Operator.IN
        for namespace in list(namespaces.written.values())[:MOST_COMPARED]
        if (value := namespace.labels.get(requirement.key)) is not None and _near_any(value, requirement.values)
    ]
    return tuple(found[:MOST])
