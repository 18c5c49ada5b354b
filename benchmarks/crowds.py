"""Crowds: thousands of objects of one sort, as they meet in one place; each crowd is hard on other rules.

Everything here is invented.
"""

# ruff: noqa: E501 - a manifest in flow style is best read in one piece
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks import policy_crowds
from benchmarks.objects import HTTP, deployment, manifest, policy, service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Member = Callable[[int], Iterator[str]]

OWN_FILE = 20


@dataclass(frozen=True, slots=True)
class Crowd:
    """What to generate: `members` of the crowd of that name, each with the objects that it comes with."""

    name: str
    members: int = 1_000

    def of(self, members: int) -> Crowd:
        """The same crowd with that many members."""
        return replace(self, members=members)

    def write(self, directory: Path) -> int:
        """Write the crowd below a directory, some members a file; gives back how many bytes it weighs."""
        directory.mkdir(parents=True, exist_ok=True)
        weight = 0
        for first in range(0, self.members, OWN_FILE):
            numbers = range(first, min(first + OWN_FILE, self.members))
            documents = (text for number in numbers for text in CROWDS[self.name](number))
            weight += (directory / f"{first:06}.yaml").write_bytes("\n---\n".join(documents).encode())
        return weight


def _one_label(number: int) -> Iterator[str]:
    """Services and workloads that all have the same label; every other workload lacks the port that is named."""
    yield service(f"s{number}", "web")
    yield deployment(f"d{number}", "web", HTTP if number % 2 else "{containerPort: 9090}")


def _one_label_no_port(number: int) -> Iterator[str]:
    yield service(f"s{number}", "web")
    yield deployment(f"d{number}", "web", "{name: web, containerPort: 9090}")
    yield policy(f"p{number}", "{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: http}]}]}")


def _except_one(number: int) -> Iterator[str]:
    """A namespace with a policy that admits all namespaces but one."""
    own, other = f"team-{number}", f"team-{number + 1}"
    name_is_not = f"{{key: kubernetes.io/metadata.name, operator: NotIn, values: [{other}]}}"
    team_is_not = f"{{key: team, operator: NotIn, values: [{other}]}}"
    yield manifest("v1", "Namespace", own, "", "", f", labels: {{team: {own}}}")
    yield deployment("web", "web", HTTP, own)
    for name, expression in (("by-name", name_is_not), ("by-team", team_is_not)):
        peers = (
            f"[{{namespaceSelector: {{matchExpressions: [{expression}]}}, podSelector: {{matchLabels: {{app: web}}}}}}]"
        )
        yield policy(name, f"{{podSelector: {{}}, policyTypes: [Ingress, Egress], ingress: [{{from: {peers}}}]}}", own)


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


def _one_host(number: int) -> Iterator[str]:
    """Ingresses and routes of OpenShift for the same host and path."""
    paths = ", ".join(
        f"{{path: {path}, pathType: Prefix, backend: {{service: {{name: s{number}, port: {{number: 80}}}}}}}}"
        for path in ("/", f"/{number}")
    )
    spec = (
        f"spec: {{ingressClassName: nginx, tls: [{{hosts: [a.example.org], secretName: tls-{number}}}],"
        f" rules: [{{host: a.example.org, http: {{paths: [{paths}]}}}}]}}"
    )
    yield manifest("networking.k8s.io/v1", "Ingress", f"i{number}", spec)
    yield manifest("v1", "Secret", f"tls-{number}", "type: kubernetes.io/tls\ndata: {tls.crt: YQ==, tls.key: YQ==}")
    yield manifest(
        "route.openshift.io/v1",
        "Route",
        f"o{number}",
        f"spec: {{host: a.example.org, to: {{kind: Service, name: s{number}}}}}",
    )
    yield service(f"s{number}", f"a{number}")


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


def _cilium(number: int) -> Iterator[str]:
    """A workload with a policy of Cilium in its namespace and one of the cluster."""
    mine, other = f"{{matchLabels: {{app: a{number}}}}}", f"{{matchLabels: {{app: a{number + 1}}}}}"
    ports = "toPorts: [{ports: [{port: '8080', protocol: TCP}]}]"
    rules = (
        f"endpointSelector: {mine}, ingress: [{{fromEndpoints: [{other}], {ports}}}],"
        f" egress: [{{toEndpoints: [{other}], {ports}}}, {{toCIDR: [10.{number % 250}.0.0/16]}}, {{toEntities: [world]}}]"
    )
    yield manifest("cilium.io/v2", "CiliumNetworkPolicy", f"c{number}", f"spec: {{{rules}}}")
    yield manifest("cilium.io/v2", "CiliumClusterwideNetworkPolicy", f"w{number}", f"spec: {{{rules}}}", "")
    yield deployment(f"d{number}", f"a{number}", HTTP)


def _calico(number: int) -> Iterator[str]:
    """A workload with policies of Calico, in order, and a set of networks."""
    rules = (
        f"types: [Ingress, Egress], ingress: [{{action: Allow, protocol: TCP, source: {{selector: app == 'a{number + 1}'}},"
        f" destination: {{ports: [8080]}}}}], egress: [{{action: Deny, destination: {{selector: set == 's{number}'}}}}, {{action: Pass}}]"
    )
    api = "projectcalico.org/v3"
    yield policy(f"c{number}", f"{{order: {number}, selector: app == 'a{number}', {rules}}}", api=api)
    yield manifest(
        api,
        "GlobalNetworkPolicy",
        f"w{number}",
        f"spec: {{order: {number}, selector: app == 'a{number}', {rules}}}",
        "",
    )
    yield manifest(
        api,
        "GlobalNetworkSet",
        f"s{number}",
        f"spec: {{nets: [10.{number % 250}.0.0/16]}}",
        "",
        f", labels: {{set: s{number}}}",
    )
    yield deployment(f"d{number}", f"a{number}", HTTP)


def _cluster_policies(number: int) -> Iterator[str]:
    """Policies of the cluster's administrator over namespaces of teams."""
    spec = (
        f"spec: {{tier: Admin, priority: {number % 1000}, subject: {{namespaces: {{matchLabels: {{team: t{number}}}}}}},"
        f" ingress: [{{name: a, action: Deny, from: [{{namespaces: {{matchLabels: {{team: t{number + 1}}}}}}}]}}],"
        f" egress: [{{name: b, action: Accept, to: [{{networks: [10.{number % 250}.0.0/16]}}]}}]}}"
    )
    yield manifest("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", f"p{number}", spec, "")
    yield manifest("v1", "Namespace", f"t{number}", "", "", f", labels: {{team: t{number}}}")
    yield deployment("web", "web", HTTP, f"t{number}")


def _custom(number: int) -> Iterator[str]:
    """A definition of a kind, and an object of it."""
    group, plural = f"g{number}.example.org", f"things{number}"
    schema = "{type: object, properties: {spec: {type: object, required: [size], properties: {size: {type: integer}}}}}"
    yield manifest(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        f"{plural}.{group}",
        f"spec:\n  group: {group}\n  scope: Namespaced\n  names: {{kind: Thing{number}, plural: {plural}}}\n"
        f"  versions: [{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {schema}}}}}]",
        "",
    )
    yield manifest(f"{group}/v1", f"Thing{number}", "it", "spec: {size: 3, color: red}")


def _mentions(number: int) -> Iterator[str]:
    """Settings that name Services, of which every other is missing, of one namespace and of others."""
    urls = f"a: http://s{number}:80, b: 'http://s{number + 1}.shop.svc.cluster.local:8080/x', c: 'postgres://x@db{number}.other:5432'"
    yield manifest("v1", "ConfigMap", f"c{number}", f"data: {{{urls}}}")
    yield deployment(f"d{number}", f"a{number}", HTTP)
    if number % 2:
        yield service(f"s{number}", f"a{number}")


def _monitors(number: int) -> Iterator[str]:
    """Monitors that select Services and pods."""
    api, label = "monitoring.coreos.com/v1", f"{{matchLabels: {{app: a{number}}}}}"
    yield manifest(api, "ServiceMonitor", f"m{number}", f"spec: {{selector: {label}, endpoints: [{{port: http}}]}}")
    any_of = "namespaceSelector: {any: true}"
    yield manifest(
        api, "PodMonitor", f"m{number}", f"spec: {{selector: {label}, {any_of}, podMetricsEndpoints: [{{port: http}}]}}"
    )
    yield deployment(f"d{number}", f"a{number}", HTTP)
    yield service(f"s{number}", f"a{number}")


def _host_ports(number: int) -> Iterator[str]:
    """Workloads that take the same ports of their nodes."""
    port = "{name: http, containerPort: 8080, hostPort: 8080}"
    own = deployment(f"d{number}", f"a{number}", port, pod="hostNetwork: true\n      ")
    yield own.replace("kind: Deployment", "kind: DaemonSet") if number % 2 else own
    yield deployment(f"e{number}", f"e{number}", f"{{containerPort: 8080, hostPort: {10000 + number}}}")


def _load_balancers(number: int) -> Iterator[str]:
    """Services open to the Internet that claim the same name, of workloads that policies isolate."""
    text = service(f"s{number}", f"a{number}", more=", type: LoadBalancer")
    yield text.replace(
        "metadata: {", "metadata: {annotations: {external-dns.alpha.kubernetes.io/hostname: same.example.org}, "
    )
    yield deployment(f"d{number}", f"a{number}", HTTP)
    open_cidr = "{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}"
    yield policy(f"p{number}", f"{{podSelector: {{matchLabels: {{app: a{number}}}}}, ingress: [{open_cidr}]}}")


def _one_subject(number: int) -> Iterator[str]:
    """Policies that are all for the same pods, each with a peer, addresses and ports of its own."""
    if number == 0:
        yield deployment("web", "web", HTTP)
    yield deployment(f"d{number}", f"a{number}", HTTP)
    rule = f"{{podSelector: {{matchLabels: {{app: a{number}}}}}}}, {{ipBlock: {{cidr: 10.{number // 250}.{number % 250}.0/24}}}}"
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        ports = f"[{{port: {8000 + number}}}]"
        yield policy(
            f"p{number}-{direction}",
            f"{{podSelector: {{matchLabels: {{app: web}}}}, policyTypes: [{direction.capitalize()}],"
            f" {direction}: [{{{peers}: [{rule}], ports: {ports}}}]}}",
        )


def _duplicates(number: int) -> Iterator[str]:
    """The same object over and over, each time a little different."""
    yield service("web", f"a{number}")
    yield deployment("web", f"a{number}", HTTP)
    yield policy("web", f"{{podSelector: {{matchLabels: {{app: a{number}}}}}}}")


def _paths(number: int) -> Iterator[str]:
    """Ingresses of one host and of one pattern of hosts, with many paths each and a class of their own."""
    backend = f"{{service: {{name: s{number}, port: {{number: 80}}}}}}"
    paths = ", ".join(f"{{path: /{number}/{i}, pathType: Prefix, backend: {backend}}}" for i in range(10))
    rules = ", ".join(f"{{host: '{host}', http: {{paths: [{paths}]}}}}" for host in ("a.example.org", "*.example.org"))
    spec = f"spec: {{ingressClassName: c{number}, tls: [{{hosts: ['*.example.org'], secretName: t{number}}}], rules: [{rules}]}}"
    yield manifest("networking.k8s.io/v1", "Ingress", f"i{number}", spec)
    yield manifest("networking.k8s.io/v1", "IngressClass", f"c{number}", "spec: {controller: example.org/any}", "")
    yield service(f"s{number}", f"a{number}")


def _ports(number: int) -> Iterator[str]:
    """Services with many ports each, all of one workload."""
    if number == 0:
        yield deployment("web", "web", HTTP)
    ports = ", ".join(f"{{name: p{i}, port: {1000 + number * 20 + i}, targetPort: {2000 + i}}}" for i in range(20))
    yield manifest("v1", "Service", f"s{number}", f"spec: {{selector: {{app: web}}, ports: [{ports}]}}")


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


def _operators(number: int) -> Iterator[str]:
    """Databases of an operator, whose Services it makes, and whoever names them."""
    yield manifest("postgresql.cnpg.io/v1", "Cluster", f"pg{number}", "spec: {instances: 1}")
    urls = f"a: 'postgres://x@pg{number}-rw:5432', b: 'http://gone{number}:80'"
    yield manifest("v1", "ConfigMap", f"c{number}", f"data: {{{urls}}}")


def _torn(number: int) -> Iterator[str]:
    """Workloads whose pods lack the label that their selectors, and those of others, ask for."""
    text = deployment(f"d{number}", f"a{number}", HTTP)
    yield text.replace(f"labels: {{app: a{number}}}", f"labels: {{app: b{number}}}")
    yield service(f"s{number}", f"a{number}")
    yield policy(f"p{number}", f"{{podSelector: {{matchLabels: {{app: a{number}}}}}}}")


def _settings(number: int) -> Iterator[str]:
    """Workloads with hosts in their variables, and a ConfigMap that all take."""
    if number == 0:
        yield manifest("v1", "ConfigMap", "common", "data: {a: 'http://s1:80', b: 'http://s2:80'}")
    env = f"env: [{{name: URL, value: 'http://s{number + 1}:80'}}], envFrom: [{{configMapRef: {{name: common}}}}]"
    yield deployment(f"d{number}", f"a{number}", HTTP).replace(", ports:", f", {env}, ports:")
    yield service(f"s{number}", f"a{number}")
    peer = f"{{podSelector: {{matchLabels: {{app: a{number}}}}}}}"
    yield policy(f"p{number}", f"{{podSelector: {{matchLabels: {{app: a{number}}}}}, ingress: [{{from: [{peer}]}}]}}")


CROWDS: dict[str, Member] = {
    "one label": _one_label,
    "one label, port missing": _one_label_no_port,
    "all namespaces but one": _except_one,
    "Gateways": _routes,
    "one Gateway": _one_gateway,
    "one host": _one_host,
    "mesh": _mesh,
    "Cilium": _cilium,
    "Calico": _calico,
    "cluster policies": _cluster_policies,
    "custom resources": _custom,
    "mentions": _mentions,
    "monitors": _monitors,
    "host ports": _host_ports,
    "load balancers": _load_balancers,
    "one subject": _one_subject,
    "duplicates": _duplicates,
    "paths": _paths,
    "ports": _ports,
    "listeners": _listeners,
    "namespaces with routes": _namespaces_with_routes,
    "operators": _operators,
    "torn": _torn,
    "settings of workloads": _settings,
    **policy_crowds.CROWDS,
}
