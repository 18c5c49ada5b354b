"""Services that select no pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.facts import Assumed, Facts
from tests.shop import deployment, said, service
from tests.support import lint_tree, report_on, write_files

if TYPE_CHECKING:
    from pathlib import Path

RULE = "service-selects-no-pods"

CRON_JOB = """
apiVersion: batch/v1
kind: CronJob
metadata: {name: report, namespace: shop}
spec:
  jobTemplate:
    spec:
      template:
        metadata: {labels: {app: report}}
        spec: {containers: [{name: report, image: example/report}]}
"""

WORKFLOW = """
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: report, namespace: shop}
spec:
  podMetadata: {labels: {team: sales}}
  templates: [{name: serve, metadata: {labels: {app: report}}}, {name: rest}]
"""
SPARK = """
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: report, namespace: shop}
spec: {driver: {labels: {app: report, team: sales}}, executor: {}}
"""


@pytest.mark.parametrize("made_by", [WORKFLOW, SPARK])
def test_what_has_no_template_of_that_shape_may_say_the_labels_of_its_pods(made_by: str) -> None:
    assert said(RULE, service("selector: {app: report, team: sales}"), made_by) == []
    (line,) = said(RULE, service("selector: {app: report, team: legal}"), made_by)
    assert line.startswith("warning")


def test_the_pods_of_a_deployment_config_have_its_name_as_a_label() -> None:
    config = deployment("till").replace("apps/v1", "apps.openshift.io/v1").replace("Deployment", "DeploymentConfig")
    assert said(RULE, service("selector: {deploymentconfig: till}"), config) == []
    assert len(said(RULE, service("selector: {deploymentconfig: other}"), config)) == 1


def test_a_deployment_config_selects_its_pods_by_that_label_whatever_is_written() -> None:
    label, other = "deploymentconfig: till", "deploymentconfig: shop"
    config = f"""apiVersion: apps.openshift.io/v1
kind: DeploymentConfig
metadata: {{name: till-prod, namespace: shop}}
spec:
  selector: {{{label}}}
  template: {{metadata: {{labels: {{%s}}}}, spec: {{containers: [{{name: c, image: a}}]}}}}
"""
    for labels in (label, other):
        assert said("workload-selector-mismatch", config % labels) == []
    (line,) = said("workload-selector-mismatch", config.replace(label, "app: till") % label)
    assert "does not select its own pods" in line


def test_a_deployment_config_makes_no_services() -> None:
    monitor = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: m, namespace: shop}\n"
    monitor += "spec: {selector: {matchLabels: {app: nobody}}, endpoints: [{port: http}]}\n"
    config = deployment("till").replace("apps/v1", "apps.openshift.io/v1").replace("Deployment", "DeploymentConfig")
    (line,) = said("monitor-selects-nothing", service("selector: {deploymentconfig: till}"), config, monitor)
    assert line.startswith("warning")


@pytest.mark.parametrize("wrong", ["labels: 7", "labels: []", "labels: {app: report}, annotations: 7"])
def test_labels_of_another_type_are_none(wrong: str) -> None:
    text = WORKFLOW.replace("labels: {team: sales}", wrong)
    assert len(said(RULE, service("selector: {app: report, team: sales}"), text)) == 1


def test_a_misspelt_label_is_an_error_beside_workloads_of_the_namespace() -> None:
    found = said(RULE, service("selector: {app: webshpo}"), deployment(labels="{app: webshop}"))
    assert found == ["error Service/shop/web selects no pods: no workload in namespace 'shop' has app=webshpo"]


def test_an_unlike_label_is_a_warning_beside_workloads_of_the_namespace() -> None:
    found = said(RULE, service("selector: {app: ledger}"), deployment())
    assert found == ["warning Service/shop/web selects no pods: no workload in namespace 'shop' has app=ledger"]


@pytest.mark.parametrize(
    "strategy",
    [
        "{canary: {canaryMetadata: {labels: {track: next}}}}",
        "{blueGreen: {previewMetadata: {labels: {track: next}}}}",
        "{canary: {steps: [{experiment: {templates: [{name: try, metadata: {labels: {track: next}}}]}}]}}",
    ],
)
def test_a_rollout_labels_the_pods_of_its_stages(strategy: str) -> None:
    rollout = deployment().replace("apps/v1", "argoproj.io/v1alpha1").replace("kind: Deployment", "kind: Rollout")
    staged = rollout.replace("\nspec:\n", f"\nspec:\n  strategy: {strategy}\n")
    assert strategy in staged
    assert said(RULE, service("selector: {app: web, track: next}"), staged) == []
    assert len(said(RULE, service("selector: {app: web, track: last}"), staged)) == 1
    assert len(said(RULE, service("selector: {app: web, track: next}"), rollout)) == 1


def test_without_workloads_of_the_namespace_it_is_a_note() -> None:
    found = said(RULE, service("selector: {app: web}"))
    (only,) = found
    assert only.startswith(
        "note Service/shop/web selects no pods: no workload in namespace 'shop' has app=web; what is"
    )


def test_notes_on_one_selector_are_one() -> None:
    services = [service("selector: {app: web}", name=name) for name in ("a", "b", "c")]
    (found,) = said(RULE, *services)
    assert "Service/shop/a selects no pods" in found
    assert "nor for 2 more Services" in found


def test_the_labels_of_another_namespace_are_a_near_miss() -> None:
    other = deployment(labels="{app: web-front}").replace("namespace: shop", "namespace: front")
    (found,) = said(RULE, service("selector: {app: web-front}"), other)
    assert found.startswith("warning ")


def test_pods_of_a_rollout_are_pods() -> None:
    rollout = deployment().replace("apps/v1", "argoproj.io/v1alpha1").replace("Deployment", "Rollout")
    assert said(RULE, service("selector: {app: web}"), rollout) == []


def test_labels_beside_those_selected_do_not_matter() -> None:
    bastion = deployment("bastion", "{app: bastion, tier: ops, team: core}", "ports: [{containerPort: 22}]")
    assert said(RULE, service("selector: {app: bastion}, ports: [{port: 22}]"), bastion) == []


def test_a_service_and_its_pods_may_be_in_different_directories(tmp_path: Path) -> None:
    write_files(tmp_path, {"svc/web.yaml": service("selector: {app: web}"), "deploy/web.yaml": deployment().lstrip()})
    assert lint_tree(tmp_path, select=[RULE]) == []


def test_a_knative_service_is_another_kind() -> None:
    knative = service("selector: {app: nothing}").replace("apiVersion: v1", "apiVersion: serving.knative.dev/v1")
    assert said(RULE, knative, deployment()) == []


def test_a_cron_job_is_selectable() -> None:
    assert said(RULE, service("selector: {app: report}"), CRON_JOB) == []


@pytest.mark.parametrize(
    "spec",
    [
        "ports: [{port: 80}]",
        "selector: null",
        "selector: {}",
        "selector: {app: web}, type: ExternalName, externalName: example.com",
        "selector: {statefulset.kubernetes.io/pod-name: web-0}",
    ],
)
def test_nothing_is_to_be_selected(spec: str) -> None:
    assert said(RULE, service(spec), deployment(labels="{app: other}")) == []


@pytest.mark.parametrize(
    ("kind", "metadata"),
    [
        ("apiVersion: v1, kind: Endpoints", "name: web"),
        (
            "apiVersion: discovery.k8s.io/v1, kind: EndpointSlice",
            "labels: {kubernetes.io/service-name: web}, name: web-x",
        ),
    ],
)
def test_endpoints_of_its_own_are_enough(kind: str, metadata: str) -> None:
    endpoints = f"{{{kind}, metadata: {{{metadata}, namespace: shop}}}}"
    assert said(RULE, service("selector: {app: none}"), deployment(), endpoints) == []


def test_the_cluster_has_pods_of_its_own_in_system_namespaces() -> None:
    documents = [service("selector: {k8s-app: metrics-server}"), deployment()]
    (found,) = said(RULE, *(text.replace("namespace: shop", "namespace: kube-system") for text in documents))
    assert found.startswith("note ")


ELECTED = deployment(labels="{app: ledger}").replace("kind: Deployment", "kind: StatefulSet")


@pytest.mark.parametrize("role", ["master", "primary", "replica"])
def test_the_role_that_a_databases_pods_are_elected_to_is_on_no_template(role: str) -> None:
    assert said(RULE, service(f"selector: {{app: ledger, role: {role}}}"), ELECTED) == []
    assert said(RULE, service(f"selector: {{app: ledger, role: {role}, cluster-name: ledger}}"), ELECTED) == []


@pytest.mark.parametrize(
    ("selector", "workload"),
    [
        ("{app: ledger, role: frontend}", ELECTED),
        ("{app: ledgre, role: master}", ELECTED),
        ("{app: ledger, cluster-name: ledger}", ELECTED),
        ("{app: ledger, role: master}", deployment(labels="{app: ledger}")),
        ("{app: ledger, role: master}", deployment(labels="{app: ledger, role: cache}")),
    ],
)
def test_any_other_role_is_for_the_template(selector: str, workload: str) -> None:
    assert len(said(RULE, service(f"selector: {selector}"), workload)) == 1


@pytest.mark.parametrize("kind", ["Redis", "RedisReplication", "RedisCluster"])
def test_the_pods_of_redis_get_their_labels_from_an_operator(kind: str) -> None:
    resource = (
        f"{{apiVersion: redis.redis.opstreelabs.in/v1beta2, kind: {kind}, metadata: {{name: r, namespace: shop}}}}"
    )
    assert said(RULE, service("selector: {app: r, role: master}"), deployment(), resource) == []


def test_a_selector_that_the_api_server_rejects_is_left_to_the_rule_for_fields() -> None:
    report = report_on(
        f"{service('selector: {matchLabels: {app: web}}')}---{deployment()}", select=[RULE, "field-invalid"]
    )
    assert [each.rule for each in report.findings] == ["field-invalid"]


def test_pods_that_name_no_namespace_are_shown() -> None:
    homeless = deployment().replace(", namespace: shop", "")
    (finding,) = report_on(f"{service('selector: {app: web}')}---{homeless}", select=[RULE]).findings
    assert (finding.severity.name, finding.absence) == ("NOTE", True)
    assert [each.message for each in finding.related] == ["Deployment/web has these labels, but it names no namespace"]


def test_a_service_that_names_no_namespace_is_shown_the_pods_of_one() -> None:
    homeless = service("selector: {app: web}").replace(", namespace: shop", "")
    (finding,) = report_on(f"{homeless}---{deployment()}", select=[RULE]).findings
    assert [each.message for each in finding.related] == [
        "Deployment/shop/web has these labels, but Service/web names no namespace"
    ]


LEDGER = """
apiVersion: databases.example.com/v1
kind: Ledger
metadata: {name: NAME, namespace: shop}
spec: {replicas: 3}
"""
POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ledger, namespace: shop}
spec:
  podSelector: {matchLabels: {LABEL}}
  ingress: [{from: [{podSelector: {matchLabels: {LABEL}}}]}]
"""
MONITOR = """
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: ledger, namespace: shop}
spec: {selector: {matchLabels: {LABEL}}, endpoints: [{port: metrics}]}
"""


@pytest.mark.parametrize("label", ["ledger: main", "app: main-follower"])
def test_what_is_labelled_with_the_name_of_a_custom_resource_may_be_made_of_it(label: str) -> None:
    others = [deployment("web"), service("selector: {app: web}")]
    service_of_it = service(f"selector: {{{label}}}", name="ledger")
    policy, monitor = POLICY.replace("LABEL", label), MONITOR.replace("LABEL", label)
    for rule, seeking in (
        (RULE, service_of_it),
        ("policy-selects-no-pods", policy),
        ("policy-peer-selects-nothing", policy),
        ("monitor-selects-nothing", monitor),
    ):
        (line,) = said(rule, seeking, LEDGER.replace("NAME", "main"), *others)
        assert line.startswith("note")
        for elsewhere in (LEDGER.replace("NAME", "other"), LEDGER.replace("NAME", "main").replace("shop", "press")):
            (line,) = said(rule, seeking, elsewhere, *others)
            assert line.startswith("warning")


def test_of_a_namespace_of_the_system_the_files_are_never_all() -> None:
    dns, agent = service("selector: {app: dns}", name="dns"), deployment("agent")
    assert said(RULE, dns, agent)[0].startswith("warning")
    inside = [each.replace("shop", "kube-system") for each in (dns, agent)]
    assert said(RULE, *inside)[0].startswith("note")
    assert said(RULE, *inside, facts=Facts(assumed=Assumed(complete=True)))[0].startswith("warning")


def test_whoever_made_a_service_knows_of_its_pods() -> None:
    owner = "ownerReferences: [{apiVersion: example.com/v1, kind: Ledger, name: main, uid: a, controller: true}]"
    others = [deployment("web"), service("selector: {app: web}", name="other")]
    assert len(said(RULE, service("selector: {app: ledger}"), *others)) == 1
    assert said(RULE, service("selector: {app: ledger}", metadata=owner), *others) == []


def test_virtual_machines_are_told_apart_by_a_label_that_their_controller_gives() -> None:
    machine = "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {name: till, namespace: shop}\n"
    machine += "spec: {template: {spec: {domain: {}}}}\n"
    assert said(RULE, service("selector: {vm.kubevirt.io/name: till}"), machine, deployment("web")) == []


def split(service: str, namespace: str = "shop") -> str:
    return (
        f"apiVersion: split.smi-spec.io/v1alpha2\nkind: TrafficSplit\nmetadata: {{name: a, namespace: {namespace}}}\n"
        f"spec: {{service: {service}, backends: [{{service: till, weight: 1}}]}}\n"
    )


def mesh_route(parent: str) -> str:
    return (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a, namespace: shop}\n"
        f"spec: {{parentRefs: [{parent}], rules: [{{backendRefs: [{{name: till, port: 80}}]}}]}}\n"
    )


@pytest.mark.parametrize(
    ("more", "found"),
    [
        (split("web"), 0),
        (split("web.shop.svc.cluster.local"), 0),
        (split("web.elsewhere"), 1),
        (split("other"), 1),
        (split("web", "elsewhere"), 1),
        (mesh_route('{group: "", kind: Service, name: web}'), 0),
        (mesh_route("{name: web}"), 1),
    ],
)
def test_what_a_mesh_leads_elsewhere_needs_no_pods(more: str, found: int) -> None:
    assert len(said(RULE, service("selector: {app: apex}"), deployment("till"), more)) == found
