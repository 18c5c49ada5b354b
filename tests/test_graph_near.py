"""Near misses: what turns "not in these files" into "misspelt"."""

from __future__ import annotations

import pytest

from k8snet_lint.facts import Assumed
from k8snet_lint.graph import Relation, Unresolved
from k8snet_lint.resource import NetworkPolicy, Service
from tests.cluster import graph_of, namespace, pods, policy

FROM_NAMESPACE = "ingress:\n- from:\n  - namespaceSelector:\n      matchLabels:\n        {}"


def only(*documents: str, relation: Relation = Relation.SELECTS, kind: type = NetworkPolicy) -> Unresolved:
    (found,) = graph_of(*documents).unresolved(relation, kind)
    return found


def texts(*documents: str, relation: Relation = Relation.SELECTS) -> list[str]:
    return [miss.text for miss in only(*documents, relation=relation).near]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("frontned", "frontend"),
        ("catalgo", "catalog"),
        ("payments-api", "payment-api"),
        ("storefront", "storefornt"),
        ("front-end", "frontend"),
    ],
)
def test_a_slip_of_the_pen_is_one(wanted: str, name: str) -> None:
    for one, other in ((wanted, name), (name, wanted)):
        assert texts(policy(selector=f"matchLabels: {{app: {one}}}"), pods(other)) == [
            f"Deployment/shop/{other} has app={other}"
        ]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("web", "wbe"),  # too short to tell
        ("worker-1", "worker-2"),
        ("worker1", "worker2"),
        ("worker", "worker2"),
        ("team-alpha-a", "team-alpha-b"),
        ("api-eu", "api-us"),
        ("api.v1beta", "api.v2beta"),
        ("catalog", "storefront"),
    ],
)
def test_a_neighbour_is_no_slip(wanted: str, name: str) -> None:
    for one, other in ((wanted, name), (name, wanted)):
        assert texts(policy(selector=f"matchLabels: {{app: {one}}}"), pods(other)) == []


# ── selectors of pods ─────────────────────────────────────────────────────────────────────────────────


def test_a_misspelt_label_beside_labels_that_match() -> None:
    selector = "matchLabels: {app: catalgo, tier: back}"
    near = pods("catalog", labels="{app: catalog, tier: back}")
    assert texts(policy(selector=selector), near) == ["Deployment/shop/catalog has app=catalog"]


def test_no_near_miss_where_another_label_differs_too() -> None:
    selector = "matchLabels: {app: catalgo, tier: back}"
    assert texts(policy(selector=selector), pods("catalog", labels="{app: catalog, tier: front}")) == []
    assert texts(policy(selector=selector), pods("catalog", labels="{app: catalog}")) == []


def test_a_workload_that_another_policy_singles_out_is_not_the_one_that_was_meant() -> None:
    wrong = policy(selector="matchLabels: {app: catalgo}", name="wrong")
    right = policy(selector="matchLabels: {app: catalog}", name="right")
    assert texts(wrong, right, pods("catalog")) == []
    everything = policy(name="default")
    assert texts(wrong, everything, pods("catalog")) == ["Deployment/shop/catalog has app=catalog"]


def test_a_workload_that_another_service_selects_is_not_the_one_that_was_meant() -> None:
    service = (
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {0}, namespace: shop}}\nspec: {{selector: {{app: {0}}}}}\n"
    )
    wrong, right = service.format("catalgo"), service.format("catalog")
    assert only(wrong, pods("catalog"), kind=Service).near
    assert not only(wrong, right, pods("catalog"), kind=Service).near


def test_the_same_labels_in_exactly_one_other_namespace() -> None:
    wanted = policy(selector="matchLabels: {app: catalog}", namespace="default")
    found = only(wanted, pods("catalog", "shop"))
    assert [miss.text for miss in found.near] == ["Deployment/shop/catalog has these labels, in another namespace"]
    assert texts(wanted, pods("catalog", "shop"), pods("catalog", "test")) == []


def test_labels_of_a_single_letter_in_another_namespace_say_nothing() -> None:
    assert texts(policy(selector="matchLabels: {pod: a}", namespace="x"), pods("a", "y", labels="{pod: a}")) == []


def test_pods_in_another_namespace_are_no_near_miss_where_either_is_not_settled() -> None:
    found = only(policy(selector="matchLabels: {app: catalog}", namespace=""), pods("catalog", "shop"))
    assert (found.near, found.covered) == ((), False)
    found = only(policy(selector="matchLabels: {app: catalog}"), pods("catalog", ""), pods("web"))
    assert (found.near, found.covered) == ((), False)


def test_at_most_three_are_named() -> None:
    many = [pods(f"catalog{letter}", labels="{app: catalog}") for letter in "abcde"]
    assert len(texts(policy(selector="matchLabels: {app: catalgo}"), *many)) == 3


def test_what_is_for_ingress_is_not_meant_for_egress() -> None:
    assert (
        texts(policy(selector="matchLabels: {app: ingressgateway}"), pods("out", labels="{app: egressgateway}")) == []
    )
    assert texts(policy(selector="matchLabels: {app: ingressgatewy}"), pods("in", labels="{app: ingressgateway}")) != []


# ── selectors of namespaces ───────────────────────────────────────────────────────────────────────────


def peer(label: str, namespace: str = "shop") -> str:
    return policy(FROM_NAMESPACE.format(label), namespace=namespace)


def test_a_label_value_that_is_the_name_of_a_namespace_without_that_label() -> None:
    found = only(peer("name: monitoring"), namespace("monitoring", "{team: x}"), relation=Relation.ADMITS)
    assert [miss.text for miss in found.near] == ["Namespace/monitoring has this name, but no label name=monitoring"]
    assert found.near[0].node.location.span.start.line == 15
    assert found.at.location.span.start.line == 10


def test_a_misspelt_label_of_a_namespace() -> None:
    found = texts(peer("team: storefornt"), namespace("front", "{team: storefront}"), relation=Relation.ADMITS)
    assert found == ["Namespace/front has team=storefront"]


def test_a_misspelt_name_of_a_namespace_that_is_written_or_that_something_is_in() -> None:
    wanted = peer("kubernetes.io/metadata.name: storefornt")
    written = texts(wanted, namespace("storefront"), relation=Relation.ADMITS)
    assert written == ["Namespace/storefront has kubernetes.io/metadata.name=storefront"]
    used = texts(wanted, pods("web", "storefront"), relation=Relation.ADMITS)
    assert used == ["Deployment/storefront/web is in namespace 'storefront'"]


def test_a_namespace_that_is_only_assumed_has_no_place_to_show() -> None:
    assumed = Assumed(namespaces={"storefront": {}})
    graph = graph_of(peer("kubernetes.io/metadata.name: storefornt"), assumed=assumed)
    (found,) = graph.unresolved(Relation.ADMITS, NetworkPolicy)
    assert found.near == ()


def test_a_selector_that_many_namespaces_share_means_something_elsewhere() -> None:
    documents = [peer("component: monitoring", name) for name in ("a", "b", "c", "d")]
    monitoring = namespace("monitoring")
    assert all(each.near for each in graph_of(*documents, monitoring).unresolved(Relation.ADMITS, NetworkPolicy))
    documents.append(peer("component: monitoring", "e"))
    assert not any(each.near for each in graph_of(*documents, monitoring).unresolved(Relation.ADMITS, NetworkPolicy))


# ── where a finding points ────────────────────────────────────────────────────────────────────────────


def test_it_points_to_the_one_label_that_is_wrong() -> None:
    found = only(
        policy(selector="matchLabels: {tier: back, app: catalgo}"), pods("x", labels="{tier: back, app: catalog}")
    )
    assert found.at.path[-2:] == ("matchLabels", "app")
    assert only(policy(selector="matchLabels: {app: catalgo}")).at.path[-1] == "app"


def test_it_points_to_the_selector_where_no_one_label_is() -> None:
    assert only(policy(selector="matchLabels: {tier: back, app: web}")).at.path[-1] == "podSelector"
    expressions = "matchExpressions: [{key: app, operator: In, values: [catalgo]}]"
    assert only(policy(selector=expressions), pods("catalog")).at.path[-1] == "values"
    some_role = policy(selector="matchExpressions: [{key: role, operator: Exists}]")
    assert only(some_role, pods("catalog")).at.path[-2:] == ("matchExpressions", 0)
    elsewhere = only(policy(selector="matchLabels: {app: catalog}", namespace="default"), pods("catalog"))
    assert elsewhere.at.path[-1] == "podSelector"
