"""Calico's policies in answers: what is definite, what is unknown and why, and how it is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.facts import Cni, Facts
from k8snet_lint.graph import Graph
from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.reach import Reach, Reason, Verdict
from k8snet_lint.reach.explanation import Basis
from k8snet_lint.resource import Workload
from tests.cluster import cilium, namespace, pods
from tests.test_calico_isolation import GLOBAL, OWN, calico
from tests.test_rules_calico import policy

if TYPE_CHECKING:
    from k8snet_lint.reach import Peers

SHOP, OPS = namespace("shop", "{team: a}"), namespace("ops", "{team: b}")
WEB, DB = pods("web"), pods("db")
HTTP = "[{name: http, containerPort: 8080}]"
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 5432}]}
"""


def reach(*documents: str, cni: Cni = Cni.UPSTREAM) -> Reach:
    text = "---\n".join((SHOP, OPS, WEB, DB, pods("mon", "ops"), *documents))
    loaded = load(("-",), LoadOptions(stdin_name="m.yaml"), stdin=text.encode())
    return Reach.of(Graph.of(loaded.worlds[0], Facts(cni=cni)))


def end(found: Reach, name: str) -> Peers:
    if name[0].isdigit():
        return found.addresses(name)
    return found.peers(next(each for each in found.graph.select(Workload) if each.name == name))


def verdict(found: Reach, source: str, target: str, port: int = 5432, protocol: str = "TCP") -> Verdict:
    return found.verdict(end(found, source), end(found, target), protocol, port).verdict


def reasons(found: Reach, source: str, target: str, port: int = 5432) -> tuple[Reason, ...]:
    return found.verdict(end(found, source), end(found, target), "TCP", port).reasons


def own(rule: str, order: int = 1) -> str:
    return calico(f"{{selector: app == 'db', order: {order}, ingress: [{rule}]}}")


@pytest.mark.parametrize(
    ("source", "who"),
    [
        ("{selector: app == 'web'}", ["web"]),
        ("{selector: app == 'mon'}", []),
        ("{namespaceSelector: team == 'b'}", ["mon"]),
        ("{namespaceSelector: all(), notSelector: app == 'web'}", ["mon"]),
        ("{nets: [203.0.113.0/24], notNets: [203.0.113.7/32]}", ["203.0.113.8"]),
        ("{serviceAccounts: {names: [default]}}", ["web"]),
        ("{serviceAccounts: {names: [robot]}}", []),
        ("{services: {name: db}}", []),
        ("{}", ["web", "mon", "203.0.113.7", "203.0.113.8"]),
    ],
)
def test_whom_a_namespaced_rule_lets_in(source: str, who: list[str]) -> None:
    found = reach(own(f"{{action: Allow, source: {source}}}"), SERVICE)
    among = ("web", "mon", "203.0.113.7", "203.0.113.8")
    assert [each for each in among if verdict(found, each, "db") is Verdict.ALLOWED] == who
    assert all(verdict(found, each, "db") is Verdict.DENIED for each in among if each not in who)


def test_network_sets_are_meant_by_their_labels() -> None:
    nets = policy("nets: [203.0.113.0/24]", "GlobalNetworkSet").replace("name: p", "name: s, labels: {role: partner}")
    allowed = reach(calico("ingress: [{action: Allow, source: {selector: role == 'partner'}}]", GLOBAL), nets)
    assert verdict(allowed, "203.0.113.7", "db") is Verdict.ALLOWED
    assert verdict(allowed, "web", "db") is Verdict.DENIED
    assert verdict(reach(own("{action: Allow, source: {selector: role == 'partner'}}"), nets), "203.0.113.7", "db") is (
        Verdict.DENIED
    )
    rule = "{action: Allow, source: {selector: role == 'partner', namespaceSelector: global()}}"
    assert verdict(reach(own(rule), nets), "203.0.113.7", "db") is Verdict.ALLOWED


def test_services_bring_their_ports() -> None:
    rule = "{action: Allow, destination: {services: {name: db, namespace: shop}}}"
    found = reach(calico(f"egress: [{rule}]"), SERVICE)
    assert verdict(found, "web", "db") is Verdict.ALLOWED
    assert verdict(found, "web", "db", 80) is Verdict.DENIED
    missing = reach(calico(f"egress: [{rule}]"))
    assert verdict(missing, "web", "db") is Verdict.UNKNOWN


def test_the_order_of_policies_and_of_network_policies_among_them() -> None:
    network = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: shop}\n"
        "spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}\n"
    )
    deny = "{action: Deny, source: {selector: app == 'web'}}"
    assert verdict(reach(network, own(deny, 999)), "web", "db") is Verdict.DENIED
    assert verdict(reach(network, own(deny, 1001)), "web", "db") is Verdict.ALLOWED
    tie = reach(network, own(deny, 1000))
    assert reasons(tie, "web", "db") == (Reason.PRIORITY_TIE,)


def test_tiers_decide_pass_on_or_deny() -> None:
    tier = policy("order: 5", "Tier").replace("name: p", "name: first")
    passing = calico("{tier: first, ingress: [{action: Pass, source: {namespaceSelector: all()}}]}", GLOBAL)
    assert verdict(reach(tier, passing), "web", "db") is Verdict.ALLOWED
    assert verdict(reach(tier, passing), "203.0.113.7", "db") is Verdict.DENIED
    unknown = reach(passing)
    assert reasons(unknown, "203.0.113.7", "db") == (Reason.TIER,)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("{action: Allow, http: {methods: [GET]}}", Reason.REQUEST_RULES),
        ("{action: Allow, protocol: TCP, source: {ports: [1024]}}", Reason.SOURCE_PORT),
        ("{action: Allow, source: {serviceAccounts: {selector: role == 'x'}}}", Reason.SERVICE_ACCOUNT),
        ("{action: Allow, protocol: TCP, destination: {notPorts: [http]}}", Reason.NAMED_PORT),
    ],
)
def test_what_manifests_do_not_tell_is_unknown(rule: str, reason: Reason) -> None:
    assert reasons(reach(own(rule)), "web", "db") == (reason,)


def test_which_network_there_is() -> None:
    deny, other = calico("{}"), cilium("endpointSelector: {matchLabels: {app: web}}", "ingress: [{}]")
    assert verdict(reach(deny), "web", "db") is Verdict.DENIED
    assert verdict(reach(deny, cni=Cni.CALICO), "web", "db") is Verdict.DENIED
    assert verdict(reach(deny, cni=Cni.OVN_KUBERNETES), "web", "db") is Verdict.ALLOWED
    assert Reason.OTHER_NETWORK in reasons(reach(deny, other), "web", "db")
    assert verdict(reach(deny, other, cni=Cni.CALICO), "web", "db") is Verdict.DENIED


def test_what_is_for_hosts_or_staged_is_left_out_and_what_is_rejected_matches_nothing() -> None:
    hosts = calico("{doNotTrack: true, applyOnForward: true, ingress: [{action: Deny}]}", GLOBAL)
    assert verdict(reach(hosts, calico("{}", "StagedNetworkPolicy")), "web", "db") is Verdict.ALLOWED
    rejected = reach(own("{action: Allow, source: {selector: app = 'web'}}"))
    assert verdict(rejected, "web", "db") is Verdict.DENIED
    assert [each.effect for each in rejected.degraded] == ["the rule matches nothing"]


def test_icmp_is_not_asked_about() -> None:
    found = reach(own("{action: Deny, protocol: ICMP}, {action: Allow}"))
    assert verdict(found, "web", "db") is Verdict.ALLOWED


def test_an_explanation_names_the_rule_or_the_policies_that_deny() -> None:
    found = reach(own("{action: Allow, source: {selector: app == 'web'}}"), calico("order: 5", GLOBAL, name="last"))
    allowed = found.why(end(found, "web"), end(found, "db"), "TCP", 80).ingress
    assert (allowed.basis, [str(each.policy) for each in allowed.decisions]) == (Basis.CALICO, ["NetworkPolicy/shop/p"])
    denied = found.why(end(found, "mon"), end(found, "db"), "TCP", 80).ingress
    assert [str(each) for each in denied.isolating] == ["NetworkPolicy/shop/p", "GlobalNetworkPolicy/last"]


def test_an_explanation_leaves_out_what_a_tier_would_say_that_has_passed_the_connection_on() -> None:
    tier = policy("order: 10", "Tier").replace("name: p", "name: security", 1)
    handing_on = calico(
        "{tier: security, order: 1, types: [Ingress], ingress: [{action: Pass}]}", GLOBAL, "security.on"
    )
    never = calico("{tier: security, order: 2, types: [Ingress], ingress: [{action: Deny}]}", GLOBAL, "security.never")
    found = reach(tier, handing_on, never, own("{action: Allow, source: {selector: app == 'web'}}"))
    allowed = found.why(end(found, "web"), end(found, "db"), "TCP", 80).ingress
    assert [str(each.policy) for each in allowed.decisions] == [
        "GlobalNetworkPolicy/security.on",
        "NetworkPolicy/shop/p",
    ]
    denied = found.why(end(found, "mon"), end(found, "db"), "TCP", 80).ingress
    assert [str(each) for each in denied.isolating] == ["NetworkPolicy/shop/p"]


def test_conditions_on_the_pods_that_a_policy_is_for() -> None:
    rule = "{action: Allow, destination: {selector: app == 'db'}}"
    found = reach(calico(f"ingress: [{rule}]", OWN))
    assert verdict(found, "web", "db") is Verdict.ALLOWED
    assert verdict(found, "db", "web") is Verdict.DENIED
