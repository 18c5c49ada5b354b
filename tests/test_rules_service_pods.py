"""Headless Services, and Services whose selectors mean too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.facts import Assumed, Facts
from tests.shop import deployment, said, service
from tests.support import lint_tree, report_on, write_files

if TYPE_CHECKING:
    from pathlib import Path

REMAP = "service-headless-port-remap"
SPAN = "service-selector-spans-workloads"

HEADLESS = service("clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: http}]")
PODS = deployment(more="ports: [{name: http, containerPort: 8080}]")


def test_nothing_turns_the_port_into_the_target() -> None:
    assert said(REMAP, HEADLESS, PODS) == [
        (
            "warning Service/shop/web is headless: clients of its port 80 reach port 80 of the pods, and "
            "Deployment/shop/web declares only http=8080"
        )
    ]


@pytest.mark.parametrize("target", ["80", "'80'", "0", "null", "nope"])
def test_an_equal_or_unknown_target(target: str) -> None:
    assert said(REMAP, HEADLESS.replace("targetPort: http", f"targetPort: {target}"), PODS) == []


def test_pods_that_listen_on_both() -> None:
    both = deployment(more="ports: [{name: http, containerPort: 8080}, {containerPort: 80}]")
    told = deployment(more="args: ['--port=80'], ports: [{name: http, containerPort: 8080}]")
    assert said(REMAP, HEADLESS, both) == []
    assert said(REMAP, HEADLESS, told) == []


def test_a_cluster_address_translates() -> None:
    assert said(REMAP, HEADLESS.replace("clusterIP: None, ", ""), PODS) == []


def test_who_goes_by_endpoints() -> None:
    ingress = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
"""
    monitor = """
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, endpoints: [{port: http}]}
"""
    assert said(REMAP, HEADLESS, PODS, ingress) == []
    assert said(REMAP, HEADLESS.replace("shop}", "shop, labels: {app: web}}"), PODS, monitor) == []
    assert len(said(REMAP, HEADLESS, PODS, monitor)) == 1


def test_clients_that_ask_for_the_port() -> None:
    assert said(REMAP, HEADLESS, PODS, options={REMAP: {"found-by-srv": ["shop/web"]}}) == []


WIDE = service("selector: {app: shop}, ports: [{port: 80, targetPort: 8080}]")
NAMED = service("selector: {app: shop}, ports: [{port: 80, targetPort: http}]")


def part(name: str, port: int, more: str = "") -> str:
    return deployment(name, f"{{app: shop, part: {name}{more}}}", f"ports: [{{name: http, containerPort: {port}}}]")


def test_two_programs_behind_one_number() -> None:
    assert said(SPAN, WIDE, part("web", 8080), part("db", 5432)) == [
        (
            "warning Service/shop/web leads to port 8080 of Deployment/shop/web, and selects Deployment/shop/db too, "
            "which declares only http=5432"
        )
    ]


def test_two_programs_behind_one_name() -> None:
    (line,) = said(SPAN, NAMED, part("web", 8080), part("api", 3000))
    assert line.endswith("and selects Deployment/shop/api too, which means port 3000 by it")


def test_order_does_not_matter() -> None:
    assert said(SPAN, WIDE, part("db", 5432), part("web", 8080)) == said(
        SPAN, WIDE, part("web", 8080), part("db", 5432)
    )


@pytest.mark.parametrize("label", ["track", "version", "slot"])
def test_a_label_tells_that_one_stands_for_the_other(label: str) -> None:
    assert said(SPAN, WIDE, part("web", 8080, f", {label}: a"), part("next", 9090, f", {label}: b")) == []


def test_the_same_program_twice() -> None:
    same = part("db", 5432).replace("example/db", "example/web:2")
    assert said(SPAN, WIDE, part("web", 8080), same) == []


def test_what_listens_alike_or_is_not_known() -> None:
    assert said(SPAN, WIDE, part("web", 8080), part("api", 8080)) == []
    assert said(SPAN, WIDE, part("web", 8080), deployment("db", "{app: shop}")) == []


@pytest.mark.parametrize("kind", ["kind: Job", "kind: Rollout"])
def test_pods_that_come_and_go(kind: str) -> None:
    other = part("db", 5432).replace("kind: Deployment", kind)
    other = other.replace("apps/v1", "batch/v1" if kind == "kind: Job" else "argoproj.io/v1alpha1")
    assert said(SPAN, WIDE, part("web", 8080), other) == []


def test_so_many_that_it_is_meant() -> None:
    assert said(SPAN, WIDE, *(part(f"part-{number}", 8000 + number) for number in range(80, 93))) == []


WEB = "selector: {app: web}, ports: [{port: 80}]"


@pytest.mark.parametrize(
    "other",
    [
        service(f"clusterIP: None, {WEB}", "www"),
        service(f"type: LoadBalancer, {WEB}", "www"),
        service(WEB, "www", "annotations: {a: b}"),
        service(WEB, "web-canary"),
        service(WEB, "www").replace("port: 80", "port: 81"),
        service(WEB, "www").replace("namespace: shop", "namespace: other"),
        service(WEB),
    ],
)
def test_services_with_a_purpose_of_their_own(other: str) -> None:
    assert said(SPAN, service(WEB), other) == []


def test_the_same_over_again() -> None:
    text = f"{service(WEB)}\n---\n{service(WEB, 'www')}"
    assert said(SPAN, text) == [
        "note Service/shop/www selects the pods and offers the ports that Service/shop/web does"
    ]
    assert [finding.rule for finding in report_on(text).open if finding.rule == SPAN] == [SPAN]


@pytest.mark.parametrize("name", ["web", "www"])
def test_an_ingress_leads_to_one_of_them(name: str) -> None:
    ingress = f"""
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: web, namespace: shop}}
spec: {{defaultBackend: {{service: {{name: {name}, port: {{number: 80}}}}}}}}
"""
    assert said(SPAN, service(WEB), service(WEB, "www"), ingress) == []


def test_another_folder_is_another_application(tmp_path: Path) -> None:
    write_files(tmp_path, {"a/s.yaml": service(WEB), "b/s.yaml": service(WEB, "www")})
    assert lint_tree(tmp_path, select=[SPAN]) == []


def test_a_template_beside_it_may_make_the_pods(tmp_path: Path) -> None:
    write_files(tmp_path, {"a/s.yaml": service("selector: {app: wiki}, ports: [{port: 80}]"), "a/web.yaml": PODS})
    (line,) = lint_tree(tmp_path, select=["service-selects-no-pods"])
    assert "warning[" in line
    write_files(tmp_path, {"b/wiki.yaml": "kind: Deployment\nspec:\n  replicas: {{replicas}}\n  {{more}}\n"})
    (line,) = lint_tree(tmp_path, select=["service-selects-no-pods"])
    assert "warning[" in line
    write_files(tmp_path, {"a/wiki.yaml": "kind: Deployment\nspec:\n  replicas: {{replicas}}\n  {{more}}\n"})
    (line,) = lint_tree(tmp_path, select=["service-selects-no-pods"])
    assert "note[" in line
    complete = Facts(assumed=Assumed(complete=True))
    (line,) = lint_tree(tmp_path, select=["service-selects-no-pods"], facts=complete)
    assert "warning[" in line
