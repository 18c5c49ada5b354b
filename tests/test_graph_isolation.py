"""Which pods are isolated, and how sure it is that the others are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.resource import Direction, Workload
from tests.cluster import graph_of, names, namespace, pods, policy

if TYPE_CHECKING:
    from k8snet_lint.graph import Graph

INGRESS, EGRESS = Direction.INGRESS, Direction.EGRESS
WEB = "matchLabels: {app: web}"


def isolated(graph: Graph, direction: Direction) -> list[str]:
    return names(each for each in graph.select(Workload) if graph.isolation.is_isolated(each, direction))


@pytest.mark.parametrize(
    ("spec", "directions"),
    [
        ("", [INGRESS]),
        ("ingress: []", [INGRESS]),
        ("ingress: [{}]", [INGRESS]),
        ("egress: []", [INGRESS]),
        ("egress:", [INGRESS]),
        ("egress: [{}]", [INGRESS, EGRESS]),
        ("policyTypes: []\negress: [{}]", [INGRESS, EGRESS]),
        ("policyTypes: [Egress]", [EGRESS]),
        ("policyTypes: [Egress]\ningress: [{}]", [EGRESS]),
        ("policyTypes: [Ingress, Egress]", [INGRESS, EGRESS]),
        ("policyTypes: [Ingress]\negress: [{}]", [INGRESS]),
        ("policyTypes: [ingress]", []),
        ("policyTypes: Ingress", []),
    ],
)
def test_a_policy_isolates_in_the_directions_of_its_types(spec: str, directions: list[Direction]) -> None:
    graph = graph_of(policy(spec), pods("web"))
    assert [direction for direction in Direction if isolated(graph, direction)] == directions


def test_it_isolates_what_it_selects_in_its_own_namespace() -> None:
    graph = graph_of(policy(selector=WEB), pods("web"), pods("api"), pods("web", "test"))
    (first, second, third) = graph.select(Workload)
    assert [graph.isolation.is_isolated(each, INGRESS) for each in (first, second, third)] == [True, False, False]


def test_two_labels_that_both_match_select() -> None:
    graph = graph_of(
        policy(selector="matchLabels: {app: web, tier: front}"), pods("web", labels="{app: web, tier: front}")
    )
    assert isolated(graph, INGRESS) == ["web"]


def test_labels_that_a_controller_sets_do_not_keep_a_policy_from_isolating() -> None:
    graph = graph_of(policy(selector="matchLabels: {app: web, pod-template-hash: abc}"), pods("web"), pods("api"))
    assert isolated(graph, INGRESS) == ["web"]


def test_an_invalid_selector_isolates_nothing() -> None:
    assert (
        isolated(graph_of(policy(selector="matchExpressions: [{key: app, operator: like}]"), pods("web")), INGRESS)
        == []
    )


def test_a_default_deny_is_a_policy_for_all_pods_whatever_it_allows() -> None:
    graph = graph_of(policy("ingress: [{}]", name="all"), policy(name="web", selector=WEB))
    assert str(graph.isolation.default_deny("shop", INGRESS)) == "NetworkPolicy/shop/all"
    assert graph.isolation.default_deny("shop", EGRESS) is None
    assert graph.isolation.default_deny("test", INGRESS) is None
    assert graph_of(policy(selector=WEB)).isolation.default_deny("shop", INGRESS) is None


# ── whom isolation is a question for ──────────────────────────────────────────────────────────────────


def test_jobs_hooks_host_pods_and_what_operators_make_are_not_judged() -> None:
    graph = graph_of(
        pods("web"),
        pods("migrate", kind="Job"),
        pods("report", kind="CronJob"),
        pods("once", kind="Pod", spec="restartPolicy: Never"),
        pods("hook", metadata=", annotations: {helm.sh/hook: pre-install}"),
        pods("agent", kind="DaemonSet", spec="hostNetwork: true"),
        "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db, namespace: shop}\nspec: {}\n",
    )
    assert names(graph.isolation.judged("shop")) == ["web"]
    assert len(graph.pods("shop").workloads) == 7


def test_jobs_are_judged_where_the_configuration_says_so() -> None:
    graph = graph_of(pods("migrate", kind="Job"), pods("report", kind="CronJob"), include_jobs=True)
    assert names(graph.isolation.judged("shop")) == ["migrate", "report"]


def test_what_belongs_to_another_workload_is_not_judged_beside_it() -> None:
    owned = ", ownerReferences: [{kind: Deployment, name: web}]"
    replica = pods("web-abc", kind="ReplicaSet", metadata=owned)
    assert names(graph_of(pods("web"), replica).isolation.judged("shop")) == ["web"]
    assert names(graph_of(replica).isolation.judged("shop")) == ["web-abc"]


def test_open_workloads_are_those_that_are_judged_and_not_isolated() -> None:
    graph = graph_of(policy(selector=WEB), pods("web"), pods("api"), pods("job", kind="Job"))
    assert names(graph.isolation.open_workloads("shop", INGRESS)) == ["api"]
    assert names(graph.isolation.open_workloads("shop", EGRESS)) == ["web", "api"]


def test_system_namespaces_are_not_looked_at() -> None:
    assert graph_of(pods("dns", "kube-system"), pods("web")).isolation.namespaces == ("shop",)
    custom = graph_of(pods("dns", "infra"), pods("web"), system_namespaces=frozenset({"infra"}))
    assert custom.isolation.namespaces == ("shop",)


# ── namespaces as a whole ─────────────────────────────────────────────────────────────────────────────


def test_a_namespace_without_default_deny_tells_its_place_and_what_is_open() -> None:
    graph = graph_of(pods("web"), pods("api"), policy(selector=WEB), namespace("shop"))
    (found,) = graph.isolation.without_default_deny(INGRESS)
    assert str(found) == "Namespace/shop"
    assert found.at.location.span.start.line == 20
    assert (names(found.workloads), names(found.exposed), found.has_policies) == (["web", "api"], ["api"], True)
    (egress,) = graph.isolation.without_default_deny(EGRESS)
    assert (names(egress.exposed), egress.has_policies) == (["web", "api"], False)


def test_it_is_named_by_its_first_workload_where_it_is_not_written() -> None:
    (found,) = graph_of(pods("web", ""), pods("api", "")).isolation.without_default_deny(INGRESS)
    assert str(found) == "the namespace that Deployment/web will be in"
    assert found.at.location.span.start.line == 3


def test_it_is_named_by_the_workload_that_its_place_is_of() -> None:
    public = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
    public += "spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}\n"
    (found,) = graph_of(pods("web", ""), pods("api", ""), public).isolation.without_default_deny(INGRESS)
    assert str(found) == "the namespace that Deployment/api will be in"
    assert found.at.text == "api"


def test_a_namespace_of_which_nothing_is_judged_is_left_alone() -> None:
    assert not list(graph_of(pods("job", kind="Job"), namespace("empty")).isolation.without_default_deny(INGRESS))
    assert not list(graph_of(policy(), pods("web")).isolation.without_default_deny(INGRESS))


# ── how sure it is ────────────────────────────────────────────────────────────────────────────────────


def covered(*documents: str, name: str = "shop") -> bool:
    return graph_of(*documents).isolation.absence(name).covered


def test_no_policy_is_no_policy() -> None:
    assert covered(pods("web"))
    assert covered(pods("web"), policy(namespace="test"))


@pytest.mark.parametrize(
    "kind",
    [
        "cilium.io/v2 CiliumNetworkPolicy",
        "crd.antrea.io/v1beta1 NetworkPolicy",
        "security.istio.io/v1 AuthorizationPolicy",
    ],
)
def test_a_policy_of_another_engine_in_the_namespace_may_isolate(kind: str) -> None:
    version, kind = kind.split()
    other = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: p, namespace: {{}}}}\nspec: {{}}\n"
    assert not covered(pods("web"), other.replace("{}", "shop", 1))
    assert covered(pods("web"), other.replace("{}", "test", 1))
    assert not covered(pods("web"), other.replace(", namespace: {}", "", 1))


@pytest.mark.parametrize(
    "kind",
    [
        "cilium.io/v2 CiliumClusterwideNetworkPolicy",
        "crd.antrea.io/v1beta1 ClusterNetworkPolicy",
    ],
)
def test_a_cluster_wide_policy_may_isolate_everything(kind: str) -> None:
    version, kind = kind.split()
    assert not covered(pods("web"), f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: p}}\nspec: {{}}\n")


def test_a_policy_without_a_namespace_may_come_to_isolate_what_it_selects() -> None:
    assert not covered(pods("web"), policy(namespace=""))
    assert not covered(pods("web"), policy(namespace="", selector=WEB))
    assert covered(pods("web"), policy(namespace="", selector="matchLabels: {app: api}"))
    assert covered(pods("web"), policy(namespace="", selector='matchLabels: {batch.kubernetes.io/job-name: "x"}'))


def test_a_policy_may_come_to_isolate_what_names_no_namespace() -> None:
    assert not covered(pods("web", ""), policy(), name="")
    assert not covered(pods("web", ""), policy(selector=WEB), name="")
    assert covered(pods("web", ""), policy(selector="matchLabels: {app: api}"), name="")
    assert covered(pods("web", ""), policy(namespace="", selector="matchLabels: {app: api}"), name="")


# ── policies of the cluster's administrator ───────────────────────────────────────────────────────────

EVERY_POD = "{action: Deny, from: [{namespaces: {}}]}"
EVERY_ADDRESS = "{action: Deny, to: [{networks: [0.0.0.0/0]}]}"


def baseline(ingress: str = "", egress: str = "", subject: str = "{namespaces: {}}") -> str:
    """A BaselineAdminNetworkPolicy with one rule a direction."""
    head = (
        "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: default}\n"
    )
    return f"{head}spec: {{subject: {subject}, ingress: [{ingress}], egress: [{egress}]}}\n"


def cluster_policy(action: str, priority: int, tier: str = "Admin", name: str = "p") -> str:
    """A ClusterNetworkPolicy that does one thing with everything that comes in."""
    head = f"apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {{name: {name}}}\n"
    rule = f"{{action: {action}, from: [{{namespaces: {{}}}}]}}"
    spec = f"tier: {tier}, priority: {priority}, subject: {{namespaces: {{}}}}, ingress: [{rule}]"
    return f"{head}spec: {{{spec}}}\n"


def test_a_baseline_that_denies_everyone_isolates() -> None:
    graph = graph_of(pods("web"), baseline(EVERY_POD))
    assert isolated(graph, INGRESS) == ["web"]
    assert isolated(graph, Direction.EGRESS) == []
    assert not list(graph.isolation.without_default_deny(INGRESS))


def test_egress_is_isolated_by_denying_every_address() -> None:
    assert isolated(graph_of(pods("web"), baseline(egress=EVERY_ADDRESS)), Direction.EGRESS) == ["web"]
    some = "{action: Deny, to: [{namespaces: {}}]}"
    assert isolated(graph_of(pods("web"), baseline(egress=some)), Direction.EGRESS) == []


@pytest.mark.parametrize(
    "rule",
    [
        "{action: Deny, from: [{namespaces: {matchLabels: {a: b}}}]}",
        "{action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {port: 80}}]}",
        "{action: Allow, from: [{namespaces: {}}]}, {action: Deny, from: [{namespaces: {}}]}",
    ],
)
def test_a_rule_for_some_peers_or_ports_or_behind_an_allow_isolates_nobody(rule: str) -> None:
    graph = graph_of(pods("web"), baseline(rule))
    assert isolated(graph, INGRESS) == []
    assert graph.isolation.absence("shop").covered


def test_a_subject_by_pods_isolates_those_pods() -> None:
    subject = "{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}"
    graph = graph_of(pods("web"), pods("api"), baseline(EVERY_POD, subject=subject))
    assert isolated(graph, INGRESS) == ["web"]
    assert graph.isolation.default_deny("shop", INGRESS) is None


def test_a_subject_whose_namespace_is_not_known_may_isolate() -> None:
    subject = "{namespaces: {matchLabels: {team: a}}}"
    graph = graph_of(pods("web"), baseline(EVERY_POD, subject=subject))
    assert isolated(graph, INGRESS) == []
    assert not graph.isolation.absence("shop").covered


def test_the_first_policy_that_is_for_everyone_decides_and_a_pass_leaves_its_tier() -> None:
    deny, allow = cluster_policy("Deny", 20), cluster_policy("Accept", 10, name="first")
    assert isolated(graph_of(pods("web"), deny, allow), INGRESS) == []
    assert isolated(graph_of(pods("web"), deny, cluster_policy("Accept", 30, name="last")), INGRESS) == ["web"]
    passing = cluster_policy("Pass", 10, name="first")
    assert isolated(graph_of(pods("web"), deny, passing), INGRESS) == []
    floor = cluster_policy("Deny", 10, tier="Baseline", name="floor")
    assert isolated(graph_of(pods("web"), passing, floor), INGRESS) == ["web"]


@pytest.mark.parametrize(
    ("expressions", "expected"),
    [
        ("{key: app, operator: NotIn, values: [a, c]}", "b none"),
        ("{key: app, operator: NotIn, values: [a]}, {key: app, operator: NotIn, values: [b]}", "c none"),
        ("{key: app, operator: NotIn, values: [a]}, {key: app, operator: Exists}", "b c"),
        ("{key: app, operator: NotIn, values: [x]}, {key: app, operator: DoesNotExist}", "none"),
    ],
)
def test_pods_that_a_selector_leaves_out_are_not_its_subjects(expressions: str, expected: str) -> None:
    written = [pods("a"), pods("b"), pods("c"), pods("none", labels="{tier: web}")]
    graph = graph_of(*written, policy(selector=f"matchExpressions: [{expressions}]"))
    assert isolated(graph, INGRESS) == expected.split()
