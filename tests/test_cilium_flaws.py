"""What is told of CiliumNetworkPolicies that Cilium rejects, or parts of which never come to anything."""

from __future__ import annotations

import pytest

from tests.cluster import cilium, namespace, pods, together
from tests.support import lint_text

INVALID, DEAD = "cilium-policy-invalid", "policy-never-effective"
EVERY = "endpointSelector: {}"


def said(rule: str, *documents: str) -> list[str]:
    """The messages of a rule on a few documents."""
    return [line.partition("] ")[2] for line in lint_text(together(*documents), select=[rule])]


def told(*spec: str, namespace: str = "shop") -> list[str]:
    return [each.partition("/p ")[2] for each in said(INVALID, cilium(*spec, namespace=namespace))]


def test_a_policy_says_something() -> None:
    empty = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\n"
    assert said(INVALID, empty) == ["CiliumNetworkPolicy/shop/p has neither spec nor specs"]
    assert told() == ["has no endpointSelector", "has no rule in ingress, ingressDeny, egress or egressDeny"]


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        ([EVERY], "has no rule in ingress, ingressDeny, egress or egressDeny"),
        ([EVERY, "ingress: []", "egress: []"], "has no rule in ingress, ingressDeny, egress or egressDeny"),
        ([EVERY, "ingress: {fromEntities: [all]}"], "has ingress that is no list"),
        (["ingress: [{}]"], "has no endpointSelector"),
        (
            ["endpointSelector: {app: web}", "ingress: [{}]"],
            "has 'app' right below a selector, where it is dropped, so that it means more pods",
        ),
        (["endpointSelector: null", "ingress: [{}]"], "has no endpointSelector"),
        (["nodeSelector: {}", "ingress: [{}]"], "has a nodeSelector, which only a CiliumClusterwideNetworkPolicy has"),
        ([EVERY, "ingresss: [{}]", "egress: [{}]"], "has a field 'ingresss', which there is not"),
        (
            ["endpointSelector: {matchExpressions: [{key: a, operator: Or, values: [b]}]}", "ingress: [{}]"],
            "has a selector that is rejected: unknown operator 'Or'; expected one of In, NotIn, Exists, DoesNotExist",
        ),
    ],
)
def test_a_spec_has_a_subject_and_a_rule(spec: list[str], what: str) -> None:
    assert told(*spec) == [what]


@pytest.mark.parametrize(
    "spec",
    [
        ["ingress: [{toFQDNs: [{matchName: a.b}]}]"],
        ["ingress: [{toEndpoints: [{}]}]"],
        ["ingress: [{fromEndpoint: [{}]}]"],
        ["egressDeny: [{toFQDNs: [{matchName: a.b}]}]"],
        ["ingress: [{fromEndpoints: [{app: web}]}]"],
        ['ingress: [{toPorts: [{port: "80"}]}]'],
        ['ingressDeny: [{toPorts: [{ports: [{port: "80"}], rules: {http: [{}]}}]}]'],
        ["ingresss: [{}]", "egress: [{}]"],
    ],
)
def test_a_key_in_the_wrong_place_is_told_once(spec: list[str]) -> None:
    (line,) = lint_text(cilium(EVERY, *spec), select=[INVALID, "field-invalid"])
    assert f"error[{INVALID}]" in line


def test_a_cluster_wide_policy_selects_pods_or_nodes() -> None:
    assert told("nodeSelector: {}", "ingress: [{fromEntities: [cluster]}]", namespace="*") == []
    both = told(EVERY, "nodeSelector: {}", "ingress: [{}]", namespace="*")
    assert both == ["has an endpointSelector and a nodeSelector"]
    http = 'toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]'
    (parsed,) = told("nodeSelector: {}", f"ingress: [{{{http}}}]", namespace="*")
    assert parsed.startswith("has rules beyond ports in a policy for nodes")


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("fromEndpoints: [{}], fromCIDR: [10.0.0.0/8]", "has fromEndpoints and fromCIDR in one rule, which are not"),
        (
            'fromEndpoints: [{matchLabels: {app: web}, toPorts: [{ports: [{port: "80"}]}]}]',
            "has toPorts inside of a selector, where it is dropped, so that it holds for every port",
        ),
        ("fromEndpoints: [{app: web}]", "has 'app' right below a selector, where it is dropped"),
        ("fromEntities: [wrold]", "names the entity 'wrold', which there is not"),
        ("fromEntities: [internet]", "names the entity 'internet', which there is not"),
        ("fromEntities: world", "has fromEntities that is no list"),
        ("fromCIDR: [10.0.0.0/33]", "has '10.0.0.0/33' for a CIDR"),
        ("fromCIDRSet: [{cidr: 10.0.0.1}]", "has '10.0.0.1' for a CIDR"),
        ("fromCIDRSet: [{}]", "has an entry of fromCIDRSet with no cidr"),
        (
            "fromCIDRSet: [{cidr: 10.0.0.0/8, cidrGroupRef: a}]",
            "has an entry of fromCIDRSet with cidr and cidrGroupRef",
        ),
        ("fromCIDRSet: [{cidr: 10.0.0.0/8, except: ['::/0']}]", "leaves out ::/0, which is no part of 10.0.0.0/8"),
        ("toEndpoints: [{}]", "has toEndpoints in ingress, which has no such field"),
        ("fromEndpoint: [{}]", "has a field 'fromEndpoint', which there is not"),
        ('icmps: [{fields: [{type: 8}]}], toPorts: [{ports: [{port: "80"}]}]', "has icmps and toPorts in one rule"),
        (
            'toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {HTTP: [{}]}}]',
            "has a field 'HTTP', which there is",
        ),
        ('toPorts: [{ports: [{port: "80", endport: 90}]}]', "has a field 'endport', which there is not"),
        ("toPorts: {ports: []}", "has toPorts that is no list"),
        ("toPorts: [{port: '80'}]", "has a port right below toPorts"),
        ("toPorts: [{ports: [{port: 80}]}]", "has port 80, a number, where Cilium takes text only"),
        ("toPorts: [{ports: [{protocol: TCP}]}]", "has an entry of ports without a port"),
        ("toPorts: [{ports: [{port: 80-90}]}]", "has port '80-90', which is no number up to 65535 and no name"),
        ('toPorts: [{ports: [{port: "65536"}]}]', "has port '65536', which is no number up to 65535 and no name"),
        ('toPorts: [{ports: [{port: "80", protocol: tcp}]}]', "has protocol 'tcp', which there is not"),
        ('toPorts: [{ports: [{port: "80", endPort: "90"}]}]', "has endPort '90'"),
        ('toPorts: [{ports: [{port: "80"}], rules: {http: []}}]', "has http rules for any protocol"),
        ('toPorts: [{ports: [{port: "80", protocol: UDP}], rules: {http: [{}]}}]', "has http rules for 'UDP'"),
        ('toPorts: [{ports: [{port: "0", protocol: TCP}], rules: {http: [{}]}}]', "has http rules for every port"),
        (
            'toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}], kafka: [{}]}}]',
            "has http and kafka rules for the same ports",
        ),
        ('toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]', "has dns rules for ingress"),
    ],
)
def test_a_rule_of_ingress_is_judged(rule: str, what: str) -> None:
    (found,) = told(EVERY, f"ingress: [{{{rule}}}]")
    assert found.startswith(what)


@pytest.mark.parametrize(
    ("section", "rule", "what"),
    [
        ("egress", "toFQDNs: [{}]", "has an entry of toFQDNs with neither matchName nor matchPattern"),
        ("egress", "toFQDNs: [{matchName: a, matchPattern: b}]", "has an entry of toFQDNs with both"),
        ("egress", "fromEntities: [world]", "has fromEntities in egress, which has no such field"),
        ("egress", "toPorts: [{rules: {dns: [{matchPattern: '*'}]}}]", "has dns rules without a port"),
        (
            "egress",
            "toPorts: [{ports: [{port: '53', endPort: 54}], rules: {dns: [{matchPattern: '*'}]}}]",
            "has dns rules for a range of ports",
        ),
        ("egressDeny", "toFQDNs: [{matchName: a}]", "has toFQDNs in egressDeny, which has no such field"),
        (
            "ingressDeny",
            'toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]',
            "has rules beyond ports in a section that denies",
        ),
    ],
)
def test_other_sections_are_judged(section: str, rule: str, what: str) -> None:
    (found,) = told(EVERY, f"{section}: [{{{rule}}}]")
    assert found.startswith(what)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "fromEndpoints: []",
        "fromRequires: [{}], fromEndpoints: [{}]",
        "fromCIDR: [10.0.0.1, 2001:db8::/32]",
        "fromCIDRSet: [{cidrGroupRef: vpn}, {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]",
        "fromEntities: [kube-apiserver, remote-node, health]",
        "fromGroups: [{aws: {securityGroupsIds: [sg-1]}}]",
        'toPorts: [{ports: [{port: "0"}]}]',
        "toPorts: [{ports: [{protocol: VRRP}]}]",
        "toPorts: [{ports: [{protocol: GRE}, {protocol: ESP}, {protocol: IPV6}]}]",
        "toPorts: [{ports: [{port: http, protocol: TCP}, {port: '8080', endPort: 8090}]}]",
        "toPorts: [{ports: [{port: '${PORT}', protocol: '$PROTOCOL'}]}]",
        'toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{path: /}]}}]',
        "icmps: [{fields: [{type: 8, family: IPv4}]}], fromEntities: [cluster]",
        "authentication: {mode: required}, fromEndpoints: [{}]",
    ],
)
def test_what_cilium_takes_is_left_alone(rule: str) -> None:
    assert told(EVERY, f"ingress: [{{{rule}}}]") == []


@pytest.mark.parametrize(
    "path",
    [
        "ingress: [{{}}], endpointSelector: {}",
        "endpointSelector: {{}}, ingress: {}",
        "endpointSelector: {{}}, enableDefaultDeny: {}, ingress: [{{}}]",
        "endpointSelector: {{}}, egress: [{{toEndpoints: {}}}]",
        "endpointSelector: {{}}, egress: [{{toCIDRSet: {}}}]",
        "endpointSelector: {{}}, egress: [{{toEntities: {}}}]",
        "endpointSelector: {{}}, egress: [{{toFQDNs: {}}}]",
        "endpointSelector: {{}}, egress: [{{toPorts: {}}}]",
        "endpointSelector: {{}}, egress: [{{toPorts: [{{ports: {}, rules: {{dns: [{{}}]}}}}]}}]",
        "endpointSelector: {{}}, egress: [{{toPorts: [{{ports: [{{port: {}, endPort: 2}}]}}]}}]",
        "endpointSelector: {{}}, egress: [{{toPorts: [{{rules: {}}}]}}]",
        "endpointSelector: {{}}, egressDeny: [{{icmps: {}}}]",
    ],
)
def test_wrong_types_anywhere_never_end_the_run(path: str) -> None:
    values = ("1", "text", "[1]", "[[]]", "[{a: 1}]", "{a: [1]}", "null", "[null]")
    found = lint_text(together(*(cilium(path.format(value)) for value in values), pods("web")))
    assert not any("rule-crashed" in line for line in found)


# ── parts without an effect ───────────────────────────────────────────────────────────────────────────

NAMES = "egress: [{toFQDNs: [{matchName: example.com}]}]"
LEARNING = 'egress: [{toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]}]'


def dead(*spec: str) -> list[str]:
    return [each.partition("/p ")[2] for each in said(DEAD, cilium(EVERY, *spec))]


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        (
            ["ingress: [{fromEndpoints: []}, {fromEntities: [host]}]"],
            "allows nobody anything by a rule whose fromEndpoints",
        ),
        (
            ["ingress: [{fromEntities: [], toPorts: [{ports: [{port: '80'}]}]}]"],
            "allows nobody anything by a rule whose",
        ),
        (["egress: [{}, {toEntities: [cluster]}]"], "allows nobody anything by an empty rule"),
        (["ingress: [{fromEndpoints: null}]"], "allows nobody anything by a rule whose fromEndpoints is an empty list"),
        (["egressDeny: [{}]"], "denies nobody anything by an empty rule"),
        (["ingress: [{}]", "enableDefaultDeny: {ingress: false}"], "matches no traffic, and enableDefaultDeny"),
        (
            ["egress: [{toPorts: [{ports: [{port: '90', endPort: 80}]}]}]"],
            "has endPort 80, which is lower than port 90",
        ),
        (["egress: [{toPorts: [{ports: [{port: http, endPort: 80}]}]}]"], "has endPort 80 beside the name 'http'"),
    ],
)
def test_a_part_without_an_effect_is_told_of(spec: list[str], what: str) -> None:
    (found,) = dead(*spec)
    assert found.startswith(what)


@pytest.mark.parametrize(
    "spec",
    [
        ["ingress: [{}]"],
        ["ingress: [{}]", "egress: [{}]"],
        ["ingress: [{fromEndpoints: []}]"],
        ["ingress: [{toPorts: [{ports: [{port: '80'}]}]}]"],
        ["egress: [{toPorts: [{ports: [{port: '80', endPort: 90}]}]}]"],
        ["ingress: [{}]", "enableDefaultDeny: {ingress: false, egress: true}"],
        ["ingress: []"],
    ],
)
def test_what_denies_all_on_purpose_is_left_alone(spec: list[str]) -> None:
    assert dead(*spec) == []


def test_names_need_a_dns_rule_somewhere() -> None:
    (found,) = said(DEAD, cilium(EVERY, NAMES), pods("web"))
    assert "no dns rule lets Cilium learn their addresses" in found
    other = cilium(EVERY, LEARNING).replace("name: p", "name: dns")
    assert said(DEAD, cilium(EVERY, NAMES), other, pods("web")) == []
    assert said(DEAD, cilium(EVERY, NAMES), cilium(EVERY, LEARNING, namespace="*"), pods("web")) == []
    assert said(DEAD, cilium(EVERY, NAMES, namespace=""), other, pods("web")) == []
    elsewhere = other.replace("namespace: shop", "namespace: test")
    assert said(DEAD, cilium(EVERY, NAMES), elsewhere, pods("web"))


def test_a_dns_rule_may_live_elsewhere_where_nothing_of_the_namespace_was_scanned() -> None:
    (found,) = lint_text(together(cilium(EVERY, NAMES), namespace("shop")), select=[DEAD])
    assert "note" in found
