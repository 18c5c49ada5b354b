"""Routes of the Gateway API and of OpenShift, as far as it takes to follow them to Services (GEP-709, GEP-718)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource

GATEWAY_GROUP = "gateway.networking.k8s.io"
ROUTE_GROUP = "route.openshift.io"
GATEWAY_LABEL = "gateway.networking.k8s.io/gateway-name"
"""The label of pods that carry the traffic of the Gateway it names (GEP-1762)."""

PROTOCOLS = {"HTTPRoute": "TCP", "GRPCRoute": "TCP", "TLSRoute": "TCP", "TCPRoute": "TCP", "UDPRoute": "UDP"}
"""What the traffic of each kind of route runs over."""

_LISTENS_FOR = {
    "HTTPRoute": ("HTTP", "HTTPS"),
    "GRPCRoute": ("HTTP", "HTTPS"),
    "TLSRoute": ("TLS",),
    "TCPRoute": ("TCP", "TLS"),
    "UDPRoute": ("UDP",),
}
"""The protocols of listeners that take each kind, where a listener names no kinds."""


class BackendRef(NamedTuple):
    """A Service that a route sends traffic to.

    Shapes: `port` is a Service's port number, or for an OpenShift Route a port's name or target, None for all ports;
    `flaw` says why no traffic gets there, empty where some does; `gateways` are those that the route is attached to.
    """

    route: Resource
    at: Node
    namespace: str
    service: str
    port: int | str | None
    protocol: str
    flaw: str = ""
    gateways: tuple[Resource, ...] = ()


def backend_refs(graph: Graph) -> Iterator[BackendRef]:
    """Every Service that a route of a Gateway sends traffic to; references of a mesh (parent Service) are left out."""
    resources: dict[str, list[Resource]] = {"Gateway": [], "ReferenceGrant": []}
    routes = []
    for resource in graph.resources:
        if resource.group == GATEWAY_GROUP:
            if resource.kind in resources:
                resources[resource.kind].append(resource)
            elif resource.kind in PROTOCOLS:
                routes.append(resource)
    for route in routes:
        parents = [each for each in route.spec["parentRefs"] if (each["kind"].text or "Gateway") == "Gateway"]
        if parents or not route.spec["parentRefs"]:
            gateways = tuple(_attached(graph, route, parents, resources["Gateway"]))
            yield from _backends(route, gateways, resources["ReferenceGrant"])


def _attached(graph: Graph, route: Resource, parents: list[Node], gateways: list[Resource]) -> Iterator[Resource]:
    for parent in parents:
        namespace = parent["namespace"].text or route.namespace
        for gateway in gateways:
            named = (gateway.name, gateway.namespace) == (parent["name"].text, namespace)
            if named and any(_admits(graph, gateway, each, route) for each in _listeners(gateway, parent)):
                yield gateway


def _listeners(gateway: Resource, parent: Node) -> Iterator[Node]:
    """The listeners that a parent reference means: all, or those of its section or port."""
    section, port = parent["sectionName"].text, parent["port"].integer
    for listener in gateway.spec["listeners"]:
        if section in ("", listener["name"].text) and port in (None, listener["port"].integer):
            yield listener


def _admits(graph: Graph, gateway: Resource, listener: Node, route: Resource) -> bool:
    """Whether a listener lets a route attach: by namespace, by kind, by host name."""
    allowed = listener["allowedRoutes"]
    kinds = [each["kind"].text for each in allowed["kinds"]]
    takes = route.kind in kinds if kinds else listener["protocol"].text in _LISTENS_FOR[route.kind]
    admits = takes and _admits_namespace(graph, gateway, allowed["namespaces"], route.namespace)
    return admits and _shares_host(listener, route)


def _admits_namespace(graph: Graph, gateway: Resource, namespaces: Node, name: str) -> bool:
    match namespaces["from"].text:
        case "All":
            return True
        case "Selector":
            surely, maybe = graph.namespaces.matching(Selector.of(namespaces["selector"]))
            return name in surely or name in maybe
        case _:
            return gateway.namespace == name


def _shares_host(listener: Node, route: Resource) -> bool:
    wanted, hosts = listener["hostname"].text, [each.text for each in route.spec["hostnames"]]
    return not wanted or not hosts or any(_overlap(wanted, host) for host in hosts)


def _overlap(one: str, other: str) -> bool:
    """Whether some host name fits both, `*.` in front standing for any label."""
    if one == other:
        return True
    if one.startswith("*.") and other.startswith("*."):
        return one.endswith(other[1:]) or other.endswith(one[1:])
    if one.startswith("*."):
        return other.endswith(one[1:])
    return other.startswith("*.") and one.endswith(other[1:])


def _backends(route: Resource, gateways: tuple[Resource, ...], grants: list[Resource]) -> Iterator[BackendRef]:
    for rule in route.spec["rules"]:
        mirrors = [each.at("requestMirror", "backendRef") for each in rule["filters"]]
        for backend in (*rule["backendRefs"], *mirrors):
            if not backend.is_mapping or (backend["kind"].text or "Service") != "Service" or backend["group"].text:
                continue
            namespace = backend["namespace"].text or route.namespace
            flaw = "" if gateways else "the route is attached to no listener of the set"
            if backend["weight"].integer == 0:
                flaw = "its weight is 0"
            elif namespace != route.namespace and not _granted(route, namespace, backend["name"].text, grants):
                flaw = f"no ReferenceGrant of namespace '{namespace}' allows it"
            name, port = backend["name"].text, backend["port"].integer
            yield BackendRef(route, backend, namespace, name, port, PROTOCOLS[route.kind], flaw, gateways)


def _granted(route: Resource, namespace: str, service: str, grants: list[Resource]) -> bool:
    for grant in grants:
        if grant.namespace != namespace:
            continue
        source = any(
            (each["group"].text, each["kind"].text, each["namespace"].text)
            == (route.group, route.kind, route.namespace)
            for each in grant.spec["from"]
        )
        target = any(
            each["kind"].text == "Service" and not each["group"].text and each["name"].text in ("", service)
            for each in grant.spec["to"]
        )
        if source and target:
            return True
    return False


def openshift_refs(graph: Graph) -> Iterator[BackendRef]:
    """Every Service that an OpenShift Route sends traffic to."""
    for route in graph.resources:
        if route.group == ROUTE_GROUP and route.kind == "Route":
            port = route.spec.at("port", "targetPort").value
            wanted = port if isinstance(port, (int, str)) and not isinstance(port, bool) else None
            for backend in (route.spec["to"], *route.spec["alternateBackends"]):
                if backend["name"].text and (backend["kind"].text or "Service") == "Service":
                    flaw = "its weight is 0" if backend["weight"].integer == 0 else ""
                    yield BackendRef(route, backend, route.namespace, backend["name"].text, wanted, "TCP", flaw)


def is_gateway(resource: Resource) -> bool:
    """Whether it is a Gateway, whose pods a controller makes, somewhere."""
    return resource.group == GATEWAY_GROUP and resource.kind == "Gateway"
