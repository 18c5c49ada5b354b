"""Random repositories of a few namespaces that all environments share, and of what differs from one to another.

Names, labels, hosts, ports and addresses are few, so that objects of different namespaces meet in every way there is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from k8snet_lint.loader.kinds import CLUSTER_SCOPED
from tests.gateway_alternatives import GatewayAPI
from tests.mesh_alternatives import ROOT, Acting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

Written = dict[str, Any]

SPACES = (
    *("billing", "entry", "orders", "payments", "shop", "shops", "stock", "kube-system", "team-north", "team-south"),
    *("search", "returns", "monitoring"),
)
SYSTEM = "kube-system"
ENTRY = "istio-ingress"
APPS = ("web", "api", "queue", "database", "databsae", "worker")
HOSTS = ("www.example.com", "till.example.com", "market.example.com", "*.example.com", "")
IMAGES = (
    *("registry.example.com/web:1", "registry.example.com/api:1", "postgres:16", "redis:7", "adminer:4"),
    *("prom/prometheus:3", "registry.k8s.io/ingress-nginx/controller:1.12", "traefik:3"),
)
PORTS = (80, 443, 53, 5432, 6379, 8080, 9090)
NAMES = ("http", "https", "metrics", "htpp", "dns")
PROTOCOLS = ("TCP", "TCP", "TCP", "UDP")


class Cluster:
    """Writes random objects; each cluster has its own mood, so that some sorts of objects are rare in it."""

    apps = APPS

    def __init__(self, random: Random) -> None:
        self.random = random
        self.spaces = random.sample(SPACES, random.randint(4, 9))
        self.known = self.spaces[: random.randint(2, 4)]
        makers = self._usual * 4 + self._odd
        if random.random() < 0.5:
            makers += GatewayAPI(self).makers
        if random.random() < 0.5:
            makers += random.sample(self._beyond, random.randint(1, 3)) * random.randint(1, 4)
        acting = Acting(self).makers
        self._mesh = acting["istio"]
        self._acting = [each for sort in sorted(acting) for each in acting[sort]]
        if random.random() < 0.4:
            for sort in random.sample([*acting, "istio"], random.choice((1, 1, 2))):
                makers += acting[sort] * random.choice((1, 2, 4))
        self._makers = [each for each in makers if random.random() < 0.7]
        self._count = 0
        self._calm = random.random()

    @property
    def _usual(self) -> list[Callable[[str], Written]]:
        return [self.workload, self.workload, self.service, self.service, self.policy, self.policy, self.ingress]

    @property
    def _odd(self) -> list[Callable[[str], Written]]:
        return [
            *(self.namespace, self.config_map, self.secret, self.ingress_class, self.endpoints, self.webhook),
            *(self.certificate, self.daemon, self.config_map, self.namespace, self.dns_policy, self.dns_policy),
            *(self.monitor, self.monitor, self.prometheus, self.release, self.kyverno, self.openshift_route),
        ]

    @property
    def _beyond(self) -> list[Callable[[str], Written]]:
        return [
            *(self.homeless, self.homeless, self.homeless, self.open, self.open, self.copied, self.any_monitor),
            *(self.bundle, self.application, self.pod, self.webhook),
        ]

    def objects(self, space: str, count: int) -> Iterator[Written]:
        """Some objects, most of them of one namespace."""
        for _ in range(count):
            self._count += 1
            yield self.random.choice(self._makers or self._usual)(space)

    def acting(self, space: str) -> Written:
        """An object of those that may act on all of a world, in a rare mood."""
        return self.random.choice(self._acting)(space)

    def of_mesh(self, space: str) -> Written:
        """An object of a mesh."""
        return dict(self.random.choice(self._mesh)(space))

    def space(self) -> str:
        """A namespace that others name."""
        return self.random.choice(self.known)

    def any_of(self, *choices: Any) -> Any:  # noqa: ANN401 - whatever it is given
        return self.random.choice(choices)

    def rarely(self, likely: float = 0.25) -> bool:
        return self.random.random() < likely * (1.2 - self._calm)

    def named(self, api_version: str, kind: str, space: str, **more: Any) -> Written:  # noqa: ANN401 - fields
        names = (f"{self.any_of(*APPS)}-{self._count % 7}", self.any_of(*APPS))
        metadata: Written = {"name": self.any_of(*names)}
        if space:
            metadata["namespace"] = space
        return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **more}

    def labels(self) -> Written:
        found = {"app": self.any_of(*APPS)}
        if self.rarely():
            found["tier"] = self.any_of("front", "back")
        if self.rarely(0.1):
            found["k8s-app"] = self.any_of("kube-dns", "web")
        return found

    def host(self, space: str) -> str:
        service, other = self.any_of(*APPS), self.space()
        return str(
            self.any_of(
                service,
                f"{service}:{self.any_of(*PORTS)}",
                f"http://{service}:{self.any_of(*PORTS)}/path",
                f"{service}.{other}:{self.any_of(*PORTS)}",
                f"http://{service}.{other}.svc.cluster.local:{self.any_of(*PORTS)}",
                f"http://{service}.{other[:-1]}.svc:80",
                f"http://{service}.{space}.svc",
                f"http://{service}.elsewhere.svc:80",
            )
            if self.rarely(0.6)
            else f"http://{service}:80"
        )

    # ── objects of a namespace ───────────────────────────────────────────────────────────────────────

    def workload(self, space: str) -> Written:
        kind = self.any_of("Deployment", "Deployment", "Deployment", "StatefulSet", "DaemonSet", "Pod")
        labels = self.labels()
        pod: Written = {"containers": [self._container(space)]}
        if self.rarely(0.1):
            pod["hostNetwork"] = True
        template: Written = {"metadata": {"labels": labels}, "spec": pod}
        if self.rarely(0.15):
            template["metadata"]["annotations"] = {"prometheus.io/scrape": "true", "prometheus.io/port": "9090"}
        if kind == "Pod":
            written = self.named("v1", "Pod", space, spec=pod)
            written["metadata"].update(template["metadata"])
            return written
        selector = {"matchLabels": {"app": labels["app"] if not self.rarely(0.1) else self.any_of(*APPS)}}
        spec: Written = {"selector": selector, "template": template, "replicas": self.any_of(1, 2)}
        if kind == "StatefulSet":
            spec["serviceName"] = self.any_of(*APPS)
        return self.named("apps/v1", kind, space, spec=spec)

    def _container(self, space: str) -> Written:
        port = {"containerPort": self.any_of(*PORTS), "protocol": self.any_of(*PROTOCOLS)}
        if self.rarely(0.6):
            port["name"] = self.any_of(*NAMES)
        if self.rarely(0.1):
            port["hostPort"] = self.any_of(*PORTS)
        image = self.any_of(*IMAGES[:5]) if not self.rarely(0.1) else self.any_of(*IMAGES)
        found: Written = {"name": "main", "image": image, "ports": [port]}
        if self.rarely(0.5):
            found["env"] = [{"name": "UPSTREAM_URL", "value": self.host(space)}]
        if self.rarely(0.2):
            found["readinessProbe"] = {"httpGet": {"path": "/", "port": self.any_of(*NAMES, *PORTS)}}
        if self.rarely(0.05):
            found["args"] = [f"--configmap={self.space()}/{self.any_of(*APPS)}"]
        if self.rarely(0.1):
            found["envFrom"] = [{"configMapRef": {"name": self.any_of(*APPS)}}]
        return found

    def daemon(self, space: str) -> Written:
        written = self.workload(space)
        written["kind"], written["apiVersion"] = "DaemonSet", "apps/v1"
        return written

    def controller(self, _: str) -> Written:
        """What serves Ingresses, or scrapes what asks for it, in a namespace of its own."""
        written = self.daemon("controllers")
        pods = written["spec"].get("template", written)["spec"]
        pods["containers"][0]["image"] = self.any_of(*IMAGES[5:])
        return written

    def service(self, space: str) -> Written:
        port: Written = {"port": self.any_of(*PORTS), "targetPort": self.any_of(*PORTS, *NAMES)}
        kind = "ClusterIP" if not self.rarely(0.4) else self.any_of("NodePort", "LoadBalancer", "ExternalName")
        spec: Written = {"type": kind, "ports": [port], "selector": self.labels() if not self.rarely(0.1) else {}}
        if kind in ("NodePort", "LoadBalancer") and self.rarely(0.6):
            port["nodePort"] = self.any_of(30080, 30443, 80)
        if kind == "ExternalName":
            spec["externalName"] = self.any_of("db.example.com", f"web.{self.space()}.svc.cluster.local")
        if self.rarely(0.15):
            spec["clusterIP"] = self.any_of("10.96.0.10", "10.96.0.11", "None")
        if self.rarely(0.1):
            spec["externalIPs"] = [self.any_of("203.0.113.7", "10.96.0.10")]
        written = self.named("v1", "Service", space, spec=spec)
        written["metadata"]["labels"] = self.labels()
        notes = {}
        if self.rarely(0.15):
            notes["external-dns.alpha.kubernetes.io/hostname"] = self.any_of(*HOSTS[:3])
        if self.rarely(0.15):
            notes["prometheus.io/scrape"] = "true"
        if notes:
            written["metadata"]["annotations"] = notes
        return written

    def policy(self, space: str) -> Written:
        directions = self.random.sample(("Ingress", "Egress"), self.random.randint(1, 2))
        spec: Written = {
            "podSelector": {} if self.rarely(0.3) else {"matchLabels": self.labels()},
            "policyTypes": directions,
        }
        for direction in directions:
            if not self.rarely(0.2):
                key = "from" if direction == "Ingress" else "to"
                rules = [self._rule(key) for _ in range(self.random.randint(1, 2))]
                spec[direction.lower()] = rules
        return self.named("networking.k8s.io/v1", "NetworkPolicy", space, spec=spec)

    def dns_policy(self, space: str) -> Written:
        name, pods = {"kubernetes.io/metadata.name": "kube-system"}, {"matchLabels": {"k8s-app": "kube-dns"}}
        peer = {"namespaceSelector": self.any_of({}, {"matchLabels": name}), "podSelector": pods}
        ports = [{"protocol": "UDP", "port": 53}, *([{"protocol": "TCP", "port": 53}] if self.rarely(1) else [])]
        spec: Written = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [peer], "ports": ports}]}
        return self.named("networking.k8s.io/v1", "NetworkPolicy", space, spec=spec)

    def _rule(self, key: str) -> Written:
        found: Written = {}
        if not self.rarely(0.15):
            found[key] = [self._peer() for _ in range(self.random.randint(1, 2))]
        if not self.rarely(0.4):
            port: Written = {"port": self.any_of(*PORTS, *NAMES), "protocol": self.any_of(*PROTOCOLS)}
            found["ports"] = [port]
        return found

    def _peer(self) -> Written:
        if not self.rarely(0.7):
            return {"podSelector": {"matchLabels": self.labels()}}
        name, other = "kubernetes.io/metadata.name", self.any_of(self.space(), "elsewhere", "monitoring", "shopp")
        spaces = self.any_of(
            {"matchLabels": {name: self.space()}},
            {"matchLabels": {name: other}},
            {"matchExpressions": [{"key": name, "operator": self.any_of("In", "NotIn"), "values": [other, "shop"]}]},
            {"matchLabels": {"team": self.any_of("north", "south")}},
            {"matchLabels": {"name": self.space()}},
            {},
        )
        return dict(
            self.any_of(
                {"namespaceSelector": spaces},
                {"namespaceSelector": spaces, "podSelector": {"matchLabels": self.labels()}},
                {"ipBlock": {"cidr": self.any_of("0.0.0.0/0", "10.96.0.10/32", "203.0.113.7/32", "10.0.0.0/8")}},
                {"podSelector": {}},
            )
        )

    def ingress(self, space: str) -> Written:
        service = {"name": self.any_of(*APPS), "port": {"number": self.any_of(*PORTS)}}
        path = {"path": self.any_of("/", "/api", "/metrics"), "pathType": "Prefix", "backend": {"service": service}}
        rule: Written = {"http": {"paths": [path]}}
        host = self.any_of(*HOSTS) if self.rarely(0.5) else f"{space}.{self._count}.example.com"
        if host:
            rule["host"] = host
        spec: Written = {"rules": [rule]}
        if not self.rarely(0.2):
            spec["ingressClassName"] = self.any_of("nginx", "nginx", "ngnix", "internal")
        if self.rarely(0.5):
            spec["tls"] = [{"secretName": self.any_of(*APPS), **({"hosts": [host]} if host else {})}]
        written = self.named("networking.k8s.io/v1", "Ingress", space, spec=spec)
        if self.rarely(0.2):
            written["metadata"]["annotations"] = self.any_of(
                {"alb.ingress.kubernetes.io/group.name": "main"},
                {"alb.ingress.kubernetes.io/group.name": "main", "alb.ingress.kubernetes.io/listen-ports": "HTTPS"},
                {"nginx.ingress.kubernetes.io/ssl-redirect": "false"},
                {"external-dns.alpha.kubernetes.io/hostname": "www.example.com"},
                {"cert-manager.io/cluster-issuer": "main"},
            )
        return written

    def openshift_route(self, space: str) -> Written:
        spec: Written = {"host": self.any_of(*HOSTS[:3]), "to": {"kind": "Service", "name": self.any_of(*APPS)}}
        if self.rarely(0.5):
            spec["port"] = {"targetPort": self.any_of(*PORTS, *NAMES)}
        if self.rarely(0.5):
            spec["tls"] = {"termination": "edge"}
        return self.named("route.openshift.io/v1", "Route", space, spec=spec)

    def config_map(self, space: str) -> Written:
        keys = self.any_of("url", "database-host", "strict-validate-path-type", "allow-snippet-annotations")
        text = self.any_of("true", "false") if keys.count("-") > 1 else self.host(space)
        return self.named("v1", "ConfigMap", space, data={keys: text})

    def secret(self, space: str) -> Written:
        written = self.named("v1", "Secret", space, type=self.any_of("kubernetes.io/tls", "Opaque"), data={})
        if self.rarely(0.1):
            _copy(written)
        return written

    def copied(self, space: str) -> Written:
        made = self.secret(space) if self.rarely(0.7) else self.certificate(space)
        return _copy(made)

    def endpoints(self, space: str) -> Written:
        written = self.named("discovery.k8s.io/v1", "EndpointSlice", space, addressType="IPv4", endpoints=[])
        written["metadata"]["labels"] = {"kubernetes.io/service-name": self.any_of(*APPS)}
        return written

    def certificate(self, space: str) -> Written:
        return self.named("cert-manager.io/v1", "Certificate", space, spec={"secretName": self.any_of(*APPS)})

    # ── what is of the cluster, or matters to all of it ──────────────────────────────────────────────

    def namespace(self, space: str) -> Written:
        labels = {"team": self.any_of("north", "south"), "name": self.any_of(space, "shop")}
        if self.rarely(0.02):
            labels["istio-injection"] = "enabled"
        return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space, "labels": labels}}

    def ingress_class(self, _: str) -> Written:
        found = self.named("networking.k8s.io/v1", "IngressClass", "", spec={"controller": "k8s.io/ingress-nginx"})
        found["metadata"]["name"] = self.any_of("nginx", "internal", "traefik")
        if self.rarely(0.5):
            found["metadata"]["annotations"] = {"ingressclass.kubernetes.io/is-default-class": "true"}
        return found

    def webhook(self, _: str) -> Written:
        service = {"name": self.any_of(*APPS), "namespace": self.any_of(self.space(), "elsewhere"), "path": "/"}
        kind = "ValidatingWebhookConfiguration"
        return self.named(
            "admissionregistration.k8s.io/v1", kind, "", webhooks=[{"clientConfig": {"service": service}}]
        )

    def monitor(self, space: str) -> Written:
        spec: Written = {"selector": {"matchLabels": self.labels()}}
        where = {"matchNames": [self.space()]}
        if self.rarely(0.5):
            spec["namespaceSelector"] = where
        kind, field = self.any_of(("ServiceMonitor", "endpoints"), ("PodMonitor", "podMetricsEndpoints"))
        spec[field] = [{"port": self.any_of("metrics", "http")}]
        return self.named("monitoring.coreos.com/v1", kind, space, spec=spec)

    def any_monitor(self, space: str) -> Written:
        written = self.monitor(space)
        written["spec"]["namespaceSelector"] = {"any": True}
        return written

    def prometheus(self, space: str) -> Written:
        return self.named("monitoring.coreos.com/v1", "Prometheus", space, spec={})

    def release(self, space: str) -> Written:
        spec: Written = {"targetNamespace": self.space()} if self.rarely(0.5) else {}
        if self.rarely(0.1):
            spec["chart"] = {"spec": {"chart": "charts/web", "sourceRef": {"kind": "GitRepository", "name": "this"}}}
        return self.named("helm.toolkit.fluxcd.io/v2", "HelmRelease", space, spec=spec)

    def application(self, space: str) -> Written:
        path = self.any_of(f"shared/{self.space()}", f"./{self.space()}/", "envs/dev", "base", "charts/web")
        destination = {"namespace": self.any_of(self.space(), space)}
        spec = {"source": {"repoURL": "https://example.com", "path": path}, "destination": destination}
        return self.named("argoproj.io/v1alpha1", "Application", space, spec=spec)

    def pod(self, space: str) -> Written:
        written = self.workload(space)
        while written["kind"] != "Pod":
            written = self.workload(space)
        return {**written, "status": {"podIP": self.any_of("10.0.0.7", "203.0.113.7", "10.96.0.10")}}

    def kyverno(self, _: str) -> Written:
        made = {"kind": "NetworkPolicy" if self.rarely(0.1) else "ConfigMap", "apiVersion": "v1"}
        return self.named("kyverno.io/v1", "ClusterPolicy", "", spec={"rules": [{"generate": made}]})

    def homeless(self, _: str) -> Written:
        return self._somewhere("")

    def open(self, _: str) -> Written:
        return self._somewhere(self.any_of("$(SPACE)", "${SPACE}", "Shop"))

    def _somewhere(self, space: str) -> Written:
        usual = (self.workload, self.workload, self.service, self.service, self.policy, self.ingress)
        odd = (self.config_map, self.secret, self.certificate, self.monitor, self.endpoints, self.release, self.pod)
        made = self.any_of(*usual, *(odd if self.rarely(0.7) else ()))(space)
        return self.namespace(space) if space and self.rarely(0.1) else dict(made)

    def bundle(self, _: str) -> Written:
        return self.named("trust.cert-manager.io/v1alpha1", "Bundle", "", spec={})


def made_up(random: Random) -> dict[str, str]:
    """What is written where: namespaces that are shared, and environments of plain directories or of overlays."""
    cluster = Cluster(random)
    spaces, found = cluster.spaces, dict[str, str]()
    own = random.sample(spaces, random.randint(1, 2))
    flat = random.random() < 0.2
    for space in spaces:
        if space not in own or random.random() < 0.3:
            for part in range(random.randint(1, 3)):
                path = f"shared/{space}-{part}.yaml" if flat else f"shared/{space}/{part}.yaml"
                homes = (space, space, space, space, random.choice(spaces) if random.random() < 0.2 else space)
                objects = [each for home in homes for each in cluster.objects(home, random.randint(0, 1))]
                found[path] = _text(objects)
            if random.random() < 0.3:
                found[f"shared/{space}/kustomization.yaml"] = _text([_kustomization("0.yaml", *_remote(random))])
    overlays = random.random() < 0.4
    if random.random() < 0.7:
        cluster.known = own
    for port, name in enumerate(("dev", "prod", "test", "live", "edge")[: random.randint(2, 5)], 1):
        touched = [*own, *(random.sample(spaces, random.randint(1, 2)) if random.random() < 0.4 else ())]
        objects = [each for space in touched for each in cluster.objects(space, random.randint(0, 4))]
        if random.random() < 0.1:
            objects.append(cluster.acting(own[0]))
        found[f"envs/{name}/all.yaml"] = _text([_alternative(own[0], port), *objects])
        if overlays:
            entries = ["all.yaml", *(["../../base"] if random.random() < 0.8 else [])]
            found[f"envs/{name}/kustomization.yaml"] = _text([_kustomization(*entries, *_remote(random))])
    if overlays:
        found["base/base.yaml"] = _text([*cluster.objects(own[0], 3)])
        found["base/kustomization.yaml"] = _text([_kustomization("base.yaml")])
    return {**found, **_in_view(cluster)}


def _in_view(cluster: Cluster) -> dict[str, str]:
    """What all environments share and every namespace has to do with, now and then."""
    random, found = cluster.random, dict[str, str]()
    if random.random() < 0.3:
        found["spaces/all.yaml"] = _text([cluster.namespace(space) for space in cluster.spaces])
    if random.random() < 0.3:
        found["system/all.yaml"] = _text([cluster.namespace(SYSTEM), *cluster.objects(SYSTEM, random.randint(0, 4))])
    if random.random() < 0.3:
        found["acting/all.yaml"] = _text([cluster.acting(SYSTEM) for _ in range(random.randint(1, 3))])
    for path, makers in _served(cluster).items():
        if random.random() < 0.2:
            found[path] = _text([random.choice(makers)(space) for space in random.sample(cluster.spaces, 2)])
    if random.random() < 0.25:
        homes = [*cluster.spaces, ROOT, ENTRY]
        found["mesh/all.yaml"] = _text([cluster.of_mesh(random.choice(homes)) for _ in range(random.randint(1, 4))])
    return found


def _served(cluster: Cluster) -> dict[str, list[Callable[[str], Written]]]:
    """What serves, scrapes or may be in all namespaces, by the file that it stands in."""
    return {
        "classes/all.yaml": [cluster.ingress_class],
        "controllers/all.yaml": [cluster.controller, cluster.policy],
        "monitors/all.yaml": [cluster.any_monitor, cluster.any_monitor, cluster.prometheus],
        "homeless/all.yaml": [cluster.homeless],
    }


def put_together(random: Random, texts: Sequence[str]) -> dict[str, str]:
    """Manifests that were written for something else, each in namespaces of its own; some of them as alternatives."""
    found: dict[str, str] = {}
    for number in range(random.randint(4, 12)):
        home = f"{random.randint(1, 9)}"
        found[f"shared/{home}/{number}.yaml"] = _text(_moved(random.choice(texts), home, homed=random.random() < 0.8))
    own = [_alternatives(random, texts) for _ in range(random.randint(1, 3))]
    for port, name in enumerate(("dev", "prod", "test")[: random.randint(2, 3)], 1):
        every = [*own, *([_alternatives(random, texts)] if random.random() < 0.4 else ())]
        moved = (each for text, home, homed in every for each in _moved(text, home, homed=homed))
        objects = [each for each in moved if random.random() < 0.8]
        found[f"envs/{name}/all.yaml"] = _text([_alternative("space10", port), *objects])
    return found


def _alternatives(random: Random, texts: Sequence[str]) -> tuple[str, str, bool]:
    """A text for alternatives, where it is to be, and whether all of it is to be in a namespace."""
    return random.choice(texts), f"{random.randint(6, 11)}", random.random() < 0.8


def _moved(text: str, home: str, *, homed: bool = True) -> list[Written]:
    """The objects of a text in other namespaces, those that the text names among them; if `homed`, all have one."""
    written = [each for each in yaml.safe_load_all(text) if isinstance(each, dict)]
    named = {str(each.get("metadata", {}).get("namespace", "")) for each in written}
    for name in sorted(named - {"", "kube-system"}):
        text = re.sub(rf"(?<![a-z0-9-]){re.escape(name)}(?![a-z0-9-])", f"{name}{home}", text)
    moved = [each for each in yaml.safe_load_all(text) if isinstance(each, dict)]
    for each in moved if homed else ():
        if (each.get("apiVersion", "").rpartition("/")[0], each.get("kind")) not in CLUSTER_SCOPED:
            each.setdefault("metadata", {}).setdefault("namespace", f"space{home}")
    return moved


def _alternative(space: str, port: int) -> Written:
    """What no two environments have alike."""
    spec = {"type": "ClusterIP", "ports": [{"port": port}], "selector": {"app": "web"}}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "alternative", "namespace": space},
        "spec": spec,
    }


def _kustomization(*resources: str) -> Written:
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": list(resources),
    }


def _remote(random: Random) -> list[str]:
    """What leaves a kustomization without a build, now and then."""
    return ["https://example.com/base.git?ref=v1"] if random.random() < 0.2 else []


def _copy(written: Written) -> Written:
    """The same, copied into every namespace."""
    written["metadata"]["annotations"] = {"reflector.v1.k8s.emberstack.com/reflection-allowed": "true"}
    return written


def _text(objects: list[Written]) -> str:
    return str(yaml.safe_dump_all(objects, sort_keys=False))
