"""Workloads that are open to the Internet, and what keeps anyone else from them."""

from __future__ import annotations

import pytest

from k8snet_lint import Severity
from tests.cluster import namespace, pods, policy
from tests.shop import said, service
from tests.support import report_on

OPEN = "exposed-workload-not-isolated"
EGRESS = "exposed-workload-open-egress"
HTTP = "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"
BALANCER = service(f"type: LoadBalancer, {HTTP}")


def ingress(metadata: str = "", host: str = "shop.example.com", spec: str = "") -> str:
    backend = "{service: {name: web, port: {number: 80}}}"
    rule = f"{{host: {host}, http: {{paths: [{{path: /, pathType: Prefix, backend: {backend}}}]}}}}"
    head = f"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: shop, namespace: shop{metadata}}}\n"
    return f"{head}spec: {{{spec}rules: [{rule}]}}\n"


def rules_at(*documents: str) -> list[str]:
    """The rules of the default preset that speak of isolation and exposure."""
    isolation = [OPEN, EGRESS, "workload-not-isolated", "service-public-load-balancer"]
    isolation += [f"namespace-without-default-deny-{direction}" for direction in ("ingress", "egress")]
    return sorted(finding.rule for finding in report_on("---\n".join(documents), select=isolation).open)


def test_a_load_balancer_without_policies_is_told_once_for_its_workload() -> None:
    (finding,) = report_on("---\n".join([BALANCER, pods("web")]), select=[OPEN]).open
    by = "is open to the Internet by Service/shop/web, and to every pod of the cluster besides"
    assert finding.message == f"Deployment/shop/web {by}"
    assert [step.message for step in finding.chain] == [
        "Service/shop/web is a load balancer",
        "Service/shop/web leads port 80 to TCP 8080 of Deployment/shop/web",
        "no policy isolates Deployment/shop/web for ingress",
    ]
    assert rules_at(BALANCER, pods("web")) == [OPEN]
    assert rules_at(BALANCER, pods("web"), namespace("shop")) == [OPEN]


def test_what_else_is_in_the_namespace_is_still_told() -> None:
    found = rules_at(BALANCER, pods("web"), pods("api"))
    assert found == [OPEN, "namespace-without-default-deny-egress", "namespace-without-default-deny-ingress"]


def test_a_note_on_what_may_be_isolated_elsewhere_takes_no_others_place() -> None:
    cilium = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {}\n"
    assert "service-public-load-balancer" in rules_at(BALANCER, pods("web"), cilium)


@pytest.mark.parametrize(
    "way",
    [
        service(HTTP) + "---\n" + ingress(),
        service(HTTP) + "---\n" + ingress(spec="ingressClassName: nginx, "),
        service(HTTP)
        + "---\napiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: shop, namespace: shop}\n"
        + "spec: {host: shop.example.com, to: {kind: Service, name: web}}\n",
    ],
)
def test_ingresses_and_routes_publish_too(way: str) -> None:
    assert len(said(OPEN, way, pods("web"))) == 1


def test_a_list_that_admits_every_address_limits_nothing() -> None:
    limited = ingress(", annotations: {nginx.ingress.kubernetes.io/whitelist-source-range: '10.0.0.0/8, 0.0.0.0/0'}")
    assert len(said(OPEN, service(HTTP), limited, pods("web"))) == 1
    assert said(OPEN, service(HTTP), limited.replace("whitelist", "denylist"), pods("web")) == []


@pytest.mark.parametrize(
    "way",
    [
        service(HTTP),
        service(f"type: NodePort, {HTTP}"),
        service(f"type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8], {HTTP}"),
        service(HTTP) + "---\n" + ingress(host="shop.internal"),
        service(HTTP) + "---\n" + ingress(host="shop.localtest.me"),
        service(HTTP) + "---\n" + ingress(host="shop.192.168.49.2.nip.io"),
        service(HTTP) + "---\n" + ingress(host="shop-10-0-0-5.traefik.me"),
        service(HTTP) + "---\n" + ingress(spec="ingressClassName: nginx-internal, "),
        service(HTTP)
        + "---\n"
        + ingress(", annotations: {nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8}"),
        service(HTTP) + "---\n" + ingress(", annotations: {alb.ingress.kubernetes.io/target-type: ip}"),
    ],
)
def test_what_stays_inside_is_not_published(way: str) -> None:
    assert said(OPEN, way, pods("web")) == []


def test_an_ingress_controller_is_there_to_be_open() -> None:
    edge = pods("web", labels="{app: web, app.kubernetes.io/name: ingress-nginx}")
    assert said(OPEN, BALANCER, edge) == []


def test_isolated_for_ingress_but_free_to_connect_is_a_note() -> None:
    admits = policy("ingress: [{ports: [{port: 8080}]}]")
    assert said(OPEN, BALANCER, pods("web"), admits) == []
    (found,) = said(EGRESS, BALANCER, pods("web"), admits)
    assert (
        found == "note Deployment/shop/web is open to the Internet by Service/shop/web and may connect to any address"
    )
    assert said(EGRESS, BALANCER, pods("web")) == []


@pytest.mark.parametrize(
    ("egress", "count"),
    [
        ("[{}]", 1),
        ("[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", 1),
        ("[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}]", 0),
        ("[{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]", 0),
        ("[{to: [{namespaceSelector: {}}]}]", 0),
    ],
)
def test_the_metadata_service_within_reach_is_a_warning(egress: str, count: int) -> None:
    both = policy(f"policyTypes: [Ingress, Egress]\ningress: [{{}}]\negress: {egress}")
    found = said(EGRESS, BALANCER, pods("web"), both)
    assert len(found) == count
    assert all(line.startswith("warning ") for line in found)


def test_a_workload_that_lets_nobody_in_is_not_reachable() -> None:
    both = policy("policyTypes: [Ingress, Egress]\negress: [{}]")
    assert said(EGRESS, BALANCER, pods("web"), both) == []


SENSITIVE = "exposed-sensitive-port"
CLEARTEXT = "exposed-in-cleartext"


def balanced(ports: str, kind: str = "LoadBalancer", metadata: str = "") -> str:
    return service(f"type: {kind}, selector: {{app: web}}, ports: [{ports}]", metadata=metadata)


@pytest.mark.parametrize(("port", "found"), [(27017, 0), (5432, 0), (11211, 1), (2049, 1)])
def test_few_answer_over_udp(port: int, found: int) -> None:
    assert len(said(SENSITIVE, balanced(f"{{port: {port}, protocol: UDP}}"))) == found


TCP_ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: edge, listeners: [{name: db, port: 5432, protocol: TCP}]}
---
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: TCPRoute
metadata: {name: db, namespace: shop}
spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: web, port: 5432}]}]}
---
"""


def test_only_who_can_ask_for_credentials_is_told_to() -> None:
    def helped(text: str) -> str:
        (finding,) = report_on(text, select=[SENSITIVE]).open
        return finding.help

    inside = balanced("{port: 5432}", "ClusterIP") + "---\n"
    assert helped(TCP_ROUTE + inside + pods("web")) == "take the route away, or admit certain addresses only"
    by_ingress = helped(ingress().replace("number: 80", "number: 5432") + "---\n" + inside + pods("web"))
    assert by_ingress.startswith("have Ingress/shop/shop ask for credentials, take the route away")
    assert helped(balanced("{port: 5432}", "NodePort")) == "use type ClusterIP"
    assert helped(balanced("{port: 5432}")).startswith("use type ClusterIP, make the load balancer internal")


@pytest.mark.parametrize(
    ("ports", "kind", "severity", "what"),
    [
        ("{port: 5432}", "LoadBalancer", Severity.ERROR, "PostgreSQL to the Internet"),
        ("{port: 80, targetPort: 6379}", "LoadBalancer", Severity.ERROR, "Redis to the Internet"),
        ("{port: 2222}", "LoadBalancer", Severity.WARNING, "SSH to the Internet"),
        ("{port: 27017, nodePort: 30017}", "NodePort", Severity.WARNING, "MongoDB to whoever reaches a node"),
    ],
)
def test_a_database_that_is_published_is_told_by_its_service_alone(
    ports: str, kind: str, severity: Severity, what: str
) -> None:
    (finding,) = report_on(balanced(ports, kind), select=[SENSITIVE]).open
    assert finding.severity is severity
    assert finding.message == f"Service/shop/web opens {what}"


def test_it_takes_the_place_of_what_says_less() -> None:
    rules = [SENSITIVE, CLEARTEXT, OPEN, "service-public-load-balancer", "service-node-port"]
    documents = "---\n".join([balanced("{port: 80, targetPort: 5432}"), pods("web")])
    assert [finding.rule for finding in report_on(documents, select=rules).open] == [SENSITIVE]
    documents = "---\n".join([balanced("{port: 80, targetPort: 8080}"), pods("web")])
    assert [finding.rule for finding in report_on(documents, select=rules).open] == [CLEARTEXT]
    documents = "---\n".join([service(HTTP), CONSOLE, ingress()])
    assert [finding.rule for finding in report_on(documents, select=rules).open] == [SENSITIVE]


@pytest.mark.parametrize(
    "way",
    [TCP_ROUTE + balanced("{port: 5432}", "ClusterIP"), ingress() + "---\n" + balanced("{port: 80}", "ClusterIP")],
)
def test_a_route_that_publishes_what_nobody_should_reach_is_told_once(way: str) -> None:
    rules = [SENSITIVE, OPEN, "service-public-load-balancer"]
    found = report_on("---\n".join([way, pods("web").replace("example/web", "adminer")]), select=rules).open
    assert [finding.rule for finding in found] == [SENSITIVE]


@pytest.mark.parametrize(
    "documents",
    [
        service("selector: {app: web}, ports: [{port: 5432}]"),
        service("type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8], ports: [{port: 5432}]"),
        balanced("{port: 5432}") + "---\n" + pods("web") + "---\n" + policy("ingress: []"),
    ],
)
def test_a_database_that_nobody_outside_reaches_is_fine(documents: str) -> None:
    assert not report_on(documents, select=[SENSITIVE]).open


def test_a_number_may_be_left_alone() -> None:
    assert not report_on(balanced("{port: 22}"), select=[SENSITIVE], options={SENSITIVE: {"ignore": ["22"]}}).open


CONSOLE = pods("web").replace("example/web", "docker.io/library/adminer:4")


def test_a_console_behind_an_ingress_is_told_unless_credentials_are_asked_for() -> None:
    route = "---\n".join([service(HTTP), CONSOLE, ingress()])
    (finding,) = report_on(route, select=[SENSITIVE]).open
    assert "opens Adminer, a console of databases of Deployment/shop/web to the Internet" in finding.message
    asked = ingress(", annotations: {nginx.ingress.kubernetes.io/auth-url: 'https://login.example.com'}")
    assert not report_on("---\n".join([service(HTTP), CONSOLE, asked]), select=[SENSITIVE]).open
    proxied = CONSOLE.replace("docker.io/library/adminer:4", "quay.io/oauth2-proxy/oauth2-proxy")
    assert not report_on("---\n".join([service(HTTP), proxied, ingress()]), select=[SENSITIVE]).open


ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec:
  gatewayClassName: envoy
  listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec: {parentRefs: [{name: edge, namespace: infra}], rules: [{FILTERS backendRefs: [{name: web, port: 80}]}]}
"""
GUARD = """\
apiVersion: %s
kind: %s
metadata: {name: login, namespace: %s}
spec: {targetRefs: [{group: gateway.networking.k8s.io, kind: %s, name: %s}]}
"""


@pytest.mark.parametrize(
    ("filters", "guard", "count"),
    [
        ("", "", 1),
        ("", GUARD % ("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", "shop", "HTTPRoute", "shop"), 0),
        ("", GUARD % ("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", "infra", "Gateway", "edge"), 0),
        ("", GUARD % ("kuadrant.io/v1", "AuthPolicy", "shop", "HTTPRoute", "shop"), 0),
        ("", GUARD % ("security.istio.io/v1", "RequestAuthentication", "infra", "Gateway", "edge"), 0),
        ("", GUARD % ("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", "shop", "HTTPRoute", "other"), 1),
        ("", GUARD % ("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", "shop", "Gateway", "edge"), 1),
        ("", GUARD % ("gateway.envoyproxy.io/v1alpha1", "BackendTrafficPolicy", "shop", "HTTPRoute", "shop"), 1),
        ("filters: [{type: ExtensionRef, extensionRef: {kind: Middleware, name: login}}],", "", 0),
        ("filters: [{type: ExternalAuth}],", "", 0),
        ("filters: [{type: RequestHeaderModifier}],", "", 1),
    ],
)
def test_a_console_behind_a_route_is_told_unless_credentials_may_be_asked_for(
    filters: str, guard: str, count: int
) -> None:
    documents = [service(HTTP), CONSOLE, ROUTE.replace("FILTERS", filters), *([guard] if guard else [])]
    assert len(report_on("---\n".join(documents), select=[SENSITIVE]).open) == count


@pytest.mark.parametrize("host", ["db.home.arpa", "db.corp", "db.localdomain", "db"])
def test_hosts_that_no_public_name_server_answers_for_are_private(host: str) -> None:
    assert not report_on("---\n".join([service(HTTP), CONSOLE, ingress(host=host)]), select=[SENSITIVE]).open


@pytest.mark.parametrize(
    ("ports", "metadata", "found"),
    [
        ("{port: 80}", "", 1),
        ("{port: 389}", "", 1),
        ("{port: 389}, {port: 636, name: ldaps}", "", 0),
        ("{port: 80, name: https}", "", 0),
        ("{port: 80, protocol: UDP}", "", 0),
        ("{port: 8080}", "", 0),
        ("{port: 80}", "annotations: {service.beta.kubernetes.io/aws-load-balancer-ssl-cert: 'arn:aws:acm'}", 0),
        ("{port: 80}", "labels: {app.kubernetes.io/name: ingress-nginx}", 0),
    ],
)
def test_clear_text_is_told_where_nothing_encrypts(ports: str, metadata: str, found: int) -> None:
    assert len(report_on(balanced(ports, metadata=metadata), select=[CLEARTEXT]).open) == found


ISTIO = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec: {selector: {LABELS}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
"""


@pytest.mark.parametrize(
    ("more", "count"),
    [
        (ISTIO.replace("LABELS", "app: web"), 0),
        (ISTIO.replace("LABELS", "app: other"), 1),
        (ISTIO.replace("LABELS", "app: web, istio: edge"), 1),
        (ISTIO.replace("LABELS", ""), 1),
        (pods("web").replace("example/web", "docker.io/envoyproxy/envoy:v1.30"), 0),
    ],
)
def test_what_serves_gateways_may_carry_what_is_told_there(more: str, count: int) -> None:
    assert len(report_on("---\n".join([balanced("{port: 80}"), more]), select=[CLEARTEXT]).open) == count


@pytest.mark.parametrize(
    ("port", "remedy"),
    [
        (80, "end TLS at the load balancer and serve port 443, or publish it by an Ingress with TLS"),
        (1883, "end TLS at the load balancer and serve port 8883"),
        (23, "use SSH, and admit certain addresses only"),
    ],
)
def test_the_help_is_one_for_the_protocol(port: int, remedy: str) -> None:
    (finding,) = report_on(balanced(f"{{port: {port}}}"), select=[CLEARTEXT]).open
    assert finding.help == remedy


def test_whoever_accepts_that_a_workload_is_open_to_all_accepts_that_it_is_published_so() -> None:
    head = "metadata: {name: web, namespace: shop}"
    accepted = pods("web").replace(head, f"{head}  # k8snet-lint: ignore[workload-not-isolated] a public mirror")
    report = report_on(f"{BALANCER}---\n{accepted}", select=[OPEN, "workload-not-isolated", "unused-suppression"])
    (finding,) = report.findings
    assert finding.rule == OPEN
    assert finding.suppressed is not None
    assert finding.suppressed.reason == "a public mirror"


EVERYONE = "type: LoadBalancer, loadBalancerSourceRanges: [0.0.0.0/0], selector: {app: web}, ports: [{port: %s}]"


@pytest.mark.parametrize(
    ("number", "rule"),
    [("5432", SENSITIVE), ("80", CLEARTEXT), ("443", OPEN)],
)
def test_ranges_that_admit_everyone_limit_nobody_and_are_told_of_once(number: str, rule: str) -> None:
    rules = [SENSITIVE, CLEARTEXT, OPEN, "service-public-load-balancer", "service-source-ranges-ineffective"]
    documents = "---\n".join([service(EVERYONE % number), pods("web")])
    assert [finding.rule for finding in report_on(documents, select=rules).open] == [rule]


@pytest.mark.parametrize("kind", ["LoadBalancer", "NodePort"])
def test_what_the_api_server_rejects_opens_nothing(kind: str) -> None:
    rules = [SENSITIVE, OPEN, "service-public-load-balancer", "service-node-port", "service-type-conflict"]
    headless = service(f"type: {kind}, clusterIP: None, selector: {{app: web}}, ports: [{{port: 5432}}]")
    found = [finding.rule for finding in report_on("---\n".join([headless, pods("web")]), select=rules).open]
    assert found == ["service-type-conflict"]
