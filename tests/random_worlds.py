"""Small random worlds that hold every feature which policies have, often enough to meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

Manifest = dict[str, Any]

NAMESPACES = ("a", "b", "c", "")
APPS = ("web", "db")
TIERS = ("x", "y")
PORTS = (80, 81, 8080)
PROTOCOLS = ("TCP", "UDP", "SCTP")
BLOCKS = (
    ("0.0.0.0/0", ()),
    ("0.0.0.0/0", ("10.0.0.0/8",)),
    ("0.0.0.0/0", ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "240.0.0.0/4")),
    ("10.0.0.0/8", ("10.1.0.0/16",)),
    ("10.1.0.0/16", ()),
    ("203.0.113.0/24", ("203.0.113.7/32",)),
    ("::/0", ()),
    ("2001:db8::/32", ("2001:db8:1::/48",)),
    ("fd00::/8", ()),
)
ADDRESSES = ("10.1.2.3", "10.9.0.1", "203.0.113.7", "203.0.113.8", "2001:db8::1", "2001:db8:1::1", "8.8.8.8")
CILIUM_ENTITIES = ("all", "world", "cluster", "host", "kube-apiserver", "health")
POD_ADDRESSES = ("10.1.0.5", "10.9.0.6", "fd00::5", "2001:db8::7")


class Worlds:
    """Manifests drawn from a source of chance; doubts and Cilium's policies as told."""

    def __init__(self, random: Random, *, doubts: bool = True, cilium: bool = False) -> None:
        self.random = random
        self.doubts = doubts
        self.cilium = cilium

    def manifests(self) -> list[Manifest]:
        spaces = NAMESPACES if self.doubts else NAMESPACES[:3]
        found = [self.namespace(name) for name in spaces if name and (not self.doubts or self.chance(0.7))]
        found += [self.pod(f"p{i}", self.random.choice(spaces)) for i in range(self.random.randint(2, 4))]
        found += [self.network_policy(f"n{i}", self.random.choice(spaces)) for i in range(self.random.randint(0, 4))]
        if self.cilium:
            found += [self.cilium_policy(f"c{i}", self.random.choice(spaces)) for i in range(self.random.randint(1, 3))]
        for kind in ("AdminNetworkPolicy", "ClusterNetworkPolicy"):
            if self.chance(0.4):
                found += [self.admin(kind, f"{kind}{i}") for i in range(self.random.randint(1, 2))]
        if self.chance(0.3):
            found.append(self.admin("BaselineAdminNetworkPolicy", "default"))
        return found

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def some(self, items: tuple[Any, ...], most: int = 2, least: int = 1) -> list[Any]:
        return self.random.sample(items, self.random.randint(least, min(most, len(items))))

    # ── what policies are about ──────────────────────────────────────────────────────────────────────

    def namespace(self, name: str) -> Manifest:
        labels = {"env": self.random.choice(TIERS)} if self.chance(0.7) else {}
        return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}

    def pod(self, name: str, namespace: str) -> Manifest:
        labels = {"app": self.random.choice(APPS)}
        if self.chance(0.5):
            labels["tier"] = self.random.choice(TIERS)
        names = self.some(PORTS, 2, 0)
        ports = [
            {
                "name": self.random.choice(("http", "dns")),
                "containerPort": port,
                "protocol": self.random.choice(PROTOCOLS),
            }
            for port in names
        ]
        spec: Manifest = {"containers": [{"name": "c", "image": "server", "ports": ports}]}
        if self.doubts and self.chance(0.1):
            spec["hostNetwork"] = True
        metadata: Manifest = {"name": name, **({"namespace": namespace} if namespace else {})}
        if not self.doubts or self.chance(0.5):
            status = {"podIP": self.random.choice(POD_ADDRESSES)} if not self.doubts or self.chance(0.7) else {}
            return {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {**metadata, "labels": labels},
                "spec": spec,
                "status": status,
            }
        template = {"metadata": {"labels": labels}, "spec": spec}
        deployment = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
        return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": deployment}

    # ── selectors ────────────────────────────────────────────────────────────────────────────────────

    def pods(self) -> Manifest:
        if self.doubts and self.chance(0.05):
            return self.selector("pod-template-hash", ("abc",))
        return self.selector(*self.random.choice((("app", APPS), ("tier", TIERS))))

    def spaces(self) -> Manifest:
        if self.chance(0.3):
            return self.selector("kubernetes.io/metadata.name", NAMESPACES[:3])
        found = self.selector("env", TIERS)
        if self.chance(0.1):
            found = {**found, **self.selector("kubernetes.io/metadata.name", NAMESPACES[:3])}
        return found

    def selector(self, key: str, values: tuple[str, ...]) -> Manifest:
        match self.random.randint(0, 4):
            case 0:
                return {}
            case 1 | 2:
                return {"matchLabels": {key: self.random.choice(values)}}
            case 3:
                operator = self.random.choice(("In", "NotIn"))
                return {"matchExpressions": [{"key": key, "operator": operator, "values": self.some(values)}]}
            case _:
                return {"matchExpressions": [{"key": key, "operator": self.random.choice(("Exists", "DoesNotExist"))}]}

    # ── policies ─────────────────────────────────────────────────────────────────────────────────────

    def network_policy(self, name: str, namespace: str) -> Manifest:
        spec: Manifest = {"podSelector": self.pods()}
        if self.chance(0.7):
            spec["policyTypes"] = self.some(("Ingress", "Egress"))
        for direction, peers in (("ingress", "from"), ("egress", "to")):
            if self.chance(0.7):
                spec[direction] = [self.network_rule(peers) for _ in range(self.random.randint(0, 2))]
        metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
        return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}

    def network_rule(self, peers: str) -> Manifest:
        rule: Manifest = {}
        if self.chance(0.8):
            rule[peers] = [self.network_peer() for _ in range(self.random.randint(0, 2))]
        if self.chance(0.5):
            rule["ports"] = [self.network_port() for _ in range(self.random.randint(0, 2))]
        return rule

    def network_peer(self) -> Manifest:
        match self.random.randint(0, 3):
            case 0:
                cidr, excepts = self.random.choice(BLOCKS)
                return {"ipBlock": {"cidr": cidr, **({"except": list(excepts)} if excepts else {})}}
            case 1:
                return {"podSelector": self.pods()}
            case 2:
                return {"namespaceSelector": self.spaces()}
            case _:
                return {"namespaceSelector": self.spaces(), "podSelector": self.pods()}

    def network_port(self) -> Manifest:
        found: Manifest = {"protocol": self.random.choice(PROTOCOLS)} if self.chance(0.6) else {}
        match self.random.randint(0, 3):
            case 0:
                return found
            case 1:
                return {**found, "port": self.random.choice(("http", "dns"))}
            case 2:
                return {**found, "port": 80, "endPort": self.random.choice((80, 81, 9000))}
            case _:
                return {**found, "port": self.random.choice(PORTS)}

    # ── Cilium ───────────────────────────────────────────────────────────────────────────────────────

    def cilium_policy(self, name: str, namespace: str) -> Manifest:
        wide = self.chance(0.3)
        spec: Manifest = {"endpointSelector": self.cilium_pods(namespaces=wide)}
        for section in ("ingress", "ingressDeny", "egress", "egressDeny"):
            if self.chance(0.3 if section.endswith("Deny") else 0.6):
                rules = [self.cilium_rule(section) for _ in range(self.random.randint(1, 2))]
                spec[section] = rules
        if "ingress" not in spec and "egress" not in spec:
            spec["ingress"] = [{}]
        if self.chance(0.3):
            spec["enableDefaultDeny"] = {self.random.choice(("ingress", "egress")): self.chance(0.3)}
        metadata = {"name": name, **({"namespace": namespace} if namespace and not wide else {})}
        kind = "CiliumClusterwideNetworkPolicy" if wide else "CiliumNetworkPolicy"
        return {"apiVersion": "cilium.io/v2", "kind": kind, "metadata": metadata, "spec": spec}

    def cilium_pods(self, *, namespaces: bool) -> Manifest:
        found = self.pods()
        if namespaces and self.chance(0.5):
            space = self.selector("k8s:io.kubernetes.pod.namespace", NAMESPACES[:3])
            labels = {**found.get("matchLabels", {}), **space.get("matchLabels", {})}
            expressions = [*found.get("matchExpressions", []), *space.get("matchExpressions", [])]
            return {"matchLabels": labels, "matchExpressions": expressions}
        return found

    def cilium_rule(self, section: str) -> Manifest:
        side = "from" if section.startswith("ingress") else "to"
        rule: Manifest = {}
        match self.random.randint(0, 5):
            case 0:
                pass
            case 1:
                rule[f"{side}Entities"] = self.some(CILIUM_ENTITIES)
            case 2:
                rule[f"{side}CIDR"] = [cidr for cidr, _ in self.some(BLOCKS)]
            case 3:
                cidr, excepts = self.random.choice(BLOCKS)
                rule[f"{side}CIDRSet"] = [{"cidr": cidr, "except": list(excepts)}]
            case _:
                rule[f"{side}Endpoints"] = [self.cilium_pods(namespaces=True) for _ in range(self.random.randint(0, 2))]
        if self.chance(0.5):
            rule["toPorts"] = [self.cilium_ports(section) for _ in range(self.random.randint(1, 2))]
        return rule

    def cilium_ports(self, section: str) -> Manifest:
        if self.chance(0.15) and not section.endswith("Deny"):
            return {"ports": [{"port": "80", "protocol": "TCP"}], "rules": {"http": [{"path": "/"}]}}
        return {"ports": [self.cilium_port() for _ in range(self.random.randint(1, 2))]}

    def cilium_port(self) -> Manifest:
        found: Manifest = {"protocol": self.random.choice((*PROTOCOLS, "ANY"))} if self.chance(0.6) else {}
        match self.random.randint(0, 3):
            case 0:
                return {**found, "port": self.random.choice(("http", "dns"))}
            case 1:
                return {**found, "port": "80", "endPort": self.random.choice((80, 81, 9000))}
            case _:
                return {**found, "port": self.random.choice(("0", *map(str, PORTS)))}

    def admin(self, kind: str, name: str) -> Manifest:
        v2 = kind == "ClusterNetworkPolicy"
        spec: Manifest = {"subject": self.pods_of()}
        if kind != "BaselineAdminNetworkPolicy":
            spec["priority"] = self.random.choice((1, 2))
        if v2:
            spec["tier"] = self.random.choice(("Admin", "Baseline"))
        actions = ["Accept" if v2 else "Allow", "Deny"]
        if kind != "BaselineAdminNetworkPolicy":
            actions.append("Pass")
        for direction, peers in (("ingress", "from"), ("egress", "to")):
            if self.chance(0.7):
                spec[direction] = [
                    self.admin_rule(peers, tuple(actions), v2=v2) for _ in range(self.random.randint(1, 2))
                ]
        version = "v1alpha2" if v2 else "v1alpha1"
        return {
            "apiVersion": f"policy.networking.k8s.io/{version}",
            "kind": kind,
            "metadata": {"name": name},
            "spec": spec,
        }

    def pods_of(self) -> Manifest:
        if self.chance(0.5):
            return {"namespaces": self.spaces()}
        return {"pods": {"namespaceSelector": self.spaces(), "podSelector": self.pods()}}

    def admin_rule(self, peers: str, actions: tuple[str, ...], *, v2: bool) -> Manifest:
        networks = peers == "to" and self.chance(0.3)
        written = {"networks": [cidr for cidr, _ in self.some(BLOCKS)]} if networks else self.pods_of()
        rule: Manifest = {"action": self.random.choice(actions), peers: [written]}
        if self.chance(0.6):
            port = self.protocol(named=not networks) if v2 else self.admin_port(named=not networks)
            rule["protocols" if v2 else "ports"] = [port]
        return rule

    def admin_port(self, *, named: bool) -> Manifest:
        if named and self.chance(0.3):
            return {"namedPort": self.random.choice(("http", "dns"))}
        if self.chance(0.5):
            return {"portNumber": {"protocol": self.random.choice(PROTOCOLS), "port": self.random.choice(PORTS)}}
        return {
            "portRange": {"protocol": self.random.choice(PROTOCOLS), "start": 80, "end": self.random.choice((81, 9000))}
        }

    def protocol(self, *, named: bool) -> Manifest:
        if named and self.chance(0.3):
            return {"destinationNamedPort": self.random.choice(("http", "dns"))}
        field = self.random.choice(PROTOCOLS).lower()
        at = self.random.choice(({"number": 80}, {"number": 8080}, {"range": {"start": 80, "end": 81}}))
        return {field: {"destinationPort": at}}
