"""Crowds of Gateways, their listeners and the routes that they take."""

# ruff: noqa: E501 - a manifest in flow style is best read in one piece
from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import manifest, service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.objects import Member


def _routes(number: int) -> Iterator[str]:
    """A Gateway with a listener, routes of it, and a grant, each with a host of its own."""
    host = f"host-{number}.example.org"
    listeners = (
        f"[{{name: web, port: 80, protocol: HTTP, hostname: {host}, allowedRoutes: {{namespaces: {{from: All}}}}}},"
        f" {{name: tls, port: 443, protocol: HTTPS, hostname: '*.example.org',"
        f" tls: {{certificateRefs: [{{name: cert-{number}, namespace: certs}}]}}}}]"
    )
    api = "gateway.networking.k8s.io/v1"
    yield manifest(api, "Gateway", f"g{number}", f"spec: {{gatewayClassName: any, listeners: {listeners}}}", "edge")
    for kind in ("HTTPRoute", "GRPCRoute"):
        yield manifest(
            api,
            kind,
            f"r{number}",
            f"spec: {{hostnames: [{host}], parentRefs: [{{name: g{number}, namespace: edge, sectionName: web}}],"
            f" rules: [{{backendRefs: [{{name: s{number}, port: 80}}, {{name: s{number}, namespace: edge, port: 80}}]}}]}}",
        )
    yield manifest(
        "gateway.networking.k8s.io/v1beta1",
        "ReferenceGrant",
        f"r{number}",
        "spec: {from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: edge}], to: [{group: '', kind: Secret}]}",
        "certs",
    )
    yield service(f"s{number}", f"a{number}")


def _one_gateway(number: int) -> Iterator[str]:
    """Routes and ListenerSets of one Gateway, all for the same host."""
    api = "gateway.networking.k8s.io/v1"
    if number == 0:
        listener = "{name: web, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}"
        spec = (
            f"spec: {{gatewayClassName: any, allowedListeners: {{namespaces: {{from: All}}}}, listeners: [{listener}]}}"
        )
        yield manifest(api, "Gateway", "edge", spec)
    yield manifest(
        api,
        "ListenerSet",
        f"l{number}",
        "spec: {parentRef: {name: edge}, listeners: [{name: web, port: 8000, protocol: HTTP, hostname: a.example.org}]}",
    )
    for parent in ("name: edge", f"kind: ListenerSet, name: l{number}"):
        yield manifest(
            api,
            "HTTPRoute",
            f"r{number}-{parent[0]}",
            f"spec: {{hostnames: [a.example.org], parentRefs: [{{{parent}}}], rules: [{{matches: [{{path: {{type: PathPrefix,"
            f" value: /{number}}}}}, {{path: {{type: PathPrefix, value: /same}}}}], backendRefs: [{{name: s{number}, port: 80}}]}}]}}",
        )
    yield service(f"s{number}", f"a{number}")


def _listeners(number: int) -> Iterator[str]:
    """A Gateway with a listener for each of many hosts, and a route for all of them."""
    api, hosts = "gateway.networking.k8s.io/v1", [f"h{i}-{number}.example.org" for i in range(8)]
    listeners = ", ".join(
        f"{{name: l{i}, port: 443, protocol: HTTPS, hostname: {host}, tls: {{certificateRefs: [{{name: c{number}}}]}}}}"
        for i, host in enumerate(hosts)
    )
    yield manifest(api, "Gateway", f"g{number}", f"spec: {{gatewayClassName: any, listeners: [{listeners}]}}")
    rules = f"rules: [{{backendRefs: [{{name: s{number}, port: 80}}]}}]"
    spec = f"spec: {{hostnames: [{', '.join(hosts)}], parentRefs: [{{name: g{number}}}], {rules}}}"
    yield manifest(api, "HTTPRoute", f"r{number}", spec)
    yield service(f"s{number}", f"a{number}")


def _namespaces_with_routes(number: int) -> Iterator[str]:
    """Routes for one host, each in a namespace that the Gateway selects by its label."""
    api, own = "gateway.networking.k8s.io/v1", f"team-{number}"
    if number == 0:
        admitted = "{namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: Exists}]}}}"
        listener = f"{{name: web, port: 80, protocol: HTTP, allowedRoutes: {admitted}}}"
        yield manifest(api, "Gateway", "edge", f"spec: {{gatewayClassName: any, listeners: [{listener}]}}")
    yield manifest("v1", "Namespace", own, "", "", f", labels: {{team: {own}}}")
    matches = ", ".join(f"{{path: {{type: Exact, value: /{number}/{i}}}}}" for i in range(3))
    yield manifest(
        api,
        "HTTPRoute",
        "r",
        f"spec: {{hostnames: [a.example.org, b{number}.example.org], parentRefs: [{{name: edge, namespace: shop}}],"
        f" rules: [{{matches: [{matches}], backendRefs: [{{name: web, port: 80}}]}}]}}",
        own,
    )
    yield service("web", "web", namespace=own)


def _grants(number: int) -> Iterator[str]:
    """Routes of many namespaces to Services of one, each with a grant."""
    own, to = f"team-{number}", ", ".join(f"{{group: '', kind: Service, name: {name}{number}}}" for name in "st")
    who = f"{{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: {own}}}"
    spec = f"spec: {{from: [{who}], to: [{to}]}}"
    yield manifest("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", f"g{number}", spec, "shared")
    yield service(f"s{number}", f"a{number}", namespace="shared")
    backends = ", ".join(f"{{name: s{each}, namespace: shared, port: 80}}" for each in (number, number + 1))
    spec = f"spec: {{parentRefs: [{{name: edge, namespace: shared}}], rules: [{{backendRefs: [{backends}]}}]}}"
    yield manifest("gateway.networking.k8s.io/v1", "HTTPRoute", "web", spec, own)


def _described_often(number: int) -> Iterator[str]:
    """The same Gateway over and over, and routes of it."""
    listener = "{name: web, port: 80, protocol: HTTP}"
    yield manifest(
        "gateway.networking.k8s.io/v1", "Gateway", "edge", f"spec: {{gatewayClassName: any, listeners: [{listener}]}}"
    )
    spec = f"hostnames: [h{number}.example.org], parentRefs: [{{name: edge}}], rules: [{{backendRefs: [{{name: s{number}, port: 80}}]}}]"
    yield manifest("gateway.networking.k8s.io/v1", "HTTPRoute", f"r{number}", f"spec: {{{spec}}}")


CROWDS: Mapping[str, Member] = {
    "Gateways": _routes,
    "one Gateway": _one_gateway,
    "grants": _grants,
    "listeners": _listeners,
    "namespaces with routes": _namespaces_with_routes,
    "Gateway described often": _described_often,
}
