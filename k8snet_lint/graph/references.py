"""What each kind refers to: one function a reference, yielding edges and what does not resolve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.edges import Edge, Edges, Missed, Relation, Unresolved
from k8snet_lint.graph.gateway.references import (
    certificates,
    gateway_class,
    names_wanted_by_gateways,
    parent_gateway,
    policy_authorities,
    policy_targets,
    route_backends,
    route_parents,
)
from k8snet_lint.graph.named import named
from k8snet_lint.graph.policy_references import engine_peers, engine_pods, policy_peers, policy_pods
from k8snet_lint.graph.selection import selected
from k8snet_lint.resource import (
    BackendTLSPolicy,
    ConfigMap,
    Endpoints,
    EndpointSlice,
    EnginePolicy,
    Gateway,
    GatewayRoute,
    Ingress,
    IngressClass,
    ListenerHolder,
    ListenerSet,
    Namespace,
    NetworkPolicy,
    Resource,
    Secret,
    Service,
    Workload,
)
from k8snet_lint.resource.openshift import OpenShiftRoute
from k8snet_lint.resource.operators import MONITORING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from k8snet_lint.graph.graph import Graph

Reference = Edge | Unresolved
Written = Edges | Unresolved | Missed


def _service_pods(graph: Graph, service: Service) -> Iterator[Written]:
    if service.selects_pods:
        at = service.spec["selector"]
        yield from selected(graph, service, service.selector, at, Relation.SELECTS)


def _ingress_backends(graph: Graph, ingress: Ingress) -> Iterator[Written]:
    for backend in ingress.backends:
        if backend.service.text and not backend.is_action:
            yield from named(
                graph, ingress, Service, backend.service, Relation.ROUTES_TO, assumed=graph.facts.assumed.services
            )


def _openshift_backends(graph: Graph, route: OpenShiftRoute) -> Iterator[Written]:
    for backend in route.backends:
        assumed = graph.facts.assumed.services
        yield from named(graph, route, Service, backend["name"], Relation.ROUTES_TO, assumed=assumed)


def _ingress_needs(graph: Graph, ingress: Ingress) -> Iterator[Written]:
    assumed = graph.facts.assumed
    secrets = ("*",) if ingress.is_issued else assumed.secrets
    for tls in ingress.tls:
        if tls.secret.text:
            yield from named(graph, ingress, Secret, tls.secret, Relation.REFERS_TO, assumed=secrets)
    if ingress.class_name:
        classes = assumed.ingress_classes
        yield from named(graph, ingress, IngressClass, ingress.class_node, Relation.REFERS_TO, assumed=classes)


def _governing_service(graph: Graph, workload: Workload) -> Iterator[Written]:
    name = workload.spec["serviceName"]
    if workload.kind == "StatefulSet" and name.text:
        yield from named(graph, workload, Service, name, Relation.REFERS_TO, assumed=graph.facts.assumed.services)


def _backed_service(graph: Graph, slice_: Endpoints | EndpointSlice) -> Iterator[Written]:
    found = graph.named(Service, slice_.namespace, slice_.service_name)
    if found:
        yield Edges(slice_, Relation.BACKS, found, slice_.name_node)


def _own_namespace(graph: Graph, resource: Resource) -> Iterator[Written]:
    found = graph.named(Namespace, "", resource.namespace)
    if found:
        yield Edges(resource, Relation.IN, found, resource.metadata["namespace"])


def _called_services(graph: Graph, resource: Resource) -> Iterator[Written]:
    for each in graph.mentions.by_source.get(resource, ()):
        if each.services:
            yield Edges(resource, Relation.CALLS, each.services, each.at)
    for missing, absence, _ in graph.missing_services.of(resource):
        wanted = f"{missing.namespace}/{missing.name}" if missing.namespace else missing.name
        yield Unresolved(resource, Relation.CALLS, "Service", wanted, missing.at, absence.covered, absence.near)


def _scraped(graph: Graph, resource: Resource) -> Iterator[Written]:
    if resource.group == MONITORING:
        monitors = graph.scrapes.monitors
        found, missing = monitors.selected(resource), monitors.missing(resource)
        if found:
            yield Edges(resource, Relation.SCRAPES, found, resource.spec["selector"])
        if missing:
            yield missing


def _read_settings(graph: Graph, workload: Workload) -> Iterator[Written]:
    from k8snet_lint.resource.settings import taken  # noqa: PLC0415 - only whoever asks for it needs it

    for each in taken(workload):
        found = graph.named(ConfigMap, workload.namespace, each.name)
        if found:
            yield Edges(workload, Relation.READS, found, each.at)


def names_wanted(resource: Resource) -> Iterator[tuple[type[Resource], str, str]]:
    """The kind, namespace and name of everything that the resource refers to by name."""
    if isinstance(resource, Ingress):
        for backend in resource.backends:
            yield Service, resource.namespace, backend.service.text
        for tls in resource.tls:
            yield Secret, resource.namespace, tls.secret.text
        yield IngressClass, "", resource.class_name
    elif isinstance(resource, OpenShiftRoute):
        for node in resource.backends:
            yield Service, resource.namespace, node["name"].text
    elif isinstance(resource, Workload):
        yield Service, resource.namespace, resource.spec["serviceName"].text
    yield from names_wanted_by_gateways(resource)


REFERENCES: Mapping[tuple[Relation, type[Resource]], Callable[..., Iterator[Written]]] = {
    (Relation.SELECTS, Service): _service_pods,
    (Relation.SELECTS, NetworkPolicy): policy_pods,
    (Relation.ADMITS, NetworkPolicy): policy_peers,
    (Relation.SELECTS, EnginePolicy): engine_pods,
    (Relation.ADMITS, EnginePolicy): engine_peers,
    (Relation.ROUTES_TO, Ingress): _ingress_backends,
    (Relation.ROUTES_TO, OpenShiftRoute): _openshift_backends,
    (Relation.REFERS_TO, Ingress): _ingress_needs,
    (Relation.REFERS_TO, Workload): _governing_service,
    (Relation.BACKS, Endpoints): _backed_service,
    (Relation.BACKS, EndpointSlice): _backed_service,
    (Relation.CALLS, Resource): _called_services,
    (Relation.SCRAPES, Resource): _scraped,
    (Relation.READS, Workload): _read_settings,
    (Relation.IN, Workload): _own_namespace,
    (Relation.IN, NetworkPolicy): _own_namespace,
    (Relation.IN, Service): _own_namespace,
    (Relation.IN, Ingress): _own_namespace,
    (Relation.REFERS_TO, Gateway): gateway_class,
    (Relation.REFERS_TO, ListenerHolder): certificates,
    (Relation.ATTACHES_TO, ListenerSet): parent_gateway,
    (Relation.ATTACHES_TO, GatewayRoute): route_parents,
    (Relation.ROUTES_TO, GatewayRoute): route_backends,
    (Relation.SELECTS, BackendTLSPolicy): policy_targets,
    (Relation.REFERS_TO, BackendTLSPolicy): policy_authorities,
    (Relation.IN, GatewayRoute): _own_namespace,
}
"""Which references a kind holds, by relation."""
