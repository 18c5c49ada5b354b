"""StatefulSets and the Services that give their pods names (apps/v1 `serviceName`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.edges import Relation
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Service, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.selector import Selector


class Mismatch(NamedTuple):
    """A selector that does not mean some pods: what they lack, and the labels that show it."""

    at: Node
    lacking: Selector
    labels: Node


class Governed(NamedTuple):
    """A StatefulSet and the Service that its `serviceName` means, which is written at `at`.

    Shapes: `mismatch` is None where the Service selects the pods, or where its endpoints are filled by hand;
    `instead` is a headless Service that does select the pods, where the one that is named is not headless.
    """

    workload: Workload
    service: Service
    at: Node
    mismatch: Mismatch | None
    instead: Service | None


def governed(graph: Graph) -> Iterator[Governed]:
    """The StatefulSets that nothing else wrote and whose Service is in the world."""
    without_pods = {missing.source: missing.at for missing in graph.unresolved(Relation.SELECTS, Service)}
    for workload in graph.select(Workload):
        named = graph.targets(workload, Relation.REFERS_TO)
        governing = [(edge.target, edge.at) for edge in named if isinstance(edge.target, Service)]
        if len(governing) == 1 and not workload.is_generated:
            service, at = governing[0]
            pods = graph.endpoints(service)
            is_other = workload not in pods and (pods or service in without_pods)
            selector = without_pods.get(service, service.spec["selector"])
            mismatch = _mismatch(workload, service, selector) if is_other else None
            yield Governed(
                workload, service, at, mismatch, None if service.is_headless else next(headless(graph, workload), None)
            )


def _mismatch(workload: Workload, service: Service, selector: Node) -> Mismatch:
    lacking = service.selector.where(lambda requirement: not requirement.admits(workload.pod_labels))
    labels = workload.template.at("metadata", "labels")
    odd = next((each.key for each in lacking.requirements if each.key in workload.pod_labels), "")
    return Mismatch(selector, lacking, labels[odd] if odd else labels)


def headless(graph: Graph, workload: Workload) -> Iterator[Service]:
    """The headless Services that select the pods."""
    for edge in graph.sources(workload, Relation.SELECTS, Service):
        if isinstance(edge.source, Service) and edge.source.is_headless:
            yield edge.source
