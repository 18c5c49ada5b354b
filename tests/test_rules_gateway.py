"""Rules for Gateways, routes and what stands beside them."""

from __future__ import annotations

import pytest

from k8snet_lint.facts import Assumed, Facts
from tests.gateway_api import from_all, gateway, grant, listener, resource, route, service
from tests.shop import said
from tests.support import lint_text, report_on

HTTPS = listener("https", "tls: {certificateRefs: [{name: shop-tls}]}", port=443, protocol="HTTPS")
HERE = "name: edge"
ABROAD = "backendRefs: [{name: login, namespace: accounts, port: 80}]"


def severities(rule: str, *documents: str, **settings: object) -> list[str]:
    return [line.split()[0] for line in said(rule, *documents, **settings)]


def messages(rule: str, *documents: str) -> str:
    return "\n".join(said(rule, *documents))


# ── classes ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_class_outside_the_files_is_a_note_said_once() -> None:
    (finding,) = report_on("---\n".join([gateway(), gateway(name="other")]), select=["gateway-class-missing"]).open
    assert finding.absence
    assert [each.message for each in finding.related] == ["Gateway/infra/other names it too"]
    facts = Facts(assumed=Assumed(gateway_classes=("exam*",)))
    assert said("gateway-class-missing", gateway(), facts=facts) == []
    complete = Facts(assumed=Assumed(complete=True))
    assert severities("gateway-class-missing", gateway(), facts=complete) == ["error"]
    near = "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: exampel}\n"
    assert severities("gateway-class-missing", gateway(), near) == ["error"]


# ── listeners ────────────────────────────────────────────────────────────────────────────────────────


def clashes(*listeners: str) -> list[str]:
    return said("gateway-listener-conflict", gateway(*listeners))


def test_listeners_of_one_port_clash_by_host_or_by_protocol() -> None:
    assert "(HostnameConflict)" in clashes(listener("a"), listener("b"))[0]
    assert "(ProtocolConflict)" in clashes(listener("a", port=443), HTTPS)[0]
    assert "(ProtocolConflict)" in clashes(listener("a", port=443, protocol="TCP"), HTTPS)[0]
    assert clashes(listener("a"), listener("b", port=81)) == []
    tcp = [listener(name, protocol="TCP") for name in ("b", "c")]
    assert [line.endswith("beside HTTP (ProtocolConflict)") for line in clashes(listener("a"), *tcp)] == [True, True]
    (line,) = clashes(*tcp)
    assert line.endswith("TCP on port 80 beside TCP (ProtocolConflict)"), "TCP knows no host names to clash by"
    assert clashes(listener("a", "hostname: a.example.com"), listener("b", "hostname: b.example.com")) == []
    assert clashes(listener("a", protocol="TCP"), listener("b", protocol="UDP")) == []
    assert clashes(listener("a", protocol="example.com/own"), listener("b")) == []


def test_https_and_tls_share_a_port_by_host() -> None:
    through = "tls: {mode: Passthrough}, hostname: %s"
    tls = [listener("tls", through % host, port=443, protocol="TLS") for host in ("a.example.com", "b.example.com")]
    https = listener("https", "hostname: a.example.com", port=443, protocol="HTTPS")
    assert clashes(https, tls[1]) == []
    assert len(clashes(https, tls[0])) == 1
    options = {"gateway-listener-conflict": {"co-listening-classes": ["example"]}}
    assert said("gateway-listener-conflict", gateway(https, tls[0]), options=options) == []
    raw = listener("raw", port=443, protocol="TCP")
    assert len(said("gateway-listener-conflict", gateway(https, raw), options=options)) == 1
    again = listener("again", "hostname: a.example.com", port=443, protocol="HTTPS")
    assert len(said("gateway-listener-conflict", gateway(https, again), options=options)) == 1


def test_http_goes_by_host_names_without_tls() -> None:
    assert said("gateway-listener-tls-invalid", gateway(listener("a", "hostname: a.example.com"))) == []


def test_a_protocol_of_an_implementations_own_is_its_business() -> None:
    assert said("gateway-listener-tls-invalid", gateway(listener("a", protocol="example.com/https"))) == []


def test_a_listener_set_that_is_not_taken_clashes_with_nothing() -> None:
    more = resource("ListenerSet", "more", "infra", f"parentRef: {{name: edge}}, listeners: [{listener()}]")
    assert said("gateway-listener-conflict", gateway(), more) == []
    taken = gateway(spec="allowedListeners: {namespaces: {from: All}}")
    assert len(said("gateway-listener-conflict", taken, more)) == 1


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (listener("a", protocol="HTTPS"), "has no certificate"),
        (listener("a", "tls: {}", protocol="HTTPS"), "has no certificate"),
        (listener("a", "tls: {mode: Terminate}", protocol="TLS"), "has no certificate"),
        (listener("a", protocol="TLS"), "needs it"),
        (listener("a", "tls: {mode: Passthrough}", protocol="HTTPS"), "passes TLS through"),
        (listener("a", "tls: {mode: Passthrough}", protocol="TCP"), "has no TLS"),
        (listener("a", protocol="http"), "has the protocol 'http', which there is not (UnsupportedProtocol)"),
        (listener("a", "hostname: a.example.com", protocol="UDP"), "knows no host names"),
    ],
)
def test_a_listeners_tls_fits_its_protocol(written: str, words: str) -> None:
    (line,) = said("gateway-listener-tls-invalid", gateway(written))
    assert line.startswith("error ")
    assert words in line


def test_certificates_can_come_from_elsewhere() -> None:
    bare = listener("a", protocol="HTTPS")
    rule = "gateway-listener-tls-invalid"
    assert said(rule, gateway(bare, metadata="annotations: {networking.gke.io/certmap: shop}")) == []
    parameters = "infrastructure: {parametersRef: {group: example.com, kind: Config, name: edge}}"
    assert said(rule, gateway(bare, spec=parameters)) == []
    assert said(rule, gateway(listener("a", "tls: {options: {example.com/own: shop}}", protocol="HTTPS"))) == []
    assert said(rule, gateway(listener("a", "tls: null", protocol="HTTP"))) == []


def secret(name: str = "shop-tls", keys: str = "tls.crt: a, tls.key: b", kind: str = "kubernetes.io/tls") -> str:
    head = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: infra}}\ntype: {kind}\n"
    return f"{head}stringData: {{{keys}}}\n"


def test_a_certificate_is_a_tls_secret() -> None:
    rule = "gateway-certificate-unresolved"
    assert said(rule, gateway(HTTPS), secret()) == []
    assert severities(rule, gateway(HTTPS)) == ["note"]
    assert severities(rule, gateway(HTTPS), secret("shop-tls1")) == ["note"]
    assert severities(rule, gateway(HTTPS), secret("shopp-tls")) == ["warning"]
    assert severities(rule, gateway(HTTPS), secret(kind="Opaque")) == ["warning"]
    assert severities(rule, gateway(HTTPS), secret(keys="tls.crt: a")) == ["error"]
    assert severities(rule, gateway(HTTPS), secret(keys="")) == ["error"], "the API server rejects such a Secret"
    assert said(rule, gateway(HTTPS), secret(keys="", kind="Opaque")) == []
    assert said(rule, gateway(HTTPS), secret(keys="").replace("{}", "${CERTIFICATE}")) == []
    own = listener("a", "tls: {certificateRefs: [{group: example.com, kind: Own, name: a}]}", protocol="HTTPS")
    assert severities(rule, gateway(own)) == ["note"]
    called_core = listener("a", "tls: {certificateRefs: [{group: core, kind: Secret, name: a}]}", protocol="HTTPS")
    (line,) = said(rule, gateway(called_core))
    assert line.startswith("note Gateway/infra/edge names a Secret of the API group 'core' as certificate")
    issued = gateway(HTTPS, metadata="annotations: {cert-manager.io/issuer: own}")
    assert said(rule, issued) == []
    assert said(rule, gateway(HTTPS), facts=Facts(assumed=Assumed(secrets=("infra/*",)))) == []
    through = listener("a", "tls: {mode: Passthrough, certificateRefs: [{name: shop}]}", protocol="TLS")
    assert said(rule, gateway(through)) == []


def test_a_certificate_that_no_grant_allows_is_missed_only_where_its_name_is_misspelt() -> None:
    rule = "gateway-certificate-unresolved"
    abroad = gateway(HTTPS.replace("name: shop-tls", "name: shop-tls, namespace: certs"))
    grant = (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: ReferenceGrant\nmetadata: {name: edge, namespace: certs}\n"
        "spec:\n  from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: infra}]\n"
        '  to: [{group: "", kind: Secret}]\n'
    )
    assert said(rule, abroad) == []
    assert severities("reference-not-granted", abroad) == ["note"]
    assert severities(rule, abroad, grant) == ["note"]
    assert severities(rule, abroad, secret("shopp-tls").replace("infra", "certs")) == ["warning"]


def test_routes_of_every_namespace_may_be_meant() -> None:
    rule = "gateway-routes-from-all-namespaces"
    assert severities(rule, gateway(from_all())) == ["warning"]
    assert severities(rule, gateway(from_all("hostname: a.example.com"))) == ["note"]
    raw = listener("raw", "allowedRoutes: {namespaces: {from: All}}", protocol="UDP")
    assert messages(rule, gateway(raw)).endswith("takes routes from every namespace, for whatever comes to its port")
    assert said(rule, gateway(from_all()), options={rule: {"single-tenant": True}}) == []
    assert said(rule, gateway(from_all()).replace("example", "istio-waypoint")) == []


# ── references across namespaces ─────────────────────────────────────────────────────────────────────


def test_a_grant_names_who_and_what() -> None:
    rule, there = "reference-not-granted", service("login", "accounts")
    (line,) = said(rule, there, route(rule=ABROAD))
    assert line.startswith("error HTTPRoute/shop/web refers to Service/accounts/login (backend)")
    assert line.endswith("which no ReferenceGrant of 'accounts' allows (RefNotPermitted)")
    assert said(rule, there, route(rule=ABROAD), grant("HTTPRoute/shop", "Service", namespace="accounts")) == []
    assert said(rule, there, route(rule=ABROAD), grant("HTTPRoute/shop", "Service/login", namespace="accounts")) == []
    for wrong in ("HTTPRoute/other", "GRPCRoute/shop"):
        assert len(said(rule, there, route(rule=ABROAD), grant(wrong, "Service", namespace="accounts"))) == 1
    assert len(said(rule, there, route(rule=ABROAD), grant("HTTPRoute/shop", "Secret", namespace="accounts"))) == 1
    assert len(said(rule, there, route(rule=ABROAD), grant("HTTPRoute/shop", "Service", namespace="shop"))) == 1


@pytest.mark.parametrize(
    ("who", "what", "is_meant"),
    [
        ("HTTPRoute/shop", "Service", True),
        ("HTTPRoute/shop", "Service/login", True),
        ("HTTPRoute/shop", "Service/other", False),
        ("HTTPRoute/other", "Service", False),
        ("HTTPRoute/accounts", "Service", False),
        ("GRPCRoute/shop", "Service", False),
    ],
)
def test_a_grant_where_the_route_is_and_not_what_it_refers_to_is_to_be_moved(
    who: str, what: str, is_meant: bool
) -> None:
    documents = (service("login", "accounts"), route(rule=ABROAD), grant(who, what, namespace="shop"))
    (finding,) = report_on("---\n".join(documents), select=["reference-not-granted"]).open
    told = [each.message for each in finding.related]
    assert told == (
        ["ReferenceGrant/shop/grant would allow it, but is not in namespace 'accounts'"] if is_meant else []
    )
    assert finding.help.startswith(
        "move ReferenceGrant/shop/grant to namespace 'accounts'" if is_meant else "add a ReferenceGrant"
    )


def test_certificates_mirrors_and_authorities_need_grants_too() -> None:
    rule, there = "reference-not-granted", service("login", "vault")
    tls = "certificateRefs: [{name: a, namespace: vault}]"
    assert "(certificate)" in messages(rule, there, gateway(listener("a", f"tls: {{{tls}}}", protocol="HTTPS")))
    mirror = "filters: [{type: RequestMirror, requestMirror: {backendRef: {name: login, namespace: vault, port: 80}}}]"
    assert "(mirror)" in messages(rule, there, route(rule=mirror))
    authority = (
        "tls: {frontend: {default: {validation: {caCertificateRefs: [{kind: ConfigMap, name: a, namespace: vault}]}}}}"
    )
    assert "(CA certificate)" in messages(rule, there, gateway(spec=authority))


def test_a_grant_that_may_be_elsewhere_is_a_note() -> None:
    assert "RefNotPermitted" not in messages("reference-not-granted", route(rule=ABROAD))
    assert severities("reference-not-granted", route(rule=ABROAD)) == ["note"]
    assert severities("reference-not-granted", service("login", "accounts"), route(rule=ABROAD, namespace="")) == [
        "note"
    ]


def test_parents_and_meshes_need_no_grant() -> None:
    assert said("reference-not-granted", gateway(), route()) == []
    mesh = route('group: "", kind: Service, name: login, namespace: accounts', ABROAD)
    assert said("reference-not-granted", service("login", "accounts"), mesh) == []


def test_unused_grants_are_said_of_complete_files_only() -> None:
    rule = "reference-grant-too-broad"
    unused = grant("HTTPRoute/shop", "Service", namespace="accounts")
    complete = Facts(assumed=Assumed(complete=True))
    assert said(rule, unused) == []
    assert severities(rule, unused, facts=complete) == ["note"]
    assert said(rule, unused, route(rule=ABROAD), facts=complete) == []
    broad = grant("Gateway/infra", "Secret", namespace="vault")
    assert severities(rule, broad) == ["warning"]
    assert said(rule, broad, options={rule: {"allow": ["vault/*"]}}) == []


# ── attachment ───────────────────────────────────────────────────────────────────────────────────────


def test_a_parent_may_be_anothers() -> None:
    rule = "route-parent-missing"
    assert severities(rule, route()) == ["note"]
    assert severities(rule, gateway(name="other"), route()) == ["warning"]
    assert severities(rule, gateway(name="public-edge"), route("name: public-egde, namespace: infra")) == ["error"]
    assert severities(rule, gateway(), route(HERE)) == ["warning"]
    assert messages(rule, gateway(name="other"), route()).endswith("no Gateway infra/edge (NoMatchingParent)")
    assert "NoMatchingParent" not in messages(rule, route())
    assert said(rule, gateway(name="other"), route(), facts=Facts(assumed=Assumed(gateways=("infra/edge",)))) == []
    assert said(rule, route('group: "", kind: Service, name: web'), service()) == []
    assert said(rule, route("group: example.com, kind: Router, name: own")) == []


def test_examples_side_by_side_without_namespace_are_not_one_teams() -> None:
    documents = (gateway(namespace=""), route("name: other", namespace=""))
    assert severities("route-parent-missing", *documents) == ["note"]


def test_a_listener_set_has_a_parent_too() -> None:
    more = resource(
        "ListenerSet", "more", "shop", f"parentRef: {{name: edge, namespace: infra}}, listeners: [{listener()}]"
    )
    assert severities("route-parent-missing", more) == ["note"]
    assert "takes ListenerSets from: None" in messages("route-not-allowed-by-listener", gateway(), more)


def test_a_parent_that_is_nearly_one_with_routes_is_asked_about() -> None:
    public = gateway(namespace="shop").replace("name: edge", "name: public")
    routes = (route("name: public"), route("name: publik").replace("name: web", "name: other", 1))
    assert messages("route-parent-missing", public, *routes).endswith("(NoMatchingParent); did you mean 'public'?")


def test_a_section_is_a_listeners_name() -> None:
    rule = "route-section-not-found"
    edge = gateway(HTTPS, namespace="shop")
    assert "did you mean 'https'" in messages(rule, edge, route("name: edge, sectionName: htps"))
    assert "of port 80" in messages(rule, edge, route("name: edge, port: 80"))
    assert "its ports are 80" in messages(rule, service(), route('group: "", kind: Service, name: web, port: 81'))
    assert said(rule, edge, route("name: edge, sectionName: https, port: 443")) == []
    assert said(rule, route("name: edge, sectionName: http")) == []


def refused(*documents: str) -> tuple[str, str]:
    """What the one finding says of a route that no listener takes, and how it is mended."""
    (finding,) = report_on("---\n".join(documents), select=["route-not-allowed-by-listener"]).open
    return finding.message, finding.help


def test_a_kind_that_no_listener_takes_is_no_matter_of_namespaces() -> None:
    message, mend = refused(gateway(), route(HERE, kind="TLSRoute", namespace="infra"))
    assert message.endswith("listener 'http' of Gateway/infra/edge: it takes no TLSRoute")
    assert mend == "attach it to a listener of protocol TLS whose allowedRoutes.kinds, if any, hold TLSRoute"


def test_a_route_that_a_listener_keeps_out_is_let_in_by_it_or_moved_or_its_namespace_labelled() -> None:
    widen = "let allowedRoutes of listener 'http' of Gateway/infra/edge admit namespace 'shop'"
    _, mend = refused(gateway(), route())
    assert mend == f"{widen}, or move it to namespace 'infra'"
    shop = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
    labelled = "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {%s}}}}"
    by_label = gateway(listener(more=labelled % "access: public"))
    _, mend = refused(by_label, route(), shop)
    assert mend == f"give namespace 'shop' labels with access=public, or {widen}"
    by_name = gateway(listener(more=labelled % "kubernetes.io/metadata.name: web"))
    _, mend = refused(by_name, route(), shop)
    assert mend == widen


def test_of_many_listeners_a_few_are_named() -> None:
    message, _ = refused(gateway(*(listener(f"l{port}", port=port) for port in range(80, 90))), route())
    assert message.count("it takes routes from: Same") == 3
    assert message.endswith("; and 7 more")


def test_unknown_labels_are_one_note_for_all_routes() -> None:
    chosen = "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {edge: public}}}}"
    documents = (gateway(listener("http", chosen)), route(), route(name="other"))
    (finding,) = report_on("---\n".join(documents), select=["route-not-allowed-by-listener"]).open
    assert finding.severity.label == "note"
    assert "labels of 'shop'" in finding.message
    unset = (gateway(), route(namespace=""))
    assert said("route-not-allowed-by-listener", *unset) == []


# ── backends ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_backend_may_be_elsewhere() -> None:
    rule = "route-backend-missing"
    assert severities(rule, route()) == ["note"]
    assert severities(rule, route(), service("other")) == ["warning"]
    near = route(rule="backendRefs: [{name: storefornt, port: 80}]")
    assert severities(rule, near, service("storefront")) == ["error"]
    assert said(rule, route(rule="backendRefs: [{group: multicluster.x-k8s.io, kind: ServiceImport, name: web}]")) == []
    redirect = (
        "filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}], backendRefs: [{name: web, port: 80}]"
    )
    assert said(rule, route(rule=redirect), service("other")) == []


def test_a_backend_that_is_surely_not_there_is_told_in_the_words_of_the_api() -> None:
    rule = "route-backend-missing"
    (line,) = said(rule, route(), service("other"))
    assert line.endswith("no Service shop/web (BackendNotFound)")
    (line,) = said(rule, route())
    assert "BackendNotFound" not in line, "no Service of the namespace is known, so that it may be there"


@pytest.mark.parametrize("where", ["backendRefs: [%s]", "filters: [{requestMirror: {backendRef: %s}}]"])
def test_a_backend_of_the_core_api_is_a_service(where: str) -> None:
    rule = "route-backend-missing"
    (line,) = said(rule, route(rule=where % "{kind: Pod, name: web-0, port: 80}"))
    assert line == "error HTTPRoute/shop/web leads to Pod/shop/web-0, and a Pod is no backend (InvalidKind)"
    (line,) = said(rule, route(rule=where % "{group: core, kind: Service, name: web, port: 80}"), service())
    assert line == "error HTTPRoute/shop/web leads to Service/shop/web, and there is no API group 'core' (InvalidKind)"
    assert said(rule, route(rule=where % "{group: example.com, kind: Pod, name: web-0}")) == []
    assert said(rule, route(rule=where % '{group: "", kind: Service, name: web, port: 80}'), service()) == []
    assert said(rule, route(rule=where % '{kind: "${KIND}", name: web, port: 80}'), service()) == []


@pytest.mark.parametrize("kind", ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"])
def test_a_port_is_the_services(kind: str) -> None:
    rule = "route-backend-port-invalid"
    spec = "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"
    wrong = route(rule="backendRefs: [{name: web, port: 8080}]", kind=kind)
    assert severities(rule, wrong, service(spec=spec)) == ["error"]
    assert said(rule, route(kind=kind), service(spec=spec)) == []
    assert said(rule, wrong) == []
    assert said(rule, wrong, service(spec="clusterIP: None, ports: [{port: 8080, appProtocol: h2c}]")) == []
    assert said(rule, wrong, service(spec="type: ExternalName, externalName: example.com")) == []


def test_a_udp_route_goes_to_udp_ports() -> None:
    rule = "route-backend-port-invalid"
    assert "a UDPRoute goes over UDP" in messages(rule, route(kind="UDPRoute"), service())
    assert said(rule, route(kind="UDPRoute"), service(spec="ports: [{port: 80, protocol: UDP}]")) == []


def test_weights() -> None:
    rule = "route-backend-port-invalid"
    assert severities(rule, route(rule="backendRefs: [{name: web, port: 80, weight: 0}]")) == ["warning"]
    assert said(rule, route(rule="backendRefs: [{name: web, port: 80, weight: 0}, {name: api, port: 80}]")) == []


# ── requests ─────────────────────────────────────────────────────────────────────────────────────────


def test_two_routes_clash_on_one_listener() -> None:
    rule, edge = "route-conflict-or-shadowed", gateway(namespace="shop")
    one, other = route(HERE, hosts="a.example.com"), route(HERE, hosts="a.example.com", name="other")
    assert "claims a.example.com/, as HTTPRoute/shop/web does" in messages(rule, edge, one, other)
    assert said(rule, edge, one, route(HERE, hosts="b.example.com", name="other")) == []
    assert said(rule, one, other) == []
    two = gateway(listener("a"), listener("b", port=81), namespace="shop")
    assert said(rule, two, route("name: edge, sectionName: a"), route("name: edge, sectionName: b", name="other")) == []
    header = "matches: [{headers: [{name: X-Own, value: a}]}], backendRefs: [{name: web, port: 80}]"
    assert said(rule, edge, route(HERE), route(HERE, header, name="other")) == []
    same = header.replace("X-Own", "x-own")
    assert len(said(rule, edge, route(HERE, header), route(HERE, same, name="other"))) == 1


def test_grpc_methods_are_told_apart() -> None:
    rule, edge = "route-conflict-or-shadowed", gateway(namespace="shop")
    method = "matches: [{method: {service: shop.Cart, method: %s}}], backendRefs: [{name: web, port: 80}]"
    add = route(HERE, method % "Add", kind="GRPCRoute")
    assert said(rule, edge, add, route(HERE, method % "Drop", kind="GRPCRoute", name="other")) == []
    assert len(said(rule, edge, add, route(HERE, method % "Add", kind="GRPCRoute", name="other"))) == 1


def test_an_ingress_of_the_same_host_is_a_note() -> None:
    backend = "{service: {name: web, port: {number: 80}}}"
    rules = f"rules: [{{host: a.example.com, http: {{paths: [{{path: /, pathType: Prefix, backend: {backend}}}]}}}}]"
    ingress = resource("Ingress", "web", "shop", rules, api="networking.k8s.io/v1")
    assert severities("route-conflict-or-shadowed", ingress, route(hosts="a.example.com")) == ["note"]
    assert said("route-conflict-or-shadowed", ingress, route(hosts="b.example.com")) == []


def test_clear_text_that_nobody_outside_sees_is_fine() -> None:
    rule, web = "gateway-cleartext", route(HERE, hosts="a.example.com")
    public = gateway(namespace="shop")
    assert severities(rule, public, web) == ["warning"]
    assert said(rule, public) == []
    assert said(rule, gateway(name="edge-internal", namespace="shop"), route("name: edge-internal")) == []
    for host in ("shop.internal", "shop.home.arpa", "shop.corp"):
        assert said(rule, public, route(HERE, hosts=host)) == []
    assert said(rule, public, web, facts=Facts(tls_terminated_upstream=True)) == []
    assert said(rule, public, web, facts=Facts(internal_ingress_classes=("example",))) == []
    for spec in (
        "addresses: [{value: 10.0.0.7}]",
        "infrastructure: {annotations: {lbipam.cilium.io/ips: 192.168.1.9}}",
    ):
        assert said(rule, gateway(namespace="shop", spec=spec), web) == []
    acme = "matches: [{path: {value: /.well-known/acme-challenge/a}}], backendRefs: [{name: web, port: 80}]"
    assert said(rule, public, route(HERE, acme)) == []


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/metrics", 1),
        ("/metrics/", 1),
        ("/debug/pprof", 1),
        ("/actuator/env", 1),
        ("/actuator/health", 0),
        ("/metricsx", 0),
    ],
)
def test_metrics_are_not_for_everyone(path: str, found: int) -> None:
    rule = f"matches: [{{path: {{value: {path}}}}}], backendRefs: [{{name: web, port: 80}}]"
    assert len(said("route-exposes-metrics-path", route(rule=rule, hosts="a.example.com"))) == found


def test_a_port_named_metrics_is_for_prometheus() -> None:
    rule, ports = "route-exposes-metrics-path", "ports: [{name: http-metrics, port: 80}]"
    assert "port named 'http-metrics'" in messages(rule, service(spec=ports), route(hosts="a.example.com"))
    assert said(rule, service(spec=ports), route(hosts="a.internal")) == []
    assert said(rule, service(spec=ports), route('group: "", kind: Service, name: web')) == []


# ── TLS to backends ──────────────────────────────────────────────────────────────────────────────────


def backend_policy(validation: str, target: str = "name: web", name: str = "web") -> str:
    spec = (
        f'targetRefs: [{{group: "", kind: Service, {target}}}], validation: {{hostname: web.example.com{validation}}}'
    )
    return resource("BackendTLSPolicy", name, "shop", spec)


def test_helps_name_what_is_there() -> None:
    web = service(spec="selector: {app: web}, ports: [{port: 80, targetPort: 8080}]")
    to_pods, astray = (route(rule=f"backendRefs: [{{name: web, port: {port}}}]") for port in (8080, 8081))
    for documents, mend in (
        ([web, to_pods], "8080 is the port of the pods behind Service port 80; name that one"),
        ([web, astray], "name a port number that the Service offers"),
    ):
        (finding,) = report_on("---\n".join(documents), select=["route-backend-port-invalid"]).open
        assert finding.help == mend
    edge = gateway(listener("http", "hostname: '*.example.com'"), namespace="shop")
    (finding,) = report_on(
        "---\n".join([edge, route(HERE, hosts="a.b")]), select=["route-hostname-no-intersection"]
    ).open
    assert finding.help == "choose a host inside '*.example.com', or change the hostname of the listener"


def test_a_backend_policy_has_one_authority() -> None:
    rule, system = "backend-tls-policy-invalid", ", wellKnownCACertificates: System"
    refs = ', caCertificateRefs: [{group: "", kind: ConfigMap, name: ca}]'
    config_map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ca, namespace: shop}\ndata: {ca.crt: a}\n"
    assert said(rule, service(), backend_policy(system)) == []
    assert said(rule, service(), config_map, backend_policy(refs)) == []
    assert said(rule, service(), config_map.replace("data: {ca.crt: a}", "data: {}"), backend_policy(refs)) == []
    assert said(rule, service(), backend_policy("").replace(", validation: {hostname: web.example.com}", "")) == []
    assert "neither" in messages(rule, service(), backend_policy(""))
    assert "both" in messages(rule, service(), config_map, backend_policy(refs + system))
    assert severities(rule, service(), backend_policy(refs)) == ["note"]
    assert severities(rule, service("other"), backend_policy(system)) == ["warning"]
    assert "(Conflicted)" in messages(rule, service(), backend_policy(system), backend_policy(system, name="other"))


def test_a_backend_for_https_wants_a_policy() -> None:
    rule, web = "backend-tls-policy-invalid", route(rule="backendRefs: [{name: web, port: 443}]")
    https = service(spec="selector: {app: web}, ports: [{name: https, port: 443}]")
    assert severities(rule, https, web) == ["note"]
    assert said(rule, https, web, backend_policy(", wellKnownCACertificates: System")) == []
    assert said(rule, service(spec="selector: {app: web}, ports: [{port: 443, appProtocol: http}]"), web) == []
    assert said(rule, service(), route()) == []


def test_hostile_values_are_survived() -> None:
    odd: tuple[str, ...] = (
        "spec: null",
        "spec: 3",
        "spec: {listeners: 3}",
        "spec: {parentRefs: [null, 3, {name: 3}], rules: [null, {backendRefs: 3}]}",
    )
    odd += ("spec: {listeners: [null, 3, {name: 3, port: x, tls: 3, allowedRoutes: 3}], gatewayClassName: 3}",)
    odd += (
        "spec: {from: [3], to: [null, 3]}",
        "spec: {targetRefs: [3], validation: 3}",
        "spec: {rules: [{matches: [3]}]}",
    )
    for kind in (
        "Gateway",
        "GatewayClass",
        "ListenerSet",
        "HTTPRoute",
        "GRPCRoute",
        "TLSRoute",
        "ReferenceGrant",
        "BackendTLSPolicy",
    ):
        for spec in odd:
            text = f"apiVersion: gateway.networking.k8s.io/v1\nkind: {kind}\nmetadata: {{name: a}}\n{spec}\n"
            lint_text(text, select=["gateway"])


@pytest.mark.parametrize(("served", "wanted"), [("*.example.com", "web.${DOMAIN}"), ("*.${DOMAIN}", "web.example.com")])
def test_a_host_that_is_still_to_be_filled_in_may_fit(served: str, wanted: str) -> None:
    rule = "route-hostname-no-intersection"
    edge = gateway(from_all(f"hostname: '{served}'"))
    assert said(rule, edge, route(hosts=f"'{wanted}'"), service()) == []
    assert said(rule, gateway(from_all("hostname: a.b")), route(hosts="web.elsewhere.org"), service()) != []
