"""The typed views of Istio's and Linkerd's kinds, and that nobody pays for them who has none."""

import subprocess
import sys
from typing import TypeVar

import pytest

from k8snet_lint.facts import Facts
from k8snet_lint.graph import Graph, Relation
from k8snet_lint.kinds import (
    AuthorizationPolicy,
    DestinationRule,
    IstioGateway,
    LinkerdServer,
    PeerAuthentication,
    Resource,
    ServiceEntry,
    Sidecar,
    VirtualService,
    Workload,
)
from k8snet_lint.loader import LoadOptions, load

T = TypeVar("T", bound=Resource)


def graph_of(text: str) -> Graph:
    return Graph.of(load(("-",), LoadOptions(stdin_name="m.yaml"), stdin=text.encode()).worlds[0], Facts())


def the(kind: type[T], text: str) -> T:
    (found,) = graph_of(text).select(kind)
    return found


@pytest.mark.parametrize("version", ["v1", "v1beta1", "v1alpha3"])
def test_every_version_of_a_kind_is_read(version: str) -> None:
    service = the(
        VirtualService,
        f"apiVersion: networking.istio.io/{version}\nkind: VirtualService\nmetadata: {{name: a}}\nspec: {{hosts: [b]}}",
    )
    assert [host.text for host in service.hosts] == ["b"]


def test_gateways_of_the_two_apis_are_told_apart_by_their_group() -> None:
    graph = graph_of(
        """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: a}
spec: {gatewayClassName: istio, listeners: []}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: b}
spec: {selector: {istio: x}, servers: []}
"""
    )
    assert [gateway.name for gateway in graph.select(IstioGateway)] == ["b"]


def test_destinations_are_those_of_all_protocols_and_of_mirrors() -> None:
    service = the(
        VirtualService,
        """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a}
spec:
  http: [{route: [{destination: {host: a}}], mirror: {host: b}, mirrors: [{destination: {host: c}}]}]
  tls: [{route: [{destination: {host: d, port: {number: 443}}}]}]
  tcp: [{route: [{destination: {host: e, subset: v1}}, {}]}]
""",
    )
    assert [each.host.text for each in service.destinations] == ["a", "c", "b", "d", "e"]
    assert [each.port.integer for each in service.destinations] == [None, None, None, 443, None]


@pytest.mark.parametrize(
    ("written", "followed"),
    [("", True), ("gateways: [mesh, a]", True), ("gateways: [a]", False), ("gateways: x", True)],
)
def test_sidecars_follow_what_names_mesh_or_no_gateway(written: str, followed: bool) -> None:
    text = f"apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {{name: a}}\nspec:\n  {written}\n"
    assert the(VirtualService, text).is_for_sidecars is followed


@pytest.mark.parametrize(
    ("written", "seen"), [("[]", True), ('["*"]', True), ('["."]', False), ("[shop]", True), ("[blog]", False)]
)
def test_export_to_says_which_namespaces_see_it(written: str, seen: bool) -> None:
    text = (
        "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: a, namespace: own}\n"
        f"spec: {{exportTo: {written}}}"
    )
    assert the(ServiceEntry, text).is_seen_in("shop") is seen


def test_tls_settings_are_those_of_hosts_ports_and_subsets() -> None:
    rule = the(
        DestinationRule,
        """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a}
spec:
  host: a
  trafficPolicy:
    tls: {mode: SIMPLE}
    portLevelSettings: [{port: {number: 1}, tls: {mode: DISABLE}}, {port: {number: 2}}]
  subsets: [{name: v1, trafficPolicy: {tls: {mode: MUTUAL}}}, wrong]
""",
    )
    assert [(each.mode.text, each.port) for each in rule.tls] == [("SIMPLE", None), ("DISABLE", 1), ("MUTUAL", None)]


def test_a_server_host_names_the_namespace_of_its_routes() -> None:
    gateway = the(
        IstioGateway,
        """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: a, namespace: own}
spec: {servers: [{port: {number: 80, protocol: http2}, hosts: [a.b, ./c.d, shop/e.f, "*/g"]}]}
""",
    )
    (server,) = gateway.servers
    assert server.hosts == (("*", "a.b"), ("own", "c.d"), ("shop", "e.f"), ("*", "g"))
    assert server.is_http
    assert not server.is_tls


@pytest.mark.parametrize(
    ("spec", "nothing", "everything"),
    [
        ("{}", True, False),
        ("{rules: []}", True, False),
        ("{rules: [{}]}", False, True),
        ("{rules: [{from: []}]}", False, True),
        ("{rules: wrong}", False, False),
        ("{action: DENY}", False, False),
        ("{rules: [{to: [{operation: {ports: ['80']}}]}]}", False, False),
    ],
)
def test_no_rules_allow_nothing_and_an_empty_one_allows_everything(spec: str, nothing: bool, everything: bool) -> None:
    text = f"apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {{name: a}}\nspec: {spec}\n"
    policy = the(AuthorizationPolicy, text)
    assert policy.allows_nothing is nothing
    assert (policy.everything is not None) is everything


def test_what_a_rule_asks_of_http_is_told_from_what_plain_tcp_has() -> None:
    policy = the(
        AuthorizationPolicy,
        """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: a}
spec:
  rules:
  - from: [{source: {principals: [p], requestPrincipals: [r]}}]
    to: [{operation: {ports: ["80"], paths: [/a]}}]
    when: [{key: source.ip, values: [1.2.3.4]}, {key: "request.headers[x]", values: [y]}]
""",
    )
    (rule,) = policy.rules
    assert [node.key for node in rule.http_attributes] == ["requestPrincipals", "paths", "key"]
    assert rule.ports == {"80"}


def test_port_modes_are_those_of_whole_numbers() -> None:
    text = (
        "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a}\n"
        "spec: {mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}, '9090': {mode: STRICT}, http: {}}}"
    )
    policy = the(PeerAuthentication, text)
    assert [(port, mode.text) for port, mode in policy.port_modes] == [(8080, "DISABLE"), (9090, "STRICT")]


def test_kinds_of_one_name_are_told_apart_by_their_group() -> None:
    text = "apiVersion: policy.linkerd.io/v1alpha1\nkind: AuthorizationPolicy\nmetadata: {name: a}\n"
    assert graph_of(text).select(AuthorizationPolicy) == ()


def test_wrong_types_are_read_as_nothing() -> None:
    graph = graph_of(
        """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: a}
spec: {workloadSelector: [x]}
---
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: a}
spec: {podSelector: 7}
"""
    )
    assert graph.select(Sidecar)[0].selector.is_empty
    assert graph.select(LinkerdServer)[0].selector is None


def test_an_unknown_kind_has_no_class() -> None:
    with pytest.raises(ImportError, match="EnvoyFilter"):
        from k8snet_lint.kinds import EnvoyFilter  # noqa: F401, PLC0415


def test_a_check_without_a_mesh_imports_nothing_of_it() -> None:
    code = (
        "import sys; from k8snet_lint.cli.group import cli\n"
        "try: cli(['check', '-', '--no-config'])\n"
        "except SystemExit: pass\n"
        "names = ('istio', 'linkerd', 'graph.mesh.mesh')\n"
        "print([name for name in sys.modules if any(each in name for each in names)])"
    )
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n"
    ran = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_the_graph_shows_what_a_mesh_refers_to() -> None:
    graph = graph_of(
        """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {selector: {app: web}, servers: []}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  gateways: [mesh, public]
  http: [{route: [{destination: {host: web}}, {destination: {host: web, subset: a}}, {destination: {host: none}}]}]
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: all, namespace: shop}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: closed, namespace: istio-system}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
"""
    )
    (service,) = graph.select(VirtualService)
    assert [str(edge.target) for edge in graph.targets(service, Relation.REFERS_TO)] == [
        "Gateway/shop/public",
        "Service/shop/web",
    ]
    (pod,) = graph.select(Workload)
    assert {edge.source.kind for edge in graph.sources(pod, Relation.SELECTS)} == {
        "Service",
        "Gateway",
        "Sidecar",
        "AuthorizationPolicy",
    }
