"""Rules on what lies together: in one directory, in one namespace, in one zone of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import lint_text, lint_tree, report_on, write_files

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"
POLICY = (
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\n"
    "spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}\n"
)


def policy(name: str, namespace: str) -> str:
    return POLICY.replace("{name: web}", f"{{name: {name}, namespace: {namespace}}}")


# ── files that are passed over ───────────────────────────────────────────────────────────────────────


def orphans(directory: Path, files: dict[str, str]) -> list[str]:
    write_files(directory, files)
    return lint_tree(directory, select=["policy-file-orphaned"])


def test_a_policy_beside_a_kustomization_that_lists_others_is_never_applied(tmp_path: Path) -> None:
    listed = "resources: [service.yaml]\n"
    (line,) = orphans(tmp_path, {"k/kustomization.yaml": listed, "k/service.yaml": SERVICE, "k/policy.yaml": POLICY})
    assert "policy.yaml:3: warning[policy-file-orphaned] 'policy.yaml' is not listed by the kustomization" in line


@pytest.mark.parametrize(
    ("directory", "kustomization"),
    [
        ("k", "resources: [service.yaml, ./policy.yaml]\n"),
        ("k", "resources:\n- service.yaml\n# - policy.yaml\n"),
        ("k", "resources: [../other]\n"),
        ("docs", "resources: [service.yaml]\n"),
        ("a/examples/b", "resources: [service.yaml]\n"),
    ],
)
def test_listed_known_and_exemplary_files_are_no_orphans(tmp_path: Path, directory: str, kustomization: str) -> None:
    files = {
        f"{directory}/kustomization.yaml": kustomization,
        f"{directory}/service.yaml": SERVICE,
        f"{directory}/policy.yaml": POLICY,
    }
    assert orphans(tmp_path, files) == []


def test_a_file_that_another_kustomization_lists_is_no_orphan(tmp_path: Path) -> None:
    files = {
        "k/kustomization.yaml": "resources: [service.yaml]\n",
        "k/service.yaml": SERVICE,
        "k/strict/kustomization.yaml": "resources: [../policy.yaml]\n",
        "k/policy.yaml": POLICY,
    }
    assert orphans(tmp_path, files) == []


# ── a policy in another namespace than what lies beside it ───────────────────────────────────────────


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"a.yaml": policy("a", "one"), "b.yaml": policy("b", "one"), "c.yaml": policy("c", "two")}, ["c.yaml:3"]),
        ({"a.yaml": policy("a", "one"), "c.yaml": policy("c", "two")}, []),
        (
            {
                "a.yaml": policy("a", "one"),
                "b.yaml": policy("b", "one"),
                "c.yaml": policy("c", "two"),
                "d.yaml": POLICY,
            },
            [],
        ),
        ({"a.yaml": policy("a", "one"), "b.yaml": policy("b", "three"), "c.yaml": policy("c", "two")}, []),
        (
            {
                "a.yaml": policy("a", "one"),
                "b.yaml": policy("b", "one"),
                "c.yaml": policy("c", "two"),
                "d.yaml": SERVICE.replace("{name: web}", "{name: web, namespace: two}"),
            },
            [],
        ),
        (
            {"ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n", "p.yaml": policy("p", "x")},
            ["p.yaml:3"],
        ),
        ({"ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n", "p.yaml": policy("p", "x")}, []),
    ],
)
def test_one_policy_alone_names_another_namespace(tmp_path: Path, files: dict[str, str], found: list[str]) -> None:
    write_files(tmp_path, {f"team/{name}": text for name, text in files.items()})
    lines = lint_tree(tmp_path, select=["policy-namespace-differs-from-siblings"])
    assert [line.partition(": ")[0].removeprefix("team/") for line in lines] == found


# ── selectors ────────────────────────────────────────────────────────────────────────────────────────


def test_a_stray_whose_pods_are_at_home_is_one_finding(tmp_path: Path) -> None:
    others = "---\n".join(policy(name, "shop").replace("app: web", "app: api") for name in ("a", "b"))
    here = f"{others}---\n{policy('web', 'test')}---\n{workload('web', '{app: web}')}{workload('api', '{app: api}')}"
    there = workload("jobs", "{app: jobs}", namespace="test")
    write_files(tmp_path, {"shop/all.yaml": here, "test/api.yaml": there})
    siblings, wrong = "policy-namespace-differs-from-siblings", "policy-in-wrong-namespace"
    (line,) = lint_tree(tmp_path, select=[siblings, wrong])
    assert wrong in line
    write_files(tmp_path, {"shop/all.yaml": here.replace("labels: {app: web}", "labels: {app: www}")})
    (line,) = lint_tree(tmp_path, select=[siblings, wrong])
    assert siblings in line


def workload(
    name: str, labels: str, *, namespace: str = "shop", selector: str = "{app: web}", kind: str = "Deployment"
) -> str:
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: '{namespace}'}}\n"
        f"spec: {{selector: {{matchLabels: {selector}}}, "
        f"template: {{metadata: {{labels: {labels}}}, spec: {{}}}}}}\n---\n"
    )


def sharing(text: str) -> int:
    return len(lint_text(text, select=["workloads-share-selector"]))


def test_two_workloads_that_select_each_others_pods_are_told_once() -> None:
    one, other = workload("a", "{app: web, part: a}"), workload("b", "{app: web, part: b}", kind="StatefulSet")
    assert sharing(one + other) == 1


@pytest.mark.parametrize(
    "other",
    [
        workload("b", "{app: web, part: b}", selector="{app: web, part: b}"),
        workload("b", "{app: other}", selector="{app: other}"),
        workload("b", "{app: web}", namespace="elsewhere"),
        workload("b", "{app: web}", kind="DaemonSet"),
        workload("b", "{app: web}", selector="{}"),
        workload("b", "{app: web}", selector="null"),
    ],
)
def test_workloads_that_only_one_selector_or_none_holds_for_are_apart(other: str) -> None:
    assert sharing(workload("a", "{app: web, part: a}") + other) == 0


def test_examples_side_by_side_share_what_they_like(tmp_path: Path) -> None:
    files = {"a.yaml": workload("a", "{app: web}", namespace=""), "b.yaml": workload("b", "{app: web}", namespace="")}
    write_files(tmp_path, files)
    assert lint_tree(tmp_path, select=["workloads-share-selector"]) == []
    write_files(tmp_path, {"kustomization.yaml": "resources: [a.yaml, b.yaml]\n"})
    assert len(lint_tree(tmp_path, select=["workloads-share-selector"])) == 1


APP = '{app: "${APP}"}'


def test_a_variable_may_tell_two_files_apart(tmp_path: Path) -> None:
    one, other = (workload(name, APP, selector=APP) for name in ("a", "b"))
    write_files(tmp_path, {"a/a.yaml": one, "b/b.yaml": other})
    assert lint_tree(tmp_path, select=["workloads-share-selector"]) == []
    assert len(lint_text(one + other, select=["workloads-share-selector"])) == 1


# ── keys in the wrong place ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "kind", "place"),
    [
        ("istio-injection", "Namespace", "metadata.labels"),
        ("istio-injection", "Deployment", "metadata.labels of its Namespace"),
        ("istio.io/dataplane-mode", "Deployment", "spec.template.metadata.labels"),
        ("istio.io/use-waypoint", "Service", "metadata.labels"),
    ],
)
def test_a_label_is_moved_to_where_it_is_read(key: str, kind: str, place: str) -> None:
    metadata = f"metadata: {{name: web, annotations: {{{key}: enabled}}}}\nspec: {{template: {{spec: {{}}}}}}\n"
    version = "apps/v1" if kind == "Deployment" else "v1"
    (finding,) = report_on(f"apiVersion: {version}\nkind: {kind}\n{metadata}", select=["annotation-under-labels"]).open
    assert finding.help == f"move it to {place}"


def misplaced(metadata: str, kind: str = "Service") -> list[str]:
    text = f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: web, {metadata}}}\nspec: {{}}\n"
    return [line.partition("] ")[2] for line in lint_text(text, select=["annotation-under-labels"])]


def test_keys_are_told_in_either_wrong_place() -> None:
    assert misplaced("labels: {external-dns.alpha.kubernetes.io/hostname: a.example.com}") == [
        (
            "'external-dns.alpha.kubernetes.io/hostname' is an annotation, but stands as a label of Service/web, "
            "where nothing reads it"
        )
    ]
    assert misplaced("annotations: {istio-injection: enabled}", "Namespace") == [
        "'istio-injection' is a label, but stands as an annotation of Namespace/web, where nothing reads it"
    ]


@pytest.mark.parametrize(
    "metadata",
    [
        "labels: {prometheus.io/port: '80'}, annotations: {prometheus.io/port: '80'}",
        "labels: {acme.cert-manager.io/http01-solver: 'true'}",
        "labels: {sidecar.istio.io/inject: 'true', app: web, prometheus.io/scrape: 'true'}",
        "labels: {external-dns.alpha.kubernetes.io/enabled: 'true'}",
        "labels: null, annotations: [istio-injection]",
    ],
)
def test_keys_that_stand_right_as_well_and_odd_values_are_passed_over(metadata: str) -> None:
    assert misplaced(metadata) == []


def test_pod_templates_are_looked_at_too_and_once() -> None:
    text = workload("a", "{app: web, prometheus.io/port: '80'}")
    (line,) = lint_text(text, select=["annotation-under-labels"])
    assert "the pods of Deployment/shop/a" in line
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {prometheus.io/port: '80'}}\nspec: {}\n"
    assert len(lint_text(pod, select=["annotation-under-labels"])) == 1


def test_what_is_read_from_pods_is_to_be_moved_to_the_pod_template() -> None:
    scraped = workload("a", "{app: web}").replace("name: a,", "name: a, labels: {prometheus.io/port: '80'},")
    (finding,) = report_on(scraped, select=["annotation-under-labels"]).open
    assert finding.help == "move it to spec.template.metadata.annotations"
    published = workload("a", "{app: web}").replace("name: a,", "name: a, labels: {metallb.io/address-pool: web},")
    (finding,) = report_on(published, select=["annotation-under-labels"]).open
    assert finding.help == "move it to metadata.annotations"


# ── names that are published twice ───────────────────────────────────────────────────────────────────

HOSTNAME = "external-dns.alpha.kubernetes.io/hostname"


def published(name: str, host: str = "a.example.com", more: str = "", spec: str = "") -> str:
    return (
        f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n  namespace: shop\n"
        f"  annotations: {{{HOSTNAME}: '{host}'{more}}}\n"
        f"spec: {{type: LoadBalancer, selector: {{app: {name}}}, ports: [{{port: 80}}]{spec}}}\n---\n"
    )


INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
    - host: a.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: x, port: {number: 80}}}}]}
---
"""
ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec: {hostnames: [a.example.com]}
---
"""


@pytest.mark.parametrize("other", [published("b", "b.example.com, A.example.com."), INGRESS, ROUTE])
def test_a_name_that_a_service_and_something_else_publish_is_told(other: str) -> None:
    lines = lint_text(published("a") + other, select=["duplicate-external-dns-name"])
    assert [line.split()[1] for line in lines] == ["error[duplicate-external-dns-name]"]


@pytest.mark.parametrize(
    "text",
    [
        published("a") + published("b", "b.example.com"),
        published("a") + published("b", more=", external-dns.alpha.kubernetes.io/set-identifier: b"),
        published("a") + published("b", more=", external-dns.alpha.kubernetes.io/controller: other"),
        published("a") + published("b", more=", service.beta.kubernetes.io/aws-load-balancer-internal: 'true'"),
        published("a") + published("b").replace("{app: b}", "{app: a}"),
        INGRESS + INGRESS.replace("name: web", "name: api") + ROUTE,
        published("a").replace("app: a", "app.kubernetes.io/name: ingress-nginx") + INGRESS,
        published("x") + INGRESS,
    ],
)
def test_names_that_may_well_be_shared_are_passed_over(text: str) -> None:
    assert lint_text(text, select=["duplicate-external-dns-name"]) == []
