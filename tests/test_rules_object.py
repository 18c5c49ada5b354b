"""What the rules on any object, and on a workload's own selector, say beyond the examples on their pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from k8snet_lint.facts import Assumed, Facts
from tests.support import lint_text, lint_tree, report_on, write_files

if TYPE_CHECKING:
    from pathlib import Path

# ── duplicate-object ─────────────────────────────────────────────────────────────────────────────────

SERVICE = """
    apiVersion: v1
    kind: Service
    metadata: {{name: web, namespace: shop}}
    spec: {{ports: [{{port: {port}}}]}}
"""


def test_the_last_description_wins_and_points_to_the_others(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.yaml": SERVICE.format(port=80), "b.yaml": SERVICE.format(port=81)})
    (line,) = lint_tree(tmp_path, select=["duplicate-object"])
    said = "Service/shop/web is described twice with different content; this, the last one, wins"
    assert line == f"b.yaml:3: warning[duplicate-object] {said}"


def test_the_same_description_twice_is_silent(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.yaml": SERVICE.format(port=80), "b.yaml": SERVICE.format(port=80)})
    assert lint_tree(tmp_path, select=["duplicate-object"]) == []


def test_directories_that_each_hold_a_variant_are_silent(tmp_path: Path) -> None:
    write_files(tmp_path, {"dev/a.yaml": SERVICE.format(port=80), "prod/a.yaml": SERVICE.format(port=81)})
    assert lint_tree(tmp_path, select=["duplicate-object"]) == []


def test_three_files_that_differ_are_variants_to_choose_from(tmp_path: Path) -> None:
    write_files(tmp_path, {f"{port}.yaml": SERVICE.format(port=port) for port in (80, 81, 82)})
    (line,) = lint_tree(tmp_path, select=["duplicate-object"])
    assert line.startswith("82.yaml:3: note[duplicate-object] Service/shop/web is described three times")


CHAINSAW = "apiVersion: chainsaw.kyverno.io/v1alpha1\nkind: Test\nmetadata: {name: steps}\n"
ASSERTED = "apiVersion: v1\nkind: Pod\nmetadata: {name: made}\n"


@pytest.mark.parametrize("beside", [{"chainsaw-test.yaml": CHAINSAW}, {"01-assert.yaml": ASSERTED}])
def test_steps_of_a_test_follow_one_another(tmp_path: Path, beside: dict[str, str]) -> None:
    write_files(tmp_path, {"first.yaml": SERVICE.format(port=80), "then.yaml": SERVICE.format(port=81)})
    (line,) = lint_tree(tmp_path, select=["duplicate-object"])
    assert "warning" in line
    write_files(tmp_path, beside)
    (line,) = lint_tree(tmp_path, select=["duplicate-object"])
    assert line.startswith("then.yaml:3: note[duplicate-object] Service/shop/web is described twice")


@pytest.mark.parametrize(("name", "is_judged"), [("step-3-assert-1.yaml", False), ("assertions.yaml", True)])
def test_what_a_test_expects_need_not_be_whole(tmp_path: Path, name: str, *, is_judged: bool) -> None:
    expected = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec: {template: {spec: {containers: [{name: web, image: web}]}}}
    """
    write_files(tmp_path, {name: expected})
    assert bool(lint_tree(tmp_path, select=["field-invalid", "workload-selector-mismatch"])) is is_judged


def test_names_yet_to_be_made_and_hooks_are_silent() -> None:
    job = '{"apiVersion": "batch/v1", "kind": "Job", "metadata": %s, "spec": {"parallelism": %d}}'
    for metadata in ({"generateName": "job-"}, {"name": "job", "annotations": {"helm.sh/hook": "pre-install"}}):
        text = "\n---\n".join(job % (json.dumps(metadata), number) for number in (1, 2))
        assert lint_text(text, select=["duplicate-object"]) == []


# ── retired-api ──────────────────────────────────────────────────────────────────────────────────────


def written(api_version: str, kind: str, version: tuple[int, int]) -> list[str]:
    text = json.dumps({"apiVersion": api_version, "kind": kind, "metadata": {"name": "web"}})
    return [
        line.split(": ", 1)[1]
        for line in lint_text(text, select=["retired-api"], facts=Facts(kubernetes_version=version))
    ]


@pytest.mark.parametrize(
    ("api_version", "kind", "removed"),
    [
        ("extensions/v1beta1", "NetworkPolicy", 16),
        ("apps/v1beta2", "Deployment", 16),
        ("extensions/v1beta1", "Ingress", 22),
        ("networking.k8s.io/v1beta1", "IngressClass", 22),
        ("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", 22),
        ("batch/v1beta1", "CronJob", 25),
        ("discovery.k8s.io/v1beta1", "EndpointSlice", 25),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 26),
    ],
)
def test_a_version_is_an_error_from_the_release_on_that_removes_it(api_version: str, kind: str, removed: int) -> None:
    gone = f"{kind}/web is written in {api_version}, which Kubernetes 1.{removed}"
    assert written(api_version, kind, (1, removed)) == [f"error[retired-api] {gone} removed"]
    assert written(api_version, kind, (1, removed - 1)) == [f"warning[retired-api] {gone} removes"]


@pytest.mark.parametrize(
    ("api_version", "kind", "renamed"),
    [
        ("extensions/v1beta1", "Ingress", "servicePort is service.port.number"),
        ("networking.k8s.io/v1beta1", "Ingress", "every path has a pathType"),
        ("apps/v1beta1", "Deployment", "spec.selector has to be written"),
    ],
)
def test_the_version_to_move_to_comes_with_what_it_writes_otherwise(api_version: str, kind: str, renamed: str) -> None:
    text = f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: web}}\n"
    (finding,) = report_on(text, select=["retired-api"]).findings
    assert renamed in finding.help


def test_a_version_is_silent_before_the_one_that_replaces_it() -> None:
    assert written("networking.k8s.io/v1beta1", "Ingress", (1, 18)) == []
    assert written("networking.k8s.io/v1beta1", "Ingress", (1, 19))[0].startswith("warning")


def test_a_version_that_only_one_channel_of_gateway_api_gave_up_says_which() -> None:
    (line,) = written("gateway.networking.k8s.io/v1alpha2", "TLSRoute", (1, 34))
    assert line.startswith("warning")
    assert line.endswith("which the standard channel of Gateway API 1.6 removed")


def test_versions_that_stay_and_kinds_of_others_are_silent() -> None:
    assert written("networking.k8s.io/v1", "Ingress", (1, 34)) == []
    assert written("gateway.networking.k8s.io/v1beta1", "Gateway", (1, 34)) == []
    assert written("extensions/v1beta1", "Scale", (1, 34)) == []


@pytest.mark.parametrize(
    ("api_version", "kind", "said"),
    [
        ("v1", "NetworkPolicy", "is written in v1, which is no API of that kind; did you mean 'networking.k8s.io/v1'?"),
        ("apps/v1", "Service", "is written in apps/v1, which is no API of that kind; did you mean 'v1'?"),
        ("networking.k8s.io/v2", "Ingress", "which is no API of that kind; did you mean 'networking.k8s.io/v1'?"),
        ("networking.k8.io/v1", "Ingress", "which is no API of that kind; did you mean 'networking.k8s.io/v1'?"),
        ("networking.k8s.io/v1", "Networkpolicy", "is of the kind 'Networkpolicy', which no API has; did you mean"),
    ],
)
def test_a_kind_that_is_looked_for_where_it_is_not_is_an_error(api_version: str, kind: str, said: str) -> None:
    (line,) = written(api_version, kind, (1, 34))
    assert line.startswith("error[retired-api]")
    assert said in line


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("serving.knative.dev/v1", "Service"),
        ("networking.istio.io/v1", "Gateway"),
        ("projectcalico.org/v3", "NetworkPolicy"),
        ("autoscaling/v1", "HorizontalPodAutoscaler"),
        ("v1", "Whatever"),
    ],
)
def test_kinds_of_the_same_name_elsewhere_are_their_projects(api_version: str, kind: str) -> None:
    assert written(api_version, kind, (1, 34)) == []


def test_what_gateway_api_gave_up_is_a_warning_whatever_the_cluster() -> None:
    for version in ((1, 20), (1, 34)):
        (line,) = written("gateway.networking.k8s.io/v1alpha2", "GRPCRoute", version)
        assert line.startswith("warning[retired-api]")
        assert line.endswith("which Gateway API 1.2 removed")


def test_the_items_of_a_typed_list_are_reported_once_each() -> None:
    items = [{"metadata": {"name": name}, "spec": {}} for name in ("a", "b")]
    text = json.dumps({"apiVersion": "networking.k8s.io/v1beta1", "kind": "IngressList", "items": items})
    assert len(lint_text(text, select=["retired-api"])) == 2


# ── namespace-undefined-or-default ───────────────────────────────────────────────────────────────────


def in_namespaces(*namespaces: str | None, also: str = "", **facts: Any) -> list[str]:  # noqa: ANN401 - fields of Facts
    objects = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": each}} for each in namespaces
    ]
    text = "\n---\n".join([*map(json.dumps, objects), also])
    return [
        line.split("] ")[1] for line in lint_text(text, select=["namespace-undefined-or-default"], facts=Facts(**facts))
    ]


def test_a_namespace_is_reported_once_at_its_first_object() -> None:
    assert in_namespaces("default", "shop", "shop", "default") == [
        "ConfigMap/default/a is in the namespace default",
        "ConfigMap/shop/a is in a namespace that nothing creates: no Namespace shop is written",
    ]


def test_a_misspelt_namespace_is_told_the_right_one() -> None:
    (line,) = in_namespaces("shpo", also='{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}')
    assert line.endswith("no Namespace shpo is written; did you mean 'shop'?")


def test_namespaces_that_are_known_or_not_chosen_yet_are_silent() -> None:
    project = '{"apiVersion": "project.openshift.io/v1", "kind": "Project", "metadata": {"name": "shop"}}'
    assert in_namespaces("shop", also=project) == []
    assert in_namespaces("shop", assumed=Assumed(namespaces={"shop": {}})) == []
    assert in_namespaces("kube-system", None) == []


# ── workload-selector-mismatch ───────────────────────────────────────────────────────────────────────


def workload(
    selector: object, labels: object, *, api: str = "apps/v1", kind: str = "Deployment", image: str = "web:1"
) -> str:
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": image}]}}
    spec = {"selector": selector, "template": template}
    return json.dumps({"apiVersion": api, "kind": kind, "metadata": {"name": "web", "namespace": "shop"}, "spec": spec})


def mismatch(text: str) -> list[str]:
    return [line.split("] ")[1] for line in lint_text(text, select=["workload-selector-mismatch"])]


def test_every_requirement_has_to_hold() -> None:
    labels = {"app": "web", "tier": "front"}
    for expression in (
        {"key": "tier", "operator": "In", "values": ["front", "back"]},
        {"key": "tier", "operator": "Exists"},
        {"key": "batch", "operator": "DoesNotExist"},
        {"key": "batch", "operator": "NotIn", "values": ["yes"]},
    ):
        assert mismatch(workload({"matchExpressions": [expression]}, labels)) == []
    assert mismatch(workload({"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}, labels)) == [
        "Deployment/shop/web does not select its own pods: it wants !tier, but its pods have app=web, tier=front"
    ]


def test_labels_of_the_workload_itself_do_not_count() -> None:
    text = json.loads(workload({"matchLabels": {"app": "web"}}, None))
    text["metadata"]["labels"] = {"app": "web"}
    assert mismatch(json.dumps(text)) == [
        "Deployment/shop/web does not select its own pods: it wants app=web, but its pods have no labels"
    ]


@pytest.mark.parametrize("selector", [None, {}, {"matchLabels": {}}, {"matchLabels": None}])
def test_apps_v1_wants_a_selector(selector: object) -> None:
    assert mismatch(workload(selector, {"app": "web"})) == [
        "Deployment/shop/web has no selector, which the API server rejects"
    ]


def test_a_selector_that_has_a_default_may_be_missing() -> None:
    assert mismatch(workload(None, {"app": "web"}, api="extensions/v1beta1")) == []
    assert mismatch(workload(None, {"app": "web"}, api="v1", kind="ReplicationController")) == []
    assert mismatch(workload(None, {"app": "web"}, api="batch/v1", kind="Job")) == []


def test_what_may_be_a_patch_need_not_have_a_selector() -> None:
    assert mismatch(workload(None, {"app": "web"}, image="")) == []


def test_a_replication_controllers_selector_is_a_plain_map() -> None:
    def controller(**selector: str) -> str:
        return workload(selector, {"app": "web"}, api="v1", kind="ReplicationController")

    assert mismatch(controller(app="web")) == []
    (finding,) = report_on(controller(app="wbe"), select=["workload-selector-mismatch"]).findings
    assert finding.path == "/spec/selector/app"


def test_an_expression_that_no_api_server_takes_is_said_to_be_so() -> None:
    (line,) = mismatch(
        workload({"matchExpressions": [{"key": "app", "operator": "in", "values": ["web"]}]}, {"app": "web"})
    )
    assert line.startswith("Deployment/shop/web has a selector that the API server rejects: unknown operator 'in'")


@pytest.mark.parametrize(
    ("mode", "found"),
    [("ISTIO_MUTAUL", ["did you mean 'ISTIO_MUTUAL'"]), ("YOUR_MODE", []), ("$ISTIO_MUTUAL", []), ("__SIMPLE__", [])],
)
def test_a_slip_of_a_value_in_capitals_is_no_placeholder(mode: str, found: list[str]) -> None:
    rule = f"""
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {{name: web, namespace: shop}}
        spec: {{host: web, trafficPolicy: {{tls: {{mode: {mode}}}}}}}
    """
    lines = lint_text(rule, select=["field-invalid"])
    assert [line.partition("; ")[2].partition("; ")[2].rstrip("?") for line in lines] == found
