"""Random objects of meshes, of networks and of a cluster's administrators, which may act on many namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.alternatives import Cluster

Written = dict[str, Any]

ROOT = "istio-system"
NAME = "kubernetes.io/metadata.name"


class Acting:
    """Writes objects that others than core Kubernetes read, in the words of a cluster's other objects."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._any = cluster.any_of

    @property
    def makers(self) -> dict[str, list[Callable[[str], Written]]]:
        """What writes objects, by who reads these."""
        return {
            "istio": [
                *(self.virtual_service, self.virtual_service, self.destination_rule, self.service_entry),
                *(self.istio_gateway, self.sidecar, self.authorization, self.authorization, self.authentication),
                self.member,
            ],
            "linkerd": [self.linkerd_server, self.linkerd_authorization, self.linkerd_member],
            "cilium": [self.cilium_policy, self.cilium_policy, self.cilium_policy],
            "cilium everywhere": [self.cilium_policy, self.cilium_everywhere, self.cilium_pool],
            "calico": [self.calico_policy, self.calico_policy, self.network_set],
            "calico everywhere": [self.calico_policy, self.global_policy, self.global_set, self.tier, self.network_set],
            "administrators": [self.admin_policy, self.admin_policy, self.cluster_policy],
            "others": [self.antrea, self.antrea_everywhere, self.node, self.pool, self.generating],
        }

    def _name(self) -> str:
        return str(self._any("web", "api", "queue", "database", "worker"))

    def _host(self, space: str) -> str:
        name, other = self._name(), self._cluster.space()
        return str(
            self._any(
                *(
                    name,
                    name,
                    f"{name}.{space}",
                    f"{name}.istio-ingress.svc",
                    f"{name}.{other}.svc.cluster.local",
                    f"{name}.{other[:-1]}.svc",
                ),
                *("shop.example.com", "*.example.com", "*.local", f"*.{other}.svc.cluster.local"),
            )
        )

    def _seen(self) -> Written:
        return dict(self._any({}, {}, {"exportTo": ["."]}, {"exportTo": [self._cluster.space()]}, {"exportTo": ["*"]}))

    def _istio(self, group: str, kind: str, space: str, spec: Written) -> Written:
        home = ROOT if self._cluster.rarely(0.1) else space
        return self._cluster.named(f"{group}.istio.io/v1", kind, home, spec=spec)

    # ── meshes ───────────────────────────────────────────────────────────────────────────────────────

    def virtual_service(self, space: str) -> Written:
        destination: Written = {"host": self._host(space)}
        if self._cluster.rarely(0.5):
            destination["subset"] = self._any("v1", "v2")
        if self._cluster.rarely(0.5):
            destination["port"] = {"number": self._any(80, 8080, 9090)}
        spec: Written = {"hosts": [self._host(space)], "http": [{"route": [{"destination": destination}]}]}
        if self._cluster.rarely(0.5):
            homes = (self._cluster.space(), "istio-ingress")
            spec["gateways"] = [self._any("mesh", self._name(), *(f"{home}/{self._name()}" for home in homes))]
        return self._istio("networking", "VirtualService", space, {**spec, **self._seen()})

    def destination_rule(self, space: str) -> Written:
        subset = {"name": self._any("v1", "v2"), "labels": self._cluster.labels()}
        spec: Written = {"host": self._host(space), "subsets": [subset]}
        if self._cluster.rarely(0.6):
            spec["trafficPolicy"] = {"tls": {"mode": self._any("DISABLE", "ISTIO_MUTUAL", "SIMPLE")}}
        return self._istio("networking", "DestinationRule", space, {**spec, **self._seen()})

    def service_entry(self, space: str) -> Written:
        port = {"number": 443, "name": "tls", "protocol": "TLS"}
        spec: Written = {"hosts": [self._host(space)], "ports": [port], "resolution": "DNS"}
        return self._istio("networking", "ServiceEntry", space, {**spec, **self._seen()})

    def istio_gateway(self, space: str) -> Written:
        host = self._any("shop.example.com", "*", "./shop.example.com", f"{self._cluster.space()}/*")
        server = {"port": {"number": self._any(80, 443), "name": "http", "protocol": "HTTP"}, "hosts": [host]}
        spec = {"selector": self._any(self._cluster.labels(), {"istio": "ingressgateway"}), "servers": [server]}
        return self._istio("networking", "Gateway", space, spec)

    def sidecar(self, space: str) -> Written:
        spec: Written = {"egress": [{"hosts": ["./*", f"{self._cluster.space()}/*"]}]}
        if self._cluster.rarely(0.5):
            spec["workloadSelector"] = {"labels": self._cluster.labels()}
        return self._istio("networking", "Sidecar", space, spec)

    def authorization(self, space: str) -> Written:
        source = self._any({"namespaces": [self._cluster.space()]}, {"principals": ["*"]})
        rules = self._any([], [{}], [{"from": [{"source": source}]}], [{"to": [{"operation": {"ports": ["8080"]}}]}])
        spec: Written = {"action": self._any("ALLOW", "ALLOW", "DENY"), "rules": rules}
        if self._cluster.rarely(0.6):
            spec["selector"] = {"matchLabels": self._cluster.labels()}
        return self._istio("security", "AuthorizationPolicy", space, spec)

    def authentication(self, space: str) -> Written:
        spec: Written = {"mtls": {"mode": self._any("STRICT", "PERMISSIVE", "DISABLE")}}
        if self._cluster.rarely(0.5):
            spec["selector"] = {"matchLabels": self._cluster.labels()}
        return self._istio("security", "PeerAuthentication", space, spec)

    def member(self, space: str) -> Written:
        label = self._any({"istio-injection": "enabled"}, {"istio.io/dataplane-mode": "ambient"})
        return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space, "labels": label}}

    def linkerd_server(self, space: str) -> Written:
        spec = {"podSelector": {"matchLabels": self._cluster.labels()}, "port": self._any(8080, "http")}
        return self._cluster.named("policy.linkerd.io/v1beta3", "Server", space, spec=spec)

    def linkerd_authorization(self, space: str) -> Written:
        target = {"group": "policy.linkerd.io", "kind": "Server", "name": self._name()}
        spec = {"targetRef": target, "requiredAuthenticationRefs": []}
        return self._cluster.named("policy.linkerd.io/v1alpha1", "AuthorizationPolicy", space, spec=spec)

    def linkerd_member(self, space: str) -> Written:
        written = self._cluster.daemon(space)
        notes = written["spec"].setdefault("template", {}).setdefault("metadata", {}).setdefault("annotations", {})
        notes["config.linkerd.io/skip-inbound-ports"] = "5432"
        return written

    # ── networks ─────────────────────────────────────────────────────────────────────────────────────

    def _cilium(self, *, everywhere: bool) -> Written:
        space = self._any(self._cluster.space(), "elsewhere", "shopp")
        peers: list[Written] = [
            {"fromEndpoints": [{"matchLabels": self._cluster.labels()}]},
            {"fromEndpoints": [{"matchLabels": {"k8s:io.kubernetes.pod.namespace": space, "app": self._name()}}]},
            {"fromEndpoints": [{"matchLabels": {"k8s:io.cilium.k8s.namespace.labels.team": "north"}}]},
            {"fromEndpoints": [{}]},
            {"fromEntities": [self._any("cluster", "world", "all", "host")]},
            {"fromCIDR": ["10.0.0.0/8"]},
        ]
        rule = dict(self._any(*peers))
        if self._cluster.rarely(0.6):
            rule["toPorts"] = [{"ports": [{"port": self._any("80", "8080", "http"), "protocol": "TCP"}]}]
        if self._cluster.rarely(0.3):
            rule = {key.replace("from", "to"): value for key, value in rule.items()}
        section = "egress" if any(key.startswith("to") and key != "toPorts" for key in rule) else "ingress"
        whom: Written = dict(self._any({}, {"matchLabels": self._cluster.labels()}))
        if self._cluster.rarely(0.2):
            whom = {"matchLabels": {"k8s:io.kubernetes.pod.namespace": self._cluster.space()}}
        if everywhere and self._cluster.rarely(0.2):
            return {"nodeSelector": whom, section: [rule]}
        return {"endpointSelector": whom, section: [rule]}

    def cilium_policy(self, space: str) -> Written:
        spec = self._cilium(everywhere=False)
        return self._cluster.named("cilium.io/v2", "CiliumNetworkPolicy", space, spec=spec)

    def cilium_everywhere(self, _: str) -> Written:
        spec = self._cilium(everywhere=True)
        return self._cluster.named("cilium.io/v2", "CiliumClusterwideNetworkPolicy", "", spec=spec)

    def cilium_pool(self, _: str) -> Written:
        spec = {"blocks": [{"cidr": self._any("10.0.0.0/24", "203.0.113.0/24")}]}
        return self._cluster.named("cilium.io/v2alpha1", "CiliumLoadBalancerIPPool", "", spec=spec)

    def _calico(self) -> Written:
        entity: Written = {"selector": self._any(f"app == '{self._name()}'", "all()", "role == 'set'")}
        if self._cluster.rarely(0.5):
            name = f"projectcalico.org/name == '{self._cluster.space()}'"
            entity["namespaceSelector"] = self._any(name, "team == 'north'", "all()", "global()")
        rule: Written = {"action": self._any("Allow", "Allow", "Deny", "Pass"), "source": entity}
        if self._cluster.rarely(0.5):
            rule |= {"protocol": "TCP", "destination": {"ports": [self._any(80, 8080, "http")]}}
        spec: Written = {"selector": self._any("all()", f"app == '{self._name()}'"), "ingress": [rule]}
        if self._cluster.rarely(0.4):
            spec["order"] = self._any(10, 1000, 2000)
        if self._cluster.rarely(0.3):
            spec["tier"] = self._any("default", "security", "web")
        return spec

    def calico_policy(self, space: str) -> Written:
        kind = self._any("NetworkPolicy", "NetworkPolicy", "NetworkPolicy", "StagedNetworkPolicy")
        return self._cluster.named("projectcalico.org/v3", kind, space, spec=self._calico())

    def global_policy(self, _: str) -> Written:
        spec = self._calico()
        if self._cluster.rarely(0.5):
            spec["namespaceSelector"] = self._any("team == 'north'", "all()")
        return self._cluster.named("projectcalico.org/v3", "GlobalNetworkPolicy", "", spec=spec)

    def _set(self, kind: str, space: str) -> Written:
        written = self._cluster.named("projectcalico.org/v3", kind, space, spec={"nets": ["10.0.0.0/8"]})
        written["metadata"]["labels"] = {"role": "set"}
        return written

    def network_set(self, space: str) -> Written:
        return self._set("NetworkSet", space)

    def global_set(self, _: str) -> Written:
        return self._set("GlobalNetworkSet", "")

    def tier(self, _: str) -> Written:
        written = self._cluster.named("projectcalico.org/v3", "Tier", "", spec={"order": self._any(10, 5000)})
        written["metadata"]["name"] = self._any("security", "web")
        return written

    # ── administrators, nodes and pools ──────────────────────────────────────────────────────────────

    def _admin(self) -> Written:
        names = {"matchLabels": self._any({NAME: self._cluster.space()}, {"team": "north"}, {"name": "shop"})}
        peer = {"namespaces": self._any({}, names)}
        rule = {"name": "rule", "action": self._any("Allow", "Deny", "Pass"), "from": [peer]}
        pods = {"pods": {"namespaceSelector": names, "podSelector": {"matchLabels": self._cluster.labels()}}}
        return {"priority": self._any(1, 10), "subject": self._any({"namespaces": {}}, peer, pods), "ingress": [rule]}

    def admin_policy(self, _: str) -> Written:
        spec, kind = self._admin(), self._any("AdminNetworkPolicy", "BaselineAdminNetworkPolicy")
        return self._cluster.named("policy.networking.k8s.io/v1alpha1", kind, "", spec=spec)

    def cluster_policy(self, _: str) -> Written:
        spec = {**self._admin(), "tier": self._any("Admin", "Baseline")}
        return self._cluster.named("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", "", spec=spec)

    def antrea(self, space: str) -> Written:
        return self._cluster.named("crd.antrea.io/v1beta1", "NetworkPolicy", space, spec={})

    def antrea_everywhere(self, _: str) -> Written:
        return self._cluster.named("crd.antrea.io/v1beta1", "ClusterNetworkPolicy", "", spec={})

    def node(self, _: str) -> Written:
        written = self._cluster.named("v1", "Node", "")
        written["metadata"]["labels"] = self._cluster.labels()
        return written

    def pool(self, space: str) -> Written:
        spec = {"addresses": [self._any("10.0.0.0/24", "203.0.113.0/24")]}
        return self._cluster.named("metallb.io/v1beta1", "IPAddressPool", space, spec=spec)

    def generating(self, _: str) -> Written:
        made = {"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1"}
        return self._cluster.named("kyverno.io/v1", "ClusterPolicy", "", spec={"rules": [{"generate": made}]})
