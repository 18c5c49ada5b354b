"""Crowds of Services and of the workloads behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import HTTP, deployment, manifest, policy, service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.objects import Member


def _one_label(number: int) -> Iterator[str]:
    """Services and workloads that all have the same label; every other workload lacks the port that is named."""
    yield service(f"s{number}", "web")
    yield deployment(f"d{number}", "web", HTTP if number % 2 else "{containerPort: 9090}")


def _one_label_no_port(number: int) -> Iterator[str]:
    yield service(f"s{number}", "web")
    yield deployment(f"d{number}", "web", "{name: web, containerPort: 9090}")
    yield policy(f"p{number}", "{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: http}]}]}")


def _load_balancers(number: int) -> Iterator[str]:
    """Services open to the Internet that claim the same name, of workloads that policies isolate."""
    text = service(f"s{number}", f"a{number}", more=", type: LoadBalancer")
    yield text.replace(
        "metadata: {", "metadata: {annotations: {external-dns.alpha.kubernetes.io/hostname: same.example.org}, "
    )
    yield deployment(f"d{number}", f"a{number}", HTTP)
    open_cidr = "{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}"
    yield policy(f"p{number}", f"{{podSelector: {{matchLabels: {{app: a{number}}}}}, ingress: [{open_cidr}]}}")


def _ports(number: int) -> Iterator[str]:
    """Services with many ports each, all of one workload."""
    if number == 0:
        yield deployment("web", "web", HTTP)
    ports = ", ".join(f"{{name: p{i}, port: {1000 + number * 20 + i}, targetPort: {2000 + i}}}" for i in range(20))
    yield manifest("v1", "Service", f"s{number}", f"spec: {{selector: {{app: web}}, ports: [{ports}]}}")


def _torn(number: int) -> Iterator[str]:
    """Workloads whose pods lack the label that their selectors, and those of others, ask for."""
    text = deployment(f"d{number}", f"a{number}", HTTP)
    yield text.replace(f"labels: {{app: a{number}}}", f"labels: {{app: b{number}}}")
    yield service(f"s{number}", f"a{number}")
    yield policy(f"p{number}", f"{{podSelector: {{matchLabels: {{app: a{number}}}}}}}")


def _duplicates(number: int) -> Iterator[str]:
    """The same object over and over, each time a little different."""
    yield service("web", f"a{number}")
    yield deployment("web", f"a{number}", HTTP)
    yield policy("web", f"{{podSelector: {{matchLabels: {{app: a{number}}}}}}}")


def _host_ports(number: int) -> Iterator[str]:
    """Workloads that take the same ports of their nodes."""
    port = "{name: http, containerPort: 8080, hostPort: 8080}"
    own = deployment(f"d{number}", f"a{number}", port, pod="hostNetwork: true\n      ")
    yield own.replace("kind: Deployment", "kind: DaemonSet") if number % 2 else own
    yield deployment(f"e{number}", f"e{number}", f"{{containerPort: 8080, hostPort: {10000 + number}}}")


def _named_targets(number: int) -> Iterator[str]:
    """Services and workloads that all have the same label, each with a name of its own for a port."""
    yield deployment(f"d{number}", "web", f"{{name: p{number % 97}, containerPort: {2_000 + number}}}")
    yield service(f"s{number}", "web", f"p{number}")


def _headless(number: int) -> Iterator[str]:
    """Headless Services whose ports are not those of their pods, and monitors of them."""
    yield deployment(f"d{number}", f"a{number}", HTTP)
    yield service(f"s{number}", f"a{number}", more=", clusterIP: None")
    spec = f"spec: {{selector: {{matchLabels: {{app: a{number}}}}}, endpoints: [{{port: http}}]}}"
    yield manifest("monitoring.coreos.com/v1", "ServiceMonitor", f"m{number}", spec)


def _one_workload(number: int) -> Iterator[str]:
    """Load balancers that all lead to one workload."""
    if number == 0:
        yield deployment("web", "web", HTTP)
    yield service(f"s{number}", "web", more=", type: LoadBalancer")


CROWDS: Mapping[str, Member] = {
    "one label": _one_label,
    "one label, port missing": _one_label_no_port,
    "named targets": _named_targets,
    "headless": _headless,
    "load balancers": _load_balancers,
    "ports": _ports,
    "torn": _torn,
    "duplicates": _duplicates,
    "host ports": _host_ports,
    "load balancers of one workload": _one_workload,
}
