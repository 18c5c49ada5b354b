"""What the objects of a mesh refer to and that is there; what is not, the mesh itself tells, kind by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.edges import Edges, Relation
from k8snet_lint.resource.istio import MESH, DestinationRule, IstioGateway, Sidecar, VirtualService
from k8snet_lint.resource.istio_security import AuthorizationPolicy, PeerAuthentication, RequestAuthentication
from k8snet_lint.resource.linkerd import LinkerdServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource
    from k8snet_lint.resource.istio_security import Targeted


def _virtual_service(graph: Graph, service: VirtualService) -> Iterator[Edges]:
    for at in service.gateways:
        found = graph.mesh.gateways.named(service, at.text) if graph.mesh and at.text != MESH else ()
        if found:
            yield Edges(service, Relation.REFERS_TO, found, at)
    for each in {each.host.text: each for each in service.destinations}.values():
        yield from _host(graph, service, each.host)


def _destination_rule(graph: Graph, rule: DestinationRule) -> Iterator[Edges]:
    yield from _host(graph, rule, rule.host)


def _host(graph: Graph, source: VirtualService | DestinationRule, at: Node) -> Iterator[Edges]:
    found = graph.mesh.hosts.find(at.text, source) if graph.mesh and at.text else None
    if found is not None and (found.services or found.entries):
        both = found.services and found.entries
        targets = (*found.services, *found.entries) if both else found.services or found.entries
        yield Edges(source, Relation.REFERS_TO, targets, at)


def _gateway(graph: Graph, gateway: IstioGateway) -> Iterator[Edges]:
    pods = graph.all_pods.matching(gateway.selector)
    if pods and not gateway.selector.is_empty:
        yield Edges(gateway, Relation.SELECTS, pods, gateway.spec["selector"])


def _policy(graph: Graph, policy: Targeted) -> Iterator[Edges]:
    subjects = graph.mesh.policies.subjects(policy) if graph.mesh else None
    if subjects:
        yield Edges(policy, Relation.SELECTS, subjects, policy.spec["selector"])


def _own_pods(graph: Graph, source: Sidecar | LinkerdServer) -> Iterator[Edges]:
    pods = graph.pods(source.namespace).matching(source.selector) if source.selector is not None else ()
    if pods:
        yield Edges(source, Relation.SELECTS, pods, source.selector_node)


MESH_REFERENCES: Mapping[tuple[Relation, type[Resource]], Callable[..., Iterator[Edges]]] = {
    (Relation.REFERS_TO, VirtualService): _virtual_service,
    (Relation.REFERS_TO, DestinationRule): _destination_rule,
    (Relation.SELECTS, IstioGateway): _gateway,
    (Relation.SELECTS, AuthorizationPolicy): _policy,
    (Relation.SELECTS, PeerAuthentication): _policy,
    (Relation.SELECTS, RequestAuthentication): _policy,
    (Relation.SELECTS, Sidecar): _own_pods,
    (Relation.SELECTS, LinkerdServer): _own_pods,
}
"""Which references a kind of a mesh holds, by relation."""
