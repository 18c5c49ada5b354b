"""What NetworkPolicies select, admit and allow, beyond the examples on the rules' pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.facts import Assumed, Controller, Facts
from tests.cluster import namespace, pods, policy, together
from tests.shop import rule_lines, said
from tests.support import lint_text, lint_tree, report_on, write_files

if TYPE_CHECKING:
    from pathlib import Path

SELECTS, WRONG, PEER = "policy-selects-no-pods", "policy-in-wrong-namespace", "policy-peer-selects-nothing"
ALL_IN, ALL_OUT, CIDR = "policy-allows-all-ingress", "policy-allows-all-egress", "policy-open-cidr"
FIELD, TYPES, ITEM = "policy-field-invalid", "policy-types-mismatch", "policy-port-item-without-port"
CONFUSION, PORT, INSIDE = "policy-peer-or-and-confusion", "policy-port-unknown", "policy-ports-inside-peer"
OUTSIDE = "; what is missing may live outside the scanned files"
NAME = "kubernetes.io/metadata.name"
WEB = "matchLabels: {app: web}"


def service(kind: str = "ClusterIP", name: str = "web") -> str:
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: shop}}\n"
        f"spec: {{type: {kind}, selector: {{app: {name}}}, ports: [{{port: 80}}]}}\n"
    )


INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
"""


# ── selects no pods, or those of another namespace ────────────────────────────────────────────────────


def test_a_misspelt_label_is_an_error_where_the_namespace_is_covered() -> None:
    found = said(SELECTS, policy(selector="matchLabels: {app: catalgo}"), pods("catalog"))
    assert found == ["error NetworkPolicy/shop/policy selects no pods: no workload in namespace 'shop' has app=catalgo"]


def test_an_empty_selector_means_all_pods_be_there_any_or_none() -> None:
    assert said(SELECTS, policy("policyTypes: [Ingress]")) == []


def test_an_unlike_label_is_a_warning_there() -> None:
    (found,) = said(SELECTS, policy(selector="matchLabels: {app: ledger}"), pods("catalog"))
    assert found.startswith("warning ")


def test_it_is_a_note_where_the_namespace_is_not_covered() -> None:
    (found,) = said(SELECTS, policy(selector="matchLabels: {app: ledger}"), pods("catalog", "test"))
    assert found.startswith("note ")
    assert found.endswith(OUTSIDE)
    complete = Facts(assumed=Assumed(complete=True))
    (found,) = said(SELECTS, policy(selector="matchLabels: {app: ledger}"), facts=complete)
    assert found.startswith("warning ")


def test_it_is_a_note_where_most_selectors_lead_out_of_the_files() -> None:
    lost = [policy(name=f"p{number}", selector=f"matchLabels: {{tier: t{number}}}") for number in range(4)]
    found = said(SELECTS, pods("web"), *lost)
    assert len(found) == 4
    assert all(line.startswith("note ") and line.endswith(OUTSIDE) for line in found)
    (first, *_) = said(SELECTS, pods("web"), *lost[:3])
    assert first.startswith("warning ")
    held = [together(pods(f"w{n}"), policy(name=f"q{n}", selector=f"matchLabels: {{app: w{n}}}")) for n in range(4)]
    (first, *_) = said(SELECTS, *held, *lost)
    assert first.startswith("warning ")
    (first, *_) = said(SELECTS, pods("web"), *lost, facts=Facts(assumed=Assumed(complete=True)))
    assert first.startswith("warning ")


def test_pods_in_one_other_namespace_are_an_error_and_the_only_finding() -> None:
    text = policy(selector=WEB, namespace="default") + "---\n" + pods("web")
    (found,) = lint_text(text, select=[SELECTS, WRONG])
    place, _, message = found.partition(": error[policy-in-wrong-namespace] NetworkPolicy/default/policy ")
    assert place == "5:16"
    assert message == "selects no pods of namespace 'default', while Deployment/shop/web is in 'shop'"


def test_a_chart_of_elsewhere_may_bring_the_pods_that_are_meant() -> None:
    release = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: catalog, namespace: %s}
spec: {chart: {spec: {chart: catalog, sourceRef: {kind: HelmRepository, name: shop}}}}
"""
    wrong = policy(selector="matchLabels: {app: catalog}", namespace="test")
    assert said(WRONG, wrong, pods("catalog"), release % "test") == []
    (found,) = said(SELECTS, wrong, pods("catalog"), release % "test")
    assert found.startswith("note ")
    assert len(said(WRONG, wrong, pods("catalog"), release % "other")) == 1


def test_it_is_silent_where_several_namespaces_have_them() -> None:
    assert said(WRONG, policy(selector=WEB, namespace="default"), pods("web"), pods("web", "test")) == []


def test_it_is_silent_where_a_namespace_is_not_set() -> None:
    assert said(WRONG, policy(selector=WEB, namespace=""), pods("web")) == []
    assert said(WRONG, policy(selector=WEB), pods("web", ""), pods("api")) == []


def test_it_is_silent_where_the_pods_have_a_policy_of_their_own() -> None:
    assert said(WRONG, policy(selector=WEB, namespace="default"), policy(selector=WEB), pods("web")) == []


def test_it_is_silent_where_a_label_is_misspelt_in_the_right_namespace() -> None:
    assert said(WRONG, policy(selector="matchLabels: {app: catalgo}"), pods("catalog")) == []


def test_a_policy_and_its_pods_may_be_in_different_files(tmp_path: Path) -> None:
    write_files(tmp_path, {"net/policy.yaml": policy(selector=WEB, namespace="front"), "app/web.yaml": pods("web")})
    (found,) = lint_tree(tmp_path, select=["policy"])
    assert found.startswith("net/policy.yaml:5: error[policy-in-wrong-namespace]")


# ── peers that select nothing ─────────────────────────────────────────────────────────────────────────


def from_(*peers: str, more: str = "") -> str:
    items = "".join(f"\n  - {{{each}}}" for each in peers)
    return f"ingress:\n- from:{items}{more}"


@pytest.mark.parametrize(
    ("peer", "is_missing"),
    [
        (f"namespaceSelector: {{matchLabels: {{{NAME}: edge}}}}", False),
        (f"namespaceSelector: {{matchLabels: {{{NAME}: edge}}}}, podSelector: {{matchLabels: {{app: proxy}}}}", False),
        (f"namespaceSelector: {{matchLabels: {{{NAME}: edgy}}}}", True),
        (f"namespaceSelector: {{matchExpressions: [{{key: {NAME}, operator: In, values: [edge, rim]}}]}}", False),
    ],
)
def test_the_namespace_of_the_controller_that_is_told_of_is_there(peer: str, is_missing: bool) -> None:
    facts = Facts(ingress_controller=Controller("edge", {"app": "proxy"}))
    assert bool(said(PEER, policy(from_(peer)), facts=facts)) is is_missing
    assert said(PEER, policy(from_(peer)))


@pytest.mark.parametrize(
    ("labels", "is_missing"), [("app: proxy", False), ("app: proxy, tier: front", False), ("app: poxy", True)]
)
@pytest.mark.parametrize("by_name", [f"namespaceSelector: {{matchLabels: {{{NAME}: edge}}}}, ", ""])
def test_the_pods_of_the_controller_that_is_told_of_are_there(labels: str, is_missing: bool, by_name: str) -> None:
    facts = Facts(ingress_controller=Controller("edge", {"app": "proxy"}))
    peer = f"{by_name}podSelector: {{matchLabels: {{{labels}}}}}"
    documents = (policy(from_(peer), namespace="shop" if by_name else "edge"), pods("probe", namespace="edge"))
    assert bool(said(PEER, *documents, facts=facts)) is is_missing
    assert said(PEER, *documents)


def test_a_namespace_by_a_label_that_it_lacks_is_a_warning_at_that_label() -> None:
    peer = "namespaceSelector: {matchLabels: {name: monitoring}}"
    (found,) = rule_lines(PEER, policy(from_(peer)), namespace("monitoring"))
    expected = "admits namespaces with name=monitoring, but there are none"
    assert found == f"8:48: warning[{PEER}] NetworkPolicy/shop/policy {expected}"


def test_namespaces_that_may_be_elsewhere_are_one_note_however_many_peers_mean_them() -> None:
    peer = from_("namespaceSelector: {matchLabels: {team: edge}}")
    (found,) = said(PEER, *(policy(peer, name=name) for name in ("a", "b", "c")))
    expected = "admits namespaces with team=edge, but there are none; 2 more peers select the same"
    assert found == f"note NetworkPolicy/shop/a {expected}{OUTSIDE}"


def test_pods_of_the_policys_own_namespace() -> None:
    peer = "podSelector: {matchLabels: {app: frontend}}"
    (found,) = said(PEER, policy(from_(peer)), pods("catalog"))
    assert found.startswith("warning NetworkPolicy/shop/policy admits pods with app=frontend in namespace 'shop', but")
    (found,) = said(PEER, policy(from_(peer)), pods("frontned"))
    assert found.startswith("error ")
    (found,) = said(PEER, policy(from_(peer)))
    assert found.startswith("note ")


def test_pods_that_are_in_one_other_namespace_are_a_warning() -> None:
    (found,) = said(PEER, policy(from_("podSelector: {matchLabels: {app: frontend}}")), pods("frontend", "front"))
    assert found.startswith("warning ")


def test_pods_but_for_some_may_be_none_for_the_time_being() -> None:
    others = "podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}"
    (found,) = said(PEER, policy(from_(others)), pods("web"))
    assert found.startswith("note ")
    (found,) = said(PEER, policy(from_(f"{others}, namespaceSelector: {{matchLabels: {{{NAME}: shop}}}}")), pods("web"))
    assert found.startswith("note ")


@pytest.mark.parametrize("key", ["k8s-app", "app.kubernetes.io/name", "app"])
@pytest.mark.parametrize("name", ["kube-dns", "coredns", "node-local-dns"])
def test_every_cluster_has_name_servers_by_whichever_label(key: str, name: str) -> None:
    anywhere = policy(
        f"egress: [{{to: [{{namespaceSelector: {{}}, podSelector: {{matchLabels: {{{key}: {name}}}}}}}]}}]"
    )
    assert said(PEER, anywhere, pods("catalog")) == []
    (found,) = said(PEER, policy(from_(f"podSelector: {{matchLabels: {{{key}: {name}}}}}")), pods("catalog"))
    assert found.startswith("warning ")


def test_every_cluster_has_namespaces_but_for_some() -> None:
    others = "namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [web]}]}"
    assert said(PEER, policy(from_(others)), pods("catalog")) == []


@pytest.mark.parametrize("label", ['db-client: "true"', "network/internet: allowed"])
def test_pods_that_opt_in_by_a_label_may_be_none_for_the_time_being(label: str) -> None:
    (found,) = said(PEER, policy(from_(f"podSelector: {{matchLabels: {{{label}}}}}")), pods("db"))
    assert found.startswith("note ")
    (found,) = said(SELECTS, policy("policyTypes: [Egress]", selector=f"matchLabels: {{{label}}}"), pods("db"))
    assert found.startswith("note ")
    here = f"podSelector: {{matchLabels: {{{label}}}}}, namespaceSelector: {{matchLabels: {{{NAME}: shop}}}}"
    (found,) = said(PEER, policy(from_(here)), pods("db"))
    assert found.startswith("note ")


@pytest.mark.parametrize("where", ["", f", namespaceSelector: {{matchLabels: {{{NAME}: shop}}}}"])
def test_nobody_opts_in_of_pods_that_are_not_there(where: str) -> None:
    labels = 'matchLabels: {app: gone, db-client: "true"}'
    (found,) = said(PEER, policy(from_(f"podSelector: {{{labels}}}{where}")), pods("db"))
    assert found.startswith("warning ")
    (found,) = said(SELECTS, policy("policyTypes: [Egress]", selector=labels), pods("db"))
    assert found.startswith("warning ")
    (found,) = said(PEER, policy(from_(f"podSelector: {{{labels.replace('gone', 'db')}}}{where}")), pods("db"))
    assert found.startswith("note ")


def test_peers_of_ignored_rules_do_not_count() -> None:
    spec = "policyTypes: [Ingress]\negress:\n- to: [{podSelector: {matchLabels: {app: gone}}}]"
    assert said(PEER, policy(spec), pods("web")) == []


# ── everyone ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "spec",
    [
        "ingress: [{}]",
        "ingress:\n-",
        "ingress: [{from: []}]",
        "ingress: [{from: [], ports: []}]",
        "ingress: [{ports: [{protocol: TCP}, {protocol: UDP}]}]",
        "ingress: [{ports: [{port: 1, endPort: 65535}, {protocol: UDP}]}]",
        "ingress: [{from: [{namespaceSelector: {}}]}]",
        "ingress: [{from: [{namespaceSelector: {}, podSelector: {}}]}]",
    ],
)
def test_a_rule_for_everyone_on_every_port_is_a_warning(spec: str) -> None:
    (found,) = said(ALL_IN, policy(spec))
    assert found.startswith("warning NetworkPolicy/shop/policy admits every")
    (found,) = said(ALL_OUT, policy(spec.replace("ingress", "egress").replace("from", "to")))
    assert found.startswith("note NetworkPolicy/shop/policy allows connections to every")


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "ingress: []",
        "ingress: [{ports: [{port: 80}]}]",
        "ingress: [{ports: [{protocol: TCP}]}]",
        "ingress: [{from: [{podSelector: {}}]}]",
        "ingress: [{from: [{namespaceSelector: {matchLabels: {a: b}}}]}]",
        "ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}]}]",
        "ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]",
        "ingress: [{from: {podSelector: {}}}]",
        "ingress: [{ports: {port: 80}}]",
        "ingress: [all]",
        "ingress: all",
        "policyTypes: [Egress]\ningress: [{}]\negress: [{ports: [{port: 80}]}]",
    ],
)
def test_a_rule_that_is_limited_or_ignored_or_broken_is_not(spec: str) -> None:
    assert said(ALL_IN, policy(spec)) == []
    if "policyTypes" not in spec:
        assert said(ALL_OUT, policy(spec.replace("ingress", "egress").replace("from", "to"))) == []


def test_pods_that_are_published_anyway_make_it_a_note() -> None:
    everyone = policy("ingress: [{}]", selector=WEB)
    for published in ([service("LoadBalancer")], [service("NodePort")], [service(), INGRESS]):
        (found,) = said(ALL_IN, everyone, pods("web"), *published)
        assert found.startswith("note ")
    for inside in ([], [service()]):
        (found,) = said(ALL_IN, everyone, pods("web"), *inside)
        assert found.startswith("warning ")
    (found,) = said(ALL_IN, policy("ingress: [{}]"), pods("web"), pods("db"), service("LoadBalancer"))
    assert found.startswith("warning ")


def test_an_ingress_controller_is_there_to_admit_everyone() -> None:
    edge = pods("web").replace("example/web", "docker.io/traefik")
    for rule, open_to_all in ((ALL_IN, "ingress: [{}]"), (CIDR, "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]")):
        (found,) = said(rule, policy(open_to_all, selector=WEB), edge)
        assert found.startswith("note ")


def test_policies_that_are_meant_to_admit_everyone_are_named_in_the_configuration() -> None:
    for rule, spec in ((ALL_IN, "ingress: [{}]"), (ALL_OUT, "egress: [{}]")):
        for intended, count in (("allow-*", 0), ("shop/allow-all", 0), ("test/allow-all", 1)):
            settings = {"options": {rule: {"intended": [intended]}}}
            assert len(said(rule, policy(spec, name="allow-all"), **settings)) == count


# ── wide address ranges ───────────────────────────────────────────────────────────────────────────────


def blocks(*cidrs: str, direction: str = "ingress", more: str = "") -> str:
    field = {"ingress": "from", "egress": "to"}[direction]
    items = ", ".join(f"{{ipBlock: {{{each}}}}}" for each in cidrs)
    return policy(f"{direction}:\n- {field}: [{items}]{more}")


@pytest.mark.parametrize(
    ("cidrs", "what"),
    [
        (["cidr: 0.0.0.0/0"], "every IPv4 address"),
        (['cidr: "::/0"'], "every IPv6 address"),
        (["cidr: 10.0.0.0/8", "cidr: 0.0.0.0/0"], "every IPv4 address"),
        (["cidr: 0.0.0.0/1", "cidr: 128.0.0.0/1"], "2 IPv4 blocks that are every address together"),
        (["cidr: 10.0.0.0/8", "cidr: 11.0.0.0/8"], "2 IPv4 blocks that are one wide range together"),
        (["cidr: 0.0.0.0/0, except: [10.0.0.0/8]"], "every IPv4 address but for 10.0.0.0/8"),
        (["cidr: 8.0.0.0/7"], "the wide range 8.0.0.0/7"),
    ],
)
def test_a_range_wider_than_a_company_is_a_warning(cidrs: list[str], what: str) -> None:
    assert said(CIDR, blocks(*cidrs)) == [f"warning NetworkPolicy/shop/policy admits {what}"]
    outgoing = said(CIDR, blocks(*cidrs, direction="egress"))
    assert outgoing == [f"warning NetworkPolicy/shop/policy allows connections to {what}"]


@pytest.mark.parametrize(
    "cidrs",
    [
        ["cidr: 10.0.0.0/8"],
        ['cidr: "fc00::/7"'],
        ["cidr: 10.0.0.0/8", "cidr: 172.16.0.0/12", "cidr: 192.168.0.0/16"],
        ["cidr: 0.0.0.0/0, except: [0.0.0.0/1, 128.0.0.0/1]"],
        ["cidr: nonsense"],
        ["cidr: 0.0.0.0"],
        ["cidr: [0.0.0.0/0]"],
        ['cidr: "${POD_CIDR}"'],
        [""],
    ],
)
def test_a_range_that_is_not_or_is_none_says_nothing(cidrs: list[str]) -> None:
    assert said(CIDR, blocks(*cidrs)) == []


def test_both_versions_are_two_findings() -> None:
    assert len(said(CIDR, blocks("cidr: 0.0.0.0/0", 'cidr: "::/0"'))) == 2


def test_how_wide_is_too_wide_is_for_the_configuration() -> None:
    options = {"options": {CIDR: {"ipv4-prefix": 16, "ipv6-prefix": 48}}}
    assert len(said(CIDR, blocks("cidr: 10.0.0.0/15", 'cidr: "2001:db8::/32"'), **options)) == 2
    assert said(CIDR, blocks("cidr: 10.0.0.0/16", 'cidr: "2001:db8::/48"'), **options) == []


def test_https_to_the_internet_without_the_private_networks_is_a_note() -> None:
    https = "\n  ports: [{port: 443}]"
    private = "cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16]"
    metadata = "cidr: 0.0.0.0/0, except: [169.254.169.254/32]"
    for cidr in (private, metadata, 'cidr: "::/0", except: ["fd00:ec2::254/128"]'):
        (found,) = said(CIDR, blocks(cidr, direction="egress", more=https))
        assert found.startswith("note ")
    for cidr, more in ((private, ""), ("cidr: 0.0.0.0/0", https), ("cidr: 0.0.0.0/0, except: [10.0.0.0/8]", https)):
        (found,) = said(CIDR, blocks(cidr, direction="egress", more=more))
        assert found.startswith("warning ")


def test_everyone_may_reach_pods_that_are_published_anyway() -> None:
    wide = policy("ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", selector=WEB)
    (found,) = said(CIDR, wide, pods("web"), service("LoadBalancer"))
    assert found.startswith("note ")


# ── what the API server rejects ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("spec", "line", "what"),
    [
        ("ingress:\n- from:\n  -", 7, "a peer without a selector or an ipBlock"),
        ("ingress:\n- from:\n  - podSelector:", 8, "a peer without a selector or an ipBlock"),
        ("ingress:\n- from:\n  - ipBlock: {except: [10.0.0.0/8]}", 8, "an ipBlock without a cidr"),
        ("ingress:\n- from:\n  - ipBlock: {}", 8, "an ipBlock without a cidr"),
        ("ingress:\n- from:\n  - ipBlock: {cidr: 10.0.0.0/33}", 8, "the CIDR '10.0.0.0/33': the prefix length of an"),
        ("egress:\n- to:\n  - ipBlock: {cidr: 10.0.0.0/8, except: [x]}", 8, "the CIDR 'x': it starts with no IPv4"),
        ("egress:\n- to:\n  - ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}", 8, "which is no smaller part of"),
        ("egress:\n- to:\n  - ipBlock: {cidr: 10.0.0.0/8, except: ['fd00::/8']}", 8, "which is no smaller part of"),
        ("egress:\n- ports:\n  - {endPort: 90}", 8, "endPort 90 without a port"),
        ("egress:\n- ports:\n  - {port: 0}", 8, "port '0': a port is a number from 1 to 65535"),
        ("egress:\n- ports:\n  - {port: 80, endPort: 70000}", 8, "endPort '70000': a port is a number from 1 to 65535"),
        ("egress:\n- ports:\n  - port: a-name-that-is-too-long", 8, "a name has at most 15 characters"),
        (
            "ingress:\n- from:\n  - podSelector: {matchExpressions: [{key: a, operator: In}]}",
            8,
            "needs at least one value",
        ),
        ("ingress:\n- from:\n  - namespaceSelector: []", 8, "a selector is a mapping"),
    ],
)
def test_it_is_an_error_at_the_field(spec: str, line: int, what: str) -> None:
    (found,) = rule_lines(FIELD, policy(spec))
    assert found.startswith(f"{line}:")
    assert f"error[{FIELD}] NetworkPolicy/shop/policy has " in found
    assert what in found


@pytest.mark.parametrize(
    ("cidr", "found"),
    [("010.0.0.0/8", 1), ("10.00.0.0/8", 1), ("192.168.0.01/32", 1), ("10.0.0.0/8", 0), ("0.0.0.0/0", 0), ("::/0", 0)],
)
def test_leading_zeros_are_a_warning(cidr: str, found: int) -> None:
    lines = said(FIELD, policy(from_(f"ipBlock: {{cidr: '{cidr}'}}")))
    warned = f"warning NetworkPolicy/shop/policy has the CIDR {cidr}, whose leading zeros"
    assert [line.startswith(warned) for line in lines] == [True] * found


@pytest.mark.parametrize(
    "spec",
    [
        "ingress: [{from: [{podSelector: {}, namespaceSelector: {}}]}]",
        "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/9]}}]}]",
        "ingress: [{from: [{ipBlock: {cidr: '${CIDR}', except: ['${OTHER}']}}], ports: [{port: '${PORT}'}]}]",
        "ingress: [{from: [{podselector: {}}, text, 7]}]",
        "ingress: [{from: [{ipBlock: text}], ports: [text, {port: true}, {port: http, endPort: x}]}]",
        "ingress: [{ports: [{port: 80, endPort: 80}, {port: http}, {protocol: SCTP}, {}]}]",
    ],
)
def test_what_is_accepted_or_is_for_the_schema_to_judge_says_nothing(spec: str) -> None:
    assert said(FIELD, policy(spec)) == []


def test_bits_behind_the_prefix_are_a_warning_that_says_what_counts() -> None:
    (found,) = said(FIELD, blocks("cidr: 10.1.2.3/8"))
    assert found == "warning NetworkPolicy/shop/policy has the CIDR 10.1.2.3/8, which counts as 10.0.0.0/8"


def test_rules_that_do_not_count_are_rejected_too() -> None:
    assert len(said(FIELD, policy("policyTypes: [Egress]\ningress: [{from: [{}]}]"))) == 1


# ── types and rules ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("spec", "count"),
    [
        ("policyTypes: [Ingress]\negress: [{}]", 1),
        ("policyTypes: [Egress]\ningress: [{}]", 1),
        ("policyTypes: [Ingress]\negress: []", 0),
        ("policyTypes: [Ingress]\ningress: [{}]", 0),
        ("egress: []", 1),
        ("egress:", 0),
        ("egress: [{}]", 0),
        ("ingress: [{}]", 0),
        ("policyTypes: [egress]\negress: [{}]", 0),
        ("policyTypes: [Ingress, Egress]", 0),
    ],
)
def test_rules_that_types_leave_out_are_a_warning(spec: str, count: int) -> None:
    assert len(said(TYPES, policy(spec))) == count


@pytest.mark.parametrize(
    ("name", "selector", "spec", "count"),
    [
        ("web-ingress", WEB, "policyTypes: [Ingress, Egress]", 1),
        ("web-ingress", WEB, "policyTypes: [Ingress, Egress]\negress: []", 0),
        ("web-ingress-egress", WEB, "policyTypes: [Ingress, Egress]", 0),
        ("ingress-nginx", "matchLabels: {app: ingress-nginx}", "policyTypes: [Ingress, Egress]", 0),
        ("default-deny", "", "policyTypes: [Ingress, Egress]", 0),
        ("web-ingress", WEB, "policyTypes: [Ingress]", 0),
    ],
)
def test_egress_cut_off_under_the_name_of_ingress_is_a_note(name: str, selector: str, spec: str, count: int) -> None:
    found = said(TYPES, policy(spec, name=name, selector=selector))
    assert len(found) == count
    assert all(each.startswith("note ") for each in found)


def test_egress_cut_off_that_way_is_told_at_the_type() -> None:
    (found,) = rule_lines(TYPES, policy("policyTypes:\n- Ingress\n- Egress", name="web-ingress", selector=WEB))
    assert found.startswith(f"8:5: note[{TYPES}]")
    assert found.endswith("allows no egress at all, though its name speaks of ingress")


# ── one peer or two ───────────────────────────────────────────────────────────────────────────────────

NAMESPACE = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: front}}"
PODS = "podSelector: {matchLabels: {app: web}}"


def test_either_order_of_the_two_items_is_a_warning() -> None:
    for peers in ((NAMESPACE, PODS), (PODS, NAMESPACE)):
        (found,) = rule_lines(CONFUSION, policy(from_(*peers)))
        assert found.startswith(f"9:7: warning[{CONFUSION}] NetworkPolicy/shop/policy admits either of two peers")
        assert found.endswith("every pod of namespaces with kubernetes.io/metadata.name=front")


@pytest.mark.parametrize(
    "peers",
    [
        (f"{NAMESPACE}, {PODS}",),
        (NAMESPACE, "podSelector: {}"),
        (NAMESPACE, "ipBlock: {cidr: 10.0.0.0/8}", PODS),
        (NAMESPACE, f"{NAMESPACE}, {PODS}"),
        (NAMESPACE, "namespaceSelector: {matchLabels: {a: b}}"),
        (PODS, "podSelector: {matchLabels: {app: api}}"),
        ("namespaceSelector: {matchExpressions: [{key: a, operator: like}]}", PODS),
    ],
)
def test_what_can_be_no_slip_says_nothing(peers: tuple[str, ...]) -> None:
    assert said(CONFUSION, policy(from_(*peers))) == []


def test_it_names_the_pods_that_are_admitted_beyond_those_that_have_both() -> None:
    (found,) = said(CONFUSION, policy(from_(NAMESPACE, PODS)), pods("web", "front"), pods("api", "front"))
    assert found.endswith("beyond the pods that have both, Deployment/front/api")
    many = [pods(f"x{number}", "front") for number in range(6)]
    (found,) = said(CONFUSION, policy(from_(NAMESPACE, PODS)), *many)
    assert found.endswith("Deployment/front/x0, Deployment/front/x1, Deployment/front/x2 and 3 more")


def test_where_both_readings_admit_the_same_pods_it_says_nothing() -> None:
    assert said(CONFUSION, policy(from_(NAMESPACE, PODS)), pods("web", "front")) == []


def test_where_either_reading_makes_sense_it_is_a_note_and_a_comment_settles_it() -> None:
    (found,) = said(CONFUSION, policy(from_(NAMESPACE, PODS)), pods("web"), pods("api", "front"))
    assert found.startswith("note ")
    told = policy(from_(NAMESPACE, PODS).replace("  - {podS", "  # or our own frontend\n  - {podS"))
    assert said(CONFUSION, told, pods("web"), pods("api", "front")) == []


def test_beside_addresses_the_two_are_alternatives_and_it_is_a_note() -> None:
    (found,) = said(CONFUSION, policy(from_("ipBlock: {cidr: 10.0.0.0/8}", NAMESPACE, PODS)))
    assert found.startswith("note ")


def test_a_comment_does_not_settle_what_changes_nothing() -> None:
    own = NAMESPACE.replace("front", "shop")
    told = policy(from_(own, PODS).replace("  - {podS", "  # or our own frontend\n  - {podS"))
    (found,) = said(CONFUSION, told, pods("web"), pods("api"))
    assert found.startswith("warning ")


# ── ports ─────────────────────────────────────────────────────────────────────────────────────────────


def allows(port: str, direction: str = "ingress", peers: str = "", selector: str = WEB) -> str:
    field = {"ingress": "from", "egress": "to"}[direction]
    rule = f"ports: [{{{port}}}]" + (f", {field}: [{peers}]" if peers else "")
    return policy(f"policyTypes: [Ingress, Egress]\n{direction}: [{{{rule}}}]", selector=selector)


WITH_PORTS = pods("web", ports="[{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]")


@pytest.mark.parametrize("port", ["port: http", "port: 8080", "port: dns, protocol: UDP", "port: 53, protocol: UDP"])
def test_a_port_that_the_pods_have_is_fine(port: str) -> None:
    assert said(PORT, allows(port), WITH_PORTS) == []


@pytest.mark.parametrize(
    ("port", "why"),
    [
        ("port: https", "declares only http=8080, dns=53/UDP"),
        ("port: dns", "declares it for UDP alone"),
        ("port: http, protocol: UDP", "declares it for TCP alone"),
    ],
)
def test_a_name_that_no_pod_has_for_the_protocol_is_an_error(port: str, why: str) -> None:
    (found,) = said(PORT, allows(port), WITH_PORTS)
    assert found.startswith("error NetworkPolicy/shop/policy allows ")
    assert found.endswith(f"Deployment/shop/web {why}")


def test_a_number_of_another_protocol_is_mended_by_the_protocol() -> None:
    (finding,) = report_on(allows("port: 8080, protocol: UDP") + "\n---\n" + WITH_PORTS, select=[PORT]).findings
    assert finding.message.endswith("allows UDP port 8080, but Deployment/shop/web declares it for TCP alone")
    assert finding.help == "write protocol: TCP"


def test_a_namespace_by_its_name_is_to_be_declared_or_assumed() -> None:
    peer = policy(from_("namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}"))
    (finding,) = report_on(peer, select=[PEER]).findings
    assert "declare Namespace 'ingress-nginx'" in finding.help
    assert "assume.namespaces" in finding.help


OUTWARDS = "policyTypes: [Egress]\negress: [{{to: [{{ipBlock: {{cidr: 0.0.0.0/0, except: [{}]}}}}], ports: [{}]}}]"
PRIVATE = "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16"


@pytest.mark.parametrize(
    ("excepts", "ports", "severity", "act"),
    [
        (f"{PRIVATE}, 169.254.169.254/32", "{port: 80}, {port: 443}", "note", "that are meant; the private"),
        (PRIVATE, "{port: 80}, {port: 443}", "warning", "leave 169.254.169.254/32 out"),
        (f"{PRIVATE}, 169.254.0.0/16", "{port: 25}", "warning", "or allow ports 80 and 443 alone"),
        (f"{PRIVATE}, 169.254.0.0/16", "", "warning", "or allow ports 80 and 443 alone, of which this is a note; the"),
        ("10.0.0.0/8, 169.254.0.0/16", "{port: 443}", "note", "leave 172.16.0.0/12, 192.168.0.0/16 out"),
    ],
)
def test_egress_to_the_web_says_what_is_still_to_be_left_out(excepts: str, ports: str, severity: str, act: str) -> None:
    (finding,) = report_on(policy(OUTWARDS.format(excepts, ports)), select=["policy-open-cidr"]).findings
    assert (finding.severity.label, act in finding.help) == (severity, True)


def test_a_name_that_pods_without_any_port_lack_is_an_error_too() -> None:
    (found,) = said(PORT, allows("port: http"), pods("web"))
    assert found == (
        "error NetworkPolicy/shop/policy allows TCP port 'http', but Deployment/shop/web declares no ports"
    )


def test_a_number_that_no_pod_declares_is_a_note() -> None:
    (found,) = said(PORT, allows("port: 9090"), WITH_PORTS)
    assert found.startswith("note NetworkPolicy/shop/policy allows TCP port 9090, but")


@pytest.mark.parametrize(
    "workload",
    [
        pods("web"),
        pods("web", ports="[{containerPort: 8080}]").replace(
            "image: example/web", "image: x, args: ['--metrics=:9090']"
        ),
        pods("web", ports="[{containerPort: 8080}]", labels="{app: web, sidecar.istio.io/inject: 'true'}"),
    ],
)
def test_a_number_that_pods_may_serve_without_declaring_it_says_nothing(workload: str) -> None:
    assert said(PORT, allows("port: 9090"), workload) == []


def test_one_pod_of_several_is_enough() -> None:
    other = pods("other", labels="{app: web}", ports="[{containerPort: 1}]")
    assert said(PORT, allows("port: http"), WITH_PORTS, other) == []


def test_ranges_and_policies_for_everyone_are_not_judged_by_number() -> None:
    assert said(PORT, allows("port: 9000, endPort: 9100"), WITH_PORTS) == []
    assert said(PORT, allows("port: 9090", selector=""), WITH_PORTS) == []
    (found,) = said(PORT, allows("port: https", selector=""), WITH_PORTS)
    assert found.startswith("note ")


OTHER = "{podSelector: {matchLabels: {app: api}}}"
API = pods("api", ports="[{name: grpc, containerPort: 9000}]")


def test_for_egress_the_ports_are_those_of_the_peers() -> None:
    assert said(PORT, allows("port: grpc", "egress", OTHER), WITH_PORTS, API) == []
    (found,) = said(PORT, allows("port: http", "egress", OTHER), WITH_PORTS, API)
    assert found.endswith("Deployment/shop/api declares only grpc=9000")
    assert found.startswith("error ")


@pytest.mark.parametrize(
    ("peers", "severities"),
    [
        (OTHER, []),
        ("", []),
        (f"{OTHER}, {{podSelector: {{matchLabels: {{app: gone}}}}}}", []),
        ("{ipBlock: {cidr: 10.0.0.0/8}}", ["note"]),
        ("{ipBlock: {cidr: 10.0.0.0/8}}, " + OTHER, []),
        ("{namespaceSelector: {}}", []),
    ],
)
def test_peers_that_are_not_all_known_are_never_an_error(peers: str, severities: list[str]) -> None:
    scanned = [WITH_PORTS] if peers == OTHER else [WITH_PORTS, API]
    assert [
        each.partition(" ")[0] for each in said(PORT, allows("port: metrics", "egress", peers), *scanned)
    ] == severities


def test_an_item_without_a_port_beside_one_that_has_it_is_a_warning() -> None:
    assert len(said(ITEM, policy("ingress: [{ports: [{port: 80}, {protocol: TCP}]}]"))) == 1
    assert len(said(ITEM, policy("egress: [{ports: [{}, {port: 80}]}]"))) == 1


@pytest.mark.parametrize(
    "spec",
    [
        "ingress: [{ports: [{protocol: TCP}]}]",
        "ingress: [{ports: [{protocol: TCP}, {protocol: UDP}]}]",
        "ingress: [{ports: [{port: 80}, {port: 81, protocol: TCP}]}]",
        "ingress: [{ports: [{protocol: TCP}]}, {ports: [{port: 80}]}]",
        "policyTypes: [Egress]\ningress: [{ports: [{port: 80}, {protocol: TCP}]}]",
        "ingress: [{ports: [{port: 80}, {port: [81]}]}]",
    ],
)
def test_an_item_without_a_port_elsewhere_is_not(spec: str) -> None:
    assert said(ITEM, policy(spec)) == []


def test_ports_inside_a_peer_are_an_error_at_the_key() -> None:
    spec = "egress:\n- to:\n  - podSelector: {}\n    ports: [{port: 80}]"
    (found,) = rule_lines(INSIDE, policy(spec))
    assert found.startswith(f"9:7: error[{INSIDE}] NetworkPolicy/shop/policy has ports inside a peer")
    only = "egress:\n- to:\n  - ports: [{port: 80}]"
    assert [line.split()[1] for line in lint_text(policy(only), select=[INSIDE, FIELD])] == [f"error[{INSIDE}]"]


# ── hostile shapes ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("junk", ["null", "7", "text", "[]", "[7, null, text]", "{}", "{a: b}", "[{}]", "[[[]]]"])
@pytest.mark.parametrize(
    "spec",
    [
        "podSelector: {}",
        "policyTypes: {}",
        "ingress: {}",
        "egress: {}",
        "ingress: [{{from: {}, ports: {}}}]",
        "egress: [{{to: [{{podSelector: {}, namespaceSelector: {}, ipBlock: {}}}]}}]",
        "egress: [{{to: [{{ipBlock: {{cidr: {}, except: {}}}}}], ports: [{{port: {}, protocol: {}, endPort: {}}}]}}]",
        "ingress: [{{from: [{{podSelector: {{matchLabels: {}, matchExpressions: {}}}}}, {{namespaceSelector: {}}}]}}]",
    ],
)
def test_whatever_is_written_no_rule_fails(spec: str, junk: str) -> None:
    head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n"
    documents = [f"{head}  {spec.format(*[junk] * 5)}\n", pods("web"), namespace("shop")]
    lint_text("---\n".join(documents), select=["policy", "isolation"])


def test_a_block_in_a_network_of_the_cluster_is_told_where_the_networks_are_known() -> None:
    rule = "policy-ip-block-for-cluster-address"
    blocks = "egress:\n- to:\n  - ipBlock: {cidr: 10.244.1.5/32}\n  - ipBlock: {cidr: 10.0.0.0/8}"
    assert not lint_text(policy(blocks), select=[rule])
    (said,) = lint_text(policy(blocks), select=[rule], facts=Facts(pod_cidrs=("10.244.0.0/16", "oops")))
    assert said.endswith("names 10.244.1.5/32, which lies in the pods' network 10.244.0.0/16")


@pytest.mark.parametrize("field", ["clusterIP: 10.96.0.9", "clusterIPs: [10.96.0.9]", "externalIPs: [10.96.0.9]"])
def test_an_address_of_a_service_is_told_whatever_is_configured(field: str) -> None:
    service = f"apiVersion: v1\nkind: Service\nmetadata: {{name: ledger, namespace: bank}}\nspec: {{{field}}}\n"
    documents = together(service, policy("egress:\n- to:\n  - ipBlock: {cidr: 10.96.0.9/32}"))
    (said,) = lint_text(documents, select=["policy-ip-block-for-cluster-address"])
    assert said.endswith("which is the address of Service/bank/ledger")


@pytest.mark.parametrize(
    ("ports", "count"), [("[{port: 53, protocol: UDP}, {port: 53}]", 0), ("[{port: 53}, {port: 80}]", 1)]
)
def test_a_cache_on_the_node_takes_queries_at_the_address_of_the_service(ports: str, count: int) -> None:
    blocks = f"egress:\n- to: [{{ipBlock: {{cidr: 10.96.0.10/32}}}}]\n  ports: {ports}"
    known = Facts(service_cidrs=("10.96.0.0/12",))
    assert len(lint_text(policy(blocks), select=["policy-ip-block-for-cluster-address"], facts=known)) == count


def test_a_policy_for_pods_on_their_nodes_network_is_told() -> None:
    rule = "policy-ineffective-on-host-network"
    agent = pods("agent", labels="{app: agent}", kind="DaemonSet", spec="hostNetwork: true")
    selecting = policy("ingress: []", selector="matchLabels: {app: agent}")
    assert len(lint_text(together(agent, selecting), select=[rule])) == 1
    assert not lint_text(together(agent, pods("other", labels="{app: agent}"), selecting), select=[rule])
    assert not lint_text(together(agent, policy("ingress: []")), select=[rule])
    assert not lint_text(together(agent, selecting), select=[rule], options={rule: {"supported": True}})
