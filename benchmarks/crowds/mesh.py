"""Crowds of objects of Istio."""

# ruff: noqa: E501 - a manifest in flow style is best read in one piece
from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import HTTP, deployment, manifest, service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.objects import Member


def _mesh(number: int) -> Iterator[str]:
    """Istio's objects of an app, all in one namespace."""
    host = f"s{number}.shop.svc.cluster.local"
    if number == 0:
        yield manifest("v1", "Namespace", "shop", "", "", ", labels: {istio-injection: enabled}")
    yield service(f"s{number}", f"a{number}")
    yield deployment(f"d{number}", f"a{number}", HTTP)
    route = f"{{destination: {{host: s{number}, subset: v{number % 3}}}}}"
    gateways = f"gateways: [g{number}, mesh], "
    hosts = f"[{host}, h{number}.example.org, same.example.org]"
    yield manifest(
        "networking.istio.io/v1",
        "VirtualService",
        f"v{number}",
        f"spec: {{hosts: {hosts}, {gateways}http: [{{route: [{route}]}}]}}",
    )
    yield manifest(
        "networking.istio.io/v1",
        "Gateway",
        f"g{number}",
        f"spec: {{selector: {{istio: ingress}}, servers: [{{port: {{number: 80, name: http, protocol: HTTP}},"
        f" hosts: [h{number}.example.org, same.example.org]}}]}}",
    )
    yield manifest(
        "networking.istio.io/v1",
        "DestinationRule",
        f"r{number}",
        f"spec: {{host: {host}, trafficPolicy: {{tls: {{mode: ISTIO_MUTUAL}}}}, subsets: [{{name: v1, labels: {{app: a{number}}}}}]}}",
    )
    yield manifest(
        "security.istio.io/v1",
        "AuthorizationPolicy",
        f"z{number}",
        f"spec: {{selector: {{matchLabels: {{app: a{number}}}}}, action: {('ALLOW', 'DENY')[number % 2]}, rules: [{{from: [{{source:"
        f" {{principals: [cluster.local/ns/shop/sa/a{number}]}}}}], to: [{{operation: {{paths: [/a], ports: ['8080']}}}}]}}]}}",
    )
    yield manifest(
        "security.istio.io/v1",
        "PeerAuthentication",
        f"m{number}",
        f"spec: {{selector: {{matchLabels: {{app: a{number}}}}}, mtls: {{mode: PERMISSIVE}}}}",
    )
    yield manifest(
        "networking.istio.io/v1",
        "ServiceEntry",
        f"e{number}",
        f"spec: {{hosts: [e{number}.example.org], ports: [{{number: 443, name: tls, protocol: TLS}}], resolution: DNS}}",
    )


def _shared_host(number: int) -> Iterator[str]:
    """Namespaces that each have a ServiceEntry and a DestinationRule for the same host outside."""
    api, own = "networking.istio.io/v1", f"team-{number}"
    spec = "spec: {hosts: [same.example.org], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS}"
    yield manifest(api, "ServiceEntry", "out", spec, own)
    spec = "spec: {host: same.example.org, trafficPolicy: {tls: {mode: SIMPLE}}}"
    yield manifest(api, "DestinationRule", "out", spec, own)


def _exported(number: int) -> Iterator[str]:
    """Namespaces that each have a ServiceEntry for the same host outside, every other one for itself alone."""
    api, own, viewers = "networking.istio.io/v1", f"team-{number}", ("'*'", ".")[number % 2]
    ports = "ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS"
    yield manifest(
        api, "ServiceEntry", "out", f"spec: {{hosts: [same.example.org], exportTo: [{viewers}], {ports}}}", own
    )
    route = "http: [{route: [{destination: {host: same.example.org}}]}]"
    yield manifest(api, "VirtualService", "out", f"spec: {{hosts: [same.example.org], {route}}}", own)
    spec = "spec: {host: same.example.org, trafficPolicy: {tls: {mode: SIMPLE}}}"
    yield manifest(api, "DestinationRule", "out", spec, own)


def _linkerd(number: int) -> Iterator[str]:
    """Servers of Linkerd for the pods of one workload, and authorizations of Servers that have a label."""
    if number == 0:
        yield deployment("web", "web", HTTP)
    labelled = f"server: {{selector: {{matchLabels: {{part: p{number % 7}}}}}}}, client: {{unauthenticated: true}}"
    server = f"spec: {{podSelector: {{matchLabels: {{app: web}}}}, port: {8_000 + number}}}"
    yield manifest("policy.linkerd.io/v1beta3", "Server", f"s{number}", server)
    yield manifest("policy.linkerd.io/v1beta1", "ServerAuthorization", f"z{number}", f"spec: {{{labelled}}}")


CROWDS: Mapping[str, Member] = {
    "mesh": _mesh,
    "one host of many namespaces": _shared_host,
    "one host, exported": _exported,
    "Servers of one workload": _linkerd,
}
