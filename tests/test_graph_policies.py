"""What NetworkPolicies refer to: the pods they are for, the pods and namespaces that their peers admit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.facts import Assumed, Facts
from k8snet_lint.graph import Graph, Relation, Unresolved
from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.resource import NetworkPolicy
from tests.cluster import graph_of, names, namespace, pods, policy
from tests.support import write_files

if TYPE_CHECKING:
    from pathlib import Path

APP = "matchLabels: {{app: {0}}}"
ROLLOUT = pods("web").replace("apps/v1", "argoproj.io/v1alpha1").replace("Deployment", "Rollout")
KAFKA = "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: events, namespace: shop}\nspec: {}\n"


def targets(graph: Graph, relation: Relation = Relation.SELECTS) -> list[str]:
    """What all policies refer to."""
    found = (edge for each in graph.select(NetworkPolicy) for edge in graph.targets(each, relation))
    return [str(edge.target) for edge in found]


def unresolved(graph: Graph, relation: Relation = Relation.SELECTS) -> list[tuple[str, str, bool]]:
    """Kind, what is wanted, and whether it is covered, of what leads nowhere."""
    return [(each.kind, each.wanted, each.covered) for each in graph.unresolved(relation, NetworkPolicy)]


# ── podSelector ───────────────────────────────────────────────────────────────────────────────────────


def test_it_selects_pods_of_its_own_namespace_by_their_templates_labels() -> None:
    graph = graph_of(policy(selector=APP.format("web")), pods("web"), pods("api"), pods("web", "test"))
    assert targets(graph) == ["Deployment/shop/web"]
    assert unresolved(graph) == []


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"])
def test_every_kind_of_workload_has_pods(kind: str) -> None:
    assert targets(graph_of(policy(selector=APP.format("web")), pods("web", kind=kind))) == [f"{kind}/shop/web"]


def test_so_have_custom_resources_with_a_pod_template() -> None:
    assert targets(graph_of(policy(selector=APP.format("web")), ROLLOUT)) == ["Rollout/shop/web"]


def test_an_empty_selector_means_all_and_none_is_fine() -> None:
    assert targets(graph_of(policy(), pods("web"), pods("api"))) == ["Deployment/shop/web", "Deployment/shop/api"]
    assert unresolved(graph_of(policy())) == []


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("{key: app, operator: In, values: [web, api]}", ["web", "api"]),
        ("{key: app, operator: NotIn, values: [web]}", ["api", "bare"]),
        ("{key: app, operator: Exists}", ["web", "api"]),
        ("{key: app, operator: DoesNotExist}", ["bare"]),
    ],
)
def test_expressions_alone_select(expression: str, found: list[str]) -> None:
    workloads = pods("web"), pods("api"), pods("bare", labels="{tier: x}")
    graph = graph_of(policy(selector=f"matchExpressions: [{expression}]"), *workloads)
    assert targets(graph) == [f"Deployment/shop/{name}" for name in found]


def test_what_no_pod_has_leads_nowhere_and_is_covered_where_there_are_pods() -> None:
    wanted = policy(selector=APP.format("web"))
    assert unresolved(graph_of(wanted, pods("api"))) == [("Pod", "app=web", True)]
    assert unresolved(graph_of(wanted, pods("api", "test"))) == [("Pod", "app=web", False)]
    assert unresolved(graph_of(wanted, assumed=Assumed(complete=True))) == [("Pod", "app=web", True)]


def test_a_system_namespace_is_never_covered() -> None:
    graph = graph_of(policy(selector=APP.format("web"), namespace="kube-system"), pods("api", "kube-system"))
    assert unresolved(graph) == [("Pod", "app=web", False)]


def test_an_invalid_selector_refers_to_nothing() -> None:
    graph = graph_of(policy(selector="matchExpressions: [{key: app, operator: like}]"), pods("web"))
    assert targets(graph) == []
    assert unresolved(graph) == []


def test_labels_that_a_controller_sets_are_left_out_and_alone_they_decide_nothing() -> None:
    both = policy(selector="matchLabels: {app: web, pod-template-hash: abc}")
    assert targets(graph_of(both, pods("web"))) == ["Deployment/shop/web"]
    alone = policy(selector='matchLabels: {batch.kubernetes.io/job-name: "x"}')
    assert unresolved(graph_of(alone, pods("web"))) == []
    told = policy(selector="matchLabels: {house/slot: blue}")
    assert unresolved(graph_of(told, pods("web"), controller_labels=("house/",))) == []


def test_an_operators_pods_may_have_the_labels_that_it_gives() -> None:
    assert targets(graph_of(policy(selector="matchLabels: {app.kubernetes.io/name: kafka}"), KAFKA)) == [
        "Kafka/shop/events"
    ]


def test_helm_tests_are_not_there_and_other_hooks_are() -> None:
    test = ", annotations: {helm.sh/hook: test}"
    assert targets(graph_of(policy(selector=APP.format("web")), pods("web", metadata=test))) == []
    install = ", annotations: {helm.sh/hook: post-install}"
    assert targets(graph_of(policy(selector=APP.format("web")), pods("web", metadata=install))) == [
        "Deployment/shop/web"
    ]


def test_what_is_unset_is_a_namespace_of_its_own() -> None:
    wanted = policy(selector=APP.format("web"), namespace="")
    assert targets(graph_of(wanted, pods("web", ""))) == ["Deployment/web"]
    assert unresolved(graph_of(wanted, pods("web", "shop"))) == [("Pod", "app=web", False)]
    assert unresolved(graph_of(wanted, pods("api", ""))) == [("Pod", "app=web", True)]


def test_what_is_not_built_yet_is_not_held_against_what_it_may_become(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "kustomization.yaml": "resources: [policy.yaml]\nvars: [{name: X}]\n",
            "policy.yaml": policy(selector=APP.format("web"), namespace="shop"),
            "pods.yaml": pods("web", "test") + "---\n" + pods("api", "shop"),
        },
    )
    (world,) = load((str(tmp_path),), LoadOptions()).worlds
    (missing,) = Graph.of(world, Facts()).unresolved(Relation.SELECTS, NetworkPolicy)
    assert missing.source.is_raw
    assert (missing.covered, missing.near) == (False, ())


# ── peers ─────────────────────────────────────────────────────────────────────────────────────────────


def peers(*lines: str, direction: str = "ingress", namespace: str = "shop") -> str:
    """A policy whose one rule has these peers, each in flow style."""
    field = {"ingress": "from", "egress": "to"}[direction]
    items = "".join(f"\n  - {line}" for line in lines)
    return policy(f"{direction}:\n- {field}:{items}", namespace=namespace)


PODS = "podSelector: {{matchLabels: {{app: {0}}}}}"
NAMED = "namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {0}}}}}"


def admitted(*documents: str) -> list[str]:
    return targets(graph_of(*documents), Relation.ADMITS)


def missed(*documents: str) -> list[tuple[str, str, bool]]:
    return unresolved(graph_of(*documents), Relation.ADMITS)


def test_a_pod_selector_alone_means_the_policys_own_namespace() -> None:
    wanted = peers("{" + PODS.format("web") + "}")
    assert admitted(wanted, pods("web"), pods("web", "test")) == ["Deployment/shop/web"]
    assert missed(wanted, pods("web", "test"), pods("api")) == [("Pod", "app=web in namespace 'shop'", True)]


def test_a_namespace_selector_alone_means_whole_namespaces() -> None:
    wanted = peers("{namespaceSelector: {matchLabels: {team: a}}}")
    assert admitted(wanted, namespace("one", "{team: a}"), namespace("two", "{team: b}")) == ["Namespace/one"]
    assert missed(wanted, namespace("two", "{team: b}")) == [("Namespace", "team=a", False)]


def test_both_in_one_item_mean_pods_in_those_namespaces() -> None:
    wanted = peers("{" + f"{PODS.format('web')}, {NAMED.format('test')}" + "}")
    assert admitted(wanted, pods("web"), pods("web", "test"), pods("api", "test")) == ["Deployment/test/web"]
    expected = [("Pod", "app=web in namespaces with kubernetes.io/metadata.name=test", True)]
    assert missed(wanted, pods("web"), pods("api", "test")) == expected
    assert missed(wanted, pods("web"), namespace("test")) == [(*expected[0][:2], False)]
    assert missed(wanted, pods("web")) == [("Namespace", "kubernetes.io/metadata.name=test", False)]


def test_pods_of_several_namespaces_are_covered_where_all_of_these_are() -> None:
    wanted = peers("{" + PODS.format("web") + ", namespaceSelector: {matchLabels: {team: a}}}")
    known = namespace("shop"), namespace("one", "{team: a}"), namespace("two", "{team: a}")
    expected = ("Pod", "app=web in namespaces with team=a")
    assert missed(wanted, *known, pods("x", "one")) == [(*expected, False)]
    assert missed(wanted, *known, pods("x", "one"), pods("x", "two")) == [(*expected, True)]


def test_pods_of_any_namespace_are_never_covered() -> None:
    wanted = peers("{" + PODS.format("web") + ", namespaceSelector: {}}")
    assert admitted(wanted, pods("web", "test")) == ["Deployment/test/web"]
    assert missed(wanted, pods("api")) == [("Pod", "app=web in any namespace", False)]


def test_pods_of_many_namespaces_are_found_too() -> None:
    many = [namespace(f"ns{number}", "{team: a}") for number in range(12)]
    wanted = peers("{" + PODS.format("web") + ", namespaceSelector: {matchLabels: {team: a}}}")
    assert admitted(wanted, *many, pods("web", "ns11"), pods("web", "other")) == ["Deployment/ns11/web"]


def test_unknown_labels_of_a_namespace_may_make_it_match() -> None:
    wanted = peers("{" + PODS.format("web") + ", namespaceSelector: {matchLabels: {team: a}}}")
    known = namespace("shop"), namespace("one", "{team: a}"), pods("api", "one")
    assert missed(wanted, *known) != []
    assert missed(wanted, *known, pods("web", "two")) == []


def test_pods_by_labels_that_only_a_controller_knows_are_in_doubt() -> None:
    job = "podSelector: {matchLabels: {batch.kubernetes.io/job-name: x}}"
    assert missed(peers("{" + f"{job}, {NAMED.format('test')}" + "}"), pods("web", "test")) == []


def test_what_means_everything_needs_no_edge() -> None:
    assert admitted(peers("{namespaceSelector: {}}", "{podSelector: {}}"), pods("web")) == []
    assert missed(peers("{namespaceSelector: {}}", "{podSelector: {}}"), pods("web")) == []


def test_blocks_and_what_the_api_server_rejects_refer_to_nothing() -> None:
    wanted = peers(
        "{ipBlock: {cidr: 10.0.0.0/8}}",
        "{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {matchLabels: {app: gone}}}",
        "{}",
        "{namespaceSelector: {matchExpressions: [{key: a, operator: like}]}}",
        "{podSelector: {matchExpressions: [{key: a, operator: like}]}}",
        "{namespaceSelector: {}, podSelector: {matchExpressions: [{key: a, operator: like}]}}",
        "null",
    )
    assert admitted(wanted, pods("web")) == []
    assert missed(wanted, pods("web")) == []


def test_what_every_cluster_has_is_there() -> None:
    dns = PODS.format("x").replace("app: x", "k8s-app: kube-dns")
    wanted = peers(
        "{" + NAMED.format("kube-system") + "}",
        "{" + NAMED.format("default") + "}",
        "{" + f"{NAMED.format('kube-system')}, {PODS.format('metrics')}" + "}",
        "{" + f"namespaceSelector: {{}}, {dns}" + "}",
        direction="egress",
    )
    assert missed(wanted, pods("web"), pods("x", "kube-system")) == []
    assert missed(wanted, pods("web")) == []


def test_a_label_that_no_system_namespace_has_by_itself_is_missed() -> None:
    wanted = peers("{namespaceSelector: {matchLabels: {name: kube-system}}}")
    assert missed(wanted, namespace("shop")) == [("Namespace", "name=kube-system", False)]


def test_rules_of_a_direction_that_does_not_count_refer_to_nothing() -> None:
    spec = "policyTypes: [Ingress]\negress:\n- to:\n  - " + "{" + PODS.format("gone") + "}"
    assert missed(policy(spec), pods("web")) == []


def test_a_complete_set_covers_everything_that_is_known() -> None:
    wanted = peers("{namespaceSelector: {matchLabels: {team: a}}}")
    complete = Assumed(complete=True)
    graph = graph_of(wanted, namespace("shop"), assumed=complete)
    assert unresolved(graph, Relation.ADMITS) == [("Namespace", "team=a", True)]
    graph = graph_of(wanted, pods("web"), assumed=complete)
    assert unresolved(graph, Relation.ADMITS) == [("Namespace", "team=a", False)]


# ── the index behind it ───────────────────────────────────────────────────────────────────────────────


def test_pods_are_found_in_the_order_in_which_they_are_written() -> None:
    graph = graph_of(
        pods("b"),
        KAFKA,
        pods("a"),
        pods("c"),
        policy(selector="matchExpressions: [{key: app, operator: In, values: [a, b, c]}]"),
    )
    (found,) = graph.select(NetworkPolicy)
    assert names(graph.pods("shop").matching(found.pod_selector)) == ["b", "a", "c"]
    assert names(graph.pods("nowhere").matching(found.pod_selector)) == []


def test_an_unresolved_reference_tells_how_sure_it_is() -> None:
    (missing,) = graph_of(policy(selector=APP.format("web")), pods("api")).unresolved(Relation.SELECTS, NetworkPolicy)
    assert isinstance(missing, Unresolved)
    assert (missing.absence.covered, missing.absence.near) == (True, ())
