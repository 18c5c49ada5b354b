"""References by label: the pods of the source's own namespace that a selector means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph import near
from k8snet_lint.graph.controllers import decidable, elected, may_be_made_at_run_time
from k8snet_lint.graph.edges import Edges, Missed, NearMiss, Relation, Unresolved
from k8snet_lint.graph.roles import NAME_LABELS, NAME_SERVERS
from k8snet_lint.resource import Service, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource
    from k8snet_lint.selector import Selector


def selected(
    graph: Graph, source: Resource, written: Selector, at: Node, relation: Relation
) -> Iterator[Edges | Missed]:
    """An edge to each workload, or the one reference that leads nowhere; nothing where only a controller can tell."""
    selector = None if written.invalid else decidable(written, graph.facts)
    if selector is None:
        return
    pods = graph.pods(source.namespace)
    found = pods.matching(selector)
    chosen = found or elected(selector, pods.workloads) or pods.staged(selector)
    if found or (chosen and isinstance(source, Service)):
        yield Edges(source, relation, chosen, at)
    elif (
        not chosen
        and not pods.may_mean(selector)
        and not (is_cluster_dns(selector) and source.namespace in graph.facts.system_namespaces)
    ):
        yield Missed(lambda: _unresolved(graph, source, written, selector, at, relation))


def _unresolved(
    graph: Graph, source: Resource, written: Selector, selector: Selector, at: Node, relation: Relation
) -> Unresolved:
    """A selector that no pods of its namespace have the labels for; `selector` is that of it which can be decided."""
    anywhere = graph.labelled_anywhere(selector)
    loose = is_loose(source, anywhere)
    misses = () if loose else _misses(graph, source, selector, relation, anywhere)
    may_opt_in = not isinstance(source, Service) and graph.pods(source.namespace).may_opt_in(selector)
    is_idle = written.is_exclusion or may_opt_in
    return Unresolved(
        source=source,
        relation=relation,
        kind="Pod",
        wanted=str(written),
        at=near.place(at, written, misses),
        covered=not (loose or is_idle) and _covers(graph, source, selector, written),
        near=misses,
        homeless=near.homeless(source, anywhere),
    )


def _covers(graph: Graph, source: Resource, selector: Selector, written: Selector) -> bool:
    """Whether the pods that are meant would be among the workloads of the world: no operator or program makes them."""
    namespace = source.namespace
    if not graph.covers(Workload, namespace, source) or not graph.peers.selecting.leads_mostly_inside(namespace):
        return False
    made = graph.may_operate((namespace,), selector) or may_be_made_at_run_time(written, graph.pods(namespace))
    return graph.facts.assumed.complete or not made


def is_cluster_dns(pods: Selector) -> bool:
    """Whether a selector means the DNS server, which each cluster has under one of these labels."""
    return any(each.key in NAME_LABELS and not NAME_SERVERS.isdisjoint(each.values) for each in pods.requirements)


def is_loose(source: Resource, candidates: Sequence[Resource]) -> bool:
    """Whether a candidate may turn out to be in the source's namespace: one of the two is not fixed yet."""
    return bool(candidates) and not (source.is_fixed and all(candidate.is_fixed for candidate in candidates))


def is_name_loose(graph: Graph, source: Resource, kind: type[Resource], name: str) -> bool:
    """Whether a resource of that kind and name may turn out to be in the source's namespace."""
    return graph.may_move(kind, name) if source.is_fixed else graph.is_anywhere(kind, name)


def _misses(
    graph: Graph, source: Resource, selector: Selector, relation: Relation, anywhere: Sequence[Workload]
) -> tuple[NearMiss, ...]:
    """Pods of one other namespace, else misspelt ones here; those left out that others of the source's kind are for.

    Pods of another namespace that a variant of this world has here are copies of those that are meant, and what a chart
    of elsewhere brings here may well be what is meant.
    """
    taken = graph.is_served if isinstance(source, Service) else graph.is_singled_out
    free = relation is not Relation.SELECTS

    def may_be(workload: Workload) -> bool:
        return free or not taken(workload)

    here, others = graph.pods(source.namespace), tuple(filter(may_be, anywhere))
    if graph.is_filled_elsewhere(source) or any(graph.is_variant(each, source.namespace) for each in others):
        others = ()
    return near.elsewhere(source.namespace, selector, others) or near.labels(selector, here, may_be)
