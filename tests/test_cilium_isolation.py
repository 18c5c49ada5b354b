"""What CiliumNetworkPolicies and CiliumClusterwideNetworkPolicies isolate, and what they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.resource import Direction, EnginePolicy, Workload
from tests.cluster import cilium, graph_of, names, namespace, pods, policy
from tests.support import lint_text

if TYPE_CHECKING:
    from k8snet_lint.graph import Graph

INGRESS, EGRESS = Direction.INGRESS, Direction.EGRESS
EVERY = "endpointSelector: {}"
WEB = "endpointSelector: {matchLabels: {app: web}}"
CLOSED = "ingress: [{}]"


def isolated(graph: Graph, direction: Direction) -> list[str]:
    return names(each for each in graph.select(Workload) if graph.isolation.is_isolated(each, direction))


@pytest.mark.parametrize(
    ("spec", "directions"),
    [
        (["ingress: [{}]"], [INGRESS]),
        (["ingress: [{fromEntities: [all]}]"], [INGRESS]),
        (["ingressDeny: [{fromEntities: [world]}]"], [INGRESS]),
        (["egress: [{}]"], [EGRESS]),
        (["egressDeny: [{toEntities: [world]}]", "ingress: []"], [EGRESS]),
        (["ingress: [{}]", "egress: [{}]"], [INGRESS, EGRESS]),
        (["ingress: [{}]", "egress: [{}]", "enableDefaultDeny: {egress: false}"], [INGRESS]),
        (["ingress: [{}]", "enableDefaultDeny: {ingress: false}"], []),
        (["ingress: [{}]", "enableDefaultDeny: {egress: true}"], [INGRESS, EGRESS]),
    ],
)
def test_a_policy_isolates_where_it_has_rules_unless_it_says_otherwise(
    spec: list[str], directions: list[Direction]
) -> None:
    graph = graph_of(cilium(EVERY, *spec), pods("web"))
    assert [direction for direction in Direction if isolated(graph, direction)] == directions
    assert [direction for direction in Direction if graph.isolation.default_deny("shop", direction)] == directions
    assert graph.isolation.absence("shop").covered


def test_a_policy_without_rules_is_rejected_and_may_isolate_or_not() -> None:
    graph = graph_of(cilium(EVERY, "ingress: []"), pods("web"))
    assert isolated(graph, INGRESS) == []
    assert not graph.isolation.absence("shop").covered


def test_it_isolates_what_it_selects_in_its_own_namespace() -> None:
    graph = graph_of(cilium(WEB, CLOSED), pods("web"), pods("api"), pods("web", "test"))
    assert [graph.isolation.is_isolated(each, INGRESS) for each in graph.select(Workload)] == [True, False, False]
    assert [each.name for each in graph.isolation.policies("shop", INGRESS)] == ["p"]
    assert graph.isolation.default_deny("shop", INGRESS) is None


@pytest.mark.parametrize("key", ["app", "k8s:app", "any:app"])
def test_labels_may_name_their_source(key: str) -> None:
    selector = f'endpointSelector: {{matchLabels: {{"{key}": web}}}}'
    assert isolated(graph_of(cilium(selector, CLOSED), pods("web"), pods("api")), INGRESS) == ["web"]


def test_each_of_several_specs_is_for_its_own_pods() -> None:
    several = cilium(WEB, CLOSED).replace("spec: {", "specs: [{").replace("}]}\n", "}]}, {")
    several += "endpointSelector: {matchLabels: {app: api}}, egress: [{}]}]\n"
    graph = graph_of(several, pods("web"), pods("api"))
    assert (isolated(graph, INGRESS), isolated(graph, EGRESS)) == (["web"], ["api"])


def test_a_cluster_wide_policy_is_for_the_namespaces_that_it_names() -> None:
    selector = "endpointSelector: {matchLabels: {k8s:io.kubernetes.pod.namespace: shop}}"
    graph = graph_of(cilium(selector, CLOSED, namespace="*"), pods("web"), pods("web", "test"))
    assert [graph.isolation.is_isolated(each, INGRESS) for each in graph.select(Workload)] == [True, False]
    assert str(graph.isolation.default_deny("shop", INGRESS)) == "CiliumClusterwideNetworkPolicy/p"
    assert graph.isolation.default_deny("test", INGRESS) is None
    assert graph.isolation.absence("test").covered


def test_a_cluster_wide_policy_without_a_namespace_is_for_all() -> None:
    graph = graph_of(cilium(EVERY, CLOSED, namespace="*"), pods("web"), pods("api", "test"))
    assert isolated(graph, INGRESS) == ["web", "api"]
    assert not list(graph.isolation.without_default_deny(INGRESS))


def test_labels_of_namespaces_decide_where_they_are_known() -> None:
    labelled = "endpointSelector: {matchLabels: {io.cilium.k8s.namespace.labels.team: a}}"
    wide = cilium(labelled, CLOSED, namespace="*")
    graph = graph_of(wide, pods("web"), pods("api", "test"), namespace("shop", "{team: a}"))
    assert isolated(graph, INGRESS) == ["web"]
    assert graph.isolation.absence("shop").covered
    assert not graph.isolation.absence("test").covered


def test_labels_that_cilium_adds_leave_it_open() -> None:
    account = "endpointSelector: {matchLabels: {io.cilium.k8s.policy.serviceaccount: web}}"
    graph = graph_of(cilium(account, CLOSED), pods("web"))
    assert isolated(graph, INGRESS) == []
    assert not graph.isolation.absence("shop").covered


def test_a_policy_of_an_unset_namespace_may_come_to_isolate_what_it_selects() -> None:
    assert not graph_of(cilium(WEB, CLOSED, namespace=""), pods("web")).isolation.absence("shop").covered
    assert graph_of(cilium(WEB, CLOSED, namespace=""), pods("api")).isolation.absence("shop").covered


def test_both_kinds_of_policies_count_together() -> None:
    graph = graph_of(policy(selector="matchLabels: {app: web}"), cilium(WEB, "egress: [{}]"), pods("web"))
    assert (isolated(graph, INGRESS), isolated(graph, EGRESS)) == (["web"], ["web"])


def test_pods_that_a_policy_does_not_select_are_told_beside_it() -> None:
    found = lint_text("---\n".join([cilium(WEB, CLOSED), pods("web"), pods("api")]), select=["workload-not-isolated"])
    (line,) = found
    assert "Deployment/shop/api is isolated by no policy for ingress" in line


def test_pods_that_a_rejected_policy_is_for_are_told_of_there_alone() -> None:
    rejected = cilium(WEB, "ingress: [{toPorts: [{ports: [{port: 80}]}]}]").replace("name: p,", "name: q,")
    other = cilium("endpointSelector: {matchLabels: {app: api}}", CLOSED)
    documents = [rejected, other, pods("web"), pods("api"), pods("db")]
    (line,) = lint_text("---\n".join(documents), select=["workload-not-isolated"])
    assert "Deployment/shop/db is isolated by no policy for ingress:" in line


# ── what they refer to ────────────────────────────────────────────────────────────────────────────────


def test_a_policy_that_selects_nothing_is_told_of() -> None:
    found = lint_text("---\n".join([cilium(WEB, CLOSED), pods("wbe")]), select=["policy-selects-no-pods"])
    (line,) = found
    assert "CiliumNetworkPolicy/shop/p selects no pods: no workload in namespace 'shop' has app=web" in line


def test_a_policy_in_the_wrong_namespace_is_told_of() -> None:
    found = lint_text("---\n".join([cilium(WEB, CLOSED), pods("web", "test")]), select=["policy-in-wrong-namespace"])
    (line,) = found
    assert "while Deployment/test/web is in 'test'" in line


def test_a_cluster_wide_policy_by_the_name_of_a_namespace_selects_what_is_there() -> None:
    selector = "endpointSelector: {matchLabels: {k8s:io.kubernetes.pod.namespace: shop, app: web}}"
    text = "---\n".join([cilium(selector, CLOSED, namespace="*"), pods("web")])
    assert lint_text(text, select=["policy-selects-no-pods", "policy-in-wrong-namespace"]) == []


def test_peers_that_select_nothing_are_told_of() -> None:
    rule = "ingress: [{fromEndpoints: [{matchLabels: {app: ap}}, {matchLabels: {app: api}}]}]"
    found = lint_text(
        "---\n".join([cilium(WEB, rule), pods("web"), pods("api")]), select=["policy-peer-selects-nothing"]
    )
    (line,) = found
    assert "CiliumNetworkPolicy/shop/p names pods with app=ap in namespace 'shop', but there are none" in line


@pytest.mark.parametrize(
    "peer",
    [
        "{}",
        "{matchLabels: {reserved:host: ''}}",
        "{matchLabels: {reserved.host: ''}}",
        "{matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns}}",
        "{matchLabels: {io.kubernetes.pod.namespace: test}}",
        "{matchLabels: {io.cilium.k8s.policy.cluster: other, app: elsewhere}}",
        "{matchLabels: {io.kubernetes.pod.namespace: test, app: api}}",
    ],
)
def test_peers_that_mean_something_are_left_alone(peer: str) -> None:
    rule = f"egress: [{{toEndpoints: [{peer}]}}]"
    text = "---\n".join([cilium(WEB, rule), pods("web"), pods("api", "test")])
    assert lint_text(text, select=["policy-peer-selects-nothing"]) == []


def test_a_graph_without_them_has_none() -> None:
    assert graph_of(policy(), pods("web")).select(EnginePolicy) == ()
