"""Istio's traffic kinds (networking.istio.io v1, v1beta1, v1alpha3), as istiod reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.base import Resource
from k8snet_lint.selector import Selector, labels_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.manifest import Node

MESH = "mesh"
"""The reserved name of a gateway that stands for all sidecars."""

TLS_PROTOCOLS = frozenset({"HTTPS", "TLS"})
HTTP_PROTOCOLS = frozenset({"HTTP", "HTTP2", "GRPC", "GRPC-WEB", "HTTP_PROXY"})


class Exported(Resource):
    """A kind whose objects are seen in the namespaces of `exportTo`: `*` for all, `.` for its own, or names."""

    @cached_property
    def export_to(self) -> frozenset[str]:
        """The namespaces that see it; everyone (`*`) where nothing is written."""
        written = {item.text for item in self.spec["exportTo"]}
        return frozenset(self.namespace if text == "." else text for text in written or {"*"})

    def is_seen_in(self, namespace: str) -> bool:
        return not self.export_to.isdisjoint(("*", namespace))

    def shares_viewers(self, other: Exported) -> bool:
        """Whether some namespace sees both."""
        return "*" in self.export_to or "*" in other.export_to or not self.export_to.isdisjoint(other.export_to)


class Destination(NamedTuple):
    """Where a route leads (`Destination`): a host of the mesh, one of its ports and one of its subsets."""

    node: Node

    @property
    def host(self) -> Node:
        return self.node["host"]

    @property
    def subset(self) -> Node:
        return self.node["subset"]

    @property
    def port(self) -> Node:
        return self.node.at("port", "number")


class Shadowed(NamedTuple):
    """A route, and one before it: it takes every request, or is the first of those that have all of its matches."""

    route: Node
    before: Node
    by_everything: bool


class VirtualService(Exported):
    """A networking.istio.io VirtualService: routes for hosts, at gateways or at every sidecar."""

    @cached_property
    def hosts(self) -> tuple[Node, ...]:
        return tuple(self.spec["hosts"])

    @cached_property
    def gateways(self) -> tuple[Node, ...]:
        """The gateways that it names, `mesh` among them."""
        return tuple(self.spec["gateways"])

    @cached_property
    def is_for_sidecars(self) -> bool:
        """Whether sidecars follow it: it names `mesh`, or no gateway at all."""
        return not self.gateways or any(gateway.text == MESH for gateway in self.gateways)

    @cached_property
    def destinations(self) -> tuple[Destination, ...]:
        return tuple(Destination(node) for node in self._destinations() if node.is_mapping)

    @property
    def hosts_named(self) -> Iterator[Node]:
        """The hosts that sidecars follow it for, and those that it leads to."""
        if self.is_for_sidecars:
            yield from self.hosts
        yield from (each.host for each in self.destinations)

    @property
    def shadowed(self) -> Iterator[Shadowed]:
        """The HTTP routes that no request comes to; behind one that takes every request, only the first."""
        known: dict[str, Node] = {}
        before = None
        for route in self.spec["http"]:
            if before is not None:
                yield Shadowed(route, before, by_everything=True)
                return
            matches = [_request(match) for match in route["match"]]
            if matches and all(match in known for match in matches):
                yield Shadowed(route, known[matches[0]], by_everything=False)
            known.update((match, route) for match in matches if match not in known)
            before = route if _takes_all(route) else None

    def _destinations(self) -> Iterator[Node]:
        for protocol in ("http", "tls", "tcp"):
            for rule in self.spec[protocol]:
                yield from (route["destination"] for route in rule["route"])
                yield from (mirror["destination"] for mirror in rule["mirrors"])
                yield rule["mirror"]


def _takes_all(route: Node) -> bool:
    """Whether a route is for every request: no match of it asks for more than a path that begins with `/`."""
    if not route.is_mapping:
        return False
    return not route["match"] or any(_is_everything(match) for match in route["match"])


def _request(match: Node) -> str:
    """What a match asks for, to be compared; its name is nothing that it asks."""
    asked = {key: value.value for key, value in match.items() if key not in ("name", "statPrefix")}
    return json.dumps(asked, sort_keys=True, default=str)


def _is_everything(match: Node) -> bool:
    asked = {key: value for key, value in match.items() if key not in ("name", "statPrefix")}
    return match.is_mapping and (not asked or (asked.keys() == {"uri"} and asked["uri"]["prefix"].text == "/"))


class Subset(NamedTuple):
    """A named part of a host's endpoints (`Subset`)."""

    node: Node

    @property
    def name(self) -> str:
        return self.node["name"].text

    @property
    def labels(self) -> dict[str, str]:
        return labels_of(self.node["labels"])


class ClientTLS(NamedTuple):
    """How clients connect (`ClientTLSSettings`), with the port that it is for, None for all."""

    node: Node
    port: int | None

    @property
    def mode(self) -> Node:
        return self.node["mode"]

    @property
    def where(self) -> str:
        return "" if self.port is None else f" on port {self.port}"


class DestinationRule(Exported):
    """A networking.istio.io DestinationRule: how a host is talked to, and its subsets."""

    @cached_property
    def host(self) -> Node:
        return self.spec["host"]

    @property
    def hosts_named(self) -> tuple[Node, ...]:
        """The one host that it is for."""
        return (self.host,)

    @cached_property
    def subsets(self) -> tuple[Subset, ...]:
        return tuple(Subset(node) for node in self.spec["subsets"] if node.is_mapping)

    @cached_property
    def is_for_some_workloads(self) -> bool:
        return bool(self.spec["workloadSelector"])

    @cached_property
    def tls(self) -> tuple[ClientTLS, ...]:
        """The TLS settings for all ports and for single ones, of the host and of its subsets."""
        policies = (self.spec["trafficPolicy"], *(subset.node["trafficPolicy"] for subset in self.subsets))
        return tuple(each for policy in policies for each in _tls(policy))


def _tls(policy: Node) -> Iterator[ClientTLS]:
    if policy["tls"].is_mapping:
        yield ClientTLS(policy["tls"], None)
    for setting in policy["portLevelSettings"]:
        if setting["tls"].is_mapping:
            yield ClientTLS(setting["tls"], setting.at("port", "number").integer)


class ServiceEntry(Exported):
    """A networking.istio.io ServiceEntry: hosts that the mesh knows beside its Services."""

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        return tuple(host.text for host in self.spec["hosts"] if host.text)

    @property
    def is_external(self) -> bool:
        """Whether its hosts are outside the mesh, as they are where nothing is written."""
        return self.spec["location"].text != "MESH_INTERNAL"

    @cached_property
    def ports(self) -> tuple[int, ...]:
        numbers = (port["number"].integer for port in self.spec["ports"])
        return tuple(number for number in numbers if number is not None)


class GatewayServer(NamedTuple):
    """One listener of a Gateway (`Server`)."""

    node: Node
    gateway: IstioGateway

    @property
    def port(self) -> int | None:
        return self.node.at("port", "number").integer

    @property
    def protocol(self) -> str:
        return self.node.at("port", "protocol").text.upper()

    @property
    def is_http(self) -> bool:
        return self.protocol in HTTP_PROTOCOLS

    @property
    def is_tls(self) -> bool:
        return self.protocol in TLS_PROTOCOLS

    @property
    def bind(self) -> str:
        return self.node["bind"].text

    @property
    def hosts(self) -> tuple[tuple[str, str], ...]:
        """Each host with the namespace of the VirtualServices that may bind to it, `*` for any."""
        return tuple(self._host(host.text) for host in self.node["hosts"] if host.text)

    def _host(self, written: str) -> tuple[str, str]:
        namespace, slash, name = written.rpartition("/")
        if not slash:
            return "*", written
        return (self.gateway.namespace if namespace == "." else namespace), name

    def __str__(self) -> str:
        return f"{self.protocol} on port {self.port}"


class IstioGateway(Resource):
    """A networking.istio.io Gateway: listeners of the proxies that it selects; not the Gateway API's."""

    @cached_property
    def selector(self) -> Selector:
        return Selector.of_labels(self.spec["selector"])

    @cached_property
    def servers(self) -> tuple[GatewayServer, ...]:
        return tuple(GatewayServer(node, self) for node in self.spec["servers"] if node.is_mapping)


class Sidecar(Resource):
    """A networking.istio.io Sidecar: what the sidecars of a namespace, or some of them, know of the mesh."""

    @cached_property
    def selector_node(self) -> Node:
        return self.spec.at("workloadSelector", "labels")

    @cached_property
    def selector(self) -> Selector:
        return Selector.of_labels(self.selector_node)


KINDS: Mapping[tuple[str, str], type[Resource]] = {
    ("networking.istio.io", "VirtualService"): VirtualService,
    ("networking.istio.io", "DestinationRule"): DestinationRule,
    ("networking.istio.io", "ServiceEntry"): ServiceEntry,
    ("networking.istio.io", "Gateway"): IstioGateway,
    ("networking.istio.io", "Sidecar"): Sidecar,
}
