"""Crowds within one object: a list of it that grows, and what is held against each item."""

# ruff: noqa: E501 - a manifest in flow style is best read in one piece
from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import HTTP, deployment, manifest, policy, service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.objects import Whole

GATEWAYS = "gateway.networking.k8s.io/v1"


def _ports_of_one(members: int) -> Iterator[str]:
    """A Service, and the container that it is for, with many ports; every other one has no such number."""
    numbers = range(2_000, 2_000 + members)
    ports = ", ".join(f"{{name: p{i}, port: {i}, targetPort: {i if i % 2 else i + 30_000}}}" for i in numbers)
    yield manifest("v1", "Service", "web", f"spec: {{selector: {{app: web}}, ports: [{ports}]}}")
    yield deployment("web", "web", ", ".join(f"{{name: p{i}, containerPort: {i}}}" for i in numbers))
    named = ", ".join(f"{{port: {i if i % 2 else f'q{i}'}}}" for i in numbers)
    yield policy("web", f"{{podSelector: {{matchLabels: {{app: web}}}}, ingress: [{{ports: [{named}]}}]}}")


def _hosts_of_one(members: int) -> Iterator[str]:
    """An Ingress for many hosts, most of which its certificates cover."""
    rules = ", ".join(
        f"{{host: h{i}.example.org, http: {{paths: [{{path: /, pathType: Prefix, backend: {{service: {{name: s{i}, port: {{number: 80}}}}}}}}]}}}}"
        for i in range(members)
    )
    tls = ", ".join(
        f"{{hosts: [h{i}.example.org, h{i + 1}.example.org], secretName: t{i}}}" for i in range(0, members, 3)
    )
    yield manifest("networking.k8s.io/v1", "Ingress", "web", f"spec: {{tls: [{tls}], rules: [{rules}]}}")
    yield from (service(f"s{i}", f"a{i}") for i in range(0, members, 2))


def _listeners_of_one(members: int) -> Iterator[str]:
    """A Gateway with many listeners, and a route for the host of each."""
    listeners = ", ".join(
        f"{{name: l{i}, port: 443, protocol: HTTPS, hostname: '{'*.' * (i % 2)}h{i}.example.org', tls: {{certificateRefs: [{{name: c{i}}}]}}}}"
        for i in range(members)
    )
    yield manifest(GATEWAYS, "Gateway", "edge", f"spec: {{gatewayClassName: any, listeners: [{listeners}]}}")
    for i in range(members):
        spec = f"hostnames: [x.h{i}.example.org, h{i}.example.org], parentRefs: [{{name: edge}}], rules: [{{backendRefs: [{{name: s{i}, port: 80}}]}}]"
        yield manifest(GATEWAYS, "HTTPRoute", f"r{i}", f"spec: {{{spec}}}")


def _subsets_of_one(members: int) -> Iterator[str]:
    """A DestinationRule with many subsets, a VirtualService for each, and a Gateway of Istio with a host for each."""
    api, host = "networking.istio.io/v1", "web.shop.svc.cluster.local"
    subsets = ", ".join(f"{{name: version-{i}, labels: {{version: v{i}}}}}" for i in range(members))
    yield manifest(api, "DestinationRule", "web", f"spec: {{host: {host}, subsets: [{subsets}]}}")
    hosts = ", ".join(f"h{i}.example.org" for i in range(members))
    server = f"{{port: {{number: 80, name: http, protocol: HTTP}}, hosts: [{hosts}]}}"
    yield manifest(api, "Gateway", "edge", f"spec: {{selector: {{istio: ingress}}, servers: [{server}]}}")
    yield from (service("web", "web"), deployment("web", "web", HTTP))
    for i in range(members):
        routes = f"[{{destination: {{host: web, subset: version-{i}}}}}, {{destination: {{host: web, subset: versions-{i}}}}}]"
        spec = f"hosts: [h{i}.example.org], gateways: [edge], http: [{{route: {routes}}}]"
        yield manifest(api, "VirtualService", f"v{i}", f"spec: {{{spec}}}")


def _settings_of_one(members: int) -> Iterator[str]:
    """A ConfigMap with many keys that name Services, and workloads that read it."""
    data = ", ".join(f"k{i}: 'http://s{i}:80 {8_000 + i}'" for i in range(members))
    yield manifest("v1", "ConfigMap", "common", f"data: {{{data}}}")
    for i in range(0, members, 2):
        yield deployment(f"d{i}", f"a{i}", HTTP).replace(
            ", ports:", ", envFrom: [{configMapRef: {name: common}}], ports:"
        )
        yield service(f"s{i}", f"a{i}", str(9_000 + i))


def _mesh_ports_of_one(members: int) -> Iterator[str]:
    """A Service with many ports, and a VirtualService that leads to as many, every other one of which is not there."""
    numbers = range(2_000, 2_000 + members)
    ports = ", ".join(f"{{name: p{i}, port: {i}}}" for i in numbers)
    routes = ", ".join(
        f"{{match: [{{uri: {{prefix: /p{i}}}}}], route: [{{destination: {{host: web, port: {{number: {i + i % 2 * 40_000}}}}}}}]}}"
        for i in numbers
    )
    yield manifest("v1", "Service", "web", f"spec: {{selector: {{app: web}}, ports: [{ports}]}}")
    yield deployment("web", "web", HTTP)
    yield manifest("networking.istio.io/v1", "VirtualService", "web", f"spec: {{hosts: [web], http: [{routes}]}}")


LISTS: Mapping[str, Whole] = {
    "ports of one Service": _ports_of_one,
    "hosts of one Ingress": _hosts_of_one,
    "listeners of one Gateway": _listeners_of_one,
    "subsets of one host": _subsets_of_one,
    "settings of one ConfigMap": _settings_of_one,
    "ports of one host of the mesh": _mesh_ports_of_one,
}
