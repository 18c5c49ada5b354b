"""Services that open a port on every node."""

from __future__ import annotations

import pytest

from tests.shop import deployment, rule_lines, said, service

RULE = "service-node-port"
NODE_PORT = service("type: NodePort, selector: {app: web}, ports: [{port: 80}]")


def test_the_finding_stands_at_the_type() -> None:
    assert rule_lines(RULE, NODE_PORT) == [
        "4:14: warning[service-node-port] Service/shop/web opens a port on every node"
    ]


@pytest.mark.parametrize("allow", ["shop/web", "web", "shop/*"])
def test_the_option_allows_it(allow: str) -> None:
    assert said(RULE, NODE_PORT, options={RULE: {"allow": [allow]}}) == []


def test_the_option_allows_no_other() -> None:
    assert len(said(RULE, NODE_PORT, options={RULE: {"allow": ["front/web"]}})) == 1


def test_a_system_namespace_is_the_clusters_own() -> None:
    assert said(RULE, NODE_PORT.replace("shop", "kube-system")) == []


def test_a_controller_knows_why_it_makes_one() -> None:
    owner = "ownerReferences: [{apiVersion: v1, kind: Gateway, name: edge, uid: a, controller: true}]"
    assert said(RULE, service("type: NodePort, ports: [{port: 80}]", metadata=f", {owner}")) == []


def test_a_load_balancer_has_node_ports_by_the_way() -> None:
    assert said(RULE, service("type: LoadBalancer, ports: [{port: 80}]")) == []


def test_an_ingress_controller_has_to_be_reached() -> None:
    pods = deployment().replace("example/web", "registry.k8s.io/ingress-nginx/controller:v1.12.0@sha256:0123")
    assert said(RULE, NODE_PORT, pods) == []


@pytest.mark.parametrize(("ingress_class", "count"), [("alb", 0), ("gce", 0), ("nginx", 1)])
def test_a_cloud_load_balancer_goes_by_its_node_port(ingress_class: str, count: int) -> None:
    ingress = f"""
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: web, namespace: shop}}
spec:
  ingressClassName: {ingress_class}
  defaultBackend: {{service: {{name: web, port: {{number: 80}}}}}}
"""
    assert len(said(RULE, NODE_PORT, ingress)) == count
