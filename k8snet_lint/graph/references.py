"""What each kind refers to: one function a reference, yielding edges and what does not resolve."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from k8snet_lint.graph import near
from k8snet_lint.graph.controllers import decidable
from k8snet_lint.graph.edges import Edge, NearMiss, Relation, Unresolved
from k8snet_lint.resource import (
    Endpoints,
    EndpointSlice,
    Ingress,
    IngressClass,
    Namespace,
    NetworkPolicy,
    PolicyPeer,
    Secret,
    Service,
    Workload,
)
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource

Reference = Edge | Unresolved


def _service_pods(graph: Graph, service: Service) -> Iterator[Reference]:
    if service.selects_pods:
        at = service.spec["selector"]
        yield from _selected(graph, service, service.selector, at, Relation.SELECTS)


def _policy_pods(graph: Graph, policy: NetworkPolicy) -> Iterator[Reference]:
    at = policy.spec["podSelector"]
    if not policy.pod_selector.is_empty:
        yield from _selected(graph, policy, policy.pod_selector, at, Relation.SELECTS)
        return
    for workload in graph.pods(policy.namespace).workloads:
        yield Edge(policy, Relation.SELECTS, workload, at)


def _selected(
    graph: Graph, source: Resource, written: Selector, at: Node, relation: Relation
) -> Iterator[Reference]:
    """The pods of the source's own namespace that a selector means."""
    selector = decidable(written, graph.facts)
    if selector is None:
        return
    here = graph.pods(source.namespace)
    found = here.matching(selector)
    for workload in found:
        yield Edge(source, relation, workload, at)
    if not found:
        anywhere = graph.all_pods.matching(selector)
        loose = _loosely(source, anywhere)
        yield Unresolved(
            source=source,
            relation=relation,
            kind="Pod",
            wanted=str(written),
            at=at,
            covered=not loose and graph.covers(Workload, source.namespace),
            near=() if loose else near.elsewhere(source.namespace, anywhere) or _unclaimed(graph, source, selector),
        )


def _unclaimed(graph: Graph, source: Resource, selector: Selector) -> tuple[NearMiss, ...]:
    found = near.labels(selector, graph.pods(source.namespace))
    if isinstance(source, Service):
        return tuple(miss for miss in found if not graph.is_selected_by_a_service(miss.node))
    return found


def _loosely(source: Resource, candidates: Sequence[Resource]) -> bool:
    """Whether a candidate may turn out to be in the source's namespace: one of the two is not fixed yet."""
    return any(
        not source.namespace or not candidate.namespace or source.is_raw or candidate.is_raw for candidate in candidates
    )


def _named(  # noqa: PLR0913 - a reference by name has this many parts
    graph: Graph, source: Resource, kind: type[Resource], name: Node, relation: Relation, *, assumed: tuple[str, ...] = ()
) -> Iterator[Reference]:
    """The object of that kind and name in the source's namespace, or in none for a cluster-scoped kind."""
    wanted = name.text
    namespace = "" if kind.cluster_scoped else source.namespace
    found = graph.named(kind, namespace, wanted)
    for target in found:
        yield Edge(source, relation, target, name)
    if found or graph.supplies(kind, namespace, wanted) or _is_assumed(namespace, wanted, assumed):
        return
    loose = not kind.cluster_scoped and _loosely(source, graph.named_anywhere(kind, wanted))
    candidates = () if loose else graph.unclaimed(kind, namespace)
    yield Unresolved(
        source=source,
        relation=relation,
        kind=kind.__name__,
        wanted=f"{namespace}/{wanted}" if namespace else wanted,
        at=name,
        covered=not loose and graph.covers(kind, namespace),
        near=near.names(wanted, candidates),
    )


def _is_assumed(namespace: str, name: str, assumed: tuple[str, ...]) -> bool:
    return any(
        fnmatchcase(name, pattern) if "/" not in pattern else fnmatchcase(f"{namespace}/{name}", pattern)
        for pattern in assumed
    )


def _ingress_backends(graph: Graph, ingress: Ingress) -> Iterator[Reference]:
    for backend in ingress.backends:
        if backend.service.text and not backend.is_action:
            yield from _named(
                graph, ingress, Service, backend.service, Relation.ROUTES_TO, assumed=graph.facts.assumed.services
            )


def _ingress_needs(graph: Graph, ingress: Ingress) -> Iterator[Reference]:
    assumed = graph.facts.assumed
    secrets = ("*",) if ingress.is_issued else assumed.secrets
    for tls in ingress.tls:
        if tls.secret.text:
            yield from _named(graph, ingress, Secret, tls.secret, Relation.REFERS_TO, assumed=secrets)
    if ingress.class_name:
        classes = assumed.ingress_classes
        yield from _named(graph, ingress, IngressClass, ingress.class_node, Relation.REFERS_TO, assumed=classes)


def _governing_service(graph: Graph, workload: Workload) -> Iterator[Reference]:
    name = workload.spec["serviceName"]
    if workload.kind == "StatefulSet" and name.text:
        yield from _named(graph, workload, Service, name, Relation.REFERS_TO, assumed=graph.facts.assumed.services)


def _backed_service(graph: Graph, slice_: Endpoints | EndpointSlice) -> Iterator[Reference]:
    for service in graph.named(Service, slice_.namespace, slice_.service_name):
        yield Edge(slice_, Relation.BACKS, service, slice_.name_node)


def _own_namespace(graph: Graph, resource: Resource) -> Iterator[Reference]:
    for namespace in graph.named(Namespace, "", resource.namespace):
        yield Edge(resource, Relation.IN, namespace, resource.metadata["namespace"])


def _policy_peers(graph: Graph, policy: NetworkPolicy) -> Iterator[Reference]:
    for rule in policy.effective_rules:
        for peer in rule.peers:
            yield from _peer(graph, policy, peer)


def _peer(graph: Graph, policy: NetworkPolicy, peer: PolicyPeer) -> Iterator[Reference]:
    if not peer.is_valid or peer.ip_block:
        return
    if peer.namespace_selector is None:
        if peer.pod_selector is not None and not peer.pod_selector.is_empty:
            yield from _selected(graph, policy, peer.pod_selector, peer.node["podSelector"], Relation.ADMITS)
        return
    surely, maybe = graph.namespaces.matching(peer.namespace_selector)
    if peer.pod_selector is None or peer.pod_selector.is_empty:
        yield from _peer_namespaces(graph, policy, peer, surely, maybe)
    else:
        yield from _peer_pods(graph, policy, peer, surely, maybe)


def _peer_namespaces(
    graph: Graph, policy: NetworkPolicy, peer: PolicyPeer, surely: Sequence[str], maybe: Sequence[str]
) -> Iterator[Reference]:
    """A peer that means whole namespaces; one that means them all needs no edge to each."""
    selector = peer.namespace_selector
    if selector is None or selector.is_empty:
        return
    at = peer.node["namespaceSelector"]
    for name in surely:
        for namespace in graph.named(Namespace, "", name):
            yield Edge(policy, Relation.ADMITS, namespace, at)
    if not surely:
        yield _no_namespace(graph, policy, selector, at, maybe)


def _no_namespace(
    graph: Graph, policy: NetworkPolicy, selector: Selector, at: Node, maybe: Sequence[str]
) -> Unresolved:
    near_misses = near.namespace_names(selector, graph.namespaces) or near.namespace_labels(selector, graph.namespaces)
    return Unresolved(
        source=policy,
        relation=Relation.ADMITS,
        kind="Namespace",
        wanted=str(selector),
        at=at,
        covered=not maybe and graph.facts.assumed.complete,
        near=near_misses,
    )


def _peer_pods(
    graph: Graph, policy: NetworkPolicy, peer: PolicyPeer, surely: Sequence[str], maybe: Sequence[str]
) -> Iterator[Reference]:
    """A peer that means some pods of some namespaces."""
    namespaces, pods = peer.namespace_selector, peer.pod_selector
    if namespaces is None or pods is None:
        return
    if not surely and not namespaces.is_empty:
        if not _is_system(graph, namespaces):
            yield _no_namespace(graph, policy, namespaces, peer.node["namespaceSelector"], maybe)
        return
    selector = decidable(pods, graph.facts)
    if selector is None:
        return
    among, at = set(surely), peer.node["podSelector"]
    anywhere = graph.all_pods.matching(selector)
    found = [workload for workload in anywhere if workload.namespace in among]
    for workload in found:
        yield Edge(policy, Relation.ADMITS, workload, at)
    if not found and not maybe and not _is_system(graph, namespaces) and not among & graph.facts.system_namespaces:
        loose = _loosely(policy, anywhere)
        known = not namespaces.is_empty and any(graph.covers(Workload, name) for name in surely)
        yield Unresolved(
            source=policy,
            relation=Relation.ADMITS,
            kind="Pod",
            wanted=f"{pods} in namespaces {namespaces}",
            at=at,
            covered=not loose and (known or graph.facts.assumed.complete),
            near=() if loose else tuple(miss for name in surely for miss in near.labels(selector, graph.pods(name)))[: near.MOST],
        )


def _is_system(graph: Graph, selector: Selector) -> bool:
    """Whether a namespace selector names a system namespace, which is part of every cluster."""
    return any(
        value in graph.facts.system_namespaces for requirement in selector.requirements for value in requirement.values
    )


def names_wanted(resource: Resource) -> Iterator[tuple[type[Resource], str, str]]:
    """The kind, namespace and name of everything that the resource refers to by name."""
    if isinstance(resource, Ingress):
        for backend in resource.backends:
            yield Service, resource.namespace, backend.service.text
        for tls in resource.tls:
            yield Secret, resource.namespace, tls.secret.text
        yield IngressClass, "", resource.class_name
    elif isinstance(resource, Workload):
        yield Service, resource.namespace, resource.spec["serviceName"].text


REFERENCES: Mapping[tuple[Relation, type[Resource]], Callable[..., Iterator[Reference]]] = {
    (Relation.SELECTS, Service): _service_pods,
    (Relation.SELECTS, NetworkPolicy): _policy_pods,
    (Relation.ADMITS, NetworkPolicy): _policy_peers,
    (Relation.ROUTES_TO, Ingress): _ingress_backends,
    (Relation.REFERS_TO, Ingress): _ingress_needs,
    (Relation.REFERS_TO, Workload): _governing_service,
    (Relation.BACKS, Endpoints): _backed_service,
    (Relation.BACKS, EndpointSlice): _backed_service,
    (Relation.IN, Workload): _own_namespace,
    (Relation.IN, NetworkPolicy): _own_namespace,
    (Relation.IN, Service): _own_namespace,
    (Relation.IN, Ingress): _own_namespace,
}
"""Which references a kind holds, by relation."""
