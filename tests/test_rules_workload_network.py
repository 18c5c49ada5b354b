"""Ports of nodes, probes, capabilities, kernel settings and DNS of workloads, beyond the examples on the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from k8snet_lint.declare import Preset
from k8snet_lint.facts import Facts
from tests.cluster import pods, policy, together
from tests.support import lint_text, lint_tree, report_on, write_files

if TYPE_CHECKING:
    from pathlib import Path

CONFLICT, CAPABILITY, DNS = "host-port-conflict", "network-capability-or-sysctl", "dns-config-invalid"
PORT = "[{containerPort: 80, hostPort: 8080}]"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
EDGE = "{matchExpressions: [{key: edge, operator: Exists}]}"


def warnings(text: str, **settings: Any) -> list[str]:  # noqa: ANN401 - fields of Config
    """What is said of capabilities and kernel settings beyond notes."""
    return [line for line in lint_text(text, select=[CAPABILITY], **settings) if "warning[" in line]


def daemon(name: str, ports: str = PORT, spec: str = "", namespace: str = "shop") -> str:
    return pods(name, namespace=namespace, kind="DaemonSet", ports=ports, spec=spec)


@pytest.mark.parametrize(
    "other",
    [
        daemon("two"),
        daemon("two", namespace="bank"),
        daemon("two", spec="nodeSelector: {kubernetes.io/os: linux}"),
        daemon("two", "[{containerPort: 8080}]", "hostNetwork: true"),
        daemon("two", "[{containerPort: 80, hostPort: 8080, hostIP: 127.0.0.1}]"),
        pods("two", ports=PORT),
    ],
)
def test_a_port_that_a_daemon_set_has_on_every_node_is_nobody_elses(other: str) -> None:
    (said,) = lint_text(together(daemon("one"), other), select=[CONFLICT, "host-port"])[1:]
    assert "error[host-port-conflict]" in said
    assert said.endswith("asks for port 8080 of each node, which DaemonSet/shop/one has taken")


@pytest.mark.parametrize(
    "other",
    [
        daemon("two", "[{containerPort: 80, hostPort: 8081}]"),
        daemon("two", "[{containerPort: 80, hostPort: 8080, protocol: UDP}]"),
        daemon("two", spec="nodeSelector: {kubernetes.io/os: windows}"),
        daemon("two", spec="nodeName: first"),
        daemon("two", spec=f"affinity: {{nodeAffinity: {{{REQUIRED}: {{nodeSelectorTerms: [{EDGE}]}}}}}}"),
        daemon("two", "[{containerPort: 8080}]"),
        pods("two", kind="Job", ports=PORT),
        pods("one", ports=PORT),
        daemon("one", "[{containerPort: 80, hostPort: 8080, name: http}]"),
    ],
)
def test_other_ports_and_other_nodes_are_free(other: str) -> None:
    assert not lint_text(together(daemon("one"), other), select=[CONFLICT])


def test_a_deployment_that_no_daemon_set_leaves_a_port_is_told_of_that_alone() -> None:
    replicated = pods("web", ports=PORT).replace("spec: {template", "spec: {replicas: 3, template")
    (said,) = lint_text(together(daemon("one"), replicated), select=[CONFLICT])
    assert "error[host-port-conflict] Deployment/shop/web asks for port 8080 of each node" in said
    assert not lint_text(replicated.replace("Deployment", "StatefulSet"), select=[CONFLICT])


def test_daemon_sets_of_two_directories_may_be_for_two_clusters(tmp_path: Path) -> None:
    write_files(tmp_path, {"one/daemon.yaml": daemon("one"), "two/daemon.yaml": daemon("two")})
    (said,) = lint_tree(tmp_path, select=[CONFLICT])
    assert "two/daemon.yaml:" in said
    assert "warning[host-port-conflict]" in said


def test_replicas_that_each_take_a_node_are_a_warning() -> None:
    replicated = pods("web", ports=PORT).replace("spec: {template", "spec: {replicas: 3, template")
    (said,) = lint_text(replicated, select=[CONFLICT])
    assert said.endswith(
        "warning[host-port-conflict] Deployment/shop/web takes port 8080 of a node for each of 3 replicas"
    )
    assert not lint_text(pods("web", ports=PORT), select=[CONFLICT])


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}", 0),
        ("{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: other}}}", 1),
        ("{topologyKey: kubernetes.io/hostname}", 1),
        ("{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: web}}}", 1),
    ],
)
def test_replicas_that_insist_on_a_node_each_are_none(term: str, found: int) -> None:
    required = f"requiredDuringSchedulingIgnoredDuringExecution: [{term}]"
    spec = f"affinity: {{podAntiAffinity: {{{required}}}}}"
    replicated = pods("web", ports=PORT, spec=spec).replace("spec: {template", "spec: {replicas: 3, template")
    assert len(lint_text(replicated, select=[CONFLICT])) == found


@pytest.mark.parametrize(
    ("handler", "mended"),
    [
        ("httpGet: {port: 80, host: shop}", "delete host; write a virtual host into httpHeaders as Host"),
        ("tcpSocket: {port: 80, host: shop}", "delete host"),
    ],
)
def test_only_http_has_virtual_hosts(handler: str, mended: str) -> None:
    text = pods("web").replace("{name: web, image", f"{{name: web, livenessProbe: {{{handler}}}, image")
    (finding,) = report_on(text, select=["probe-host-field"]).open
    assert finding.help == mended


def test_a_probe_of_the_node_itself_is_a_note_on_the_nodes_network() -> None:
    probe = "livenessProbe: {tcpSocket: {host: 127.0.0.1, port: 80}}"
    here = pods("web", kind="Pod", spec="hostNetwork: true").replace("image:", f"{probe}, image:")
    assert "note[probe-host-field]" in lint_text(here, select=["probe-host-field"])[0]
    elsewhere = here.replace("hostNetwork: true", "hostNetwork: false")
    assert "warning[probe-host-field]" in lint_text(elsewhere, select=["probe-host-field"])[0]


def secured(context: str, image: str = "example/web", namespace: str = "shop") -> str:
    written = pods("web", kind="Pod", namespace=namespace)
    return written.replace("image: example/web", f"image: {image}, securityContext: {{capabilities: {{{context}}}}}")


@pytest.mark.parametrize(
    ("context", "found"),
    [
        ("add: [CAP_NET_RAW]", 1),
        ("add: [net_admin, SYS_MODULE]", 2),
        ("add: [ALL]", 1),
        ("add: [NET_BIND_SERVICE]", 0),
        ("drop: [NET_RAW]", 0),
    ],
)
def test_what_reaches_past_policies_is_told(context: str, found: int) -> None:
    assert len(warnings(secured(context))) == found


def test_whoever_serves_the_node_may() -> None:
    assert not lint_text(secured("add: [NET_ADMIN]", "quay.io/cilium/cilium:v1.16"), select=[CAPABILITY])
    assert not lint_text(secured("add: [NET_ADMIN]", namespace="kube-system"), select=[CAPABILITY])
    assert not warnings(secured("add: [NET_ADMIN]"), options={CAPABILITY: {"agents": ["example/web"]}})


def test_net_raw_that_is_kept_is_told_in_the_strict_preset_alone() -> None:
    said = f"note[{CAPABILITY}] Deployment/shop/web keeps NET_RAW, which forges packets, in 'web'"
    assert not any(said in line for line in lint_text(pods("web")))
    assert any(said in line for line in lint_text(pods("web"), preset=Preset.STRICT))
    assert not any("keeps NET_RAW" in line for line in lint_text(secured("drop: [ALL]"), preset=Preset.STRICT))


@pytest.mark.parametrize(
    ("name", "version", "found"),
    [
        ("net.ipv4.tcp_syncookies", (1, 24), 0),
        ("net.ipv4.ip_unprivileged_port_start", (1, 21), 1),
        ("net.ipv4.ip_unprivileged_port_start", (1, 22), 0),
        ("net.ipv4.tcp_keepalive_time", (1, 28), 1),
        ("net.ipv4.tcp_keepalive_time", (1, 29), 0),
        ("net/core/somaxconn", (1, 34), 1),
        ("kernel.msgmax", (1, 34), 0),
    ],
)
def test_settings_are_safe_by_version(name: str, version: tuple[int, int], found: int) -> None:
    written = pods("web", spec=f"securityContext: {{sysctls: [{{name: {name}, value: '1'}}]}}")
    assert len(warnings(written, facts=Facts(kubernetes_version=version))) == found


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("dnsPolicy: None, dnsConfig: {searches: [shop.svc]}", "names no name servers"),
        ("dnsConfig: {nameservers: [192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4]}", "4 name servers; 3 are read"),
        (f"dnsConfig: {{searches: [{', '.join('abc' * 30 for _ in range(33))}]}}", "33 search domains"),
        (f"dnsConfig: {{searches: [{', '.join('abc' for _ in range(33))}]}}", "33 search domains"),
        (f"dnsConfig: {{searches: [{', '.join('abc' * 30 for _ in range(30))}]}}", "of 2729 characters"),
        (f"dnsConfig: {{searches: [{', '.join('abc' for _ in range(32))}]}}", ""),
        ("dnsPolicy: Default", ""),
        ("dnsPolicy: None, dnsConfig: {nameservers: [192.0.2.1]}", ""),
    ],
)
def test_settings_of_dns_are_held_to_the_api_servers_limits(spec: str, said: str) -> None:
    found = lint_text(pods("web", spec=spec), select=[DNS, "field-invalid"])
    assert [said in line for line in found] == ([True] if said else [])


def test_an_operator_may_give_its_pods_name_servers() -> None:
    written = pods("web", spec="dnsPolicy: None")
    assert len(lint_text(written, select=[DNS])) == 1
    operated = written.replace("apps/v1", "example.com/v1").replace("Deployment", "Ledger")
    assert operated != written
    assert lint_text(operated, select=[DNS]) == []


@pytest.mark.parametrize(
    ("egress", "said"),
    [
        ("- ports: [{port: 53, protocol: UDP}, {port: 53}]", "allows DNS to whatever name server there is"),
        ("- to: [{podSelector: {}}]\n  ports: [{port: dns, protocol: UDP}]", "goes by the name 'dns'"),
        ("- to: [{podSelector: {}}]\n  ports: [{port: 53, protocol: UDP}]", "over UDP and not over TCP"),
        ("- to: [{podSelector: {}}]\n  ports: [{port: 53, protocol: UDP}, {port: 53}]", ""),
        ("- to: [{podSelector: {}}]\n  ports: [{port: 53, protocol: UDP}]\n- to: [{podSelector: {}}]", ""),
        ("- {}", ""),
    ],
)
def test_rules_for_dns_are_held_to_what_dns_is(egress: str, said: str) -> None:
    written = policy(f"policyTypes: [Egress]\negress:\n{egress}")
    found = lint_text(written, select=["policy-dns-egress-imprecise"])
    assert [said in line for line in found] == [True] * len(found)
    assert bool(found) is bool(said)


@pytest.mark.parametrize(
    ("ports", "selector", "silent"),
    [
        ("{port: 53}", "", True),
        ("{port: 1, endPort: 1024}", "", True),
        ("{port: 53}", "matchLabels: {app: web}", True),
        ("{port: 53}", "matchLabels: {app: other}", False),
        ("{port: 54, endPort: 1024}", "", False),
    ],
)
def test_dns_over_tcp_may_be_allowed_by_a_range_or_by_another_policy(ports: str, selector: str, silent: bool) -> None:
    egress = "policyTypes: [Egress]\negress:\n- to: [{{podSelector: {{}}}}]\n  ports: [{}]"
    narrow = policy(egress.format("{port: 53, protocol: UDP}"), name="narrow", selector="matchLabels: {app: web}")
    other = policy(egress.format(ports), name="other", selector=selector)
    found = lint_text(together(narrow, other), select=["policy-dns-egress-imprecise"])
    assert len(found) == (0 if silent else 1)
