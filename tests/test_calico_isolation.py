"""What Calico's policies isolate, whom they are for, and what of them never comes to anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.resource import Direction, Workload
from tests.cluster import graph_of, namespace, pods
from tests.support import lint_text
from tests.test_rules_calico import policy

if TYPE_CHECKING:
    from k8snet_lint.graph import Graph

INGRESS, EGRESS = Direction.INGRESS, Direction.EGRESS
GLOBAL, OWN = "GlobalNetworkPolicy", "NetworkPolicy"


def calico(spec: str, kind: str = OWN, name: str = "p", space: str = "shop") -> str:
    return policy(spec, kind, namespace="" if kind == GLOBAL else space).replace("name: p", f"name: {name}", 1)


def isolated(graph: Graph, direction: Direction = INGRESS) -> list[str]:
    found = (each for each in graph.select(Workload) if graph.isolation.is_isolated(each, direction))
    return [f"{each.namespace}/{each.name}" for each in found]


@pytest.mark.parametrize(
    ("spec", "directions"),
    [
        ("{}", [INGRESS]),
        ("types: [Egress]", [EGRESS]),
        ("types: [Ingress, Egress]", [INGRESS, EGRESS]),
        ("egress: [{action: Deny}]", [EGRESS]),
        ("ingress: [{action: Allow, source: {selector: has(x)}}]", [INGRESS]),
        ("ingress: [{action: Deny, source: {selector: has(x)}}, {action: Allow}]", []),
        ("ingress: [{action: Deny, source: {selector: has(x)}}, {action: Pass}]", []),
        ("ingress: [{action: Log}, {action: Deny}]", [INGRESS]),
    ],
)
def test_a_policy_isolates_what_it_does_not_let_through(spec: str, directions: list[Direction]) -> None:
    graph = graph_of(calico(spec), pods("web"))
    assert [direction for direction in Direction if isolated(graph, direction)] == directions
    assert [direction for direction in Direction if graph.isolation.default_deny("shop", direction)] == directions
    assert graph.isolation.absence("shop").covered


@pytest.mark.parametrize(
    ("selector", "who"),
    [
        ("app == 'web'", ["shop/web"]),
        ("app starts with 'w' || app == 'api'", ["shop/web", "shop/api"]),
        ("projectcalico.org/namespace == 'shop' && !has(tier)", ["shop/web", "shop/api"]),
        ("projectcalico.org/orchestrator == 'k8s'", ["shop/web", "shop/api"]),
        ("projectcalico.org/serviceaccount == 'default'", ["shop/web", "shop/api"]),
        ("has(nothing)", []),
    ],
)
def test_a_namespaced_policy_is_for_the_pods_that_its_selector_means(selector: str, who: list[str]) -> None:
    graph = graph_of(calico(f'selector: "{selector}"'), pods("web"), pods("api"), pods("web", "test"))
    assert isolated(graph) == who


@pytest.mark.parametrize(
    ("spec", "who"),
    [
        ("{}", ["shop/web", "test/web"]),
        ("namespaceSelector: team == 'a'", ["shop/web"]),
        ("namespaceSelector: projectcalico.org/name not in {'shop'}", ["test/web"]),
        ("selector: pcns.team == 'b'", ["test/web"]),
        ("namespaceSelector: all()", ["shop/web", "test/web"]),
        ("{doNotTrack: true, applyOnForward: true}", []),
    ],
)
def test_a_global_policy_is_for_pods_of_all_the_namespaces_that_it_means(spec: str, who: list[str]) -> None:
    spaces = (namespace("shop", "{team: a}"), namespace("test", "{team: b}"))
    assert isolated(graph_of(calico(spec, GLOBAL), *spaces, pods("web"), pods("web", "test"))) == who


def test_unknown_labels_leave_open_whether_it_isolates() -> None:
    graph = graph_of(calico("namespaceSelector: team == 'a'", GLOBAL), pods("web"))
    assert isolated(graph) == []
    assert not graph.isolation.absence("shop").covered
    graph = graph_of(calico("serviceAccountSelector: role == 'x'"), pods("web"))
    assert isolated(graph) == []
    assert not graph.isolation.absence("shop").covered


def test_the_first_that_is_for_everything_decides() -> None:
    opening = calico("{order: 1, ingress: [{action: Allow}]}", name="open")
    closing = calico("order: 2", GLOBAL, name="close")
    assert isolated(graph_of(opening, closing, pods("web"), pods("web", "test"))) == ["test/web"]
    assert isolated(graph_of(opening.replace("order: 1", "order: 3"), closing, pods("web"))) == []
    assert isolated(
        graph_of(opening, closing.replace("spec:", "spec: {order: 0, ingress: [{action: Deny}]}\nx:"), pods("web"))
    ) == ["shop/web"]


def test_what_passes_goes_on_to_the_next_tier() -> None:
    tier = policy("order: 5", "Tier").replace("name: p", "name: first")
    passing = calico("{tier: first, ingress: [{action: Pass}]}", GLOBAL, name="first.p")
    assert isolated(graph_of(tier, passing, pods("web"))) == []
    assert isolated(graph_of(tier, passing, calico("{}"), pods("web"))) == ["shop/web"]
    silent = calico("{tier: first}", GLOBAL)
    assert isolated(graph_of(tier, silent, pods("web"))) == ["shop/web"]
    assert isolated(graph_of(tier.replace("order: 5", "defaultAction: Pass"), silent, pods("web"))) == []


@pytest.mark.parametrize("kind", ["StagedNetworkPolicy", "StagedGlobalNetworkPolicy", "StagedKubernetesNetworkPolicy"])
def test_what_is_staged_isolates_nobody_and_says_so(kind: str) -> None:
    text = calico("{}", kind)
    assert isolated(graph_of(text, pods("web"))) == []
    (found,) = lint_text(f"{text}---\n{pods('web')}", select=["policy-never-effective"])
    assert "note[policy-never-effective]" in found
    assert "is staged: Calico shows what it would do" in found


def test_rules_that_nothing_gets_to() -> None:
    spec = """\
        types: [Ingress]
        ingress:
          - action: Deny
            protocol: UDP
          - action: Allow
          - action: Deny
            source: {nets: [10.0.0.0/8]}
        egress: [{action: Allow}]
    """
    never = "NetworkPolicy/shop/p has rules for {} that are never asked: "
    assert [each.split("] ", 1)[1] for each in lint_text(calico(spec), select=["policy-never-effective"])] == [
        never.format("ingress") + "rule 2 before them is for all traffic, and its action is Allow",
        never.format("egress") + "its types leave Egress out",
    ]


@pytest.mark.parametrize(
    "rules",
    [
        "[{action: Log}, {action: Deny}]",
        "[{action: Allow, protocol: TCP}, {action: Deny}]",
        "[{action: Allow, source: {selector: all()}}, {action: Deny}]",
        "[{action: Allow, destination: {ports: [80]}, protocol: TCP}, {action: Deny}]",
    ],
)
def test_rules_that_are_asked(rules: str) -> None:
    assert lint_text(calico(f"ingress: {rules}"), select=["policy-never-effective"]) == []


def test_a_policy_that_selects_no_pods() -> None:
    text = f"{calico('''selector: app == 'storefrunt' ''')}---\n{pods('storefront')}"
    (found,) = lint_text(text, select=["policy-selects-no-pods"])
    assert "NetworkPolicy/shop/p selects no pods: no workload in namespace 'shop' has app=storefrunt" in found
    assert "error" in found


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        ("selector: app == 'web'", OWN),
        ("selector: app == 'web' || app == 'gone'", OWN),
        ("selector: app == 'gone' || has(gone)", OWN),
        ("selector: app contains 'gone'", OWN),
        ("selector: projectcalico.org/serviceaccount == 'gone'", OWN),
        ("selector: role == 'node'", GLOBAL),
        ("selector: all()", OWN),
    ],
)
def test_policies_that_may_select_something(spec: str, kind: str) -> None:
    text = f"{calico(spec, kind)}---\n{pods('web')}"
    assert lint_text(text, select=["policy-selects-no-pods"]) == []


def test_a_workload_that_calico_isolates_needs_no_other_policy() -> None:
    closed = calico("{selector: all(), types: [Ingress, Egress]}", GLOBAL)
    isolation = ["workload-not-isolated", "namespace-without-default-deny-ingress"]
    assert lint_text(f"{closed}---\n{namespace('shop')}---\n{pods('web')}", select=isolation) == []
