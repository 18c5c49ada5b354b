"""Namespaces without a default deny, and workloads that no policy isolates."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.facts import Facts
from tests.cluster import namespace, pods, policy, together
from tests.shop import rule_lines, said, service
from tests.support import lint_tree, report_on, write_files

if TYPE_CHECKING:
    from pathlib import Path

INGRESS = "namespace-without-default-deny-ingress"
EGRESS = "namespace-without-default-deny-egress"
WORKLOAD = "workload-not-isolated"
WEB = "matchLabels: {app: web}"
OPEN = "has no NetworkPolicy for ingress: every pod of the cluster may connect to"
OUTSIDE = "; a policy that says otherwise may live outside the scanned files"


def isolation(*documents: str) -> list[str]:
    """What the two rules on ingress say, without the messages."""
    return [f"{rule} {line.partition(' ')[0]}" for rule in (INGRESS, WORKLOAD) for line in said(rule, *documents)]


# ── once a namespace ──────────────────────────────────────────────────────────────────────────────────


def test_a_namespace_without_policies_is_one_warning_however_many_workloads_it_has() -> None:
    found = said(INGRESS, pods("web"), pods("api"), pods("db", kind="StatefulSet"))
    assert found == [f"warning Namespace/shop {OPEN} its 3 workloads"]
    assert said(WORKLOAD, pods("web"), pods("api")) == []


def test_it_stands_at_the_namespace_and_else_at_the_first_workload() -> None:
    assert rule_lines(INGRESS, pods("web"), namespace("shop"))[0].startswith("10:9: ")
    assert rule_lines(INGRESS, pods("web"), pods("api"))[0].startswith("3:18: ")


def test_what_names_no_namespace_is_in_one_of_its_own() -> None:
    (found,) = said(INGRESS, pods("web", ""))
    assert found == f"warning the namespace that Deployment/web will be in {OPEN} Deployment/web"


def test_a_namespace_that_is_still_to_be_filled_in_is_not_named() -> None:
    (found,) = said(INGRESS, pods("web", "YOUR_NAMESPACE"))
    assert found.startswith(f"warning the namespace that Deployment/YOUR_NAMESPACE/web will be in {OPEN}")


def test_where_policies_isolate_one_by_one_it_is_a_note() -> None:
    each = [policy(selector=f"matchLabels: {{app: {name}}}", name=name) for name in ("web", "api")]
    (found,) = said(INGRESS, pods("web"), pods("api"), *each)
    assert found == "note Namespace/shop isolates its 2 workloads for ingress one by one, but none that comes later"
    (found,) = said(INGRESS, pods("web"), pods("api"), each[0])
    assert found == "note Namespace/shop isolates 1 of 2 workloads for ingress one by one, but none that comes later"


@pytest.mark.parametrize("key", ["{key: exempt, operator: DoesNotExist}", "{key: app, operator: NotIn, values: [old]}"])
def test_a_policy_for_all_but_some_pods_is_a_default_deny(key: str) -> None:
    but = policy(selector=f"matchExpressions: [{key}]")
    left_out = pods("old", labels="{app: old, exempt: yes}")
    assert isolation(pods("web"), but) == []
    assert isolation(pods("web"), left_out, but) == [f"{WORKLOAD} warning"]
    every = policy(selector="matchExpressions: [{key: app, operator: Exists}]")
    assert isolation(pods("web"), every) == [f"{INGRESS} note"]


def test_policies_that_select_other_pods_are_said_to() -> None:
    (found,) = said(INGRESS, pods("web"), policy(selector="matchLabels: {app: api}"))
    assert found == "note Namespace/shop has no policy for ingress that selects Deployment/shop/web"


def test_one_object_that_two_units_hold_alike_counts_once(tmp_path: Path) -> None:
    both = together(pods("web"), pods("api"))
    write_files(
        tmp_path, {"live/kustomization.yaml": "resources: [a.yaml]\n", "live/a.yaml": both, "built/a.yaml": both}
    )
    (line,) = lint_tree(tmp_path, select=[INGRESS])
    assert "may connect to its 2 workloads" in line


def test_egress_is_a_note() -> None:
    (found,) = said(EGRESS, pods("web"), policy())
    assert (
        found == "note Namespace/shop has no NetworkPolicy for egress: Deployment/shop/web may connect to any address"
    )


def test_egress_that_is_isolated_one_by_one_is_a_note_too() -> None:
    (found,) = said(EGRESS, pods("web"), pods("api"), policy("policyTypes: [Egress]", selector=WEB))
    assert found == "note Namespace/shop isolates 1 of 2 workloads for egress one by one, but none that comes later"


@pytest.mark.parametrize("where", ["shop", ""])
def test_the_help_is_a_policy_to_paste(where: str) -> None:
    (finding,) = report_on(pods("web", where), select=[INGRESS]).findings
    assert said(INGRESS, pods("web", where), finding.help.removeprefix("add ")) == []


def test_the_help_for_egress_is_short_and_says_what_it_cuts_off() -> None:
    (finding,) = report_on(pods("web"), select=[EGRESS]).findings
    assert "cuts off all else" in finding.help
    assert f"k8snet-lint explain {EGRESS}" in finding.help
    assert len(finding.help) < 150


@pytest.mark.parametrize(
    "document",
    [
        pods("dns", "kube-system"),
        pods("web", spec="hostNetwork: true"),
        pods("web", metadata=", annotations: {helm.sh/hook: pre-install}"),
        pods("web", kind="Pod", spec="restartPolicy: Never"),
        namespace("shop"),
    ],
)
def test_they_say_nothing_where_isolation_is_no_question(document: str) -> None:
    assert said(INGRESS, document) + said(EGRESS, document) == []
    assert said(WORKLOAD, document, policy(selector="matchLabels: {app: other}")) == []


@pytest.mark.parametrize("kind", ["Job", "CronJob"])
def test_jobs_are_covered_where_the_configuration_says_so(kind: str) -> None:
    assert said(INGRESS, pods("report", kind=kind)) == []
    assert said(WORKLOAD, pods("report", kind=kind), policy(selector=WEB)) == []
    facts = Facts(include_jobs=True)
    assert said(INGRESS, pods("report", kind=kind), facts=facts) == [
        f"warning Namespace/shop {OPEN} {kind}/shop/report"
    ]
    assert len(said(WORKLOAD, pods("report", kind=kind), policy(selector=WEB), facts=facts)) == 1


def test_a_job_beside_a_workload_counts_for_nothing_and_is_still_selected() -> None:
    assert said(INGRESS, pods("web"), pods("report", kind="CronJob")) == [
        f"warning Namespace/shop {OPEN} Deployment/shop/web"
    ]
    assert (
        said("policy-selects-no-pods", policy(selector="matchLabels: {app: report}"), pods("report", kind="CronJob"))
        == []
    )


def test_a_policy_of_another_engine_makes_it_a_note_that_fails_nothing() -> None:
    cilium = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {}\n"
    (found,) = said(INGRESS, pods("web"), cilium)
    assert found == f"note Namespace/shop {OPEN} Deployment/shop/web{OUTSIDE}"


# ── workload by workload ──────────────────────────────────────────────────────────────────────────────


def test_a_workload_that_policies_leave_out_is_a_warning() -> None:
    (found,) = said(WORKLOAD, pods("web"), pods("api"), policy(selector=WEB))
    expected = "is isolated by no policy for ingress: those of its namespace select other pods"
    assert found == f"warning Deployment/shop/api {expected}"


def test_where_only_egress_is_free_it_is_a_note() -> None:
    (found,) = said(WORKLOAD, pods("web"), pods("api"), policy(), policy("policyTypes: [Egress]", selector=WEB))
    assert found.startswith("note Deployment/shop/api is isolated by no policy for egress")


def test_both_directions_are_one_finding() -> None:
    (found,) = said(WORKLOAD, pods("web"), pods("api"), policy("policyTypes: [Ingress, Egress]", selector=WEB))
    assert found.startswith("warning Deployment/shop/api is isolated by no policy for ingress and egress")


def test_a_direction_that_no_policy_of_the_namespace_is_for_is_left_to_the_namespace() -> None:
    assert said(WORKLOAD, pods("web"), pods("api"), policy("policyTypes: [Egress]", name="e")) == []


# ── what others get wrong ─────────────────────────────────────────────────────────────────────────────


def test_a_policy_in_another_namespace_isolates_nothing() -> None:
    elsewhere = policy(selector=WEB, namespace="test")
    assert isolation(pods("web"), elsewhere) == [f"{INGRESS} warning"]


def test_expressions_that_do_not_match_isolate_nothing() -> None:
    other = policy(selector="matchExpressions: [{key: app, operator: In, values: [api]}]")
    assert isolation(pods("web"), other) == [f"{INGRESS} note", f"{WORKLOAD} warning"]
    all_but = policy(selector="matchExpressions: [{key: app, operator: NotIn, values: [web]}]")
    assert isolation(pods("web"), all_but) == [f"{WORKLOAD} warning"]


def test_expressions_alone_isolate_what_they_match() -> None:
    matching = policy(selector="matchExpressions: [{key: app, operator: In, values: [api, web]}]")
    assert isolation(pods("web"), matching) == [f"{INGRESS} note"]


@pytest.mark.parametrize("spec", ["", "ingress: [{from: [{podSelector: {}}]}]", "egress: [{}]"])
def test_policy_types_that_are_left_out_mean_ingress(spec: str) -> None:
    assert isolation(pods("web"), policy(spec)) == []


def test_a_policy_for_one_pod_of_a_stateful_set_is_one_for_it() -> None:
    one = policy("policyTypes: [Ingress]", selector="matchLabels: {statefulset.kubernetes.io/pod-name: db-0}")
    assert said("workload-not-isolated", one, pods("db", kind="StatefulSet")) == []
    assert len(said("workload-not-isolated", one, pods("other", kind="StatefulSet"))) == 1


def test_an_empty_selector_is_for_all_pods() -> None:
    assert isolation(pods("web"), pods("api"), policy("policyTypes: [Ingress]")) == []


def test_a_policy_without_rules_is_a_default_deny() -> None:
    bare = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {}\n"
    assert isolation(pods("web"), bare) == []


def test_a_policy_with_two_labels_that_match_isolates() -> None:
    both = policy(selector="matchLabels: {app: web, tier: front}")
    assert isolation(pods("web", labels="{app: web, tier: front, v: one}"), both) == [f"{INGRESS} note"]
    assert isolation(pods("web", labels="{app: web}"), both) == [f"{INGRESS} note", f"{WORKLOAD} warning"]


# ── what leaves its namespace to whatever applies it ─────────────────────────────────────────────────

SPECIAL = """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: special%s}
    spec: {podSelector: {matchLabels: {app: special}}, policyTypes: [Ingress]}
"""

PLAIN = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web%s}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "shop/web:1"}]}
"""


def spread(directory: Path, policy_at: str, workload_at: str, namespace: str = "") -> list[str]:
    """What is said where a policy and a workload that it does not select lie in files of those names."""
    said = f", namespace: {namespace}" if namespace else ""
    write_files(directory, {policy_at: dedent(SPECIAL % said), workload_at: dedent(PLAIN % said)})
    return lint_tree(directory, select=["workload-not-isolated"])


@pytest.mark.parametrize(
    ("policy_at", "workload_at"),
    [("a/all.yaml", "a/web.yaml"), ("a/all.yaml", "a/b/web.yaml"), ("a/b/all.yaml", "a/web.yaml")],
)
def test_a_policy_is_of_the_namespace_of_what_lies_together_with_it(
    tmp_path: Path, policy_at: str, workload_at: str
) -> None:
    (line,) = spread(tmp_path, policy_at, workload_at)
    assert "warning[workload-not-isolated]" in line


def test_files_apart_that_name_no_namespace_may_go_to_two(tmp_path: Path) -> None:
    assert spread(tmp_path, "a/all.yaml", "b/web.yaml") == []


def test_files_apart_that_name_one_namespace_go_to_it(tmp_path: Path) -> None:
    assert len(spread(tmp_path, "a/all.yaml", "b/web.yaml", "shop")) == 1


# ── Linkerd ───────────────────────────────────────────────────────────────────────────────────────────

GUARDED = "apiVersion: policy.linkerd.io/v1beta3\nkind: Server\nmetadata: {name: web, namespace: shop}\n"


def joined(default: str) -> str:
    annotations = f"{{linkerd.io/inject: enabled, config.linkerd.io/default-inbound-policy: {default}}}"
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, annotations: {annotations}}}\n"


@pytest.mark.parametrize(
    ("guard", "severity"),
    [
        (joined("deny"), "note"),
        (joined("cluster-authenticated"), "note"),
        (joined("all-unauthenticated"), "warning"),
        (f"{GUARDED}spec: {{podSelector: {{}}, port: 8080}}\n", "note"),
        (f"{GUARDED}spec: {{podSelector: {{}}, port: 8080, accessPolicy: audit}}\n", "warning"),
    ],
)
def test_pods_whose_proxies_are_told_whom_to_admit_are_not_called_open_for_sure(guard: str, severity: str) -> None:
    (found,) = said(INGRESS, guard, pods("web"))
    assert found.startswith(f"{severity} Namespace/shop has no NetworkPolicy for ingress")


NOTHING = "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: nothing, namespace: shop}\n"


@pytest.mark.parametrize("guard", [joined("deny"), f"{NOTHING}spec: {{}}\n"])
def test_no_proxy_lets_in_what_policies_keep_out(guard: str) -> None:
    web = service("selector: {app: web}, ports: [{port: 80}]")
    (found,) = said("service-unreachable", guard, web, pods("web"), policy("policyTypes: [Ingress]"))
    assert found.startswith("warning NetworkPolicy/shop/policy lets nobody reach port 80")
