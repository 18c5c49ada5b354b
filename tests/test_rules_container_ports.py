"""Ports of containers, and the probes that call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.graph import Graph
from tests.shop import deployment, said, service
from tests.support import lint_text, report_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.resource import Service, Workload

INVALID, PROBE = "container-port-invalid", "probe-port-unresolved"
READINESS = "workload-without-readiness-behind-service"

WEB = service("selector: {app: web}, ports: [{port: 80, targetPort: http}]")
HTTP = "ports: [{name: http, containerPort: 8080}]"


def sidecar(ports: str) -> str:
    """Another container beside `web`, in the same pod."""
    return f"initContainers: [{{name: proxy, image: example/proxy, restartPolicy: Always, ports: [{ports}]}}]"


@pytest.mark.parametrize(
    ("port", "message"),
    [
        ("{name: Http, containerPort: 80}", "has name 'Http'"),
        ("{name: '8080', containerPort: 80}", "has name '8080': a name has a letter"),
        ("{name: '80-81', containerPort: 80}", "a name has at least one letter"),
        ("{name: a--b, containerPort: 80}", "has name 'a--b'"),
        ("{name: a-name-too-long-x, containerPort: 80}", "a name has at most 15 characters"),
        ("{containerPort: 70000}", "has containerPort '70000'"),
        ("{containerPort: 80, hostPort: 70000}", "has hostPort '70000'"),
    ],
)
def test_the_api_server_rejects_a_port(port: str, message: str) -> None:
    (found,) = said(INVALID, deployment(more=f"ports: [{port}]"))
    assert found.startswith("error container 'web' of Deployment/shop/web has ")
    assert message in found


@pytest.mark.parametrize(
    ("ports", "spec", "what"),
    [
        ("{containerPort: 80, hostPort: 90}, {containerPort: 81, hostPort: 90}", "", "error"),
        ("{containerPort: 80, hostPort: 90}, {containerPort: 80, hostPort: 90}", "", "error"),
        ("{containerPort: 80}, {containerPort: 80}", "hostNetwork: true", "error"),
        ("{containerPort: 80}, {containerPort: 80, hostPort: 80}", "hostNetwork: true", "error"),
        ("{containerPort: 80}, {containerPort: 80}", "", "warning"),
        ("{containerPort: 80}, {containerPort: 80, protocol: UDP}", "hostNetwork: true", ""),
        ("{containerPort: 80, hostPort: 90}, {containerPort: 81, hostPort: 90, hostIP: 192.0.2.1}", "", ""),
        ("{containerPort: 80, hostPort: 90}, {containerPort: 81, hostPort: 91}", "", ""),
    ],
)
def test_one_port_of_the_node_twice_in_one_pod_is_rejected(ports: str, spec: str, what: str) -> None:
    found = said(INVALID, deployment(more=f"ports: [{ports}]", spec=spec))
    assert [each.partition(" ")[0] for each in found] == [what] * bool(what)


def test_on_the_host_network_a_port_has_one_number() -> None:
    def found(ports: str, spec: str = "hostNetwork: true") -> list[str]:
        report = report_on(deployment(more=f"ports: [{ports}]", spec=spec), select=[INVALID, "host-port"])
        return [f"{each.severity.label}[{each.rule}] {each.message}" for each in report.open]

    assert found("{containerPort: 80, hostPort: 81}") == [
        (
            "error[container-port-invalid] container 'web' of Deployment/shop/web has hostPort 81 and containerPort 80 "
            "on the host network"
        )
    ]
    assert found("{containerPort: 80, hostPort: 80}") == []
    early = "initContainers: [{name: early, image: a, ports: [{containerPort: 80, hostPort: 81}]}]"
    assert [line for line in found("{containerPort: 9}", f"hostNetwork: true, {early}") if "host network" in line] == []
    (line,) = found("{containerPort: 80, hostPort: 81}", "hostNetwork: false")
    assert line.startswith("warning[host-port]")
    (line,) = found("{containerPort: 80, hostPort: 70000}")
    assert "has hostPort '70000'" in line


def test_a_name_twice_in_one_container_is_an_error_and_in_two_a_warning() -> None:
    once = "{name: http, containerPort: 80}"
    assert said(INVALID, deployment(more=f"ports: [{once}, {{name: http, containerPort: 81}}]")) == [
        "error container 'web' of Deployment/shop/web gives the port name 'http' twice"
    ]
    assert said(INVALID, deployment(more=f"ports: [{once}]", spec=sidecar("{name: http, containerPort: 81}"))) == [
        "warning Deployment/shop/web gives the port name 'http' to containers 'proxy' and 'web'"
    ]


@pytest.mark.parametrize(
    "ports",
    [
        "{containerPort: 80}, {containerPort: 80}",
        "{containerPort: 80}, {containerPort: 80, hostPort: 8080}",
    ],
)
def test_a_number_twice_is_a_warning(ports: str) -> None:
    assert said(INVALID, deployment(more=f"ports: [{ports}]")) == [
        "warning Deployment/shop/web gives port 80/TCP to container 'web' twice"
    ]


@pytest.mark.parametrize(
    "ports",
    [
        "{name: dns, containerPort: 53}, {name: dns-udp, containerPort: 53, protocol: UDP}",
        "{containerPort: 80, hostPort: 8080}, {containerPort: 80, hostPort: 8081}",
        "{containerPort: 80, hostPort: 80, hostIP: 10.0.0.1}, {containerPort: 80, hostPort: 80, hostIP: 10.0.0.2}",
        "null, {}, {containerPort: null}, {containerPort: eighty}, {name: 80, containerPort: {}}",
    ],
)
def test_ports_that_do_not_clash(ports: str) -> None:
    assert said(INVALID, deployment(more=f"ports: [{ports}]")) == []


def test_an_init_container_ends_before_the_others_start() -> None:
    init = "initContainers: [{name: init, image: example/init, ports: [{name: http, containerPort: 8080}]}]"
    assert said(INVALID, deployment(more=HTTP, spec=init)) == []


@pytest.mark.parametrize("handler", ["livenessProbe", "readinessProbe", "startupProbe"])
def test_a_named_port_is_one_of_the_probes_own_container(handler: str) -> None:
    pods = deployment(more=f"{handler}: {{httpGet: {{port: http}}}}", spec=sidecar("{name: http, containerPort: 8080}"))
    (found,) = said(PROBE, pods)
    assert found.startswith(f"error {handler} of Deployment/shop/web calls port 'http'")
    assert said(PROBE, deployment(more=f"{HTTP}, {handler}: {{httpGet: {{port: http}}}}")) == []


def test_a_lifecycle_hook_names_a_port_too() -> None:
    (found,) = said(PROBE, deployment(more=f"{HTTP}, lifecycle: {{preStop: {{httpGet: {{port: admin}}}}}}"))
    assert found.startswith("error preStop of Deployment/shop/web calls port 'admin'")


def test_a_number_in_quotes_is_a_name() -> None:
    (found,) = said(PROBE, deployment(more=f"{HTTP}, livenessProbe: {{httpGet: {{port: '8080'}}}}"))
    assert found.startswith("error livenessProbe of container 'web' of Deployment/shop/web has port '8080'")


def test_an_undeclared_number_is_a_note() -> None:
    assert said(PROBE, deployment(more=f"{HTTP}, livenessProbe: {{tcpSocket: {{port: 8081}}}}")) == [
        "note livenessProbe of Deployment/shop/web calls port 8081, though it has only http=8080"
    ]


@pytest.mark.parametrize(
    "container",
    [
        "livenessProbe: {tcpSocket: {port: 8081}}",
        f"{HTTP}, args: ['--health=:8081'], livenessProbe: {{tcpSocket: {{port: 8081}}}}",
        f"{HTTP}, env: [{{name: HEALTH, value: '8081'}}], livenessProbe: {{tcpSocket: {{port: 8081}}}}",
        f"{HTTP}, livenessProbe: {{tcpSocket: {{port: 8081}}}}, readinessProbe: {{grpc: {{port: 8081}}}}",
        f"{HTTP}, livenessProbe: {{httpGet: {{host: example.com, port: 8081}}}}",
        f"{HTTP}, livenessProbe: {{httpGet: {{host: example.com, port: https}}}}",
        f"{HTTP}, livenessProbe: {{exec: {{command: [true]}}}}, readinessProbe: {{httpGet: null}}, startupProbe: 7",
    ],
)
def test_a_probe_that_may_well_work(container: str) -> None:
    assert said(PROBE, deployment(more=container)) == []


def test_what_completes_a_container_may_declare_the_port() -> None:
    probed = deployment(more="livenessProbe: {httpGet: {port: http}}")
    completed = probed.replace("apps/v1", "example.com/v1").replace("kind: Deployment", "kind: Shop")
    assert len(said(PROBE, probed)) == 1
    assert said(PROBE, completed) == []


def test_a_container_behind_a_service_without_a_readiness_probe() -> None:
    again = service("selector: {app: web}, ports: [{port: 8080}]", name="again")
    assert said(READINESS, WEB, again, deployment(more=HTTP)) == [
        "warning container 'web' of Deployment/shop/web has no readiness probe behind Service/shop/web"
    ]


@pytest.mark.parametrize(
    "spec",
    [
        "selector: {app: web}, ports: [{port: 80, targetPort: http}], publishNotReadyAddresses: true",
        "selector: {app: web}, ports: [{name: http-metrics, port: 80, targetPort: http}]",
        "selector: {app: other}, ports: [{port: 80, targetPort: http}]",
        "selector: {app: web}, ports: [{port: 80, targetPort: admin}]",
    ],
)
def test_services_that_need_no_readiness(spec: str) -> None:
    pods = deployment(more=HTTP, spec=sidecar("{name: admin, containerPort: 9000}"))
    assert said(READINESS, service(spec), pods) == []


def test_a_job_is_never_ready() -> None:
    job = deployment(more=HTTP).replace("apps/v1", "batch/v1").replace("kind: Deployment", "kind: Job")
    assert said(READINESS, WEB, job) == []


def test_readiness_is_asked_for_only_in_strict() -> None:
    def lines(preset: str) -> list[str]:
        return [line for line in lint_text(f"{WEB}\n---\n{deployment(more=HTTP)}", preset=preset) if READINESS in line]

    assert len(lines("strict")) == 1
    assert lines("recommended") == []


def test_services_that_lead_to_the_same_containers_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    endpoints = Graph.endpoints

    def noted(graph: Graph, service: Service) -> Sequence[Workload]:
        asked.append(service.name)
        return endpoints(graph, service)

    monkeypatch.setattr(Graph, "endpoints", noted)
    template = """
apiVersion: v1
kind: Service
metadata: {name: NAME, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}, {port: 81, targetPort: TARGET, name: b}]}
"""
    pod = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - {name: a, image: a, ports: [{name: http, containerPort: 80}]}
  - {name: b, image: b, ports: [{name: admin, containerPort: 81}]}
"""
    written = [("one-metrics", "http"), ("two", "http"), ("three", "http"), ("four", "admin")]
    services = [template.replace("NAME", name).replace("TARGET", target) for name, target in written]
    first, second = lint_text("---".join([*services, pod]), select=[READINESS])
    assert "container 'a' of Pod/shop/web has no readiness probe behind Service/shop/two" in first
    assert "container 'b' of Pod/shop/web has no readiness probe behind Service/shop/four" in second
    assert asked == ["one-metrics"]
