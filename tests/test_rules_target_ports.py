"""Target ports by number that pods do not declare."""

from __future__ import annotations

import pytest

from tests.shop import deployment, rule_lines, said, service

RULE = "service-target-port-undeclared"
TO_8080 = "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"


def test_a_port_of_other_numbers_is_a_note() -> None:
    pods = deployment(more="ports: [{containerPort: 9000}]")
    assert said(RULE, service(TO_8080), pods) == [
        "note Service/shop/web targets port 8080 over TCP, but Deployment/shop/web declares only 9000"
    ]


@pytest.mark.parametrize("port", ["port: 80", 'containerPort: "80"'])
def test_nothing_is_told_of_pods_whose_ports_cannot_be_read(port: str) -> None:
    pods = deployment(more=f"ports: [{{containerPort: 9000}}, {{{port}}}]")
    assert said(RULE, service(TO_8080), pods) == []


def test_a_port_left_out_is_the_port_of_the_service() -> None:
    pods = deployment(more="ports: [{containerPort: 9000}]")
    (found,) = rule_lines(RULE, service("selector: {app: web}, ports: [{port: 80}]"), pods)
    assert found.startswith("4:")
    assert "targets port 80 over TCP" in found


@pytest.mark.parametrize("declared", ["{containerPort: 8080, protocol: UDP}", "{containerPort: 8800}"])
def test_another_protocol_or_a_slip_is_a_warning(declared: str) -> None:
    (found,) = said(RULE, service(TO_8080), deployment(more=f"ports: [{declared}]"))
    assert found.startswith("warning ")


def test_a_port_that_another_service_targets_is_no_slip() -> None:
    admin = service("selector: {app: web}, ports: [{port: 80, targetPort: 8081}]", name="admin")
    pods = deployment(more="ports: [{containerPort: 8081}]")
    (found,) = said(RULE, service(TO_8080), admin, pods)
    assert found.startswith("note ")


@pytest.mark.parametrize(
    "container",
    [
        "image: example/web",
        "ports: [{containerPort: 8080}]",
        "ports: [{containerPort: 9000}], args: ['--listen=0.0.0.0:8080']",
        "ports: [{containerPort: 9000}], env: [{name: PORT, value: '8080'}]",
        "ports: [{containerPort: 9000}], readinessProbe: {tcpSocket: {port: 8080}}",
        "ports: [{containerPort: 9000}], envFrom: [{configMapRef: {name: web}}]",
    ],
)
def test_the_pods_may_well_serve_it(container: str) -> None:
    settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: shop}\ndata: {conf: 'listen 8080;'}\n"
    assert said(RULE, service(TO_8080), deployment(more=container), settings) == []


def test_a_number_within_another_is_not_that_number() -> None:
    pods = deployment(more="ports: [{containerPort: 9000}], args: ['--at=18080']")
    assert len(said(RULE, service(TO_8080), pods)) == 1


def test_one_workload_that_tells_nothing_is_enough_to_doubt() -> None:
    pods = deployment(more="ports: [{containerPort: 9000}]"), deployment("other")
    assert said(RULE, service(TO_8080), *pods) == []


def test_a_native_sidecar_serves_it() -> None:
    pod = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  initContainers: [{name: proxy, image: envoy, restartPolicy: Always, ports: [{containerPort: 8080}]}]
  containers: [{name: web, image: example/web, ports: [{containerPort: 9000}]}]
"""
    assert said(RULE, service(TO_8080), pod) == []
