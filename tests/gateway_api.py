"""Gateways, routes and what stands beside them, as small manifests."""

from __future__ import annotations

GROUP = "gateway.networking.k8s.io/v1"


def resource(kind: str, name: str, namespace: str, spec: str, *, api: str = GROUP, metadata: str = "") -> str:
    """An object, its spec in flow style on the fourth line."""
    place = f", namespace: {namespace}" if namespace else ""
    more = f", {metadata}" if metadata else ""
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}{place}{more}}}\nspec: {{{spec}}}\n"


def listener(name: str = "http", more: str = "", *, port: int = 80, protocol: str = "HTTP") -> str:
    return f"{{name: {name}, port: {port}, protocol: {protocol}{more and ', ' + more}}}"


def gateway(*listeners: str, name: str = "edge", namespace: str = "infra", spec: str = "", metadata: str = "") -> str:
    """A Gateway; one HTTP listener where none is given."""
    listed = ", ".join(listeners or (listener(),))
    more = f", {spec}" if spec else ""
    return resource(
        "Gateway", name, namespace, f"gatewayClassName: example, listeners: [{listed}]{more}", metadata=metadata
    )


def route(
    parent: str = "name: edge, namespace: infra",
    rule: str = "backendRefs: [{name: web, port: 80}]",
    *,
    kind: str = "HTTPRoute",
    name: str = "web",
    namespace: str = "shop",
    hosts: str = "",
) -> str:
    """A route of one parent and one rule."""
    named = f", hostnames: [{hosts}]" if hosts else ""
    return resource(kind, name, namespace, f"parentRefs: [{{{parent}}}]{named}, rules: [{{{rule}}}]")


def grant(source: str, target: str, *, namespace: str) -> str:
    """A ReferenceGrant; `source` is `Kind/namespace`, `target` is `Kind` or `Kind/name`."""
    kind, _, home = source.partition("/")
    wanted, _, name = target.partition("/")
    trusted = f"{{group: gateway.networking.k8s.io, kind: {kind}, namespace: {home}}}"
    granted = f'{{group: "", kind: {wanted}{name and ", name: " + name}}}'
    return resource("ReferenceGrant", "grant", namespace, f"from: [{trusted}], to: [{granted}]")


def service(name: str = "web", namespace: str = "shop", spec: str = "selector: {app: web}, ports: [{port: 80}]") -> str:
    return resource("Service", name, namespace, spec, api="v1")


def from_all(more: str = "") -> str:
    """A listener that takes routes of every namespace."""
    return listener("http", f"allowedRoutes: {{namespaces: {{from: All}}}}{more and ', ' + more}")
