"""Random objects of the Gateway API, for the random repositories of `alternatives.py`.

They name each other rightly, almost rightly, with the namespace and without it, and now and then what nobody has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.alternatives import Cluster

    Written = dict[str, Any]

API = "gateway.networking.k8s.io/v1"
EXPERIMENTAL = "gateway.networking.x-k8s.io/v1alpha1"
GATEWAYS = ("public", "private", "storefront", "storefornt")
LISTENERS = ("http", "https", "htps", "tls")
CLASSES = ("example", "exampel", "nginx", "company-internal")
HOSTS = ("www.example.com", "till.example.com", "*.example.com", "*.www.example.com", "*.till.example.com")
PROTOCOLS = ("HTTP", "HTTP", "HTTPS", "HTTPS", "TLS", "TCP", "UDP")
ROUTES = ("HTTPRoute", "HTTPRoute", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")
CARRIED = "gateway.networking.k8s.io/gateway-name"


class GatewayAPI:
    """Writes objects for a cluster, in its mood."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._any_of, self._rarely = cluster.any_of, cluster.rarely

    @property
    def makers(self) -> list[Callable[[str], Written]]:
        usual = [self.gateway, self.gateway, self.route, self.route, self.route, self.route]
        return [*usual, *usual, self.listener_set, self.grant, self.grant, self.tls_policy, self.carrier, self.of_class]

    def gateway(self, space: str) -> Written:
        spec: Written = {"gatewayClassName": self._any_of(*CLASSES), "listeners": self._listeners()}
        if self._rarely(0.5):
            spec["allowedListeners"] = {"namespaces": self._scope()}
        if self._rarely(0.1):
            authority = {**self._object("ConfigMap"), "group": ""}
            spec["tls"] = {
                "frontend": {"default": {"validation": {"caCertificateRefs": [authority]}}},
                "backend": {"clientCertificateRef": self._object("Secret")},
            }
        written = self._named("Gateway", space, spec)
        notes = (
            "cert-manager.io/cluster-issuer",
            "external-dns.alpha.kubernetes.io/hostname",
            "networking.gke.io/certmap",
        )
        if self._rarely(0.3):
            written["metadata"]["annotations"] = {self._any_of(*notes): "www.example.com"}
        return written

    def listener_set(self, space: str) -> Written:
        spec: Written = {"parentRef": self._parent("Gateway"), "listeners": self._listeners()}
        if self._rarely(0.3):
            return self._named("XListenerSet", space, spec, EXPERIMENTAL)
        return self._named("ListenerSet", space, spec)

    def route(self, space: str) -> Written:
        kind = self._any_of(*ROUTES)
        count = self._any_of(1, 1, 2)
        parents = [self._parent(self._any_of(*["Gateway"] * 6, "ListenerSet", "Service")) for _ in range(count)]
        spec: Written = {"parentRefs": parents, "rules": [self._rule(kind) for _ in range(self._any_of(1, 1, 2))]}
        if not self._rarely(0.5):
            spec["hostnames"] = [
                self._any_of(*HOSTS, f"{space}.example.com", f"{space}.example.com")
                for _ in range(self._any_of(1, 1, 2))
            ]
        written = self._named(kind, space, spec)
        if self._rarely(0.15):
            written["metadata"]["annotations"] = {"external-dns.alpha.kubernetes.io/hostname": "till.example.com"}
        return written

    def grant(self, space: str) -> Written:
        who = {"group": API.partition("/")[0], "kind": self._any_of("HTTPRoute", "Gateway"), "namespace": self._space()}
        what: Written = {"group": "", "kind": self._any_of("Service", "Secret", "ConfigMap")}
        if self._rarely(0.5):
            what["name"] = self._any_of(*self._cluster.apps)
        return self._named("ReferenceGrant", space, {"from": [who], "to": [what]}, "gateway.networking.k8s.io/v1beta1")

    def of_class(self, _: str) -> Written:
        written = self._named("GatewayClass", "", {"controllerName": "example.com/gateway"})
        written["metadata"]["name"] = self._any_of(*CLASSES)
        return written

    def tls_policy(self, space: str) -> Written:
        target: Written = {"group": "", "kind": "Service", "name": self._any_of(*self._cluster.apps)}
        if self._rarely(0.5):
            target["sectionName"] = self._any_of(*LISTENERS)
        authority = {
            "group": "",
            "kind": self._any_of("ConfigMap", "Secret"),
            "name": self._any_of(*self._cluster.apps),
        }
        validation = {"hostname": "www.example.com", "caCertificateRefs": [authority]}
        return self._named("BackendTLSPolicy", space, {"targetRefs": [target], "validation": validation})

    def carrier(self, space: str) -> Written:
        """Pods that carry the traffic of a Gateway."""
        written = self._cluster.workload(space)
        pods = written["spec"].get("template", written)
        pods["metadata"].setdefault("labels", {})[CARRIED] = self._any_of(*GATEWAYS)
        return written

    # ── what they are made of ────────────────────────────────────────────────────────────────────────

    def _named(self, kind: str, space: str, spec: Written, api: str = API) -> Written:
        written = self._cluster.named(api, kind, space, spec=spec)
        if kind in ("Gateway", "ListenerSet", "XListenerSet"):
            written["metadata"]["name"] = self._any_of(*GATEWAYS)
        return written

    def _space(self) -> str:
        return str(self._any_of(self._cluster.space(), self._cluster.space(), "elsewhere"))

    def _listeners(self) -> list[Written]:
        return [self._listener() for _ in range(self._any_of(1, 1, 2, 3))]

    def _listener(self) -> Written:
        found: Written = {"name": self._any_of(*LISTENERS), "protocol": self._any_of(*PROTOCOLS)}
        found["port"] = self._any_of(80, 443, 8080)
        if not self._rarely(0.5):
            found["hostname"] = self._any_of(*HOSTS)
        if not self._rarely(0.3):
            found["allowedRoutes"] = {"namespaces": self._scope()}
        if self._rarely(0.1):
            found.setdefault("allowedRoutes", {})["kinds"] = [{"kind": self._any_of(*ROUTES)}]
        if found["protocol"] in ("HTTPS", "TLS") and not self._rarely(0.2):
            found["tls"] = {"certificateRefs": [self._object("Secret")]}
        if self._rarely(0.1):
            authority = {**self._object("ConfigMap"), "group": ""}
            found.setdefault("tls", {})["frontendValidation"] = {"caCertificateRefs": [authority]}
        return found

    def _scope(self) -> Written:
        name = "kubernetes.io/metadata.name"
        labels = self._any_of({"team": self._any_of("north", "south")}, {name: self._space()}, {"name": self._space()})
        among = self._any_of("All", "All", "Same", "Selector", "Selector")
        return {"from": among, **({"selector": {"matchLabels": labels}} if among == "Selector" else {})}

    def _object(self, kind: str) -> Written:
        found: Written = {"kind": kind, "name": self._any_of(*self._cluster.apps)}
        if self._rarely(0.4):
            found["namespace"] = self._space()
        return found

    def _parent(self, kind: str) -> Written:
        names = self._cluster.apps if kind == "Service" else GATEWAYS
        found: Written = {"kind": kind, "name": self._any_of(*names)}
        if kind == "Service":
            found["group"] = ""
        if self._rarely(0.6):
            found["namespace"] = self._space()
        if self._rarely(0.3):
            found["sectionName"] = self._any_of(*LISTENERS)
        if self._rarely(0.1):
            found["port"] = self._any_of(80, 443)
        return found

    def _rule(self, kind: str) -> Written:
        backend: Written = {**self._object("Service"), "port": self._any_of(80, 443, 8080, 9090)}
        if self._rarely(0.1):
            backend["weight"] = 0
        found: Written = {"backendRefs": [backend]}
        if kind == "HTTPRoute":
            if not self._rarely(0.4):
                path = {"type": "PathPrefix", "value": self._any_of("/", "/api", "/metrics")}
                found["matches"] = [{"path": path}]
            if self._rarely(0.2):
                mirror = {
                    "type": "RequestMirror",
                    "requestMirror": {"backendRef": {**self._object("Service"), "port": 80}},
                }
                redirect = {"type": "RequestRedirect", "requestRedirect": {"scheme": "https"}}
                found["filters"] = [self._any_of(mirror, redirect)]
        return found
