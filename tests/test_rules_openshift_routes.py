"""Routes of OpenShift that lead nowhere."""

from __future__ import annotations

import pytest

from tests.shop import deployment, said, service

MISSING, PORT = "ingress-backend-missing", "openshift-route-port-missing"
PODS = deployment(more="ports: [{name: https, containerPort: 8443}]")
BY_NUMBER = service("selector: {app: web}, ports: [{name: web, port: 443, targetPort: 8443}]")
BY_NAME = service("selector: {app: web}, ports: [{name: web, port: 443, targetPort: https}]")


def route(spec: str) -> str:
    return (
        f"apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {{name: web, namespace: shop}}\nspec: {{{spec}}}\n"
    )


def to(port: str, name: str = "web") -> str:
    return route(f"to: {{kind: Service, name: {name}}}, port: {{targetPort: {port}}}")


@pytest.mark.parametrize("given", [BY_NUMBER, BY_NAME])
@pytest.mark.parametrize("port", ["web", "8443", '"8443"', "${PORT}"])
def test_a_port_is_the_services_by_name_and_the_pods_by_number(port: str, given: str) -> None:
    assert said(PORT, to(port), given, PODS) == []


@pytest.mark.parametrize("port", ["webb", "443"])
def test_a_port_of_neither_is_an_error(port: str) -> None:
    assert said(PORT, to(port), BY_NUMBER, PODS) == [
        f"error Route/shop/web leads to a port that is not there: Service/shop/web leads to no {port}, but web (8443)"
    ]


def test_a_number_behind_a_name_is_known_where_the_pods_tell_it() -> None:
    assert len(said(PORT, to("443"), BY_NAME, PODS)) == 1
    assert said(PORT, to("443"), BY_NAME) == []
    assert said(PORT, to("443"), BY_NAME, deployment()) == []


@pytest.mark.parametrize(
    "given",
    [
        service("ports: [{name: other, port: 443}]"),
        service("selector: {app: web}, ports: [{name: '${NAME}', port: 443}]"),
        service("type: ExternalName, externalName: example.com"),
    ],
)
def test_endpoints_that_nobody_can_tell(given: str) -> None:
    assert said(PORT, to("web"), given, PODS) == []


def test_a_route_may_name_no_port() -> None:
    assert said(PORT, route("to: {kind: Service, name: web}"), BY_NAME, PODS) == []


def test_a_service_that_is_not_there_is_told_of_once() -> None:
    assert said(PORT, to("web", "wobbly"), BY_NAME, PODS) == []
    assert said(MISSING, to("web", "wobbly"), BY_NAME, PODS) == [
        "warning Route/shop/web leads to a Service that is not there: no Service shop/wobbly"
    ]


def test_every_backend_of_a_route_counts() -> None:
    split = route("to: {kind: Service, name: web}, alternateBackends: [{kind: Service, name: gone, weight: 10}]")
    assert len(said(MISSING, split, BY_NAME, PODS)) == 1
    assert said(MISSING, split.replace("kind: Service, name: gone", "kind: Other, name: gone"), BY_NAME, PODS) == []


def test_a_route_for_challenges_leads_to_what_is_made_for_them() -> None:
    solver = route("to: {kind: Service, name: cm-acme}, path: /.well-known/acme-challenge/x")
    assert said(MISSING, solver, BY_NAME, PODS) == []
