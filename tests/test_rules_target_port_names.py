"""Target ports by name that pods do not declare."""

from __future__ import annotations

import pytest

from tests.shop import deployment, said, service

RULE = "service-target-port-name-unresolved"
OF_WEB = "ports: [{name: web, containerPort: 80}]"
TO_HTTP = "selector: {app: web}, ports: [{port: 80, targetPort: http}]"


def test_the_protocol_has_to_agree() -> None:
    pods = deployment(more="ports: [{name: http, containerPort: 80, protocol: UDP}]")
    assert said(RULE, service(TO_HTTP), pods) == [
        "error Service/shop/web targets a TCP port named 'http', but Deployment/shop/web declares only http=80/UDP"
    ]


def test_a_protocol_in_small_letters_hides_no_wrong_name() -> None:
    written = service("selector: {app: web}, ports: [{port: 80, targetPort: http, protocol: tcp}]")
    pods = deployment(more="ports: [{name: web, containerPort: 80}]")
    assert said(RULE, written, pods) == [
        "error Service/shop/web targets a TCP port named 'http', but Deployment/shop/web declares only web=80"
    ]


def test_a_name_of_that_protocol_that_is_nearly_it_is_told() -> None:
    ports = "ports: [{name: http, containerPort: 80}, {name: htps, containerPort: 443, protocol: UDP}]"
    (line,) = said(RULE, service(TO_HTTP.replace("http", "htpp")), deployment(more=ports))
    assert line.endswith("declares only http=80, htps=443/UDP; did you mean 'http'?")


def test_no_pods_are_selected() -> None:
    assert said(RULE, service(TO_HTTP), deployment(labels="{app: other}")) == []


def test_a_job_that_lacks_the_name_is_no_matter() -> None:
    job = deployment("migrate").replace("apps/v1", "batch/v1").replace("kind: Deployment", "kind: Job")
    pods = deployment(more="ports: [{name: http, containerPort: 80}]")
    assert said(RULE, service(TO_HTTP), pods, job) == []


def test_an_experiment_that_lacks_the_name_is_no_matter() -> None:
    template = "{metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}"
    experiment = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Experiment\nmetadata: {name: try, namespace: shop}\n"
        f"spec: {{templates: [{{name: new, selector: {{matchLabels: {{app: web}}}}, template: {template}}}]}}\n"
    )
    pods = deployment(more="ports: [{name: http, containerPort: 80}]")
    assert said(RULE, service(TO_HTTP), pods, experiment) == []
    assert said(RULE, service(TO_HTTP), pods, experiment.replace("kind: Experiment", "kind: Trial")) != []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("sidecar.istio.io/inject: 'true'", 0),
        ("linkerd.io/inject: ingress", 0),
        ("kuma.io/sidecar-injection: enabled", 0),
        ("sidecar.opentelemetry.io/inject: collector", 0),
        ("vault.hashicorp.com/agent-inject: 'true'", 0),
        ("sidecar.istio.io/inject: 'false'", 1),
        ("linkerd.io/inject: disabled", 1),
        ("sidecar.opentelemetry.io/inject: 'false'", 1),
    ],
)
def test_whoever_adds_a_container_may_add_the_port(asked: str, found: int) -> None:
    pods = deployment(labels=f"{{app: web, {asked}}}")
    assert len(said(RULE, service(TO_HTTP), pods)) == found


def test_a_slip_of_a_ports_name_is_one_beside_what_is_added() -> None:
    ports = "ports: [{name: metrics, containerPort: 8080}]"
    pods = deployment(labels="{app: web, vault.hashicorp.com/agent-inject: 'true'}", more=ports)
    (found,) = said(RULE, service(TO_HTTP.replace("http", "metrcs")), pods)
    assert found.endswith("; did you mean 'metrics'?")
    assert said(RULE, service(TO_HTTP.replace("http", "admin")), pods) == []


def test_pods_of_which_some_may_have_the_port_are_not_said_to_lack_it() -> None:
    told, injected = deployment(), deployment(name="other", labels="{app: web, sidecar.istio.io/inject: 'true'}")
    assert len(said(RULE, service(TO_HTTP), told)) == 1
    assert said(RULE, service(TO_HTTP), told, injected) == []


@pytest.mark.parametrize("name", ["linkerd-admin", "linkerd-proxy", "http-envoy-prom"])
def test_a_mesh_may_add_a_proxy_that_only_the_namespace_asks_for(name: str) -> None:
    pods = deployment(more="ports: [{name: web, containerPort: 8080}]")
    assert said(RULE, service(TO_HTTP.replace("http", name)), pods) == []


SIDECAR_SET = """
apiVersion: apps.kruise.io/v1alpha1
kind: SidecarSet
metadata: {name: proxy}
spec:
  selector: {matchLabels: {app: web}}
  containers: [{name: proxy, image: example/proxy, ports: [{name: http, containerPort: 8443}]}]
"""


@pytest.mark.parametrize("where", ["", "namespace: shop", "namespaceSelector: {matchLabels: {team: shop}}"])
@pytest.mark.parametrize("workloads", [1, 6])
def test_a_sidecar_set_adds_the_port(where: str, workloads: int) -> None:
    pods = [deployment(f"web-{number}", labels="{app: web}") for number in range(workloads)]
    assert said(RULE, service(TO_HTTP), *pods, f"{SIDECAR_SET}  {where}\n") == []


@pytest.mark.parametrize(
    "other",
    [
        SIDECAR_SET.replace("app: web", "app: other"),
        SIDECAR_SET.replace("name: http", "name: https"),
        SIDECAR_SET.replace("8443}", "8443, protocol: UDP}"),
        SIDECAR_SET.replace("  containers:", "  initContainers:"),
        f"{SIDECAR_SET}  namespace: other\n",
        f"{SIDECAR_SET}  namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: other}}}}\n",
    ],
)
@pytest.mark.parametrize("workloads", [1, 6])
def test_a_sidecar_set_that_adds_something_else_or_to_other_pods_does_not(other: str, workloads: int) -> None:
    pods = [deployment(f"web-{number}", labels="{app: web}") for number in range(workloads)]
    assert said(RULE, service(TO_HTTP), *pods, other) != []


def test_a_sidecar_set_adds_native_sidecars_too() -> None:
    inits = SIDECAR_SET.replace("  containers: [{", "  initContainers: [{restartPolicy: Always, ")
    assert said(RULE, service(TO_HTTP), deployment(), inits) == []


def test_what_a_sidecar_set_adds_may_listen_on_any_number() -> None:
    by_number, pods = service("selector: {app: web}, ports: [{port: 80, targetPort: 9000}]"), deployment(more=OF_WEB)
    assert said("service-target-port-undeclared", by_number, pods) != []
    assert said("service-target-port-undeclared", by_number, pods, SIDECAR_SET) == []


def test_a_controller_may_add_the_port() -> None:
    pods = deployment().replace("apps/v1", "example.com/v1").replace("Deployment", "Shop")
    assert said(RULE, service(TO_HTTP), pods) == []


def test_an_alias_has_no_pods() -> None:
    alias = service(f"{TO_HTTP}, type: ExternalName, externalName: example.com")
    assert said(RULE, alias, deployment()) == []


def test_the_port_of_a_native_sidecar_counts() -> None:
    sidecar = (
        "initContainers: [{name: proxy, image: envoy, restartPolicy: Always, ports: [{name: http, containerPort: 1}]}]"
    )
    assert said(RULE, service(TO_HTTP), deployment(spec=sidecar)) == []


def test_a_workload_that_alone_lacks_the_name_is_a_note() -> None:
    pods = deployment(more="ports: [{name: http, containerPort: 80}]"), deployment("old")
    assert said(RULE, service(TO_HTTP), *pods) == [
        "note Service/shop/web has no endpoint for 'http' in Deployment/shop/old, which declares no ports"
    ]
