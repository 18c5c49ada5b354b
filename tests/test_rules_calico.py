"""Calico's policies: their own mistakes."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import lint_text, report_on

INVALID = "calico-policy-invalid"


def policy(
    spec: str, kind: str = "GlobalNetworkPolicy", group: str = "projectcalico.org/v3", namespace: str = ""
) -> str:
    """A policy of Calico with its spec."""
    space = f", namespace: {namespace}" if namespace else ""
    head = f"apiVersion: {group}\nkind: {kind}\nmetadata: {{name: p{space}}}\nspec:\n"
    return head + textwrap.indent(textwrap.dedent(spec).strip("\n"), "  ") + "\n"


def said(text: str, rule: str = INVALID) -> list[str]:
    """What a rule says, without where."""
    return [line.split("] ", 1)[1].split(": ", 1)[1] for line in lint_text(text, select=[rule])]


def flaws_of_rule(rule: str, direction: str = "ingress") -> list[str]:
    return said(policy(f"{direction}:\n  - {rule}"))


@pytest.mark.parametrize("group", ["projectcalico.org/v3", "crd.projectcalico.org/v1"])
@pytest.mark.parametrize("kind", ["NetworkPolicy", "GlobalNetworkPolicy", "StagedNetworkPolicy"])
def test_every_kind_in_both_groups(kind: str, group: str) -> None:
    found = said(policy("selector: a is b", kind, group))
    assert len(found) == 1
    assert "cannot be read" in found[0]


@pytest.mark.parametrize(
    ("rule", "flaw"),
    [
        ("{action: allow}", "'allow' is no action; did you mean 'Allow'?"),
        ("{source: {nets: [10.0.0.0/8]}}", "a rule has no action; expected one of Allow, Deny, Log, Pass"),
        ("{action: Allow, protocol: TPC}", "'TPC' is no protocol; did you mean 'TCP'?"),
        ("{action: Allow, protocol: 300}", "the protocol 300 is no number from 1 to 255"),
        ("{action: Allow, icmp: {type: 8}}", "icmp needs the protocol ICMP or ICMPv6"),
        ("{action: Allow, protocol: ICMP, icmp: {code: 8}}", "a code of ICMP needs a type"),
        ("{action: Allow, protocol: UDP, http: {methods: [GET]}}", "http goes over TCP, not over UDP"),
        ("{action: Allow, ipVersion: 5}", "the ipVersion '5' is neither 4 nor 6"),
        (
            "{action: Allow, protocol: ICMP, destination: {ports: [80]}}",
            "ports need the protocol TCP, UDP or SCTP, not ICMP",
        ),
        (
            "{action: Allow, protocol: TCP, destination: {ports: [70000]}}",
            "the port '70000': a port is a number up to 65535",
        ),
        (
            "{action: Allow, protocol: TCP, destination: {ports: ['80-90', 'a b']}}",
            "the port 'a b': a port is a number, a range such as 8000:8080, or a port's name",
        ),
        (
            "{action: Allow, source: {nets: [10.0.0.256]}}",
            "the block '10.0.0.256': it starts with no IPv4 or IPv6 address",
        ),
        (
            "{action: Allow, source: {nets: [10.0.0.0/8, '::/0']}}",
            "the IPv6 block ::/0 contradicts the IPv4 blocks before it",
        ),
        (
            "{action: Allow, ipVersion: 6, source: {nets: [10.0.0.0/8]}}",
            "the IPv4 block 10.0.0.0/8 contradicts ipVersion 6",
        ),
        (
            "{action: Allow, destination: {services: {name: a, namespace: b}}}",
            "services are for the other end, not for the destination of Ingress",
        ),
        ("{action: Allow, source: {services: {name: web}}}", "services of a GlobalNetworkPolicy need a namespace"),
        ("{action: Allow, source: {services: {namespace: web}}}", "services name no Service"),
        (
            "{action: Allow, source: {services: {name: a, namespace: b}, selector: has(x)}}",
            "services and selector exclude each other",
        ),
        (
            "{action: Allow, source: {namespaceSelector: global() && has(x)}}",
            "global() stands on its own, and next to no other condition",
        ),
        (
            "{action: Allow, source: {selector: global()}}",
            "global() only has a meaning in the namespaceSelector of a rule",
        ),
        ("{action: Allow, source: {podSelector: {}}}", "there is no field podSelector; Calico's is selector"),
        ("{action: Allow, from: []}", "there is no field from; Calico's is source"),
        (
            "{action: Allow, source: {selector: {app: web}}}",
            "the selector cannot be read: a selector is a text, such as app == 'web'",
        ),
    ],
)
def test_a_rule_with_a_flaw(rule: str, flaw: str) -> None:
    assert flaws_of_rule(rule) == [flaw]


@pytest.mark.parametrize("spec", ["podSelector: {}", "policyTypes: [Ingress]", "ingress: [{action: Allow, from: []}]"])
def test_a_word_of_kubernetes_is_told_once_with_calicos(spec: str) -> None:
    (finding,) = report_on(policy(spec), select=[INVALID, "field-invalid"]).open
    assert finding.rule == INVALID
    assert finding.help.startswith("write ")


@pytest.mark.parametrize(
    "rule",
    [
        "{action: Log}",
        "{action: Pass}",
        "{action: Allow, protocol: tcp, destination: {ports: [80, '443', '8000:8080', http, 'my.port_1']}}",
        "{action: Allow, protocol: 6, destination: {notPorts: [80]}}",
        "{action: Deny, notProtocol: ICMPv6}",
        "{action: Allow, protocol: ICMP, icmp: {type: 8, code: 0}}",
        "{action: Allow, http: {methods: [GET]}}",
        "{action: Allow, source: {nets: [10.0.0.1, 10.0.0.0/8], notNets: [10.1.0.0/16]}}",
        "{action: Allow, source: {namespaceSelector: ' global()', selector: has(x)}}",
        "{action: Allow, source: {services: {name: a, namespace: b}}}",
        "{action: Allow, source: {serviceAccounts: {names: [a], selector: role == 'x'}}}",
        "{action: $ACTION, protocol: $PROTOCOL, source: {nets: ['${CIDR}'], selector: '${SELECTOR}'}}",
        "{action: Allow, protocol: $PROTOCOL, destination: {ports: ['${PORT}']}}",
    ],
)
def test_a_rule_without_one(rule: str) -> None:
    assert flaws_of_rule(rule) == []


def test_http_is_for_ingress() -> None:
    assert flaws_of_rule("{action: Allow, http: {methods: [GET]}}", "egress") == ["http is for ingress rules"]


def test_ports_beside_a_service() -> None:
    rule = "{action: Allow, protocol: TCP, destination: {services: {name: a, namespace: b}, ports: [80]}}"
    assert flaws_of_rule(rule, "egress") == ["ports and services exclude each other: the Service's own ports count"]


@pytest.mark.parametrize(
    ("spec", "flaw"),
    [
        ("types: [Ingress, Ingress]", "the type Ingress stands there twice"),
        ("types: [Both]", "'Both' is no type; expected Ingress or Egress"),
        ("order: first", "the order 'first' is no number"),
        ("{doNotTrack: true, preDNAT: true, applyOnForward: true}", "preDNAT and doNotTrack exclude each other"),
        ("{preDNAT: true}", "preDNAT needs applyOnForward: true"),
        (
            "{preDNAT: true, applyOnForward: true, egress: [{action: Allow}]}",
            "a policy that works before DNAT has no egress",
        ),
        ("namespaceSelector: global()", "global() only has a meaning in the namespaceSelector of a rule"),
    ],
)
def test_a_global_policy_with_a_flaw(spec: str, flaw: str) -> None:
    assert said(policy(spec)) == [flaw]


def test_a_namespaced_policy_lacks_what_global_ones_have() -> None:
    assert said(policy("{namespaceSelector: all(), preDNAT: true}", "NetworkPolicy", namespace="shop")) == [
        "only a GlobalNetworkPolicy has namespaceSelector",
        "only a GlobalNetworkPolicy has preDNAT",
    ]


def test_staged_policies() -> None:
    assert said(policy("stagedAction: Remove", "StagedGlobalNetworkPolicy")) == ["'Remove' is no stagedAction"]
    assert said(policy("{stagedAction: Delete, tier: x}", "StagedGlobalNetworkPolicy")) == []


def test_tiers() -> None:
    assert said(policy("{order: 5, defaultAction: Allow}", "Tier")) == [
        "'Allow' is no defaultAction; expected Pass or Deny"
    ]
    assert said(policy("{order: 5}", "Tier").replace("name: p", "name: default")) == [
        "the tier default has the order 1000000, and no other"
    ]
    assert said(policy("{order: 1000000, defaultAction: Deny}", "Tier").replace("name: p", "name: default")) == []


def test_network_sets() -> None:
    assert said(policy("nets: [10.0.0.0/8, 10.0.0.1, bad/8]", "NetworkSet")) == [
        "the block 'bad/8': it starts with no IPv4 or IPv6 address"
    ]
    labelled = policy("nets: []", "GlobalNetworkSet").replace(
        "name: p", "name: p, labels: {projectcalico.org/namespace: x}"
    )
    assert said(labelled) == ["the label projectcalico.org/namespace is Calico's own"]


@pytest.mark.parametrize(
    "value", ["null", "[]", "{}", "7", "text", "[null]", "[7]", "{ingress: 7}", "{ingress: [7, null]}"]
)
@pytest.mark.parametrize(
    "kind", ["NetworkPolicy", "GlobalNetworkPolicy", "Tier", "NetworkSet", "StagedKubernetesNetworkPolicy"]
)
def test_whatever_is_written_nothing_breaks(kind: str, value: str) -> None:
    text = f"apiVersion: projectcalico.org/v3\nkind: {kind}\nmetadata: {{name: p}}\nspec: {value}\n"
    lint_text(text, preset="strict")


@pytest.mark.parametrize(
    ("rule", "act"),
    [
        ("{action: Allow, destination: {ports: [80]}}", "add protocol: TCP to the rule"),
        ("{action: Allow, protocol: ICMP, source: {notPorts: [80]}}", "delete notPorts, or change the rule's protocol"),
        ("{action: Allow, icmp: {type: 8}}", "set the rule's protocol to ICMP, or delete icmp"),
        ("{action: allow}", "correct the action"),
    ],
)
def test_help_names_what_mends_a_flaw_that_lies_in_another_field(rule: str, act: str) -> None:
    (finding,) = report_on(policy(f"ingress:\n  - {rule}"), select=[INVALID]).open
    assert finding.help == act


def test_a_field_of_the_cluster_alone_is_to_be_deleted() -> None:
    (finding,) = report_on(policy("applyOnForward: true", "NetworkPolicy"), select=[INVALID]).open
    assert finding.help == "delete applyOnForward, or make the policy a GlobalNetworkPolicy"


def test_what_is_not_there_is_to_be_added_and_what_is_wrong_to_be_corrected() -> None:
    text = policy("{selector: app = 'web', ingress: [{source: {nets: [10.0.0.0/8]}}]}")
    assert [each.help for each in report_on(text, select=[INVALID]).open] == ["correct the selector", "add the action"]


def tier(name: str) -> str:
    return f"apiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {{name: {name}}}\nspec: {{order: 10}}\n"


@pytest.mark.parametrize(
    ("tiers", "found"),
    [
        (["security"], ["names tier 'securty', which is not there; did you mean 'security'?"]),
        (["platform"], []),
        ([], []),
        (["security", "securty"], []),
    ],
)
def test_a_tier_that_is_misspelt(tiers: list[str], found: list[str]) -> None:
    text = "---\n".join((policy("tier: securty\ntypes: [Ingress]"), *map(tier, tiers)))
    assert [line.partition("/p ")[2] for line in lint_text(text, select=[INVALID])] == found


def test_a_tier_that_others_name_or_that_differs_by_its_number_is_another_one() -> None:
    other = policy("tier: security\ntypes: [Ingress]").replace("name: p", "name: q")
    assert said("---\n".join((policy("tier: securty\ntypes: [Ingress]"), other, tier("security")))) == []
    assert said("---\n".join((policy("tier: default\ntypes: [Ingress]"), tier("defaults")))) == []
    assert said("---\n".join((policy("tier: platform-1\ntypes: [Ingress]"), tier("platform-2")))) == []
