"""Cases that linters get wrong, each once: what is said, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gateway_api import gateway, listener, route
from tests.support import lint_text, lint_tree, run, write_files

if TYPE_CHECKING:
    from pathlib import Path

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"


def service(**spec: str) -> str:
    fields = {"selector": "{app: web}", "ports": "[{port: 80}]", **spec}
    lines = "".join(f"  {key}: {value}\n" for key, value in fields.items() if value)
    return f"---\napiVersion: v1\nkind: Service\nmetadata: {{name: web, namespace: shop}}\nspec:\n{lines}"


def workload(
    kind: str = "Deployment", labels: str = "{app: web}", container: str = "", spec: str = "", api: str = "apps/v1"
) -> str:
    return (
        f"---\napiVersion: {api}\nkind: {kind}\nmetadata: {{name: web, namespace: shop}}\nspec:\n"
        f"  selector: {{matchLabels: {labels}}}\n  template:\n    metadata: {{labels: {labels}}}\n"
        f"    spec: {{containers: [{{name: web, image: shop/web:1{container}}}]{spec}}}\n"
    )


def policy(spec: str, namespace: str = "shop") -> str:
    body = "".join(f"  {line}\n" for line in spec.strip().splitlines())
    return (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: web, namespace: {namespace}}}\nspec:\n{body}"
    )


def ingress(spec: str, annotations: str = "{}") -> str:
    body = "".join(f"  {line}\n" for line in spec.strip().splitlines())
    return (
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n"
        f"metadata: {{name: web, namespace: shop, annotations: {annotations}}}\nspec:\n{body}"
    )


ISOLATION = ["workload-not-isolated", "namespace-without-default-deny-ingress"]
ROUTE = "rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: %s}}]}}]"


def test_1_a_wrong_backend_number_beside_an_unnamed_port() -> None:
    text = service() + workload() + ingress(ROUTE % "{name: web, port: {number: 8080}}")
    (line,) = lint_text(text, select=["ingress-backend-port-missing"])
    assert "offers no port 8080" in line


def test_2_a_policy_of_another_namespace_isolates_nothing_here() -> None:
    text = workload() + policy("podSelector: {}", namespace="other")
    (line,) = lint_text(text, select=ISOLATION)
    assert "namespace-without-default-deny-ingress" in line


def test_3_expressions_that_do_not_match_isolate_nothing() -> None:
    text = workload() + policy("podSelector: {matchExpressions: [{key: app, operator: In, values: [api]}]}")
    (line,) = lint_text(text, select=["workload-not-isolated"])
    assert "Deployment/shop/web" in line


def test_4_expressions_alone_can_match() -> None:
    text = workload() + policy("podSelector: {matchExpressions: [{key: app, operator: Exists}]}")
    assert lint_text(text, select=["workload-not-isolated", "policy-selects-no-pods"]) == []


def test_5_without_policy_types_ingress_is_meant() -> None:
    text = workload() + policy("podSelector: {matchLabels: {app: web}}")
    assert lint_text(text, select=["workload-not-isolated"]) == []


def test_6_an_empty_selector_denies_by_default() -> None:
    assert lint_text(workload() + policy("podSelector: {}\npolicyTypes: [Ingress]"), select=ISOLATION) == []


def test_7_a_default_deny_needs_no_rules() -> None:
    text = workload() + policy("podSelector: {}\npolicyTypes: [Ingress, Egress]")
    assert lint_text(text, select=["isolation"]) == []


def test_8_all_labels_of_a_selector_count() -> None:
    both = workload(labels="{app: web, tier: front}") + policy("podSelector: {matchLabels: {app: web, tier: front}}")
    assert lint_text(both, select=["workload-not-isolated"]) == []
    one = workload() + policy("podSelector: {matchLabels: {app: web, tier: front}}")
    assert len(lint_text(one, select=["workload-not-isolated"])) == 1


def test_9_an_empty_tls_list_is_none() -> None:
    (line,) = lint_text(ingress("tls: []\n" + ROUTE % "{name: web}"), select=["ingress-without-tls"])
    assert "without TLS" in line


@pytest.mark.parametrize(
    ("annotations", "class_name"),
    [
        ("{networking.gke.io/managed-certificates: web}", "gce"),
        ("{alb.ingress.kubernetes.io/certificate-arn: 'arn:aws:acm:eu:1:certificate/1'}", "alb"),
    ],
)
def test_10_tls_can_be_given_by_annotation(annotations: str, class_name: str) -> None:
    text = ingress(f"ingressClassName: {class_name}\n" + ROUTE % "{name: web}", annotations)
    assert lint_text(text, select=["ingress-without-tls"]) == []


def test_11_a_service_with_endpoints_of_its_own_needs_no_selector() -> None:
    slices = (
        "---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: IPv4\n"
        "metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}\n"
        "endpoints: [{addresses: [192.0.2.1]}]\nports: [{port: 80}]\n"
    )
    text = service(selector="") + slices + workload(labels="{app: api}")
    assert lint_text(text, select=["service-selects-no-pods"]) == []


def test_12_a_rollout_makes_pods() -> None:
    text = service() + workload("Rollout", api="argoproj.io/v1alpha1")
    assert lint_text(text, select=["service-selects-no-pods"]) == []


def test_13_a_service_and_its_deployment_may_lie_in_different_directories(tmp_path: Path) -> None:
    write_files(tmp_path, {"svc/web.yaml": service(), "deploy/web.yaml": workload()})
    assert lint_tree(tmp_path, select=["service-selects-no-pods"]) == []


def test_14_a_native_sidecar_serves_its_ports() -> None:
    sidecar = (
        ", initContainers: [{name: proxy, image: p, restartPolicy: Always, ports: [{name: tls, containerPort: 1}]}]"
    )
    text = service(ports="[{port: 443, targetPort: tls}]") + workload(spec=sidecar)
    assert lint_text(text, select=["service-target-port-name-unresolved"]) == []


def test_15_a_probe_may_call_a_port_that_only_the_arguments_name() -> None:
    container = ", args: ['--health=:8081'], ports: [{containerPort: 80}], livenessProbe: {httpGet: {port: 8081}}"
    assert lint_text(workload(container=container), select=["probe-port-unresolved"]) == []


@pytest.mark.parametrize(
    "annotation",
    [
        "service.beta.kubernetes.io/aws-load-balancer-scheme: internal",
        'service.beta.kubernetes.io/azure-load-balancer-internal: "true"',
        "networking.gke.io/load-balancer-type: Internal",
        'service.beta.kubernetes.io/oci-load-balancer-internal: "true"',
        "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type: private",
    ],
)
def test_16_an_internal_load_balancer_is_not_public(annotation: str) -> None:
    public = service(type="LoadBalancer")
    internal = public.replace("namespace: shop}", f"namespace: shop, annotations: {{{annotation}}}}}")
    assert len(lint_text(public, select=["service-public-load-balancer"])) == 1
    assert lint_text(internal, select=["service-public-load-balancer"]) == []


def test_17_a_route_to_another_service_exposes_nothing() -> None:
    edge = gateway(listener("https", port=443, protocol="HTTPS"), namespace="shop")
    other = service(selector="{app: other}").replace("name: web", "name: other")
    elsewhere = route("name: edge", "backendRefs: [{name: other, port: 80}]")
    exposed = ["exposed-workload-not-isolated", "exposed-workload-open-egress"]
    assert lint_text(f"{edge}---\n{elsewhere}{other}{service()}{workload()}", select=exposed) == []
    here = route("name: edge")
    assert len(lint_text(f"{edge}---\n{here}{service()}{workload()}", select=exposed)) == 1


def test_18_a_backend_is_a_service_and_a_certificate_a_secret_where_no_kind_is_written() -> None:
    text = route("name: edge", "backendRefs: [{name: web, port: 81}]") + service()
    (line,) = lint_text(text, select=["route-backend-port-invalid"])
    assert "leads to port 81 of Service/shop/web" in line
    tls = "tls: {certificateRefs: [{name: web-tls-crt}]}"
    made = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: web-tls-cert, namespace: shop}\n"
    edge = gateway(listener("https", tls, port=443, protocol="HTTPS"), namespace="shop")
    (line,) = lint_text(edge + made, select=["gateway-certificate-unresolved"])
    assert "no Secret shop/web-tls-crt" in line


def test_19_a_snippet_annotation_of_another_domain_is_not_nginx() -> None:
    text = ingress(ROUTE % "{name: web}", '{example.com/configuration-snippet: "allow all;"}')
    assert lint_text(text, select=["nginx-snippet"]) == []


def test_20_a_service_of_knative_is_no_service() -> None:
    knative = (
        "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"
        "spec: {template: {spec: {containers: [{image: shop/web:1}]}}}\n"
    )
    assert lint_text(knative, select=["service"]) == []


def test_21_a_cron_job_is_selectable_but_no_reason_to_isolate() -> None:
    pods = "{metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: shop/web:1}]}}"
    job = (
        "---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: web, namespace: shop}\n"
        f"spec: {{schedule: '@daily', jobTemplate: {{spec: {{template: {pods}}}}}}}\n"
    )
    assert lint_text(job, select=["isolation"]) == []
    assert lint_text(job + policy("podSelector: {matchLabels: {app: web}}"), select=["policy-selects-no-pods"]) == []


@pytest.mark.parametrize("key", ["k8s:io.kubernetes.pod.namespace", "io.kubernetes.pod.namespace"])
def test_22_a_policy_of_cilium_for_the_cluster_may_name_the_namespace_of_its_pods(key: str) -> None:
    head = "---\napiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: web}\n"
    selector = f"endpointSelector: {{matchLabels: {{{key}: shop, app: web}}}}"
    text = f"{NAMESPACE}{head}spec: {{{selector}, ingress: [{{}}], egress: [{{}}]}}\n{workload()}"
    assert lint_text(text, select=["policy-selects-no-pods", "workload-not-isolated"]) == []
    assert lint_text(text.replace(": shop, app", ": shpo, app"), select=["policy-selects-no-pods"])


def test_23_a_service_may_select_by_fewer_labels_than_the_pods_have() -> None:
    text = service(ports="[{port: 22}]") + workload(labels="{app: web, shell: ssh, tier: admin}")
    assert lint_text(text, select=["service-selects-no-pods"]) == []


def test_24_one_host_port_among_two_containers_is_one_finding_at_its_line() -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n"
        "    - {name: a, image: a, ports: [{containerPort: 80}]}\n"
        "    - {name: b, image: b, ports: [{containerPort: 81, hostPort: 81}]}\n"
    )
    (line,) = lint_text(text, select=["host-port"])
    assert line.startswith("7:")


def test_25_absolute_and_relative_arguments_give_the_same_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"web.yaml": service(type="NodePort")})
    monkeypatch.chdir(tmp_path)
    assert run("-f", "sarif", "web.yaml").out == run("-f", "sarif", str(tmp_path / "web.yaml")).out
