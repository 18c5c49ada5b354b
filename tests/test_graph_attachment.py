"""Which routes attach to which listeners, and what the API would say of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.facts import Assumed, Facts
from k8snet_lint.graph import Graph
from k8snet_lint.graph.gateway.attachment import Attachment, RouteReason
from k8snet_lint.graph.gateway.hostnames import common, holds, meets
from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.resource import Gateway, GatewayRoute
from tests.gateway_api import from_all, gateway, grant, listener, resource, route, service
from tests.support import run

if TYPE_CHECKING:
    from pathlib import Path

NOWHERE = Facts()
SELECTED = "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {%s}}}}"


def graph_of(*documents: str, facts: Facts = NOWHERE, namespace: str = "") -> Graph:
    text = "---\n".join(documents).encode()
    loaded = load(("-",), LoadOptions(stdin_name="m.yaml", namespace=namespace), stdin=text)
    assert not loaded.problems
    return Graph.of(loaded.worlds[0], facts)


def attachment(*documents: str, facts: Facts = NOWHERE) -> Attachment:
    (found,) = graph_of(*documents, facts=facts).attachments.all
    return found


def verdict(*documents: str, facts: Facts = NOWHERE) -> str:
    return attachment(*documents, facts=facts).accepted.value


def resolved(*documents: str) -> str:
    graph = graph_of(*documents)
    (found,) = graph.select(GatewayRoute)
    return graph.attachments.resolved(found).value


def namespace(name: str, labels: str = "") -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n"


def test_a_listener_takes_routes_of_its_own_namespace_unless_it_says_otherwise() -> None:
    assert verdict(gateway(namespace="shop"), route("name: edge")) == "Accepted"
    assert verdict(gateway(), route()) == "NotAllowedByListeners"
    assert verdict(gateway(from_all()), route()) == "Accepted"
    assert verdict(gateway(listener("http", "allowedRoutes: {namespaces: {from: None}}")), route()) == (
        "NotAllowedByListeners"
    )


@pytest.mark.parametrize(
    ("labels", "documents", "expected"),
    [
        ("edge: public", [namespace("shop", "edge: public")], "Accepted"),
        ("edge: public", [namespace("shop", "edge: private")], "NotAllowedByListeners"),
        ("edge: public", [], "Unknown"),
        ("kubernetes.io/metadata.name: shop", [], "Accepted"),
        ("kubernetes.io/metadata.name: other", [], "NotAllowedByListeners"),
    ],
)
def test_labels_of_a_namespace_decide_where_they_are_known(labels: str, documents: list[str], expected: str) -> None:
    assert verdict(*documents, gateway(listener("http", SELECTED % labels)), route()) == expected


def test_labels_can_be_assumed() -> None:
    facts = Facts(assumed=Assumed(namespaces={"shop": {"edge": "public"}}))
    assert verdict(gateway(listener("http", SELECTED % "edge: public")), route(), facts=facts) == "Accepted"


def test_a_selector_that_is_not_written_selects_nothing() -> None:
    scope = "allowedRoutes: {namespaces: {from: Selector}}"
    assert verdict(gateway(listener("http", scope)), route()) == "NotAllowedByListeners"


def test_a_namespace_that_is_not_known_yet_may_be_the_gateways() -> None:
    assert verdict(gateway(), route("name: edge, namespace: infra", namespace="")) == "Unknown"


@pytest.mark.parametrize(
    ("protocol", "kinds"),
    [
        ("HTTP", {"HTTPRoute", "GRPCRoute"}),
        ("HTTPS", {"HTTPRoute", "GRPCRoute"}),
        ("TLS", {"TLSRoute", "TCPRoute"}),
        ("TCP", {"TCPRoute"}),
        ("UDP", {"UDPRoute"}),
        ("example.com/own", {"HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"}),
    ],
)
def test_the_protocol_decides_which_kinds_a_listener_takes(protocol: str, kinds: set[str]) -> None:
    edge = gateway(listener("one", protocol=protocol), namespace="shop")
    every = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")
    assert {kind for kind in every if verdict(edge, route("name: edge", kind=kind)) == "Accepted"} == kinds


def test_a_listener_can_take_fewer_kinds_than_its_protocol_carries() -> None:
    edge = gateway(listener("http", "allowedRoutes: {kinds: [{kind: GRPCRoute}]}"), namespace="shop")
    assert verdict(edge, route("name: edge")) == "NotAllowedByListeners"
    assert verdict(edge, route("name: edge", kind="GRPCRoute")) == "Accepted"


def test_section_and_port_pick_listeners() -> None:
    edge = gateway(listener("one"), listener("two", port=8080), namespace="shop")
    assert [each.name for each in attachment(edge, route("name: edge")).listeners] == ["one", "two"]
    assert [each.name for each in attachment(edge, route("name: edge, sectionName: two")).listeners] == ["two"]
    assert [each.name for each in attachment(edge, route("name: edge, port: 80")).listeners] == ["one"]
    assert verdict(edge, route("name: edge, sectionName: two, port: 80")) == "NoMatchingParent"
    assert verdict(edge, route("name: edge, sectionName: three")) == "NoMatchingParent"


@pytest.mark.parametrize(
    ("host", "hosts", "expected"),
    [
        ("'*.example.com'", "a.example.com", "Accepted"),
        ("'*.example.com'", "a.b.example.com", "Accepted"),
        ("'*.example.com'", "example.com", "NoMatchingListenerHostname"),
        ("'*.example.com'", "'*.b.example.com'", "Accepted"),
        ("a.example.com", "'*.example.com'", "Accepted"),
        ("a.example.com", "A.Example.com", "Accepted"),
        ("a.example.com", "b.example.com", "NoMatchingListenerHostname"),
        ("a.example.com", "", "Accepted"),
        ("''", "b.example.com", "Accepted"),
        ("a.example.com", "b.example.com, a.example.com", "Accepted"),
    ],
)
def test_a_route_and_a_listener_share_a_host(host: str, hosts: str, expected: str) -> None:
    edge = gateway(listener("http", f"hostname: {host}"), namespace="shop")
    assert verdict(edge, route("name: edge", hosts=hosts)) == expected


def test_hosts() -> None:
    assert holds("", "a.example.com")
    assert not holds("a.example.com", "*.example.com")
    assert not meets("*.example.com", "*.example.org")
    assert common("*.example.com", "a.example.com") == "a.example.com"
    assert common("a.example.com", "*.example.com") == "a.example.com"
    assert common("", "*.example.com") == "*.example.com"


def test_a_parent_outside_the_set_is_unknown_unless_its_namespace_is_covered() -> None:
    assert verdict(route()) == "Unknown"
    assert verdict(gateway(name="other"), route()) == "NoMatchingParent"
    assumed = Facts(assumed=Assumed(gateways=("infra/*",)))
    assert verdict(gateway(name="other"), route(), facts=assumed) == "Unknown"
    assert verdict(route("group: example.com, kind: Router, name: own")) == "Unknown"


def test_a_service_can_be_a_parent() -> None:
    mesh = 'group: "", kind: Service, name: web'
    assert verdict(service(), route(mesh)) == "Accepted"
    assert verdict(service(), route(f"{mesh}, port: 80")) == "Accepted"
    assert verdict(service(), route(f"{mesh}, port: 81")) == "NoMatchingParent"
    assert graph_of(service(), route(mesh)).select(GatewayRoute)[0].is_mesh


@pytest.mark.parametrize(
    ("kind", "api"),
    [("ListenerSet", "gateway.networking.k8s.io/v1"), ("XListenerSet", "gateway.networking.x-k8s.io/v1alpha1")],
)
def test_listener_sets_are_part_of_the_gateway_that_takes_them(kind: str, api: str) -> None:
    more = resource(
        kind, "more", "shop", f"parentRef: {{name: edge, namespace: infra}}, listeners: [{listener()}]", api=api
    )
    parent = f"group: {api.partition('/')[0]}, kind: {kind}, name: more"
    for scope, takes in (("All", True), ("Same", False), ("", False)):
        allowed = f"allowedListeners: {{namespaces: {{from: {scope}}}}}" if scope else ""
        graph = graph_of(gateway(listener("own", port=8080), spec=allowed), more, route(parent))
        (web,) = graph.select(GatewayRoute)
        (found,) = graph.attachments.of(web)
        assert found.accepted is (RouteReason.ACCEPTED if takes else RouteReason.UNKNOWN)
        assert found.why == ("" if takes else f"{kind}/shop/more is not taken by its Gateway itself")
        assert bool(graph.attachments.gateways(web)) is takes
        (edge,) = graph.attachments.gateways(web) or (None,)
        assert (str(edge) == "Gateway/infra/edge") is takes


def test_a_route_for_the_gateway_is_not_taken_by_its_listener_sets() -> None:
    more = resource("ListenerSet", "more", "infra", f"parentRef: {{name: edge}}, listeners: [{from_all()}]")
    edge = gateway(listener("own"), spec="allowedListeners: {namespaces: {from: All}}")
    assert verdict(edge, more, route()) == "NotAllowedByListeners"


def test_backends_resolve_or_not() -> None:
    abroad = "backendRefs: [{name: web, namespace: accounts, port: 80}]"
    there = service(namespace="accounts")
    assert resolved(service(), route()) == "ResolvedRefs"
    assert resolved(service("other"), route()) == "BackendNotFound"
    assert resolved(route()) == "Unknown"
    assert resolved(there, route(rule=abroad)) == "RefNotPermitted"
    assert (
        resolved(there, grant("HTTPRoute/shop", "Service", namespace="accounts"), route(rule=abroad)) == "ResolvedRefs"
    )
    assert (
        resolved(there, grant("GRPCRoute/shop", "Service", namespace="accounts"), route(rule=abroad))
        == "RefNotPermitted"
    )
    assert (
        resolved(there, grant("HTTPRoute/shop", "Service/api", namespace="accounts"), route(rule=abroad))
        == "RefNotPermitted"
    )
    assert resolved(route(rule="backendRefs: [{kind: Secret, name: web}]")) == "InvalidKind"
    assert resolved(route(rule="backendRefs: [{group: core, kind: Service, name: web}]")) == "InvalidKind"
    assert resolved(route(rule="backendRefs: [{group: example.com, kind: Bucket, name: web}]")) == "Unknown"
    assert resolved(route(rule="backendRefs: [{kind: '{{ kind }}', name: web}]")) == "Unknown"


def test_the_graph_shows_the_verdicts(tmp_path: Path) -> None:
    file = tmp_path / "m.yaml"
    file.write_text(f"{gateway()}---\n{service()}---\n{route()}", encoding="utf-8")
    text = run("graph", str(file)).out
    assert "parent Gateway/infra/edge: NotAllowedByListeners; ResolvedRefs" in text
    assert "listener 'http' of Gateway/infra/edge: it takes routes from: Same" in text
    assert '"accepted": "NotAllowedByListeners"' in run("graph", "-f", "json", str(file)).out
    assert "attaches-to: NotAllowedByListeners" in run("graph", "-f", "mermaid", str(file)).out
    file.write_text(f"{gateway(from_all())}---\n{service()}---\n{route()}", encoding="utf-8")
    assert "parent Gateway/infra/edge: Accepted by http; ResolvedRefs" in run("graph", str(file)).out


def test_a_gateways_pods_can_be_selected_by_its_name() -> None:
    carrying = service("edge", "infra", "selector: {gateway.networking.k8s.io/gateway-name: edge}, ports: [{port: 80}]")
    graph = graph_of(gateway(), carrying)
    assert [each.name for each in graph.pods("infra").labelled("gateway.networking.k8s.io/gateway-name", "edge")] == [
        "edge"
    ]
    assert len(graph.select(Gateway)) == 1


CONFORMANCE = {
    "httproute-invalid-cross-namespace-parent-ref": "NotAllowedByListeners",
    "httproute-disallowed-kind": "NotAllowedByListeners",
    "httproute-invalid-parentref-not-matching-listener-port": "NoMatchingParent",
    "httproute-invalid-parentref-not-matching-section-name": "NoMatchingParent",
    "httproute-invalid-parentref-section-name-not-matching-port": "NoMatchingParent",
    "httproute-invalid-reference-grant": "RefNotPermitted",
    "httproute-invalid-cross-namespace-backend-ref": "RefNotPermitted",
    "httproute-partially-invalid-via-invalid-reference-grant": "RefNotPermitted",
    "httproute-invalid-nonexistent-backendref": "BackendNotFound",
    "httproute-reference-grant": "ResolvedRefs",
    "httproute-cross-namespace": "Accepted",
    "httproute-exact-path-matching": "Accepted",
}


@pytest.mark.parametrize("name", CONFORMANCE)
def test_the_apis_own_conformance_tests_expect_the_same(shared: Path, name: str) -> None:
    root = shared / "corpus" / "kubernetes-sigs+gateway-api" / "conformance"
    texts = (root / "base" / "manifests.yaml", root / "tests" / f"{name}.yaml")
    graph = graph_of(*(f"{path.read_text(encoding='utf-8')}\n" for path in texts))
    reasons = {each.accepted.value for each in graph.attachments.all}
    reasons |= {graph.attachments.resolved(each.route).value for each in graph.attachments.all}
    assert CONFORMANCE[name] in reasons
    assert len(reasons) == 2


@pytest.mark.parametrize(("count", "expected"), [(64, "NoMatchingListenerHostname"), (65, "Unknown")])
def test_more_listeners_than_the_api_accepts_take_no_known_route(count: int, expected: str) -> None:
    listeners = (listener(f"l{number}", f"hostname: h{number}.example.org") for number in range(count))
    assert verdict(gateway(*listeners, namespace="shop"), route("name: edge", hosts="other.org")) == expected
