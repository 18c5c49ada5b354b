"""Answers on small sets of manifests, read as an operator would."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from k8snet_lint.facts import Assumed, Cni, Controller, Facts
from k8snet_lint.graph import Graph
from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.reach import (
    ALL,
    BrokenPath,
    Connections,
    PathKind,
    Reach,
    Reason,
    RoutePath,
    Verdict,
    published_paths,
    route_paths,
    service_paths,
)
from k8snet_lint.reach.connections import NONE
from k8snet_lint.reach.diff import ChangeKind, Diff, Risk
from k8snet_lint.reach.explanation import Basis, EditKind
from k8snet_lint.reach.exposure import Exposure, Scope
from k8snet_lint.reach.rows import rows
from k8snet_lint.resource import Direction, Service, Workload

SHOP = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop, labels: {env: prod}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: shop}
    spec:
      replicas: 2
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: db, namespace: shop}
    spec:
      template:
        metadata: {labels: {app: db}}
        spec: {containers: [{name: c, image: i}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: shop}
    spec: {selector: {app: web}, ports: [{name: front, port: 80, targetPort: http}]}
"""


def policy(spec: str, *, name: str = "p", namespace: str = "shop") -> str:
    text = textwrap.indent(textwrap.dedent(spec).strip("\n"), "      ")
    return f"""
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {{name: {name}, namespace: {namespace}}}
    spec:
{text}
"""


def reach_of(text: str, **facts: Any) -> Reach:  # noqa: ANN401
    loaded = load(("-",), LoadOptions(stdin_name="m.yaml"), stdin=textwrap.dedent(text).encode())
    assert not loaded.problems, loaded.problems
    return Reach.of(Graph.of(loaded.worlds[0], Facts(**facts)))


def workload(reach: Reach, name: str) -> Workload:
    return next(each for each in reach.graph.select(Workload) if each.name == name)


# ── one analysis, asked for ───────────────────────────────────────────────────────────────────────────


def test_a_graph_has_one_analysis_and_nothing_is_computed_before_it_is_asked() -> None:
    reach = reach_of(SHOP)
    assert Reach.of(reach.graph) is reach
    assert "engine" not in vars(reach)
    assert reach.allowed(workload(reach, "web"), workload(reach, "db")).definite == ALL
    assert "engine" in vars(reach)


def crowd(number: int, rules: str, more: str = "") -> Reach:
    """So many pods, each with a label of its own, and for each the policies that are written with its number."""
    pods = "".join(
        f"""
    ---
    apiVersion: v1
    kind: Pod
    metadata: {{name: p{each}, namespace: shop, labels: {{app: p{each}, k{each}: x}}}}
    spec: {{containers: [{{name: c, image: i, ports: [{{name: http, containerPort: {8000 + each}}}]}}]}}
"""
        for each in range(number)
    )
    written = policy(rules, name="n%") + more
    policies = "".join(written.replace("%", str(each)) for each in range(number))
    return reach_of(SHOP + pods + policies)


def test_a_policy_that_says_again_what_others_say_makes_no_difference() -> None:
    """All pods hear all policies for all, and each besides one of its own, which says the same as one of these."""
    rule = "ingress: [{from: [{podSelector: {matchLabels: {app: p%}}}]}]"
    own = policy("podSelector: {matchLabels: {app: p%}}\n" + rule, name="own%")
    reach = crowd(20, "podSelector: {}\n" + rule, own)
    ingress = reach.engine.ingress
    hearing = [number for number, group in enumerate(ingress.groups) if group.key[1]]
    assert len(hearing) > 20
    assert len({id(ingress.cells(number)) for number in hearing}) == 1
    assert reach.allowed(workload(reach, "p1"), workload(reach, "p2")).definite == ALL


def test_sources_that_hear_the_same_are_told_together() -> None:
    named = "policyTypes: [Egress]\negress: [{to: [{podSelector: {}}], ports: [{port: http}]}]"
    engine = crowd(20, "podSelector: {matchLabels: {app: p%}}\n" + named).engine
    universe = engine.universe
    rows_of = [bits for bits, _ in rows(engine, universe.workloads, universe.workloads) if bits.bit_count() > 1]
    assert max(bits.bit_count() for bits in rows_of) >= 20


@pytest.mark.parametrize("operator", ["Exists", "DoesNotExist"])
def test_many_policies_for_nearly_all_pods_say_what_each_by_itself_says(operator: str) -> None:
    pods = f"{{matchExpressions: [{{key: k%, operator: {operator}}}]}}"
    reach = crowd(40, f"podSelector: {pods}\ningress: [{{from: [{{podSelector: {pods}}}], ports: [{{port: http}}]}}]")
    for one, other in ((1, 2), (39, 0)):
        found = reach.allowed(workload(reach, f"p{one}"), workload(reach, f"p{other}")).definite
        is_meant = operator == "DoesNotExist"
        assert found == (Connections.port("TCP", 8000 + other) if is_meant else NONE), (one, other)


def test_sets_of_pods_that_are_equal_are_one_object() -> None:
    apps = [f"app-{number}" for number in range(40)]
    pods = "".join(
        f"""
    ---
    apiVersion: v1
    kind: Pod
    metadata: {{name: {app}, namespace: shop, labels: {{app: {app}}}}}
    spec: {{containers: [{{name: c, image: i}}]}}
"""
        for app in apps
    )
    rules = "podSelector: {{matchLabels: {{app: {}}}}}\ningress: [{{from: [{{podSelector: {{}}}}]}}]"
    engine = reach_of(SHOP + pods + "".join(policy(rules.format(app), name=app) for app in apps)).engine
    ingress = engine.ingress
    peers = [rule.peers for each in engine.compiled for rule in each.rules[Direction.INGRESS]]
    cells = [bits for number in range(len(ingress.groups)) for bits in ingress.cells(number).values()]
    assert len(peers) == len(apps)
    assert len(cells) > len(apps)
    kept = [
        *(bits for bounds in (*peers, *(each.subject for each in engine.compiled)) for bits in bounds),
        *(group.bits for group in ingress.groups),
        *cells,
    ]
    assert len({id(bits) for bits in kept}) == len({*kept}) < len(kept)


def test_a_set_has_the_verdict_of_all_its_members_or_says_that_they_differ() -> None:
    reach = reach_of(SHOP + policy("podSelector: {matchLabels: {app: db}}"))
    web, db = workload(reach, "web"), workload(reach, "db")
    assert reach.verdict(reach.internet, web, "TCP", 80).verdict is Verdict.ALLOWED
    assert reach.verdict(reach.internet, db, "TCP", 80).verdict is Verdict.DENIED
    ruling = reach.verdict(reach.internet, reach.namespace("shop"), "TCP", 80)
    assert (ruling.verdict, ruling.reasons) == (Verdict.UNKNOWN, (Reason.MEMBERS_DIFFER,))


def test_addresses_are_asked_about_by_cidr_or_alone() -> None:
    rule = "podSelector: {}\ningress: [{from: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.7/32]}}]}]"
    reach = reach_of(SHOP + policy(rule))
    db = workload(reach, "db")
    assert reach.verdict(reach.addresses("203.0.113.9"), db, "TCP", 1).verdict is Verdict.ALLOWED
    assert reach.verdict(reach.addresses("203.0.113.7"), db, "TCP", 1).verdict is Verdict.DENIED
    assert reach.verdict(reach.addresses("2001:db8::1"), db, "TCP", 1).verdict is Verdict.DENIED
    assert reach.allowed(reach.addresses("203.0.113.0/28"), db).reasons == (Reason.MEMBERS_DIFFER,)
    with pytest.raises(ValueError, match="starts with no IPv4 or IPv6 address"):
        reach.addresses("shop")


def test_all_addresses_are_shown_as_two_blocks() -> None:
    reach = reach_of(SHOP)
    texts = {str(each.targets) for each in reach.rectangles()}
    assert any(text.endswith("0.0.0.0/0, ::/0") for text in texts)


def test_a_lone_pod_always_reaches_itself_and_is_no_pair() -> None:
    pod = """
    apiVersion: v1
    kind: Pod
    metadata: {name: alone, namespace: shop}
    spec: {containers: [{name: c, image: i}]}
    """
    reach = reach_of(pod + policy("podSelector: {}\npolicyTypes: [Ingress, Egress]"))
    alone = workload(reach, "alone")
    assert reach.allowed(alone, alone).definite == ALL
    assert reach.why(alone, alone, "TCP", 80).ingress.basis is Basis.SELF
    assert not [*reach.pairs()]


# ── what is not known ─────────────────────────────────────────────────────────────────────────────────


def test_labels_of_a_namespace_outside_the_set_are_unknown_until_they_are_assumed() -> None:
    other = SHOP.replace("namespace: shop}\n    spec:\n      template", "namespace: back}\n    spec:\n      template")
    rule = "podSelector: {}\ningress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]"
    reach = reach_of(other + policy(rule))
    ruling = reach.verdict(workload(reach, "db"), workload(reach, "web"), "TCP", 80)
    assert (ruling.verdict, ruling.reasons) == (Verdict.UNKNOWN, (Reason.NAMESPACE_LABELS,))
    assert (ruling.causes[0].detail, str(ruling.causes[0].at[0].location)) == ("back", "m.yaml:34:21")
    known = reach_of(other + policy(rule), assumed=Assumed(namespaces={"back": {"team": "a"}}))
    assert known.verdict(workload(known, "db"), workload(known, "web"), "TCP", 80).verdict is Verdict.ALLOWED


def test_a_label_that_a_controller_sets_is_unknown() -> None:
    rule = """
    podSelector: {matchLabels: {app: db}}
    ingress: [{from: [{podSelector: {matchLabels: {pod-template-hash: x}}}]}]
    """
    reach = reach_of(SHOP + policy(rule))
    ruling = reach.verdict(workload(reach, "web"), workload(reach, "db"), "TCP", 80)
    assert (ruling.reasons, ruling.causes[0].detail) == ((Reason.CONTROLLER_LABEL,), "pod-template-hash")


@pytest.mark.parametrize(
    ("cidr", "cni", "pod_cidrs", "verdict"),
    [
        ("10.0.0.0/8", Cni.UPSTREAM, (), Verdict.UNKNOWN),
        ("10.0.0.0/8", Cni.UPSTREAM, ("10.4.0.0/14",), Verdict.ALLOWED),
        ("10.0.0.0/8", Cni.UPSTREAM, ("10.4.0.0/14", "fd00::/64"), Verdict.ALLOWED),
        ("192.168.0.0/16", Cni.UPSTREAM, ("10.4.0.0/14",), Verdict.DENIED),
        ("10.5.0.0/16", Cni.UPSTREAM, ("10.4.0.0/14",), Verdict.UNKNOWN),
        ("203.0.113.0/24", Cni.UPSTREAM, (), Verdict.DENIED),
        ("0.0.0.0/0", Cni.UPSTREAM, (), Verdict.ALLOWED),
        ("0.0.0.0/0", Cni.CALICO, (), Verdict.ALLOWED),
        ("0.0.0.0/0", Cni.OVN_KUBERNETES, (), Verdict.ALLOWED),
        ("0.0.0.0/0", Cni.CILIUM, (), Verdict.DENIED),
    ],
)
def test_whether_a_block_matches_a_pod_depends_on_the_network(
    cidr: str, cni: Cni, pod_cidrs: tuple[str, ...], verdict: Verdict
) -> None:
    rule = f"podSelector: {{matchLabels: {{app: db}}}}\ningress: [{{from: [{{ipBlock: {{cidr: {cidr}}}}}]}}]"
    reach = reach_of(SHOP + policy(rule), cni=cni, pod_cidrs=pod_cidrs)
    assert reach.verdict(workload(reach, "web"), workload(reach, "db"), "TCP", 80).verdict is verdict


def test_traffic_of_the_host_network_is_never_surely_denied() -> None:
    host = SHOP.replace(
        "spec: {containers: [{name: c, image: i}]}", "spec: {hostNetwork: true, containers: [{name: c}]}"
    )
    reach = reach_of(host + policy("podSelector: {}\npolicyTypes: [Ingress, Egress]"))
    web, db = workload(reach, "web"), workload(reach, "db")
    assert reach.verdict(db, web, "TCP", 80).reasons == (Reason.HOST_NETWORK,)
    assert reach.verdict(web, db, "TCP", 80).reasons == (Reason.HOST_NETWORK,)
    assert reach.verdict(reach.internet, db, "TCP", 80).verdict is Verdict.ALLOWED
    assert reach.why(reach.internet, db, "TCP", 80).ingress.basis is Basis.NOT_SELECTABLE
    assert reach.verdict(reach.nodes, web, "TCP", 80).reasons == (Reason.HOST_NETWORK,)


def admin(name: str, action: str, *, version: str = "v1alpha1", priority: int = 5) -> str:
    every = "[{namespaces: {}}]"
    kind, tier = ("AdminNetworkPolicy", "") if version == "v1alpha1" else ("ClusterNetworkPolicy", "tier: Admin, ")
    return f"""
    ---
    apiVersion: policy.networking.k8s.io/{version}
    kind: {kind}
    metadata: {{name: {name}}}
    spec:
      {{{tier}priority: {priority}, subject: {{namespaces: {{}}}}, ingress: [{{action: {action}, from: {every}}}]}}
"""


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (admin("b", "Allow"), (Reason.PRIORITY_TIE,)),
        (admin("b", "Deny"), ()),
        (admin("b", "Allow", priority=6), ()),
        (admin("b", "Accept", version="v1alpha2", priority=1), (Reason.MIXED_POLICIES,)),
    ],
)
def test_policies_whose_order_nobody_tells_are_unknown_where_they_disagree(
    other: str, reasons: tuple[Reason, ...]
) -> None:
    reach = reach_of(SHOP + admin("a", "Deny") + other)
    ruling = reach.verdict(workload(reach, "web"), workload(reach, "db"), "TCP", 80)
    assert ruling.reasons == reasons
    assert ruling.verdict is (Verdict.UNKNOWN if reasons else Verdict.DENIED)


EGRESS = """
    ---
    apiVersion: policy.networking.k8s.io/v1alpha2
    kind: ClusterNetworkPolicy
    metadata: {name: out}
    spec:
      tier: Admin
      priority: 1
      subject: {namespaces: {}}
      egress: [{action: Accept, to: [PEER]}, {action: Deny, to: [{networks: [0.0.0.0/0]}]}]
"""


def test_an_address_may_be_that_of_a_domain_name() -> None:
    reach = reach_of(SHOP + EGRESS.replace("PEER", '{domainNames: ["*.example"]}'))
    ruling = reach.verdict(workload(reach, "web"), reach.addresses("203.0.113.7"), "TCP", 443)
    assert (ruling.verdict, ruling.reasons, ruling.causes[0].detail) == (
        Verdict.UNKNOWN,
        (Reason.DOMAIN_NAME,),
        "*.example",
    )
    assert reach.verdict(workload(reach, "web"), workload(reach, "db"), "TCP", 443).verdict is Verdict.DENIED


@pytest.mark.parametrize(
    ("peer", "verdict"), [("{nodes: {}}", Verdict.ALLOWED), ("{nodes: {matchLabels: {a: b}}}", Verdict.UNKNOWN)]
)
def test_labels_of_nodes_are_not_known(peer: str, verdict: Verdict) -> None:
    reach = reach_of(SHOP + EGRESS.replace("PEER", peer))
    ruling = reach.verdict(workload(reach, "web"), reach.nodes, "TCP", 10250)
    assert ruling.verdict is verdict
    assert (Reason.NODE_LABELS in ruling.reasons) == (verdict is Verdict.UNKNOWN)


def test_one_number_for_a_name_is_all_that_some_networks_know() -> None:
    ports = SHOP.replace(
        "spec: {containers: [{name: c, image: i}]}",
        "spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 9090}]}]}",
    )
    rule = policy("podSelector: {}\npolicyTypes: [Egress]\negress: [{ports: [{port: http}]}]")
    upstream, cilium = reach_of(ports + rule), reach_of(ports + rule, cni=Cni.CILIUM)
    assert str(upstream.allowed(workload(upstream, "web"), workload(upstream, "db")).definite) == "TCP 9090"
    found = cilium.allowed(workload(cilium, "web"), workload(cilium, "db"))
    assert (str(found.definite), str(found.possible), found.reasons) == ("none", "TCP 8080,9090", (Reason.NAMED_PORT,))


# ── what the API server rejects ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("spec", "message", "verdict"),
    [
        ("podSelector: {matchExpressions: [{key: a, operator: In}]}", "needs at least one value", Verdict.ALLOWED),
        ("podSelector: {}\ningress: [{from: [{}]}]", "a peer names an ipBlock or a selector", Verdict.DENIED),
        ("podSelector: {}\ningress: [{from: web}]", "'from' is a list of peers", Verdict.DENIED),
        ("podSelector: {}\ningress: [{from: [{ipBlock: {cidr: 0.0.0.0}}]}]", "'0.0.0.0' is no CIDR", Verdict.DENIED),
        ("podSelector: {}\ningress: [{ports: 80}]", "'ports' is a list", Verdict.DENIED),
        ("podSelector: {}\ningress: [{ports: [{port: 80.5}]}]", "'80.5' is no port", Verdict.DENIED),
        ("podSelector: {}\ningress: [{ports: [{port: 0}]}]", "port 0 is outside", Verdict.DENIED),
        ("podSelector: {}\ningress: [{ports: [{port: 80, endPort: 79}]}]", "endPort 79 is outside", Verdict.DENIED),
        ("podSelector: {}\ningress: [{ports: [{protocol: ICMP}]}]", "'ICMP' is no protocol", Verdict.DENIED),
    ],
)
def test_a_bad_part_matches_nothing_and_is_reported(spec: str, message: str, verdict: Verdict) -> None:
    reach = reach_of(SHOP + policy(spec))
    assert message in reach.degraded[0].message
    assert reach.verdict(workload(reach, "web"), workload(reach, "db"), "TCP", 80).verdict is verdict


@pytest.mark.parametrize(
    ("action", "verdict"), [("Allow", Verdict.DENIED), ("Deny", Verdict.DENIED), ("Pass", Verdict.DENIED)]
)
def test_an_admin_rule_with_an_unknown_peer_fails_closed(action: str, verdict: Verdict) -> None:
    closed = admin("a", action).replace("{namespaces: {}}]}]", "{tomorrow: {}}]}]")
    reach = reach_of(SHOP + closed + (admin("b", "Deny", priority=9) if action == "Allow" else ""))
    assert reach.degraded[0].effect.startswith("the rule")
    assert reach.verdict(workload(reach, "web"), workload(reach, "db"), "TCP", 80).verdict is verdict


def test_of_two_policies_of_one_name_the_last_counts() -> None:
    closed = policy("podSelector: {}\npolicyTypes: [Ingress]")
    reach = reach_of(SHOP + closed + policy("podSelector: {}\ningress: [{}]"))
    assert reach.verdict(workload(reach, "web"), workload(reach, "db"), "TCP", 80).verdict is Verdict.ALLOWED


# ── why ───────────────────────────────────────────────────────────────────────────────────────────────

DB = policy(
    """
    podSelector: {matchLabels: {app: db}}
    ingress:
    - from: [{podSelector: {matchLabels: {app: web}}}]
      ports: [{port: 5432}]
    - from: [{podSelector: {matchLabels: {app: web, role: client}}}]
      ports: [{port: 80}]
    """
)


def test_an_allowed_connection_names_the_rule_the_peer_and_the_port() -> None:
    reach = reach_of(SHOP + DB)
    found = reach.why(workload(reach, "web"), workload(reach, "db"), "TCP", 5432)
    assert (found.verdict, found.egress.basis, found.ingress.basis) == (
        Verdict.ALLOWED,
        Basis.NO_POLICY,
        Basis.NETWORK_POLICY,
    )
    (decision,) = found.ingress.decisions
    assert decision.rule.value["ports"] == [{"port": 5432}]
    assert decision.peer.value == {"podSelector": {"matchLabels": {"app": "web"}}}
    assert decision.port.value == {"port": 5432}
    assert [str(each) for each in found.ingress.isolating] == ["NetworkPolicy/shop/p"]


def test_a_denied_connection_has_its_nearest_misses_the_smallest_change_first() -> None:
    reach = reach_of(SHOP + DB)
    found = reach.why(workload(reach, "web"), workload(reach, "db"), "TCP", 80)
    assert (found.verdict, [side.direction for side in found.blocking]) == (Verdict.DENIED, [Direction.INGRESS])
    port, label, rule = found.ingress.misses
    assert (port.wanted, port.found, port.change.value) == ("TCP 5432", "TCP 80", {"port": 80, "protocol": "TCP"})
    assert (label.wanted, label.found) == ("role=client", "no label role")
    assert (label.change.kind, label.change.value) == (EditKind.ADD_LABEL, {"role": "client"})
    assert str(label.change.at.location) == "m.yaml:12:24"
    assert rule.change.kind is EditKind.ADD_RULE
    assert found.changes == (port.change,)


def test_a_selector_alone_means_pods_of_the_policys_own_namespace() -> None:
    away = SHOP.replace(
        "name: web, namespace: shop}\n    spec:\n      replicas",
        "name: web, namespace: away}\n    spec:\n      replicas",
    )
    reach = reach_of(away + DB)
    miss = reach.why(workload(reach, "web"), workload(reach, "db"), "TCP", 5432).ingress.misses[0]
    assert (miss.wanted, miss.found) == ("namespace shop", "namespace away")
    assert miss.change.value == {"matchLabels": {"kubernetes.io/metadata.name": "away"}}


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("name: monitoring", EditKind.ADD_PEER),
        ("name: away", EditKind.ADD_NAMESPACE_LABEL),
        ("team: monitoring", EditKind.ADD_NAMESPACE_LABEL),
    ],
)
def test_no_namespace_is_to_carry_the_name_of_another(label: str, kind: EditKind) -> None:
    """What the peer of the one was written for would then let the other in."""
    away = SHOP.replace(
        "name: web, namespace: shop}\n    spec:\n      replicas",
        "name: web, namespace: away}\n    spec:\n      replicas",
    )
    space = "    ---\n    apiVersion: v1\n    kind: Namespace\n    metadata: {name: away}\n"
    peer = f"{{namespaceSelector: {{matchLabels: {{{label}}}}}}}"
    reach = reach_of(away + space + policy(f"podSelector: {{matchLabels: {{app: db}}}}\ningress: [{{from: [{peer}]}}]"))
    miss = reach.why(workload(reach, "web"), workload(reach, "db"), "TCP", 5432).ingress.misses[0]
    assert miss.found == f"no label {label.partition(':')[0]}"
    assert miss.change.kind is kind


def test_an_admin_policy_that_denies_wants_a_rule_in_front_of_it() -> None:
    reach = reach_of(SHOP + admin("a", "Deny") + policy("podSelector: {}\ningress: [{}]"))
    found = reach.why(workload(reach, "web"), workload(reach, "db"), "TCP", 80).ingress
    assert (found.basis, [each.action for each in found.decisions]) == (Basis.ADMIN, ["Deny"])
    assert found.misses[0].change.kind is EditKind.ALLOW_BEFORE


def test_an_unknown_connection_says_what_would_settle_it() -> None:
    reach = reach_of(SHOP + admin("a", "Deny") + admin("b", "Allow"))
    found = reach.why(workload(reach, "web"), workload(reach, "db"), "TCP", 80)
    assert [cause.reason for cause in found.causes] == [Reason.PRIORITY_TIE]
    assert [str(node.location) for node in found.causes[0].at] == ["m.yaml:33:14", "m.yaml:40:14"]


def test_nobody_has_no_explanation() -> None:
    reach = reach_of(SHOP)
    with pytest.raises(ValueError, match="nobody"):
        reach.why(reach.namespace("away"), workload(reach, "db"), "TCP", 80)


# ── paths ─────────────────────────────────────────────────────────────────────────────────────────────

INGRESS = """
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: web, namespace: shop}
    spec:
      rules:
      - host: shop.example
      - http:
          paths:
          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: front}}}}
          - {path: /old, pathType: Prefix, backend: {service: {name: web, port: {number: 81}}}}
          - {path: /gone, pathType: Prefix, backend: {service: {name: gone, port: {number: 80}}}}
"""
FROM_NGINX = policy(
    """
    podSelector: {}
    ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}]
    """
)


def test_a_service_leads_to_the_port_that_its_pods_give_the_name() -> None:
    reach = reach_of(SHOP)
    (path,) = service_paths(reach.graph, reach.graph.select(Service)[0])
    assert (path.workload.name, path.protocol, path.number) == ("web", "TCP", 8080)


def test_an_ingress_leads_from_its_controller_to_pods_or_is_broken() -> None:
    reach = reach_of(SHOP + INGRESS)
    good, *broken = route_paths(reach)
    assert isinstance(good, RoutePath)
    ruling = good.ruling(reach)
    assert (good.kind, good.path.number, ruling and ruling.verdict) == (PathKind.INGRESS, 8080, Verdict.ALLOWED)
    assert [each.why for each in broken if isinstance(each, BrokenPath)] == [
        "Service 'web' has no such port",
        "Service 'gone' is not in the set",
    ]


@pytest.mark.parametrize(
    ("controller", "verdict"),
    [
        (None, Verdict.UNKNOWN),
        (Controller(namespace="ingress-nginx"), Verdict.ALLOWED),
        (Controller(namespace="traefik"), Verdict.DENIED),
        (Controller(cidrs=("203.0.113.0/24",)), Verdict.DENIED),
        (Controller(namespace="ingress-nginx", host_network=True), Verdict.UNKNOWN),
    ],
)
def test_a_policy_for_a_controller_is_judged_by_what_is_known_of_the_controller(
    controller: Controller | None, verdict: Verdict
) -> None:
    reach = reach_of(SHOP + INGRESS + FROM_NGINX, ingress_controller=controller)
    path = next(iter(route_paths(reach)))
    assert isinstance(path, RoutePath)
    ruling = path.ruling(reach)
    assert ruling is not None
    assert ruling.verdict is verdict
    if controller is None:
        assert ruling.reasons == {Reason.PEER_UNKNOWN}


def test_a_controller_of_the_set_is_taken_for_what_it_is() -> None:
    nginx = """
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: nginx, namespace: ingress-nginx}
    spec:
      template:
        metadata: {labels: {app.kubernetes.io/name: ingress-nginx}}
        spec: {containers: [{name: c, image: i}]}
"""
    reach = reach_of(SHOP + INGRESS + FROM_NGINX + nginx)
    assert [each.key for each in reach.ingress_controller] == ["ingress-nginx/Deployment/nginx"]
    path = next(iter(route_paths(reach)))
    assert isinstance(path, RoutePath)
    ruling = path.ruling(reach)
    assert ruling is not None
    assert ruling.verdict is Verdict.ALLOWED


GATEWAY = """
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: edge, namespace: infra}
    spec:
      listeners:
      - {name: http, protocol: HTTP, port: 80, hostname: "*.example", allowedRoutes: {namespaces: {from: FROM}}}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: web, namespace: ROUTE}
    spec:
      parentRefs: [{name: edge, namespace: infra}]
      hostnames: [HOST]
      rules: [{backendRefs: [{name: web, namespace: shop, port: 80}]}]
"""
GRANT = """
    ---
    apiVersion: gateway.networking.k8s.io/v1beta1
    kind: ReferenceGrant
    metadata: {name: routes, namespace: shop}
    spec:
      from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: away}]
      to: [{group: "", kind: Service}]
"""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GATEWAY.replace("FROM", "All").replace("ROUTE", "shop").replace("HOST", "a.example"), ""),
        (
            GATEWAY.replace("FROM", "Same").replace("ROUTE", "shop").replace("HOST", "a.example"),
            "attached to no listener",
        ),
        (GATEWAY.replace("FROM", "All").replace("ROUTE", "shop").replace("HOST", "a.test"), "attached to no listener"),
        (GATEWAY.replace("FROM", "All").replace("ROUTE", "away").replace("HOST", "a.example"), "no ReferenceGrant"),
        (GATEWAY.replace("FROM", "All").replace("ROUTE", "away").replace("HOST", "a.example") + GRANT, ""),
        (
            GATEWAY.replace("FROM", "Selector, selector: {matchLabels: {env: prod}}")
            .replace("ROUTE", "shop")
            .replace("HOST", "a.example"),
            "",
        ),
    ],
)
def test_a_route_leads_to_pods_where_gateway_and_grants_let_it(text: str, why: str) -> None:
    reach = reach_of(SHOP + text)
    (path,) = route_paths(reach)
    if why:
        assert isinstance(path, BrokenPath)
        assert why in path.why
    else:
        assert isinstance(path, RoutePath)
        assert (path.kind, path.path.number, str(path.via)) == (PathKind.GATEWAY, 8080, "gateway")


def test_an_openshift_route_names_a_port_by_its_target() -> None:
    route = """
    ---
    apiVersion: route.openshift.io/v1
    kind: Route
    metadata: {name: web, namespace: shop}
    spec: {to: {kind: Service, name: web}, port: {targetPort: http}}
"""
    router = """
    podSelector: {}
    ingress: [{from: [{namespaceSelector: {matchLabels: {network.openshift.io/policy-group: ingress}}}]}]
    """
    reach = reach_of(SHOP + route + policy(router))
    (path,) = route_paths(reach)
    assert isinstance(path, RoutePath)
    ruling = path.ruling(reach)
    assert ruling is not None
    assert (path.kind, path.path.number, ruling.verdict) == (PathKind.ROUTE, 8080, Verdict.ALLOWED)


@pytest.mark.parametrize(("local", "verdict"), [("Local", Verdict.DENIED), ("Cluster", Verdict.UNKNOWN)])
def test_a_load_balancer_may_hide_the_clients_address(local: str, verdict: Verdict) -> None:
    public = SHOP.replace("spec: {selector", f"spec: {{type: LoadBalancer, externalTrafficPolicy: {local}, selector")
    reach = reach_of(public + policy("podSelector: {}\ningress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]"))
    (path,) = published_paths(reach)
    assert isinstance(path, RoutePath)
    ruling = path.ruling(reach)
    assert ruling is not None
    assert ruling.verdict is verdict
    assert (Reason.SOURCE_ADDRESS in ruling.reasons) == (verdict is Verdict.UNKNOWN)


# ── exposure and differences ──────────────────────────────────────────────────────────────────────────


def test_exposure_is_asked_of_pods_that_need_not_exist() -> None:
    rule = """
    podSelector: {matchLabels: {app: db}}
    ingress:
    - {from: [{namespaceSelector: {}}], ports: [{port: 1}]}
    - from: [{podSelector: {}, namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: away}}}]
      ports: [{port: 2}]
    - {from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: x}}}], ports: [{port: 3}]}
    - {from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 4}]}
    """
    away = "\n    ---\n    apiVersion: v1\n    kind: Namespace\n    metadata: {name: away}\n"
    reach = reach_of(SHOP + away + policy(rule))
    (db,) = reach.peers(workload(reach, "db"))
    found = {(each.scope, each.namespaces): each for each in Exposure(reach).of(db, Direction.INGRESS)}
    internet, cluster, other = (
        found[key] for key in ((Scope.INTERNET, ()), (Scope.CLUSTER, ()), (Scope.NAMESPACE, ("away",)))
    )
    assert (str(internet.every), str(internet.some)) == ("none", "TCP 4")
    assert (str(cluster.every), str(cluster.perhaps)) == ("TCP 1", "TCP 1-3")
    assert str(other.every) == "TCP 1-2"


def test_a_difference_has_a_kind_a_risk_and_what_caused_it() -> None:
    old = reach_of(SHOP + policy("podSelector: {}\ningress: [{from: [{podSelector: {}}]}]"))
    new = reach_of(SHOP + policy("podSelector: {}\ningress: [{ports: [{port: 80}]}]"))
    found = [*Diff(old, new)]
    added, narrowed = found[0], found[-1]
    assert (added.kind, added.risk, added.new.definite) == (ChangeKind.ADDED, Risk.WORLD, Connections.port("TCP", 80))
    assert (narrowed.kind, narrowed.risk) == (ChangeKind.NARROWED, Risk.WITHIN)
    assert [(str(before), str(after)) for before, after in added.causes] == [
        ("NetworkPolicy/shop/p", "NetworkPolicy/shop/p")
    ]
    back = [*Diff(new, old)]
    assert {each.kind for each in back} == {ChangeKind.WIDENED, ChangeKind.REMOVED}


@pytest.mark.parametrize(
    ("nodes", "verdict", "by_label"),
    [
        ((), Verdict.UNKNOWN, True),
        (("edge", "edge"), Verdict.ALLOWED, False),
        (("edge", "core"), Verdict.UNKNOWN, True),
        (("core",), Verdict.UNKNOWN, False),  # its own node a pod always reaches
    ],
)
def test_nodes_that_are_described_are_known_by_their_labels(
    nodes: tuple[str, ...], verdict: Verdict, *, by_label: bool
) -> None:
    described = "".join(
        f"apiVersion: v1\nkind: Node\nmetadata: {{name: n{number}, labels: {{role: {role}}}}}\n---\n"
        for number, role in enumerate(nodes)
    )
    admin = (
        "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: nodes}\n"
        "spec:\n  tier: Admin\n  priority: 1\n  subject: {namespaces: {}}\n  egress:\n"
        "  - {action: Accept, to: [{nodes: {matchLabels: {role: edge}}}]}\n"
        "  - {action: Deny, to: [{nodes: {}}]}\n"
    )
    reach = reach_of(f"{textwrap.dedent(SHOP)}---\n{described}{admin}")
    found = reach.verdict(workload(reach, "web"), reach.nodes, "TCP", 9100)
    assert found.verdict is verdict
    assert (Reason.NODE_LABELS in found.reasons) is by_label
