"""Services whose traffic policy cannot do what it is for."""

from __future__ import annotations

import pytest

from tests.shop import deployment, said, service

RULE = "service-traffic-policy-ineffective"
POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: partners, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [FROM]PORTS}]
"""
OPEN = "type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"
HIDDEN = (
    "warning Service/shop/web hides the addresses of its clients, and NetworkPolicy/shop/partners goes by them: "
    "it admits 198.51.100.0/24"
)


def policy(source: str = "{ipBlock: {cidr: 198.51.100.0/24}}", ports: str = "") -> str:
    return POLICY.replace("FROM", source).replace("PORTS", f", ports: [{ports}]" if ports else "")


@pytest.mark.parametrize("type_", ["ClusterIP", "ExternalName"])
@pytest.mark.parametrize("value", ["Local", "Cluster"])
def test_nothing_comes_from_outside(type_: str, value: str) -> None:
    (line,) = said(RULE, service(f"type: {type_}, externalTrafficPolicy: {value}"))
    assert line.startswith(f"error Service/shop/web has externalTrafficPolicy {value}, which a Service of type {type_}")


@pytest.mark.parametrize(
    "spec", ["externalIPs: [192.0.2.7]", "type: NodePort", "type: LoadBalancer", "externalTrafficPolicy: null"]
)
def test_where_the_policy_counts(spec: str) -> None:
    more = "" if "null" in spec else "externalTrafficPolicy: Local, "
    assert said(RULE, service(f"{more}{spec}")) == []


def test_a_health_check_port_needs_local_load_balancing() -> None:
    (line,) = said(RULE, service("type: LoadBalancer, healthCheckNodePort: 30100"))
    assert line.startswith("error Service/shop/web has a healthCheckNodePort")
    assert said(RULE, service("type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 30100")) == []
    assert said(RULE, service("type: ClusterIP, healthCheckNodePort: 0")) == []


LOCAL = service("internalTrafficPolicy: Local, selector: {app: web}")


def test_a_deployment_is_on_some_nodes() -> None:
    (line,) = said(RULE, LOCAL, deployment())
    assert line.startswith("warning Service/shop/web drops what comes from a node without its pods")


def test_a_daemon_set_is_on_all() -> None:
    pods = deployment().replace("kind: Deployment", "kind: DaemonSet")
    assert said(RULE, LOCAL, pods) == []
    assert said(RULE, LOCAL, pods, deployment("other")) == []


def test_no_pods_and_one_node() -> None:
    assert said(RULE, LOCAL) == []
    assert said(RULE, LOCAL, deployment(), options={RULE: {"single-node": True}}) == []


@pytest.mark.parametrize(
    "type_", ["type: LoadBalancer", "type: NodePort", "type: LoadBalancer, externalTrafficPolicy: Cluster"]
)
def test_a_policy_goes_by_addresses_that_nodes_hide(type_: str) -> None:
    assert said(RULE, service(OPEN.replace("type: LoadBalancer", type_)), deployment(), policy()) == [HIDDEN]


@pytest.mark.parametrize("ports", ["{port: 8080}", "{port: 8000, endPort: 9000}", "{protocol: TCP}", "{port: http}"])
def test_it_is_for_the_port(ports: str) -> None:
    pods = deployment(more="ports: [{name: http, containerPort: 8080}]")
    assert said(RULE, service(OPEN), pods, policy(ports=ports)) == [HIDDEN]


@pytest.mark.parametrize("ports", ["{port: 9100}", "{port: 8080, protocol: UDP}", "{port: metrics}"])
def test_it_is_for_another_port(ports: str) -> None:
    assert said(RULE, service(OPEN), deployment(), policy(ports=ports)) == []


@pytest.mark.parametrize(
    "source",
    [
        "{ipBlock: {cidr: 0.0.0.0/0}}",
        "{ipBlock: {cidr: 10.1.0.0/16}}",
        "{ipBlock: {cidr: 198.51.100.0/24}}, {ipBlock: {cidr: 192.168.0.0/16}}",
        "{ipBlock: {cidr: nonsense}}",
        "{podSelector: {}}",
        "",
    ],
)
def test_nodes_may_be_admitted_or_no_address_counts(source: str) -> None:
    assert said(RULE, service(OPEN), deployment(), policy(source)) == []


@pytest.mark.parametrize(
    "told",
    [
        "annotations: {service.beta.kubernetes.io/aws-load-balancer-nlb-target-type: ip}",
        "annotations: {service.beta.kubernetes.io/aws-load-balancer-type: nlb-ip}",
    ],
)
def test_a_load_balancer_that_leads_to_pods(told: str) -> None:
    assert said(RULE, service(OPEN, metadata=told), deployment(), policy()) == []


def test_addresses_that_are_kept() -> None:
    for more in ("externalTrafficPolicy: Local", "loadBalancerClass: tailscale"):
        assert said(RULE, service(f"{OPEN}, {more}"), deployment(), policy()) == []
    assert said(RULE, service("selector: {app: web}, ports: [{port: 80}]"), deployment(), policy()) == []
