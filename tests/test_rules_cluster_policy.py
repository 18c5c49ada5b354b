"""Rules on policies of the cluster's administrator."""

from __future__ import annotations

import pytest

from tests.cluster import namespace, pods
from tests.shop import said
from tests.support import report_on

COLLISION = "cluster-policy-priority-collision"
SHADOWED = "cluster-policy-rule-shadowed"
BYPASS = "cluster-policy-accept-bypasses-tenants"
DNS = "cluster-policy-blocks-dns"
RETIRED = "cluster-policy-retired-api"

ALL = "namespaces: {}"
FROM_ALL = "from: [{namespaces: {}}]"
TO_ALL = "to: [{namespaces: {}}]"
KUBE_SYSTEM = "{namespaces: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}"
SHOP = "namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}"


def policy(rules: str, name: str = "p", priority: int = 10, tier: str = "Admin", subject: str = ALL) -> str:
    """A ClusterNetworkPolicy with its spec in flow style."""
    head = f"apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {{name: {name}}}\n"
    return f"{head}spec: {{tier: {tier}, priority: {priority}, subject: {{{subject}}}, {rules}}}\n"


def ingress(*rules: str) -> str:
    return f"ingress: [{', '.join(f'{{{rule}}}' for rule in rules)}]"


def egress(*rules: str) -> str:
    return f"egress: [{', '.join(f'{{{rule}}}' for rule in rules)}]"


# ── one priority ──────────────────────────────────────────────────────────────────────────────────────

ACCEPT = policy(ingress(f"action: Accept, {FROM_ALL}"), "accept")


def test_two_that_disagree_at_one_priority_are_an_error() -> None:
    deny = policy(
        ingress(f"action: Deny, {FROM_ALL}, protocols: [{{tcp: {{destinationPort: {{number: 80}}}}}}]"), "deny"
    )
    (found,) = said(COLLISION, ACCEPT, deny, pods("web"))
    same = "has the same priority as ClusterNetworkPolicy/accept and disagrees about TCP 80 from shop/Deployment/web"
    assert found == f"error ClusterNetworkPolicy/deny {same} for Deployment/shop/web"


def test_between_two_versions_no_priority_tells_which_goes_first() -> None:
    kinds = {"v1alpha2": "v1alpha1", "ClusterNetworkPolicy": "AdminNetworkPolicy", "tier: Admin, ": ""}

    def older(rules: str) -> str:
        text = policy(rules, "older", priority=50)
        for new, old in kinds.items():
            text = text.replace(new, old)
        return text

    (found,) = said(COLLISION, older(ingress(f"action: Deny, {FROM_ALL}")), ACCEPT, pods("web"))
    assert found.startswith("error AdminNetworkPolicy/older and ClusterNetworkPolicy/accept are of two versions")
    assert found.endswith("disagree about all from shop/Deployment/web for Deployment/shop/web")
    assert said(COLLISION, older(ingress(f"action: Allow, {FROM_ALL}")), ACCEPT, pods("web")) == []
    assert said(COLLISION, older(egress(f"action: Deny, {TO_ALL}")), ACCEPT, pods("web")) == []
    baseline = ACCEPT.replace("tier: Admin", "tier: Baseline")
    assert said(COLLISION, older(ingress(f"action: Deny, {FROM_ALL}")), baseline, pods("web")) == []


def test_policies_alone_disagree_too() -> None:
    deny = policy(ingress(f"action: Deny, {FROM_ALL}"), "deny")
    (found,) = said(COLLISION, ACCEPT, deny)
    assert found.endswith("for the pods that both are for")
    assert not said(
        COLLISION,
        policy(ingress(f"action: Accept, {FROM_ALL}"), "accept", subject=SHOP.replace("shop", "a")),
        policy(ingress(f"action: Deny, {FROM_ALL}"), "deny", subject=SHOP.replace("shop", "b")),
    )


@pytest.mark.parametrize(
    "other",
    [
        policy(ingress(f"action: Accept, {FROM_ALL}"), "other"),
        policy(ingress(f"action: Deny, {FROM_ALL}"), "other", priority=11),
        policy(ingress(f"action: Deny, {FROM_ALL}"), "other", tier="Baseline"),
        policy(ingress(f"action: Deny, {FROM_ALL}"), "other", subject=SHOP.replace("shop", "elsewhere")),
        policy(egress(f"action: Deny, {TO_ALL}"), "other"),
        policy(ingress("action: Deny, from: [{namespaces: {matchLabels: {team: x}}}]"), "other"),
    ],
)
def test_two_that_agree_or_never_meet_are_fine(other: str) -> None:
    assert said(COLLISION, ACCEPT, other, pods("web")) == []


def test_there_is_one_baseline_of_the_old_api() -> None:
    head = "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: NAME}\n"
    baseline = f"{head}spec: {{subject: {{{ALL}}}}}\n"
    assert said(COLLISION, baseline.replace("NAME", "default")) == []
    (found,) = said(COLLISION, baseline.replace("NAME", "floor"))
    assert found.startswith("error BaselineAdminNetworkPolicy/floor is called 'floor'")
    assert len(said(RETIRED, baseline)) == 1


# ── never asked ───────────────────────────────────────────────────────────────────────────────────────


def test_a_rule_behind_a_wider_one_of_a_policy_that_goes_first_is_shadowed() -> None:
    first = policy(ingress(f"action: Deny, {FROM_ALL}"), "first", priority=1)
    last = policy(ingress("action: Accept, from: [{namespaces: {matchLabels: {a: b}}}]"), "last", subject=SHOP)
    (found,) = said(SHADOWED, last, first)
    never = "never asks its Accept rule: ClusterNetworkPolicy/first decides before it"
    assert found == f"warning ClusterNetworkPolicy/last {never}"


@pytest.mark.parametrize(
    "first",
    [
        policy(ingress(f"action: Deny, {FROM_ALL}"), "first", priority=1, subject=SHOP.replace("shop", "other")),
        policy(ingress(f"action: Deny, {FROM_ALL}"), "first", priority=10),
        policy(ingress(f"action: Deny, {FROM_ALL}"), "first", priority=20),
        policy(ingress(f"action: Deny, {FROM_ALL}, protocols: [{{udp: {{}}}}]"), "first", priority=1),
        policy(egress(f"action: Deny, {TO_ALL}"), "first", priority=1),
    ],
)
def test_a_rule_that_is_left_something_is_not(first: str) -> None:
    last = policy(ingress("action: Accept, from: [{namespaces: {matchLabels: {a: b}}}]"), "last", subject=SHOP)
    assert said(SHADOWED, first, last) == []


# ── over the heads of namespaces ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rules", "subject", "count"),
    [
        (ingress(f"action: Accept, {FROM_ALL}"), ALL, 1),
        (ingress(f"action: Accept, {FROM_ALL}, protocols: [{{tcp: {{destinationPort: {{number: 443}}}}}}]"), ALL, 1),
        (egress("action: Accept, to: [{networks: [0.0.0.0/0]}]"), ALL, 1),
        (ingress(f"action: Accept, {FROM_ALL}, protocols: [{{tcp: {{destinationPort: {{number: 9090}}}}}}]"), ALL, 0),
        (ingress(f"action: Pass, {FROM_ALL}"), ALL, 0),
        (ingress(f"action: Accept, {FROM_ALL}"), SHOP, 0),
        (ingress(f"action: Accept, from: [{KUBE_SYSTEM}]"), ALL, 0),
        (egress("action: Accept, to: [{networks: [10.0.0.0/8]}]"), ALL, 0),
    ],
)
def test_only_everyone_for_everyone_is_too_much(rules: str, subject: str, count: int) -> None:
    assert len(said(BYPASS, policy(rules, subject=subject))) == count
    assert said(BYPASS, policy(rules, subject=subject, tier="Baseline")) == []


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────

DENY = f"action: Deny, {TO_ALL}"
DNS_PORT = "protocols: [{udp: {destinationPort: {number: 53}}}]"


@pytest.mark.parametrize("version", ["v1alpha1", "v1alpha2"])
def test_the_help_is_a_rule_that_lets_queries_out(version: str) -> None:
    def written(rules: str) -> str:
        text = policy(egress(rules), "deny")
        if version == "v1alpha2":
            return text
        return text.replace("v1alpha2", "v1alpha1").replace("Cluster", "Admin").replace("tier: Admin, ", "")

    deny = f"action: Deny, {TO_ALL}"
    (finding,) = report_on("---\n".join((written(deny), pods("web"))), select=[DNS]).open
    rule = finding.help.partition(": ")[2].removeprefix("{").removesuffix("}")
    mended = written(f"{rule}}}, {{{deny}")
    assert report_on("---\n".join((mended, pods("web"))), select=[DNS, "field-invalid"]).open == ()


def test_denying_the_name_servers_is_an_error_for_who_is_cut_off() -> None:
    (found,) = said(DNS, policy(egress(DENY)), pods("web"), pods("api"))
    assert found == "error ClusterNetworkPolicy/p denies Deployment/shop/web and 1 more the cluster's DNS, UDP port 53"
    (found,) = said(DNS, policy(egress(DENY)))
    assert found.startswith("note ClusterNetworkPolicy/p denies its pods the cluster's DNS")


@pytest.mark.parametrize(
    "documents",
    [
        (policy(egress(f"action: Accept, to: [{KUBE_SYSTEM}], {DNS_PORT}", DENY)),),
        (policy(egress(f"action: Pass, {TO_ALL}"), "first", priority=1), policy(egress(DENY))),
        (policy(egress(DENY), tier="Baseline"),),
        (policy(egress(f"{DENY}, protocols: [{{tcp: {{destinationPort: {{number: 53}}}}}}]")),),
        (policy(egress("action: Deny, to: [{namespaces: {matchLabels: {team: x}}}]")),),
        (policy(egress("action: Deny, to: [{networks: [203.0.113.0/24]}]")),),
    ],
)
def test_queries_that_may_pass_are_fine(documents: tuple[str, ...]) -> None:
    assert said(DNS, *documents, pods("web"), namespace("kube-system")) == []
