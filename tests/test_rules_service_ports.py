"""Service ports that the API server rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.facts import Facts
from tests.shop import deployment, said, service
from tests.support import lint_text, lint_tree, report_on, write_files

if TYPE_CHECKING:
    from pathlib import Path

RULE = "service-ports-invalid"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("ports: [{port: 80}, {name: b, port: 81}]", "has 2 ports and no name for port 80"),
        ("ports: [{name: a, port: 80}, {name: a, port: 81}]", "gives the port name 'a' twice"),
        ("ports: [{name: a, port: 80}, {name: b, port: 80}]", "gives port 80/TCP twice"),
        ("ports: [{name: A_b, port: 80}]", "has name 'A_b': a name has lower-case letters, digits, and '-' between"),
        ("ports: [{port: 70000}]", "has port '70000': a port is a number from 1 to 65535"),
        ("ports: [{port: 80, targetPort: 70000}]", "has targetPort '70000': a port is a number from 1 to 65535"),
        ("ports: [{port: 80, targetPort: '8080'}]", "has targetPort '8080': a name has a letter"),
        ("ports: [{port: 80, targetPort: this-is-too-long}]", "a name has at most 15 characters"),
        ("ports: [{port: 80, nodePort: 30080}]", "gives nodePort 30080, which a Service of type ClusterIP"),
        ("type: NodePort, ports: [{port: 80, nodePort: 80}]", "nodePort 80, outside the cluster's range 30000-32767"),
    ],
)
def test_the_api_server_rejects_it(spec: str, message: str) -> None:
    (found,) = said(RULE, service(spec))
    assert found.startswith("error Service/shop/web ")
    assert message in found


@pytest.mark.parametrize(
    "spec",
    [
        "ports: [{port: 80}]",
        "ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53}]",
        "ports: [{port: 80, targetPort: 0, nodePort: 0}]",
        "ports: null",
        "ports: [null]",
        "ports: {port: 80}",
        "ports: [{name: null, port: eighty, targetPort: [80], nodePort: {}}]",
    ],
)
def test_the_api_server_accepts_it(spec: str) -> None:
    assert said(RULE, service(spec)) == []


def test_a_port_without_a_number_lacks_that_and_not_a_name() -> None:
    report = report_on(service("ports: [{targetPort: 80}, {name: b, port: 81}]"), select=[RULE, "field-invalid"])
    (found,) = report.open
    assert found.message == "Service/shop/web has no port in spec.ports[0]"


def test_one_number_for_two_protocols_is_two_ports() -> None:
    dns = "{name: dns, port: 53, protocol: UDP, nodePort: 30053}, {name: dns-tcp, port: 53, nodePort: 30053}"
    assert said(RULE, service(f"type: NodePort, ports: [{dns}]")) == []


def test_the_cluster_may_have_another_range_of_node_ports() -> None:
    text = service("type: NodePort, ports: [{port: 80, nodePort: 80}]")
    assert said(RULE, text, facts=Facts(node_ports=(80, 443))) == []


def test_a_target_that_is_no_name_is_not_looked_up() -> None:
    text = service("selector: {app: web}, ports: [{port: 80, targetPort: HTTP}]")
    (found,) = lint_text(f"{text}\n---\n{deployment()}", select=[RULE, "service-target-port-name-unresolved"])
    assert f"error[{RULE}] Service/shop/web has targetPort 'HTTP'" in found


def test_two_services_claim_one_node_port() -> None:
    spec = "type: NodePort, ports: [{port: 80, nodePort: 30080}]"
    assert said(RULE, service(spec), service(spec, name="admin")) == [
        "error Service/shop/admin claims node port 30080/TCP, which Service/shop/web has"
    ]


def test_in_different_directories_they_may_never_meet(tmp_path: Path) -> None:
    spec = "type: NodePort, ports: [{port: 80, nodePort: 30080}]"
    write_files(tmp_path, {"a/web.yaml": service(spec), "b/admin.yaml": service(spec, name="admin")})
    (found,) = lint_tree(tmp_path, select=[RULE])
    assert found.startswith("b/admin.yaml:4: warning")


def test_a_variable_that_is_yet_to_be_filled_in_is_not_judged() -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{name: '${NAME}', port: 80}]}\n"
    assert lint_text(text, select=["service-ports-invalid"]) == []


def test_a_target_port_of_thousands_of_digits_costs_nothing() -> None:
    digits = "9" * 5_000
    ports = f"[{{port: 80, targetPort: '{digits}'}}]"
    text = f"apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{ports: {ports}}}\n"
    (line,) = lint_text(text, select=["service-ports-invalid"])
    assert "targetPort" in line


TYPE = "service-type-conflict"


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        ("type: NodePort, clusterIP: None", "clusterIP None, which a Service of type NodePort"),
        ("type: LoadBalancer, clusterIP: None", "clusterIP None, which a Service of type LoadBalancer"),
        ("loadBalancerClass: example.com/x", "loadBalancerClass, which a Service of type ClusterIP"),
        ("type: NodePort, allocateLoadBalancerNodePorts: false", "allocateLoadBalancerNodePorts, which a Service of"),
    ],
)
def test_a_field_that_the_type_does_not_allow(spec: str, what: str) -> None:
    (found,) = said(TYPE, service(spec))
    assert found.startswith(f"error Service/shop/web has {what}")


@pytest.mark.parametrize(
    "spec",
    [
        "clusterIP: None",
        "type: NodePort, clusterIP: ''",
        "type: LoadBalancer, loadBalancerClass: example.com/x, allocateLoadBalancerNodePorts: false",
        "loadBalancerClass: ''",
        "allocateLoadBalancerNodePorts: null",
        "type: Nodeport, loadBalancerClass: example.com/x",
    ],
)
def test_fields_that_go_with_the_type(spec: str) -> None:
    assert said(TYPE, service(spec)) == []


def test_ports_without_names_are_told_of_once() -> None:
    (found,) = said(RULE, service("ports: [{port: 80}, {port: 81}, {name: c, port: 82}]"))
    assert found == "error Service/shop/web has 3 ports and no name for ports 80, 81"
