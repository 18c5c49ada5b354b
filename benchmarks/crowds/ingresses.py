"""Crowds of Ingresses and of routes of OpenShift, many for one host."""

# ruff: noqa: E501 - a manifest in flow style is best read in one piece
from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import HTTP, deployment, manifest, policy, service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.objects import Member


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
    backend = "{service: {name: web, port: {number: 80}}}"
    paths = f"[{{path: /, pathType: Prefix, backend: {backend}}}]"
    spec = f"spec: {{rules: [{{host: h{number}.example.org, http: {{paths: {paths}}}}}]}}"
    yield manifest("networking.k8s.io/v1", "Ingress", f"i{number}", spec)
    peer = f"{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: team-{number}}}}}}}"
    yield policy(f"p{number}", f"{{podSelector: {{matchLabels: {{app: web}}}}, ingress: [{{from: [{peer}]}}]}}")


CROWDS: Mapping[str, Member] = {
    "one host": _one_host,
    "paths": _paths,
    "blocked": _blocked,
}
