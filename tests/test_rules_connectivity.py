"""Rules on what policies do: names that cannot be looked up, ways that are closed, Services that nobody reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from k8snet_lint.facts import Cni, Facts
from tests.cluster import cilium, namespace, pods, policy
from tests.shop import said, service
from tests.support import lint_tree, report_on, write_files

if TYPE_CHECKING:
    from pathlib import Path

DNS = "policy-blocks-dns"
PATH = "policy-blocks-declared-path"
UNREACHABLE = "service-unreachable"
MISNAMED = "policy-names-service-port"
REDUNDANT = "policy-rule-redundant"
METADATA = "policy-allows-metadata-endpoint"
NETWORK = "policy-depends-on-cni"
WEB = "matchLabels: {app: web}"
HTTP = "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"
TO_DATABASE = "policyTypes: [Egress]\negress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]"
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
"""
CONTROLLER = pods("edge", "edge", "{app.kubernetes.io/name: ingress-nginx}")


def egress(rules: str, **settings: str) -> str:
    return policy(f"policyTypes: [Egress]\negress: [{rules}]", selector=WEB, **settings)


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────


def test_who_may_connect_but_not_look_up_names_is_an_error() -> None:
    (found,) = said(DNS, pods("web"), policy(TO_DATABASE, selector=WEB))
    what = "lets Deployment/shop/web connect to others, but not ask the cluster's DNS, UDP port 53"
    assert found == f"error NetworkPolicy/shop/policy {what}"


def test_who_may_connect_to_nobody_is_a_note() -> None:
    (found,) = said(DNS, pods("web"), policy("policyTypes: [Egress]"))
    assert found.startswith("note NetworkPolicy/shop/policy lets Deployment/shop/web connect to nobody")


def test_who_needs_no_names_is_a_warning() -> None:
    block = egress("{to: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 443}]}")
    assert said(DNS, pods("web"), block)[0].startswith("warning ")
    named = pods("web").replace("image: example/web", 'image: example/web, args: ["--db=http://db:5432"]')
    assert said(DNS, named, block)[0].startswith("error ")
    told = pods("web").replace("image: example/web", "image: example/web, env: [{name: DB_HOST, value: %s}]")
    assert said(DNS, told % "db.example.com", block)[0].startswith("error ")
    assert said(DNS, told % "203.0.113.7", block)[0].startswith("warning ")
    assert said(DNS, told % "localhost", block)[0].startswith("warning ")


API_SERVER = "{ports: [{port: 6443}]}"


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (API_SERVER, 0),
        ("{to: [{ipBlock: {cidr: 10.0.0.1/32}}], ports: [{port: 6443}]}", 0),
        (f"{API_SERVER}, {{ports: [{{port: 443}}]}}", 1),
        ("{ports: [{port: 6443}, {port: 5432}]}", 1),
        ("{ports: [{port: 6443, endPort: 6445}]}", 1),
    ],
)
def test_who_calls_the_api_server_alone_is_given_its_address(rules: str, found: int) -> None:
    assert len(said(DNS, pods("web"), egress(rules))) == found


def test_who_calls_the_api_server_and_names_a_host_looks_it_up() -> None:
    named = pods("web").replace("image: example/web", 'image: example/web, args: ["--db=http://db:5432"]')
    assert said(DNS, named, egress(API_SERVER))[0].startswith("error ")


@pytest.mark.parametrize(
    "peer",
    [
        "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}",
        "{namespaceSelector: {matchLabels: {name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}",
        "{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}",
        "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: openshift-dns}}}",
        "{namespaceSelector: {matchLabels: {team: dns}}, podSelector: {matchLabels: {app: unbound}}}",
        "{ipBlock: {cidr: 169.254.20.10/32}}",
        "{ipBlock: {cidr: 10.96.0.10/32}}",
    ],
)
def test_queries_that_some_rule_may_let_out_are_fine(peer: str) -> None:
    assert said(DNS, pods("web"), egress(f"{{to: [{peer}], ports: [{{port: 53, protocol: UDP}}]}}")) == []


def test_dns_over_tcp_alone_is_not_enough() -> None:
    peer = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}"
    by_tcp = egress(f"{{to: [{peer}], ports: [{{port: 53}}]}}")
    (finding,) = report_on("---\n".join((pods("web"), by_tcp)), select=[DNS]).open
    assert finding.help.startswith("add {protocol: UDP, port: 53} beside port 53")
    assert [each.message for each in finding.related] == ["this rule lets queries out by TCP alone"]
    others = egress("{to: [{podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53}]}")
    (finding,) = report_on("---\n".join((pods("web"), others)), select=[DNS]).open
    assert finding.help.startswith("add the egress rule {to: [{namespaceSelector:")


def test_any_policy_of_the_pods_may_let_queries_out() -> None:
    dns = policy("policyTypes: [Egress]\negress: [{ports: [{port: 53, protocol: UDP}]}]", name="dns")
    assert said(DNS, pods("web"), policy(TO_DATABASE, selector=WEB), dns) == []


def test_name_servers_of_the_set_count() -> None:
    server = pods("unbound", labels="{app: db}", ports="[{containerPort: 53, protocol: UDP}]")
    assert said(DNS, pods("web"), server, policy(TO_DATABASE, selector=WEB)) == []


@pytest.mark.parametrize("label", ["k8s-app", "app.kubernetes.io/name"])
def test_name_servers_of_the_set_may_listen_on_a_port_of_their_own(label: str) -> None:
    ports = "[{name: dns, containerPort: 1053, protocol: UDP}]"
    server = pods("dns", "dns", f"{{{label}: coredns}}", ports=ports)
    to_server = f"{{namespaceSelector: {{}}, podSelector: {{matchLabels: {{{label}: coredns}}}}}}"
    rules = f"{{to: [{to_server}], ports: [{{port: 1053, protocol: UDP}}]}}, {{to: [{{podSelector: {{}}}}]}}"
    assert said(DNS, pods("web"), server, egress(rules)) == []
    assert len(said(DNS, pods("web"), server, egress(rules.replace("1053", "1054")))) == 1


def test_name_servers_may_be_on_the_node() -> None:
    def to(port: str) -> str:
        node = f'{{toEntities: [host], toPorts: [{{ports: [{{port: "{port}", protocol: UDP}}]}}]}}'
        return cilium("endpointSelector: {}", f"egress: [{node}, {{toEndpoints: [{{}}]}}]")

    assert said(DNS, pods("web"), to("53")) == []
    assert len(said(DNS, pods("web"), to("54"))) == 1


def test_ports_of_pods_anywhere_are_not_those_of_the_services_of_the_set() -> None:
    anywhere = egress("{to: [{namespaceSelector: {}}], ports: [{port: 80}]}")
    assert said(MISNAMED, anywhere, service(HTTP), pods("web", ports="[{containerPort: 8080}]")) == []


@pytest.mark.parametrize("spec", ["dnsPolicy: Default", "hostNetwork: true"])
def test_pods_that_ask_their_nodes_name_servers_are_not_judged(spec: str) -> None:
    assert said(DNS, pods("web", spec=spec), policy(TO_DATABASE, selector=WEB)) == []


def test_pods_with_name_servers_of_their_own_have_to_reach_one() -> None:
    own = pods("web", spec="dnsPolicy: None, dnsConfig: {nameservers: [203.0.113.53]}")
    reached = "{to: [{ipBlock: {cidr: 203.0.113.53/32}}], ports: [{port: 53, protocol: UDP}]}"
    assert said(DNS, own, egress(reached)) == []
    (finding,) = report_on("---\n".join((own, policy(TO_DATABASE, selector=WEB))), select=[DNS]).open
    assert "connect to others, but not ask name server 203.0.113.53, UDP port 53" in finding.message
    added = finding.help.removeprefix("add the egress rule ")
    assert said(DNS, own, policy(TO_DATABASE.replace("egress: [", f"egress: [{added}, "), selector=WEB)) == []


CALICO = """\
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: %s, namespace: shop}
spec:
  selector: app == 'web'
  order: %d
  types: [Egress]
  egress: [%s]
"""


def test_policies_of_calico_cut_off_too() -> None:
    to_database = "{action: Allow, destination: {selector: app == 'db'}}"
    (finding,) = report_on("---\n".join((pods("web"), CALICO % ("p", 1, to_database))), select=[DNS]).open
    assert finding.severity.label == "error"
    added = finding.help.removeprefix("add the egress rule ").partition(", and one")[0]
    assert said(DNS, pods("web"), CALICO % ("p", 1, f"{to_database}, {added}")) == []
    assert said(DNS, pods("web"), CALICO % ("p", 1, "{action: Deny}"))[0].startswith("note ")
    denied_first = (CALICO % ("p", 1, "{action: Deny}"), CALICO % ("q", 2, to_database))
    assert said(DNS, pods("web"), *denied_first)[0].startswith("note ")
    assert said(DNS, pods("web"), CALICO % ("p", 1, "{action: Pass}")) == []
    assert said(DNS, pods("web"), (CALICO % ("p", 1, to_database)).replace("Egress", "Ingress")) == []
    assert said(DNS, pods("web"), (CALICO % ("p", 1, to_database)).replace("kind: ", "kind: Staged")) == []


def test_workloads_of_one_policy_are_one_finding() -> None:
    (found,) = said(DNS, pods("web"), pods("api"), policy(TO_DATABASE))
    assert "Deployment/shop/web and 1 more" in found


def test_policies_of_other_engines_make_it_a_note_that_fails_nothing() -> None:
    cilium = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {}\n"
    (finding,) = report_on("---\n".join([pods("web"), policy(TO_DATABASE), cilium]), select=[DNS]).open
    assert finding.absence


# ── ways in ───────────────────────────────────────────────────────────────────────────────────────────


def test_an_ingress_whose_port_no_policy_admits_is_an_error_with_its_steps() -> None:
    documents = (INGRESS, service(HTTP), pods("web"), policy("ingress: [{ports: [{port: 9090}]}]", selector=WEB))
    (finding,) = report_on("---\n".join(documents), select=[PATH]).open
    assert finding.severity.label == "error"
    admits = "Deployment/shop/web admits no TCP 8080 from the pods that carry its traffic"
    assert finding.message == f"NetworkPolicy/shop/policy blocks Ingress/shop/shop: {admits}"
    assert [step.message for step in finding.chain] == [
        "Ingress/shop/shop sends traffic to Service/shop/web",
        "Service/shop/web leads port 80 to TCP 8080 of Deployment/shop/web",
        "NetworkPolicy/shop/policy isolates the pods, and none allows it",
    ]
    assert finding.related[0].message == "NetworkPolicy/shop/policy asks for TCP 9090 here, and there is TCP 8080"


def test_of_many_policies_the_first_are_named_and_the_rest_counted() -> None:
    rules = "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}}]}]"
    sealed = [policy(rules, name=f"p{number}") for number in range(10, 22)]
    (finding,) = report_on("---\n".join((INGRESS, service(HTTP), pods("web"), CONTROLLER, *sealed)), select=[PATH]).open
    isolating = [step.message for step in finding.chain[2:]]
    assert isolating[9] == "NetworkPolicy/shop/p19 isolates the pods, and none allows it"
    assert isolating[10:] == ["so do 2 more, of which NetworkPolicy/shop/p20 is the first"]


@pytest.mark.parametrize(
    "rules",
    [
        "[{from: [{namespaceSelector: {matchLabels: {app: edge}}}]}]",
        "[{from: [{podSelector: {matchLabels: {app: edge}}}]}]",
        "[{from: [{ipBlock: {cidr: 35.191.0.0/16}}]}]",
        "[{}]",
    ],
)
def test_policies_that_may_admit_an_unknown_controller_are_fine(rules: str) -> None:
    assert said(PATH, INGRESS, service(HTTP), pods("web"), policy(f"ingress: {rules}")) == []


def test_a_controller_of_the_set_has_to_be_admitted() -> None:
    rules = "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}}]}]"
    documents = (INGRESS, service(HTTP), pods("web"), CONTROLLER)
    assert said(PATH, *documents, policy(rules % "edge")) == []
    (finding,) = report_on("---\n".join((*documents, policy(rules % "other"))), select=[PATH]).open
    assert finding.message.endswith("Deployment/shop/web admits no TCP 8080 from Deployment/edge/edge")
    assert finding.help.startswith("allow TCP 8080 from Deployment/edge/edge to web, or remove the way")
    (finding,) = report_on(
        "---\n".join((*documents, CONTROLLER.replace("edge", "second"), policy(rules % "other"))), select=[PATH]
    ).open
    assert finding.message.endswith("from Deployment/edge/edge and 1 more")


def controller(image: str, namespace: str, *args: str) -> str:
    made = pods(namespace, namespace, "{app: edge}").replace(f"image: example/{namespace}", f"image: {image}")
    return made.replace(f"image: {image}", f"image: {image}, args: [{', '.join(args)}]") if args else made


def ingress_of(name: str) -> str:
    return INGRESS.replace("spec: {", f"spec: {{ingressClassName: {name}, ")


NGINX, TRAEFIK = "registry.k8s.io/ingress-nginx/controller:v1", "docker.io/traefik:v3"
CLASS = """\
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: %s}
spec: {controller: %s}
"""


@pytest.mark.parametrize(
    ("ingress", "others", "admitted"),
    [
        (ingress_of("traefik"), (controller(NGINX, "nginx"),), "traefik"),
        (ingress_of("tailscale"), (controller(NGINX, "nginx"),), "tailscale"),
        (ingress_of("alb"), (controller(NGINX, "nginx"),), "kube-system"),
        (ingress_of("public"), (controller(NGINX, "nginx"),), "edge"),
        (ingress_of("nginx-inside"), (controller(NGINX, "nginx"),), "inside"),
        (ingress_of("nginx-inside"), (controller(NGINX, "nginx", "--ingress-class=nginx"),), "inside"),
        (ingress_of("nginx"), (controller(NGINX, "inside", "--ingress-class=nginx-inside"),), "nginx"),
        (
            ingress_of("inside") + "---\n" + CLASS % ("inside", "k8s.io/nginx-inside"),
            (controller(NGINX, "nginx", "--controller-class=k8s.io/ingress-nginx"),),
            "inside",
        ),
        (ingress_of("contour"), (controller("ghcr.io/projectcontour/contour:v1", "contour"),), "envoy"),
        (INGRESS, (controller("docker.io/envoyproxy/envoy-gateway:v1", "gateways"),), "edge"),
    ],
)
def test_a_controller_of_the_set_that_is_for_others_does_not_have_to_be_admitted(
    ingress: str, others: tuple[str, ...], admitted: str
) -> None:
    rules = (
        f"ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {admitted}}}}}}}]}}]"
    )
    assert said(PATH, ingress, *others, service(HTTP), pods("web"), policy(rules)) == []


@pytest.mark.parametrize(
    ("ingress", "own"),
    [
        (ingress_of("nginx"), controller(NGINX, "edge")),
        (ingress_of("traefik"), controller(TRAEFIK, "edge")),
        (ingress_of("public"), controller(NGINX, "edge", "--ingress-class", "public")),
        (ingress_of("public"), controller(TRAEFIK, "edge", "--providers.kubernetesingress.ingressclass=public")),
        (ingress_of("public") + "---\n" + CLASS % ("public", "k8s.io/ingress-nginx"), controller(NGINX, "edge")),
        (
            ingress_of("public") + "---\n" + CLASS % ("public", "k8s.io/public"),
            controller(NGINX, "edge", "--controller-class=k8s.io/public", "--ingress-class=nginx"),
        ),
    ],
)
def test_an_ingress_is_held_against_its_own_controller(ingress: str, own: str) -> None:
    rules = "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}}]}]"
    (found,) = said(PATH, ingress, own, service(HTTP), pods("web"), policy(rules))
    assert found.endswith("admits no TCP 8080 from Deployment/edge/edge")


def test_a_clouds_load_balancer_is_called_no_pods() -> None:
    closed = policy("ingress: [{ports: [{port: 9090}]}]")
    for name in ("azure/application-gateway", "alb", "gce"):
        (found,) = said(PATH, ingress_of(name), service(HTTP), pods("web"), closed)
        assert found.endswith("admits no TCP 8080 from its load balancer")


def test_what_one_change_opens_is_told_once_for_all_paths_and_ingresses() -> None:
    closed = policy("ingress: [{from: [{podSelector: {matchLabels: {app: other}}}]}]")
    path = INGRESS[INGRESS.index("{path:") : INGRESS.index("]}}]}")]
    twice = INGRESS.replace(path, f"{path}, {path.replace('path: /', 'path: /a')}")
    second = INGRESS.replace("name: shop", "name: second", 1).replace("path: /,", "path: /b,")
    text = "---\n".join((twice, second, service(HTTP), pods("web"), CONTROLLER, closed))
    (finding,) = report_on(text, select=[PATH]).open
    assert "blocks Ingress/shop/shop, and 1 more: Deployment/shop/web admits no" in finding.message
    assert [each.message for each in finding.related] == ["Ingress/shop/second leads there too"]


def test_a_rule_that_closes_a_way_is_what_is_to_be_mended() -> None:
    denial = cilium(
        "endpointSelector: {matchLabels: {app: web}}",
        "enableDefaultDeny: {ingress: false}",
        "ingressDeny: [{fromEntities: [all]}]",
    )
    text = "---\n".join((INGRESS, service(HTTP), pods("web"), CONTROLLER, denial))
    (finding,) = report_on(text, select=[PATH]).open
    assert finding.message.startswith("CiliumNetworkPolicy/shop/p blocks Ingress/shop/shop")
    assert finding.path == "/spec/ingressDeny/0"
    mend = "leave Deployment/edge/edge out of what this rule denies, or remove the way from Ingress/shop/shop"
    assert finding.help == mend


def test_a_controller_of_the_set_has_to_get_out_too() -> None:
    sealed = policy("policyTypes: [Egress]", namespace="edge", name="sealed")
    (found,) = said(PATH, INGRESS, service(HTTP), pods("web"), CONTROLLER, sealed)
    may_not = "Deployment/edge/edge may not connect to TCP 8080 of Deployment/shop/web"
    assert found == f"error NetworkPolicy/edge/sealed blocks Ingress/shop/shop: {may_not}"


def test_a_load_balancer_is_a_warning() -> None:
    balancer = service(f"type: LoadBalancer, {HTTP}")
    sealed = policy("ingress: [{from: [{podSelector: {}}]}]")
    (found,) = said(PATH, balancer, pods("web"), sealed)
    assert found.startswith("warning NetworkPolicy/shop/policy blocks Service/shop/web: ")
    assert said(PATH, balancer, pods("web"), policy("ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}]")) == []


def test_a_service_that_something_leads_to_is_left_to_that_rule() -> None:
    sealed = policy("policyTypes: [Ingress]")
    assert len(said(UNREACHABLE, service(HTTP), pods("web"), sealed)) == 1
    assert said(UNREACHABLE, INGRESS, service(HTTP), pods("web"), sealed) == []
    assert said(UNREACHABLE, service(f"type: LoadBalancer, {HTTP}"), pods("web"), sealed) == []


# ── Services ──────────────────────────────────────────────────────────────────────────────────────────


def test_ports_are_judged_one_by_one() -> None:
    two = "selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9090}]"
    (found,) = said(UNREACHABLE, service(two), pods("web"), policy("ingress: [{ports: [{port: 8080}]}]"))
    nobody = "lets nobody reach port 9090 (metrics) of Service/shop/web: Deployment/shop/web admits no TCP 9090"
    assert found == f"warning NetworkPolicy/shop/policy {nobody}"


@pytest.mark.parametrize(
    "peer",
    ["{podSelector: {matchLabels: {app: nowhere}}}", "{ipBlock: {cidr: 198.51.100.7/32}}", "{namespaceSelector: {}}"],
)
def test_a_port_that_somebody_may_reach_is_fine_though_he_is_not_in_the_set(peer: str) -> None:
    assert said(UNREACHABLE, service(HTTP), pods("web"), policy(f"ingress: [{{from: [{peer}]}}]")) == []


def test_one_open_workload_behind_it_is_enough() -> None:
    other = pods("other", labels="{app: web, open: yes}")
    sealed = policy("ingress: []", selector="matchExpressions: [{key: open, operator: DoesNotExist}]")
    assert said(UNREACHABLE, service(HTTP), pods("web"), sealed)
    assert said(UNREACHABLE, service(HTTP), pods("web"), other, sealed) == []


def test_it_is_laid_to_a_policy_that_surely_selects_the_pods() -> None:
    """What asks for a label that an operator sets is for the operator's pods, for all that is known."""
    other = policy(
        "ingress: [{ports: [{port: 5432}]}]", name="a-database", selector="matchLabels: {cnpg.io/cluster: db}"
    )
    own = policy("ingress: [{ports: [{port: 9090}]}]", name="web", selector=WEB)
    (found,) = said(UNREACHABLE, service(HTTP), pods("web"), policy("policyTypes: [Ingress]", "deny"), other, own)
    assert found.startswith("warning NetworkPolicy/shop/web lets nobody reach port 80")


def test_a_policy_of_the_administrator_closes_it_as_well() -> None:
    head = "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: sealed}\n"
    rule = "{action: Deny, from: [{namespaces: {}}]}"
    sealed = f"{head}spec: {{tier: Admin, priority: 1, subject: {{namespaces: {{}}}}, ingress: [{rule}]}}\n"
    assert said(UNREACHABLE, service(HTTP), pods("web"), sealed) == []  # addresses still come in
    both = policy("ingress: [{from: [{podSelector: {}}]}]")
    (found,) = said(UNREACHABLE, service(HTTP), pods("web"), sealed, both)
    assert "lets nobody reach port 80 of Service/shop/web" in found


def test_what_the_name_of_a_port_closes_that_the_pods_lack_is_told_of_that_name() -> None:
    documents = (service(HTTP), pods("web", ports="[{name: http, containerPort: 8080}]"))
    named = "ingress: [{from: [{podSelector: {}}], ports: [{port: %s}]}]"
    assert said(UNREACHABLE, *documents, policy(named % "metrics", selector=WEB)) == []
    assert len(said(UNREACHABLE, *documents, policy(named % "9090", selector=WEB))) == 1


def test_a_port_that_is_none_is_not_told_to_be_out_of_reach() -> None:
    odd = service('selector: {app: web}, ports: [{port: "80", targetPort: 8080}]')
    assert said(UNREACHABLE, odd, pods("web"), policy("policyTypes: [Ingress]")) == []


def test_a_tier_of_calico_that_passes_everything_on_closes_no_way() -> None:
    head = "apiVersion: projectcalico.org/v3\nkind: %s\nmetadata: {name: %s}\nspec: %s\n"
    tier = head % ("Tier", "security", "{order: 10}")
    on = head % ("GlobalNetworkPolicy", "security.on", "{tier: security, ingress: [{action: Pass}]}")
    deny = head % ("GlobalNetworkPolicy", "last", "{types: [Ingress], selector: all()}")
    (found,) = said(UNREACHABLE, service(HTTP), pods("web"), tier, on, deny)
    assert "GlobalNetworkPolicy/last lets nobody reach port 80" in found
    own = deny.replace("name: last", "name: own").replace("all()", "app == 'web'")
    (found,) = said(UNREACHABLE, service(HTTP), pods("web"), tier, on, deny, own)
    assert "GlobalNetworkPolicy/own lets nobody reach port 80" in found
    sealing = on.replace("action: Pass", "action: Pass, source: {nets: [10.0.0.0/8]}")
    (found,) = said(UNREACHABLE, service(HTTP), pods("web"), tier, sealing, own)
    assert "GlobalNetworkPolicy/security.on lets nobody reach port 80" in found


# ── one cause, one finding ────────────────────────────────────────────────────────────────────────────

TRAFFIC = "policy-blocks-declared-traffic"
NAME_LABEL, PEER, CONFUSION = (
    "policy-namespace-name-label",
    "policy-peer-selects-nothing",
    "policy-peer-or-and-confusion",
)
PORT = "policy-port-unknown"
FRONT = pods("front").replace(
    "image: example/front", 'image: example/front, env: [{name: WEB, value: "http://web:80"}]'
)
ABOUT_WAYS = (PATH, TRAFFIC, UNREACHABLE, MISNAMED, NAME_LABEL, PEER, CONFUSION, PORT)


def told(*documents: str) -> list[str]:
    """The findings about ways and what closes them: line, severity, rule, and whom they name besides."""
    return [
        f"{each.location.span.start.line} {each.severity.label} {each.rule}: {'; '.join(m for _, m in each.related)}"
        for each in report_on("---\n".join(documents), select=ABOUT_WAYS).open
    ]


@pytest.mark.parametrize("ports", ["[{name: http, containerPort: 8080}]", ""])
def test_the_port_of_a_service_is_told_where_it_stands_with_whom_it_keeps_out(ports: str) -> None:
    documents = (service(HTTP), pods("web", ports=ports) if ports else pods("web"))
    closed = policy("ingress:\n- from: [{podSelector: {}}]\n  ports:\n  - port: 80", selector=WEB)
    targets, told_to = "Service/shop/web targets 8080", "Deployment/shop/front is told to connect to 'http://web:80'"
    assert told(closed, *documents, FRONT) == [f"9 error {MISNAMED}: {targets}; {told_to}"]
    anyone = closed.replace("podSelector", "namespaceSelector")
    assert told(anyone, *documents, INGRESS) == [f"9 error {MISNAMED}: {targets}; Ingress/shop/shop leads there"]
    assert told(closed, *documents) == [f"9 {'error' if ports else 'warning'} {MISNAMED}: {targets}"]


def test_a_port_that_is_nobodys_is_told_where_it_stands() -> None:
    named = policy("ingress:\n- ports:\n  - port: web", selector=WEB)
    documents = (service(HTTP), pods("web", ports="[{name: http, containerPort: 8080}]"), FRONT, INGRESS)
    assert [line.partition(":")[0] for line in told(named, *documents)] == [f"8 error {PORT}"]


@pytest.mark.parametrize(
    ("peer", "found"),
    [
        ("namespaceSelector: {matchLabels: {name: storefront}}", f"error {NAME_LABEL}"),
        ("namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: storefornt}}", f"error {PEER}"),
        ("podSelector: {matchLabels: {app: front}}", f"error {PEER}"),
    ],
)
def test_a_peer_that_nearly_means_the_client_is_told_where_it_stands(peer: str, found: str) -> None:
    client = FRONT.replace("namespace: shop", "namespace: storefront").replace("http://web:80", "http://web.shop:80")
    documents = (namespace("storefront"), service(HTTP), pods("web"), client)
    (line,) = told(policy(f"ingress:\n- from:\n  - {peer}", selector=WEB), *documents)
    assert line.startswith(f"8 {found}: ")
    assert "Deployment/storefront/front is told to connect to 'http://web.shop:80'" in line


@pytest.mark.parametrize(
    ("name", "value", "count"),
    [
        ("WEB", "web:80", 1),
        ("WEB_URL", "http://web.shop.svc:80", 1),
        ("NO_PROXY", "web:80,.cluster.local", 0),
        ("CORS_ORIGINS", "http://web:80", 0),
        ("JWT_AUDIENCE", "http://web.shop.svc", 0),
        ("JWT_AUDIENCE", "http://web.shop.svc:80", 0),
        ("ADVERTISED_LISTENERS", "PLAINTEXT://web:80", 0),
    ],
)
def test_names_that_nobody_connects_to_declare_no_traffic(name: str, value: str, count: int) -> None:
    client = FRONT.replace("name: WEB", f"name: {name}").replace("http://web:80", value)
    closed = policy("ingress: [{from: [{podSelector: {matchLabels: {app: other}}}]}]", selector=WEB)
    assert len(said(TRAFFIC, closed, service(HTTP), pods("web"), pods("other"), client)) == count


def test_a_peer_that_nearly_means_somebody_else_does_not_close_the_way() -> None:
    peer = "ingress:\n- from:\n  - podSelector: {matchLabels: {app: checkotu}}"
    lines = told(policy(peer, selector=WEB), service(HTTP), pods("web"), FRONT, pods("checkout"))
    assert [line.partition(":")[0] for line in lines] == [f"6 error {TRAFFIC}", f"8 error {PEER}"]


def test_a_rule_for_other_ports_does_not_close_the_way_by_its_peer() -> None:
    peer = "ingress:\n- from:\n  - podSelector: {matchLabels: {app: frnot}}\n  ports: [{port: 9090}]"
    client = FRONT.replace("front", "front-office")
    other = policy(peer.replace("frnot", "front-offcie"), selector=WEB)
    lines = told(other, service(HTTP), pods("web"), client)
    assert [line.partition(":")[0] for line in lines] == [f"6 error {TRAFFIC}", f"8 error {PEER}"]


def test_a_dash_too_many_is_told_once() -> None:
    items = "\n  - namespaceSelector: {matchLabels: {team: ops}}\n  - podSelector: {matchLabels: {app: ledger}}"
    dashed = policy(f"ingress:\n- from:{items}", selector=WEB)
    ops = (namespace("ops", "{team: ops}"), pods("ledger", "ops"), pods("web"))
    assert [line.partition(":")[0] for line in told(dashed, *ops)] == [f"9 warning {CONFUSION}"]
    slipped = told(dashed, namespace("ops", "{team: ops}"), pods("legder"), pods("web"))
    assert [line.partition(":")[0] for line in slipped] == [f"9 warning {CONFUSION}", f"9 error {PEER}"]
    misspelt = dashed.replace("team: ops", "kubernetes.io/metadata.name: operatoins")
    lines = told(misspelt, namespace("operations"), pods("web"))
    assert [line.partition(":")[0] for line in lines] == [f"8 warning {PEER}", f"9 warning {PEER}"]


@pytest.mark.parametrize(
    "flawed",
    [
        policy(
            "ingress: [{from: [{}], ports: [{port: 8080}]}]\negress: [{ports: [{port: 53, protocol: udp}]}]",
            selector=WEB,
        ),
        cilium("endpointSelector: {}", "ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: 8080}]}]}]"),
        policy("ingress: {from: [{podSelector: {}}]}", selector=WEB),
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: 'a: b'}\n",
    ],
)
def test_what_is_rejected_is_mended_before_anybody_can_tell_what_it_blocks(flawed: str) -> None:
    sealed = policy("policyTypes: [Ingress, Egress]", name="sealed")
    report = report_on(
        "---\n".join((flawed, sealed, service(HTTP), pods("web"), FRONT, INGRESS)), select=(*ABOUT_WAYS, DNS)
    )
    assert {each.rule for each in report.open} <= {DNS}
    assert all("Deployment/shop/web " not in each.message for each in report.open)


# ── ports ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_port_of_a_service_takes_the_place_of_an_unknown_one() -> None:
    documents = (
        service(HTTP),
        pods("web", ports="[{containerPort: 8080}]"),
        policy("ingress: [{ports: [{port: 80}]}]"),
    )
    report = report_on("---\n".join(documents), select=[MISNAMED, "policy-port-unknown"])
    (finding,) = report.open
    names = "names port 80 of Service/shop/web, which Deployment/shop/web gets at 8080"
    assert (finding.rule, finding.message) == (MISNAMED, f"NetworkPolicy/shop/policy {names}")


def test_pods_without_ports_make_it_a_warning() -> None:
    (found,) = said(MISNAMED, service(HTTP), pods("web"), policy("ingress: [{ports: [{port: 80}]}]"))
    assert found.startswith("warning ")


@pytest.mark.parametrize(
    "rules",
    ["[{ports: [{port: 80}, {port: 8080}]}]", "[{ports: [{port: 80}]}, {}]", "[{ports: [{port: 80, endPort: 90}]}]"],
)
def test_a_policy_that_admits_the_target_as_well_is_fine(rules: str) -> None:
    assert said(MISNAMED, service(HTTP), pods("web"), policy(f"ingress: {rules}")) == []


def test_a_port_that_the_pods_have_is_no_mistake() -> None:
    declared = pods("web", ports="[{containerPort: 80}, {containerPort: 8080}]")
    assert said(MISNAMED, service(HTTP), declared, policy("ingress: [{ports: [{port: 80}]}]")) == []


@pytest.mark.parametrize(
    ("told", "count"),
    [
        ("http://cart:80/", 1),
        ("http://user:secret@cart.shop.svc:80", 1),
        ("tcp://cart.shop.svc.cluster.local:80", 1),
        ("http://localhost:80", 0),
        ("tcp://0.0.0.0:80", 0),
        ("http://www.example.com:80", 0),
        ("PLAINTEXT://web:80", 0),
        ("80", 0),
    ],
)
def test_the_port_of_a_service_that_pods_call_is_none_on_which_they_listen(told: str, count: int) -> None:
    env = f'image: example/web, env: [{{name: TOLD, value: "{told}"}}]'
    web = pods("web", ports="[{containerPort: 8080}]").replace("image: example/web", env)
    assert len(said(MISNAMED, service(HTTP), web, policy("ingress: [{ports: [{port: 80}]}]"))) == count


def test_egress_is_judged_by_the_services_of_the_peers() -> None:
    to = "{to: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}"
    client = policy(f"policyTypes: [Egress]\negress: [{to}]", selector="matchLabels: {app: client}")
    web = pods("web", ports="[{containerPort: 8080}]")
    (found,) = said(MISNAMED, service(HTTP), web, pods("client"), client)
    assert "names port 80 of Service/shop/web" in found


def test_the_name_of_a_services_port_is_no_name_of_the_pods() -> None:
    named = "selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]"
    web = pods("web", ports="[{containerPort: 8080}]")
    (found,) = said(MISNAMED, service(named), web, policy("ingress: [{ports: [{port: http}]}]"))
    assert "names port 'http' of Service/shop/web" in found


# ── the metadata service ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("{to: [{ipBlock: {cidr: 169.254.169.254/32}}]}", 1),
        ("{to: [{ipBlock: {cidr: 169.254.0.0/16}}], ports: [{port: 1, endPort: 100}]}", 1),
        ('{to: [{ipBlock: {cidr: "fd00:ec2::/32"}}], ports: [{port: 80}]}', 1),
        ("{ports: [{port: 80}]}", 1),
        ("{to: [{ipBlock: {cidr: 169.254.169.254/32}}], ports: [{port: 443}]}", 0),
        ("{to: [{ipBlock: {cidr: 169.254.0.0/16, except: [169.254.169.254/32]}}]}", 0),
        ("{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}", 0),
        ("{}", 0),
        ("{to: [{namespaceSelector: {}}], ports: [{port: 80}]}", 0),
    ],
)
def test_only_rules_that_nothing_else_speaks_of_are_told(rule: str, count: int) -> None:
    assert len(said(METADATA, egress(rule))) == count


@pytest.mark.parametrize(
    ("cidr", "mended"),
    [
        ("169.254.169.254/32", "delete the block"),
        ("169.254.169.254/31", "add except: [169.254.169.254/32] to the block"),
        ("fd00:ec2::254/128", "delete the block"),
    ],
)
def test_an_exception_has_to_be_smaller_than_its_block(cidr: str, mended: str) -> None:
    (finding,) = report_on(egress(f"{{to: [{{ipBlock: {{cidr: '{cidr}'}}}}]}}"), select=[METADATA]).open
    assert finding.help == mended


def test_who_needs_the_metadata_service_may_have_it() -> None:
    open_rule = egress("{to: [{ipBlock: {cidr: 169.254.169.254/32}}]}")
    meant = pods("web", labels="{app: web, aadpodidbinding: web}")
    assert said(METADATA, meant, open_rule) == []
    assert said(METADATA, egress("{to: [{ipBlock: {cidr: 169.254.169.254/32}}]}", namespace="kube-system")) == []


# ── what adds nothing ─────────────────────────────────────────────────────────────────────────────────


def test_of_two_rules_alike_the_later_one_is_told() -> None:
    rules = "ingress:\n- {from: [{podSelector: {}}]}\n- {from: [{podSelector: {}}]}"
    (finding,) = report_on(policy(rules), select=[REDUNDANT]).open
    assert finding.location.span.start.line == 8
    assert (
        finding.message
        == "a rule for ingress of NetworkPolicy/shop/policy adds nothing to one of NetworkPolicy/shop/policy"
    )


def test_ports_may_be_covered_by_several_rules() -> None:
    rules = (
        "[{ports: [{port: 1, endPort: 90}]}, {ports: [{port: 91, endPort: 99}]}, {ports: [{port: 80, endPort: 95}]}]"
    )
    assert len(said(REDUNDANT, policy(f"ingress: {rules}"))) == 1


@pytest.mark.parametrize(
    "other",
    [
        policy("ingress: [{}]", name="other", selector="matchLabels: {app: web, tier: front}"),
        policy("ingress: [{}]", name="other", namespace="elsewhere"),
        policy("policyTypes: [Egress]\negress: [{}]", name="other"),
    ],
)
def test_a_wider_rule_for_fewer_pods_or_others_covers_nothing(other: str) -> None:
    assert said(REDUNDANT, policy("ingress: [{ports: [{port: 80}]}]", selector=WEB), other) == []


def test_a_policy_whose_rules_all_add_nothing_is_told_as_a_whole() -> None:
    wide = policy("ingress: [{}]", name="wide")
    (found,) = said(REDUNDANT, wide, policy("ingress: [{ports: [{port: 80}]}]", selector=WEB))
    assert found == "note NetworkPolicy/shop/policy adds nothing to NetworkPolicy/shop/wide"


def test_a_rule_that_the_other_side_denies_is_told_with_both_ends() -> None:
    lets_in = policy("ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]", selector="matchLabels: {app: db}")
    sealed = policy("policyTypes: [Egress]", name="sealed", selector=WEB)
    documents = (pods("web"), pods("db"), lets_in, sealed)
    (finding,) = report_on("---\n".join(documents), select=[REDUNDANT]).open
    assert finding.message.endswith("allows what other policies deny: Deployment/shop/web may not connect")
    assert [step.message for step in finding.chain][::2] == [
        "Deployment/shop/web connects",
        "Deployment/shop/db is connected to",
    ]
    elsewhere = lets_in.replace(
        "{matchLabels: {app: web}}}]", "{matchLabels: {app: web}}}, {podSelector: {matchLabels: {app: x}}}]"
    )
    assert said(REDUNDANT, pods("web"), pods("db"), elsewhere, sealed) == []


# ── what depends on the network ───────────────────────────────────────────────────────────────────────


def test_a_block_that_holds_pods_is_a_note_until_the_network_is_told() -> None:
    documents = (pods("web"), pods("db"), egress("{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}"))
    (found,) = said(NETWORK, *documents)
    assert found.startswith(
        "note NetworkPolicy/shop/policy admits pods of the cluster on some networks only: 0.0.0.0/0"
    )
    assert said(NETWORK, *documents, facts=Facts(cni=Cni.CILIUM)) == []
    assert said(NETWORK, pods("web"), egress("{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}")) == []


def test_a_named_port_with_several_numbers_is_a_note() -> None:
    ends = (pods(name, ports=f"[{{name: http, containerPort: {port}}}]") for name, port in (("a", 80), ("b", 8080)))
    to_all = egress("{to: [{podSelector: {}}], ports: [{port: http}]}")
    (found,) = said(NETWORK, *ends, pods("web"), to_all)
    assert "names port 'http', which is 80 or 8080" in found


def test_rules_on_policies_survive_whatever_is_written() -> None:
    rules: list[Any] = [DNS, PATH, UNREACHABLE, MISNAMED, REDUNDANT, METADATA, NETWORK]
    broken = policy("policyTypes: Egress\negress: {a: 1}\ningress: [null, 3, {from: [null], ports: [x]}]")
    text = "---\n".join(
        [broken, namespace("shop"), service("selector: 3, ports: [null, {port: x}]"), pods("web"), INGRESS]
    )
    assert not report_on(text, select=rules).crashed


# ── who is put into one namespace ─────────────────────────────────────────────────────────────────────

DENY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec: {podSelector: {%s}, policyTypes: [Ingress]}
"""


@pytest.mark.parametrize(
    ("selector", "at", "severity"),
    [("", "b/deny.yaml", "note"), ("", "a/deny.yaml", "error"), (WEB, "b/deny.yaml", "error")],
)
@pytest.mark.parametrize("rule", [PATH, UNREACHABLE])
def test_a_policy_for_all_pods_of_a_namespace_that_nobody_names_may_be_for_others(
    tmp_path: Path, selector: str, at: str, severity: str, rule: str
) -> None:
    """Files that lie apart and name no namespace may go to two; one that says the pods' labels is for them."""
    parts = [pods("web"), service(HTTP), *([INGRESS] if rule == PATH else [])]
    app = "---\n".join(parts).replace(", namespace: shop", "")
    write_files(tmp_path, {"a/app.yaml": app, at: DENY % selector})
    (line,) = lint_tree(tmp_path, select=[rule])
    assert f"{severity if severity == 'note' or rule == PATH else 'warning'}[{rule}]" in line
    assert ("; what puts them in one namespace may live outside" in line) is (severity == "note")
