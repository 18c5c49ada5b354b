"""Probes by the name of a port that is not TCP's."""

from __future__ import annotations

from tests.support import lint_text

RULE = ["probe-port-unresolved"]


def pod(ports: str) -> str:
    probe = "livenessProbe: {tcpSocket: {port: dns}}"
    return (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: dns, namespace: shop}\n"
        f"spec: {{containers: [{{name: dns, image: dns, ports: [{ports}], {probe}}}]}}\n"
    )


def test_a_tcp_probe_of_a_port_for_udp() -> None:
    (line,) = lint_text(pod("{name: dns, containerPort: 53, protocol: UDP}"), select=RULE)
    assert "warning[probe-port-unresolved] livenessProbe of Pod/shop/dns calls port 'dns' by TCP" in line


def test_a_port_that_is_still_to_be_filled_in() -> None:
    written = pod("{name: dns, containerPort: 53}")
    assert lint_text(written.replace("port: dns}", "port: PROBE_PORT}"), select=RULE) == []
    assert len(lint_text(written.replace("port: dns}", "port: probe}"), select=RULE)) == 1


def test_a_number_that_is_served_by_both() -> None:
    both = "{name: dns, containerPort: 53, protocol: UDP}, {name: dns-tcp, containerPort: 53}"
    assert lint_text(pod(both), select=RULE) == []


def test_a_number_is_no_call_of_the_ports_without_a_name() -> None:
    numbered = pod("{containerPort: 53, protocol: UDP}, {containerPort: 8080}").replace("port: dns}", "port: 8080}")
    assert lint_text(numbered, select=RULE) == []


def test_a_number_that_a_service_targets_is_told_of_by_two() -> None:
    probed = (
        pod("{containerPort: 53}").replace("port: dns}", "port: 8080}").replace("shop}", "shop, labels: {app: dns}}")
    )
    service = (
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: dns, namespace: shop}\n"
        "spec: {selector: {app: dns}, ports: [{port: 80, targetPort: 8080}]}\n"
    )
    assert len(lint_text(probed, select=RULE)) == 1
    assert lint_text(probed + service, select=RULE) == []
