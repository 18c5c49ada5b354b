"""Crowds of Ingresses and of routes of OpenShift, many for one host."""

# ruff: noqa: E501 - a manifest in flow style is best read in one piece
from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import HTTP, deployment, manifest, policy, service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.objects import Member, Whole


def _one_host(number: int) -> Iterator[str]:
    """Ingresses and routes of OpenShift for the same host and path."""
    paths = ", ".join(
        f"{{path: {path}, pathType: Prefix, backend: {{service: {{name: s{number}, port: {{number: 80}}}}}}}}"
        for path in ("/", f"/{number}")
    )
    spec = (
        f"spec: {{ingressClassName: nginx, tls: [{{hosts: [a.example.org], secretName: tls-{number}}}],"
        f" rules: [{{host: a.example.org, http: {{paths: [{paths}]}}}}]}}"
    )
    yield manifest("networking.k8s.io/v1", "Ingress", f"i{number}", spec)
    yield manifest("v1", "Secret", f"tls-{number}", "type: kubernetes.io/tls\ndata: {tls.crt: YQ==, tls.key: YQ==}")
    yield manifest(
        "route.openshift.io/v1",
        "Route",
        f"o{number}",
        f"spec: {{host: a.example.org, to: {{kind: Service, name: s{number}}}}}",
    )
    yield service(f"s{number}", f"a{number}")


def _paths(number: int) -> Iterator[str]:
    """Ingresses of one host and of one pattern of hosts, with many paths each and a class of their own."""
    backend = f"{{service: {{name: s{number}, port: {{number: 80}}}}}}"
    paths = ", ".join(f"{{path: /{number}/{i}, pathType: Prefix, backend: {backend}}}" for i in range(10))
    rules = ", ".join(f"{{host: '{host}', http: {{paths: [{paths}]}}}}" for host in ("a.example.org", "*.example.org"))
    spec = f"spec: {{ingressClassName: c{number}, tls: [{{hosts: ['*.example.org'], secretName: t{number}}}], rules: [{rules}]}}"
    yield manifest("networking.k8s.io/v1", "Ingress", f"i{number}", spec)
    yield manifest("networking.k8s.io/v1", "IngressClass", f"c{number}", "spec: {controller: example.org/any}", "")
    yield service(f"s{number}", f"a{number}")


def _blocked(number: int) -> Iterator[str]:
    """Ingresses whose controller none of many policies admits, all for the same pods."""
    if number == 0:
        controller = deployment("controller", "edge", HTTP, "edge")
        yield controller.replace("labels: {", "labels: {app.kubernetes.io/name: ingress-nginx, ")
        yield deployment("web", "web", HTTP)
        yield service("web", "web")
    yield _to_web(number, 80)
    peer = f"{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: team-{number}}}}}}}"
    yield policy(f"p{number}", f"{{podSelector: {{matchLabels: {{app: web}}}}, ingress: [{{from: [{peer}]}}]}}")


def _shared(number: int) -> Iterator[str]:
    """Ingresses and load balancers, each for the pods of all workloads, which serve a database."""
    if number == 0:
        yield service("web", "web")
    yield deployment(f"d{number}", "web", "{name: http, containerPort: 5432}")
    yield service(f"s{number}", "web", more=", type: LoadBalancer")
    yield _to_web(number, 80)


def _blocked_ports(members: int) -> Iterator[str]:
    """Ingresses for one port each of one Service, whose pods admit somebody else on each."""
    numbers = range(2_000, 2_000 + members)
    ports = ", ".join(f"{{name: p{i}, port: {i}, targetPort: t{i}}}" for i in numbers)
    yield manifest("v1", "Service", "web", f"spec: {{selector: {{app: web}}, ports: [{ports}]}}")
    yield deployment("web", "web", ", ".join(f"{{name: t{i}, containerPort: {i}}}" for i in numbers))
    for i in numbers:
        yield _to_web(i, i)
        rule = f"{{from: [{{podSelector: {{matchLabels: {{app: a{i}}}}}}}], ports: [{{port: t{i}}}]}}"
        yield policy(f"p{i}", f"{{podSelector: {{matchLabels: {{app: web}}}}, ingress: [{rule}]}}")


def _to_web(number: int, port: int) -> str:
    """An Ingress for a port of one Service."""
    backend = f"{{service: {{name: web, port: {{number: {port}}}}}}}"
    paths = f"[{{path: /, pathType: Prefix, backend: {backend}}}]"
    spec = f"spec: {{rules: [{{host: h{number}.example.org, http: {{paths: {paths}}}}}]}}"
    return manifest("networking.k8s.io/v1", "Ingress", f"i{number}", spec)


CROWDS: Mapping[str, Member] = {
    "one host": _one_host,
    "paths": _paths,
    "blocked": _blocked,
    "shared": _shared,
}
LISTS: Mapping[str, Whole] = {"blocked ports of one Service": _blocked_ports}
