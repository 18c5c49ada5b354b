"""Hosts that are published in the clear, or to everyone: OpenShift Routes, routes of the Gateway API."""

from __future__ import annotations

import pytest

from k8snet_lint.facts import Facts
from tests.gateway_api import from_all, gateway, listener, route
from tests.support import lint_text

CLEARTEXT = ["openshift-route-cleartext"]
EVERY_HOST = ["route-claims-every-host"]


def openshift(spec: str, metadata: str = "", name: str = "web") -> str:
    to = "to: {kind: Service, name: web}"
    return (
        f"apiVersion: route.openshift.io/v1\nkind: Route\n"
        f"metadata: {{name: {name}, namespace: shop{metadata}}}\nspec: {{{to}{spec and ', ' + spec}}}\n"
    )


@pytest.mark.parametrize("spec", ["", "host: a.example.com", "tls: {}", "tls: null"])
def test_a_route_without_tls(spec: str) -> None:
    (line,) = lint_text(openshift(spec), select=CLEARTEXT)
    assert "warning[openshift-route-cleartext] Route/shop/web serves" in line


@pytest.mark.parametrize("termination", ["edge", "reencrypt"])
def test_a_policy_that_allows_cleartext_beside_tls(termination: str) -> None:
    tls = f"tls: {{termination: {termination}, insecureEdgeTerminationPolicy: Allow}}"
    (line,) = lint_text(openshift(tls), select=CLEARTEXT)
    assert "serves its host in the clear as well" in line


@pytest.mark.parametrize(
    "text",
    [
        openshift("tls: {termination: edge}"),
        openshift("tls: {termination: edge, insecureEdgeTerminationPolicy: Redirect}"),
        openshift("tls: {termination: passthrough, insecureEdgeTerminationPolicy: None}"),
        openshift("host: web.apps.internal"),
        openshift("", name="web-internal"),
        openshift("path: /.well-known/acme-challenge/x"),
        openshift("", ", ownerReferences: [{kind: Ingress, name: web}]"),
        openshift("").replace("route.openshift.io", "example.com"),
    ],
)
def test_routes_that_are_fine_or_not_for_everyone(text: str) -> None:
    assert lint_text(text, select=CLEARTEXT) == []


def test_tls_that_ends_before_the_router() -> None:
    assert lint_text(openshift(""), select=CLEARTEXT, facts=Facts(tls_terminated_upstream=True)) == []


BLOG = route(name="blog", namespace="press", hosts="blog.example.com")


def test_a_route_without_a_host_beside_one_of_another_namespace() -> None:
    (line,) = lint_text("---\n".join((gateway(from_all()), route(), BLOG)), select=EVERY_HOST)
    assert "warning[route-claims-every-host] HTTPRoute/shop/web answers for every host of Gateway/infra/edge" in line
    assert "which serves HTTPRoute/press/blog too" in line


def test_a_shared_gateway_that_nobody_else_is_known_to_use() -> None:
    (line,) = lint_text("---\n".join((gateway(from_all()), route())), select=EVERY_HOST)
    assert "note[route-claims-every-host]" in line


@pytest.mark.parametrize(
    "manifests",
    [
        (gateway(from_all("hostname: '*.example.com'")), route(), BLOG),
        (gateway(from_all()), route(hosts="a.example.com"), BLOG),
        (gateway(from_all()), route(rule="filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]"), BLOG),
        (gateway(listener(), namespace="shop"), route("name: edge")),
    ],
)
def test_hosts_that_are_named_redirects_and_a_gateway_of_ones_own(manifests: tuple[str, ...]) -> None:
    assert lint_text("---\n".join(manifests), select=EVERY_HOST) == []


def test_one_team_may_have_a_catch_all() -> None:
    text = "---\n".join((gateway(from_all()), route(), BLOG))
    assert lint_text(text, select=EVERY_HOST, options={"route-claims-every-host": {"single-tenant": True}}) == []


def test_a_gateway_that_is_not_known_is_for_those_who_want_to_hear_all() -> None:
    assert not any("route-claims-every-host" in line for line in lint_text(route()))
    (line,) = lint_text(route(), select=EVERY_HOST)
    assert "note[route-claims-every-host]" in line


@pytest.mark.parametrize(
    "parent", ["kind: Service, group: '', name: web", "kind: ServiceEntry, group: istio.io, name: web"]
)
def test_routes_within_a_mesh_claim_no_hosts(parent: str) -> None:
    assert lint_text(route(parent), select=EVERY_HOST) == []
