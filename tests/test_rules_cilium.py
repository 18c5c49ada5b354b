"""Rules about what policies say, asked of Cilium's."""

from __future__ import annotations

import pytest

from tests.cluster import cilium, pods, together
from tests.support import lint_text, report_on

FOR_WEB = "endpointSelector: {matchLabels: {app: web}}"
WEB = pods("web", ports="[{name: http, containerPort: 8080}]")
SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"
    "spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}\n"
)
RULES = ["policy-allows-all-ingress", "policy-allows-all-egress", "policy-open-cidr", "policy-port-unknown"]


def said(
    *spec: str, select: tuple[str, ...] = tuple(RULES), others: tuple[str, ...] = (), space: str = "shop"
) -> list[str]:
    """The rules and what they say of the policy."""
    found = lint_text(together(cilium(FOR_WEB, *spec, namespace=space), WEB, *others), select=select)
    return [line.partition(" ")[2] for line in found]


@pytest.mark.parametrize(
    ("rule", "whom"),
    [
        ("{fromEntities: [all]}", "everyone, from outside the cluster too,"),
        ("{fromEntities: [world, cluster]}", "everyone, from outside the cluster too,"),
        ('{toPorts: [{ports: [{port: "0"}]}]}', "everyone, from outside the cluster too,"),
        ("{fromEntities: [cluster]}", "every pod of every namespace"),
    ],
)
def test_a_rule_for_everyone_on_every_port_is_told_of(rule: str, whom: str) -> None:
    (found,) = said(f"ingress: [{rule}]")
    assert found == f"warning[policy-allows-all-ingress] CiliumNetworkPolicy/shop/p admits {whom} on every port"


def test_all_pods_of_the_cluster_are_every_pod_only_in_a_policy_for_the_cluster() -> None:
    assert said("ingress: [{fromEndpoints: [{}]}]") == []
    (found,) = said("ingress: [{fromEndpoints: [{}]}]", space="*")
    assert "admits every pod of every namespace on every port" in found


@pytest.mark.parametrize(
    "spec",
    [
        ["ingress: [{}]"],
        ["ingress: [{fromRequires: [{matchLabels: {env: prod}}]}]"],
        ["ingress: [{fromEntities: [all], fromRequires: [{matchLabels: {env: prod}}]}]"],
        ['ingress: [{fromEntities: [all], toPorts: [{ports: [{port: "8080"}]}]}]'],
        ["ingress: [{fromEntities: [all]}]", "ingressDeny: [{fromEntities: [world]}]"],
        ["ingress: [{fromEntities: [all]}]", "enableDefaultDeny: {ingress: false}"],
        ["ingress: [{fromEntities: [host, kube-apiserver]}]"],
        ["ingress: [{fromEntities: [all], icmps: [{fields: [{type: 8}]}]}]"],
        ["ingress: [{fromCIDR: [10.1.0.0/16]}]"],
        ['egress: [{toEntities: [world], toPorts: [{ports: [{port: "443"}]}]}]'],
        ["ingress: [{fromCIDRSet: [{cidrGroupRef: vpn}]}]"],
    ],
)
def test_narrower_rules_are_left_alone(spec: list[str]) -> None:
    assert said(*spec) == []


def test_a_condition_on_the_peers_of_other_rules_is_not_dead() -> None:
    rules = "{fromRequires: [{matchLabels: {env: prod}}]}, {fromEndpoints: [{}]}"
    assert said(f"ingress: [{rules}]", select=("policy-never-effective",)) == []
    assert len(said("ingress: [{}, {fromEndpoints: [{}]}]", select=("policy-never-effective",))) == 1


def test_everywhere_on_every_port_is_a_note() -> None:
    (found,) = said("egress: [{toEntities: [all]}]")
    assert found.startswith(
        "note[policy-allows-all-egress] CiliumNetworkPolicy/shop/p allows connections to everywhere"
    )


@pytest.mark.parametrize(
    "rule", ["{fromEntities: [world]}", "{fromCIDR: [0.0.0.0/0]}", "{fromCIDRSet: [{cidr: 0.0.0.0/0}]}"]
)
def test_addresses_without_a_bound_are_told_of(rule: str) -> None:
    (found,) = said(f"ingress: [{rule}]")
    assert found == "warning[policy-open-cidr] CiliumNetworkPolicy/shop/p admits every IPv4 address"


@pytest.mark.parametrize(
    ("port", "found"),
    [
        ("port: https", ["error[policy-port-unknown]"]),
        ('port: "9090"', ["note[policy-port-unknown]"]),
        ('port: "8080"', []),
        ('port: "8080", protocol: TCP', []),
        ("port: http, protocol: TCP", []),
        ('port: "8000", endPort: 9000', []),
    ],
)
def test_ports_that_no_pod_has_are_told_of(port: str, found: list[str]) -> None:
    assert [each.split(" ")[0] for each in said(f"ingress: [{{toPorts: [{{ports: [{{{port}}}]}}]}}]")] == found


@pytest.mark.parametrize("protocol", ["", ", protocol: TCP"])
def test_the_port_of_a_service_is_told_of_instead_of_the_pods(protocol: str) -> None:
    rule = f'egress: [{{toEndpoints: [{{}}], toPorts: [{{ports: [{{port: "80"{protocol}}}]}}]}}]'
    (found,) = said(rule, select=("policy-names-service-port",), others=(SERVICE,))
    assert (
        "CiliumNetworkPolicy/shop/p names port 80 of Service/shop/web, which Deployment/shop/web gets at 8080" in found
    )
    assert said(rule.replace("80", "8080"), select=("policy-names-service-port",), others=(SERVICE,)) == []


def test_a_peer_is_mended_in_ciliums_own_words() -> None:
    elsewhere = cilium(FOR_WEB, "ingress: [{fromEndpoints: [{matchLabels: {app: shopper}}]}]")
    (finding,) = report_on(together(elsewhere, WEB), select=["policy-peer-selects-nothing"]).open
    assert "and the label k8s:io.kubernetes.pod.namespace if they are elsewhere" in finding.help
