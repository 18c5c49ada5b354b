"""Gateways, their classes and their listeners (gateway.networking.k8s.io)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.ingress import is_issued
from k8snet_lint.resource.load_balancer import is_marked_internal
from k8snet_lint.resource.object_ref import GATEWAY_GROUP, NamespaceScope, ObjectRef
from k8snet_lint.resource.words import lowered
from k8snet_lint.resource.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.loader import Unit
    from k8snet_lint.manifest import Node

TERMINATING = ("HTTPS", "TLS")
"""The protocols whose listeners have a `tls`."""

ROUTE_KINDS = {
    "HTTP": ("HTTPRoute", "GRPCRoute"),
    "HTTPS": ("HTTPRoute", "GRPCRoute"),
    "TLS": ("TLSRoute", "TCPRoute"),
    "TCP": ("TCPRoute",),
    "UDP": ("UDPRoute",),
}
"""The kinds of routes that listeners take, by protocol; those of another protocol are up to the implementation."""


class GatewayClass(Resource):
    """A GatewayClass: which controller serves the Gateways that name it."""

    cluster_scoped = True

    @cached_property
    def controller(self) -> str:
        return self.spec["controllerName"].text


class Listener(NamedTuple):
    """One listener of a Gateway or of a ListenerSet.

    Shapes: `hostname` is in lower case, but for variables, and empty for every host; `port` is None where it is not a
    whole number; `protocol` is the API's that is meant, in capitals, or an implementation's own as it is written.
    """

    node: Node
    holder: ListenerHolder
    name: str
    port: int | None
    protocol: str
    hostname: str

    @staticmethod
    def of(node: Node, holder: ListenerHolder) -> Listener:
        protocol = node["protocol"].text
        known = protocol.upper() if protocol.upper() in ROUTE_KINDS else protocol
        return Listener(node, holder, node["name"].text, node["port"].integer, known, lowered(node["hostname"].text))

    @staticmethod
    def carrying(kind: str) -> tuple[str, ...]:
        """The protocols whose listeners can take routes of a kind."""
        return tuple(protocol for protocol, kinds in ROUTE_KINDS.items() if kind in kinds)

    @property
    def goes_by_host(self) -> bool:
        """Whether its protocol has clients name a host; else one listener has a port to itself."""
        return self.protocol not in ("TCP", "UDP")

    @property
    def tls(self) -> Node:
        return self.node["tls"]

    @property
    def tls_mode(self) -> str:
        """`Terminate` where no mode is written."""
        return self.tls["mode"].text or "Terminate"

    @property
    def certificates(self) -> Iterator[ObjectRef]:
        """The certificates that it serves, Secrets where no kind is written; none where it passes TLS through."""
        if self.tls_mode == "Terminate":
            for each in self.tls["certificateRefs"]:
                yield ObjectRef.of(each, self.holder.namespace, "", "Secret")

    @property
    def client_authorities(self) -> Iterator[ObjectRef]:
        """What it checks clients' certificates with."""
        for each in self.tls.at("frontendValidation", "caCertificateRefs"):
            yield ObjectRef.of(each, self.holder.namespace, "", "ConfigMap")

    @property
    def scope(self) -> NamespaceScope:
        """Where routes may come from."""
        return NamespaceScope.of(self.node.at("allowedRoutes", "namespaces"), "Same")

    def takes(self, kind: str, group: str = GATEWAY_GROUP) -> bool:
        """Whether its protocol and its `allowedRoutes.kinds` admit routes of a kind."""
        able = ROUTE_KINDS.get(self.protocol)
        named = [
            (each["kind"].text, GATEWAY_GROUP if each["group"].value is None else each["group"].text)
            for each in self.node.at("allowedRoutes", "kinds")
        ]
        return (able is None or kind in able) and (not named or (kind, group) in named)

    def __str__(self) -> str:
        return f"listener '{self.name}' of {self.holder}"


class ListenerHolder(Resource):
    """What has listeners: a Gateway or a ListenerSet."""

    @cached_property
    def listeners(self) -> tuple[Listener, ...]:
        """Its own; those that ListenerSets bring to a Gateway come with `graph.gateways`."""
        return tuple(Listener.of(node, self) for node in self.spec["listeners"])

    @cached_property
    def is_issued(self) -> bool:
        """Whether an annotation has somebody else supply the Secrets that its listeners name."""
        return is_issued(self.annotations)


class Gateway(ListenerHolder, Workload):
    """A Gateway, and the pods without known containers that its controller makes of it (GEP-1762)."""

    def __init__(self, node: Node, api_version: str, kind: str, unit: Unit) -> None:
        named = {f"{GATEWAY_GROUP}/gateway-name": node.at("metadata", "name").text}
        super().__init__(node, api_version, kind, unit, node["podTemplate"], named, (f"{GATEWAY_GROUP}/",))

    @cached_property
    def class_node(self) -> Node:
        return self.spec["gatewayClassName"]

    @cached_property
    def allowed_listeners(self) -> NamespaceScope:
        """Where ListenerSets may come from; nowhere, unless it says so (GEP-1713)."""
        return NamespaceScope.of(self.spec.at("allowedListeners", "namespaces"), "None")

    @cached_property
    def frontend_tls(self) -> tuple[Node, ...]:
        """Its settings of TLS with clients: those for all its listeners, and those for single ports (GEP-91)."""
        frontend = self.spec.at("tls", "frontend")
        return (frontend["default"], *(each["tls"] for each in frontend["perPort"]))

    @cached_property
    def client_authorities(self) -> tuple[ObjectRef, ...]:
        """What it checks clients' certificates with, for all its listeners (GEP-91)."""
        return tuple(
            ObjectRef.of(each, self.namespace, "", "ConfigMap")
            for setting in self.frontend_tls
            for each in setting.at("validation", "caCertificateRefs")
        )

    @cached_property
    def client_certificates(self) -> tuple[ObjectRef, ...]:
        """The certificates that it shows to backends (GEP-3155)."""
        each = self.spec.at("tls", "backend", "clientCertificateRef")
        return (ObjectRef.of(each, self.namespace, "", "Secret"),) if each else ()

    @cached_property
    def is_internal(self) -> bool:
        """Whether its class, its addresses or an annotation keep it off the Internet."""
        words = self.class_node.text.lower().replace("_", "-").split("-")
        if not {"internal", "private", "rilb", "waypoint", "tailscale"}.isdisjoint(words):
            return True
        asked = ",".join(each["value"].text for each in self.spec["addresses"])
        if self.annotations.get("networking.istio.io/service-type") == "ClusterIP":
            return True
        told = {key: each.text for key, each in self.spec.at("infrastructure", "annotations").items()}
        return is_marked_internal({**self.annotations, **told}, asked)


class ListenerSet(ListenerHolder):
    """A ListenerSet, or the experimental XListenerSet: listeners that are merged into a Gateway."""

    @cached_property
    def parent(self) -> ObjectRef:
        return ObjectRef.of(self.spec["parentRef"], self.namespace, GATEWAY_GROUP, "Gateway")
