"""What the rules on Ingresses say beyond the examples on their pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from k8snet_lint.facts import Assumed, Facts
from tests.ingresses import ingress, ingress_class, obj, path, said, service
from tests.support import lint_text, lint_tree, report_on

if TYPE_CHECKING:
    from pathlib import Path

NGINX = "nginx.ingress.kubernetes.io/"
ALB = "alb.ingress.kubernetes.io/"


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tls", [None, [], {}, "", "yes"])
def test_no_tls_is_no_tls_however_it_is_written(tls: object) -> None:
    assert len(said("ingress-without-tls", ingress(tls=tls))) == 1


def test_the_hosts_in_clear_text_are_named() -> None:
    many = [{"host": f"{letter}.example.com"} for letter in "abcd"]
    (line,) = said("ingress-without-tls", ingress(rules=many))
    assert line == "warning Ingress/shop/web serves a.example.com, b.example.com and 2 more hosts without TLS"
    (line,) = said("ingress-without-tls", ingress(host=None))
    assert line == "warning Ingress/shop/web serves every host without TLS"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("networking.gke.io/managed-certificates", "shop"),
        ("ingress.gcp.kubernetes.io/pre-shared-cert", "shop"),
        ("networking.gke.io/v1beta1.FrontendConfig", "redirect"),
        (f"{ALB}certificate-arn", "arn:aws:acm:eu-west-1:111122223333:certificate/0f"),
        (f"{ALB}listen-ports", '[{"HTTP": 80}, {"HTTPS": 443}]'),
        ("traefik.ingress.kubernetes.io/router.tls", "true"),
        ("appgw.ingress.kubernetes.io/appgw-ssl-certificate", "shop"),
        (f"{NGINX}ssl-passthrough", "true"),
        ("route.openshift.io/termination", "edge"),
        ("konghq.com/protocols", "https"),
    ],
)
def test_an_annotation_by_which_the_controller_serves_tls_is_enough(key: str, value: str) -> None:
    assert said("ingress-without-tls", ingress(cls=None, annotations={key: value})) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (f"{ALB}listen-ports", '[{"HTTP": 80}]'),
        (f"{NGINX}ssl-passthrough", "false"),
        (f"{NGINX}force-ssl-redirect", "true"),
        ("cert-manager.io/cluster-issuer", "letsencrypt"),
    ],
)
def test_an_annotation_that_only_sounds_like_tls_is_not(key: str, value: str) -> None:
    assert len(said("ingress-without-tls", ingress(cls=None, annotations={key: value}))) == 1


@pytest.mark.parametrize(
    ("api", "field"), [("elbv2.k8s.aws/v1beta1", "certificateArn"), ("eks.amazonaws.com/v1", "certificateARNs")]
)
def test_the_class_of_an_alb_may_name_the_certificate(api: str, field: str) -> None:
    params = obj("IngressClassParams", "alb", namespace=None, api=api, spec={field: ["arn:aws:acm:eu-west-1:1:c/0f"]})
    assert said("ingress-without-tls", ingress(cls="alb"), params) == []
    assert len(said("ingress-without-tls", ingress(cls="nginx"), params)) == 1
    for name, found in (("alb", 0), ("other", 1)):
        of_class = ingress_class("alb", "ingress.k8s.aws/alb")
        of_class["spec"]["parameters"] = {"apiGroup": api.partition("/")[0], "kind": "IngressClassParams", "name": name}
        assert len(said("ingress-without-tls", ingress(cls="alb"), of_class, params)) == found


@pytest.mark.parametrize("name", ["azure-application-gateway", "cloudflare-tunnel", "tailscale"])
def test_some_classes_always_bring_tls(name: str) -> None:
    assert said("ingress-without-tls", ingress(cls=name)) == []


def test_the_configuration_may_say_that_tls_ends_before_the_cluster_or_that_a_class_is_internal() -> None:
    web = ingress(cls="private")
    assert said("ingress-without-tls", web, facts=Facts(tls_terminated_upstream=True)) == []
    assert said("ingress-without-tls", web, facts=Facts(internal_ingress_classes=("private",))) == []
    assert len(said("ingress-without-tls", web, facts=Facts(internal_ingress_classes=("other",)))) == 1


@pytest.mark.parametrize(
    ("web", "found"),
    [
        (ingress(cls="gce-internal"), 0),
        (ingress(cls=None, annotations={"kubernetes.io/ingress.class": "gce-internal"}), 0),
        (ingress(cls="alb", annotations={f"{ALB}scheme": "internal"}), 0),
        (ingress(cls="gce"), 1),
        (ingress(cls="alb", annotations={f"{ALB}scheme": "internet-facing"}), 1),
    ],
)
def test_what_an_internal_load_balancer_serves_is_not_asked_for_tls(web: dict[str, Any], found: int) -> None:
    assert len(said("ingress-without-tls", web)) == found


def test_another_ingress_of_the_class_may_have_tls_for_the_host() -> None:
    main = ingress(tls=[{"hosts": ["*.example.com"], "secretName": "tls"}])
    canary = ingress(name="canary", annotations={f"{NGINX}canary": "true"})
    assert said("ingress-without-tls", main, canary) == []
    assert len(said("ingress-without-tls", main, ingress(name="canary", cls="other"))) == 1
    assert len(said("ingress-without-tls", main, ingress(name="canary", host="example.org"))) == 1
    assert len(said("ingress-without-tls", canary)) == 1


def test_traefik_does_not_share_tls_between_ingresses() -> None:
    tls = [{"hosts": ["shop.example.com"], "secretName": "tls"}]
    assert len(said("ingress-without-tls", ingress(cls="traefik", tls=tls), ingress(cls="traefik", name="api"))) == 1


def test_an_alb_group_has_its_listeners_in_common() -> None:
    group = {f"{ALB}group.name": "shop"}
    main = ingress(cls="alb", annotations={**group, f"{ALB}certificate-arn": "arn:aws:acm:x"})
    assert said("ingress-without-tls", main, ingress(cls="alb", name="api", annotations=group)) == []


def test_an_ingress_that_answers_acme_challenges_is_left_alone_by_every_rule() -> None:
    challenge = path("/.well-known/acme-challenge/token", service="cm-acme-http-solver-x7k2p", port=8089, kind="Exact")
    solver = ingress(challenge, annotations={"kubernetes.io/ingress.class": "other"}, cls=None, host=None)
    others = (ingress(challenge, name="main"), service("web"))
    assert said("ingress", solver, *others) == []


@pytest.mark.parametrize(
    ("hosts", "found"),
    [
        (["localhost"], 0),
        (["shop.localhost", "till.localhost"], 0),
        (["shop.localhost", "shop.example.com"], 1),
        (["shop.localhost", ""], 1),
        (["notlocalhost"], 1),
        (["shop.localtest.me", "lvh.me", "shop.127.0.0.1.nip.io", "shop-127-0-0-1.sslip.io"], 0),
        (["traefik.me", "*.traefik.me", "shop.traefik.me", "*.127.0.0.1.traefik.me", "a-127-0-0-1.traefik.me"], 0),
        (["notlocaltest.me"], 1),
        (["shop.203.0.113.7.traefik.me"], 1),
        (["shop.127.0.0.10.nip.io"], 1),
        (["shop.203.0.113.7.nip.io"], 1),
    ],
)
def test_names_that_stay_on_the_machine_of_the_client_need_no_tls(hosts: list[str], found: int) -> None:
    assert len(said("ingress-without-tls", ingress(rules=[{"host": host} if host else {} for host in hosts]))) == found


def test_a_path_beside_the_challenge_makes_it_an_ordinary_ingress() -> None:
    assert len(said("ingress-without-tls", ingress(path("/.well-known/acme-challenge/x"), path("/")))) == 1


@pytest.mark.parametrize(
    ("host", "covered"),
    [
        ("shop.example.com", True),
        ("SHOP.example.com", True),
        ("*.example.com", True),
        ("example.com", False),
        ("a.shop.example.com", False),
        ("badexample.com", False),
    ],
)
def test_a_wildcard_certificate_stands_for_exactly_one_label(host: str, covered: bool) -> None:
    web = ingress(host=host, tls=[{"hosts": ["*.example.com"], "secretName": "tls"}])
    assert bool(said("ingress-host-not-covered-by-tls", web)) is not covered


def test_a_host_without_tls_is_reported_once_and_with_the_hosts_that_have_it() -> None:
    rules = [{"host": host} for host in ("a.example.com", "b.example.com", "b.example.com", None)]
    web = ingress(rules=rules, tls=[{"hosts": ["a.example.com"], "secretName": "tls"}])
    assert said("ingress-host-not-covered-by-tls", web) == [
        "warning Ingress/shop/web has no TLS for b.example.com; its TLS entries are for a.example.com"
    ]


@pytest.mark.parametrize("host", ["*", "https://shop.example.com", "${HOST}"])
def test_what_is_no_host_name_needs_no_certificate(host: str) -> None:
    web = ingress(host=host, tls=[{"hosts": ["a.example.com"], "secretName": "tls"}])
    assert said("ingress-host-not-covered-by-tls", web) == []


def test_an_entry_without_hosts_is_for_every_one() -> None:
    assert said("ingress-host-not-covered-by-tls", ingress(tls=[{"secretName": "shop-tls"}])) == []
    open_host = ingress(tls=[{"hosts": ["shop.${DOMAIN}"], "secretName": "shop-tls"}])
    assert said("ingress-host-not-covered-by-tls", open_host) == []


def test_who_serves_tls_by_other_means_needs_no_entry_for_each_host() -> None:
    entries = [{"hosts": ["a.example.com"], "secretName": "tls"}]
    rule = "ingress-host-not-covered-by-tls"
    assert len(said(rule, ingress(tls=entries))) == 1
    assert said(rule, ingress(tls=entries, cls="tailscale")) == []
    assert said(rule, ingress(tls=entries, cls="alb", annotations={f"{ALB}certificate-arn": "arn:aws:acm:x"})) == []
    assert said(rule, ingress(tls=entries), facts=Facts(internal_ingress_classes=("nginx",))) == []
    assert said(rule, ingress(path("/.well-known/acme-challenge/x"), tls=entries)) == []


def test_a_host_whose_tls_another_ingress_has_is_covered() -> None:
    rules = [{"host": "a.example.com"}, {"host": "b.example.com"}]
    web = ingress(rules=rules, tls=[{"hosts": ["a.example.com"], "secretName": "tls"}])
    other = ingress(name="b", host="b.example.com", tls=[{"hosts": ["b.example.com"], "secretName": "tls"}])
    assert said("ingress-host-not-covered-by-tls", web, other) == []


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────────────

TLS = [{"hosts": ["shop.example.com"], "secretName": "shop-tls"}]
SECRET_MAKERS = [
    obj("Certificate", "x", api="cert-manager.io/v1", spec={"secretName": "shop-tls"}),
    obj("ExternalSecret", "x", api="external-secrets.io/v1", spec={"target": {"name": "shop-tls"}}),
    obj("ExternalSecret", "shop-tls", api="external-secrets.io/v1beta1", spec={}),
    obj("SealedSecret", "shop-tls", api="bitnami.com/v1alpha1"),
    obj(
        "SecretProviderClass",
        "x",
        api="secrets-store.csi.x-k8s.io/v1",
        spec={"secretObjects": [{"secretName": "other"}, {"secretName": "shop-tls"}]},
    ),
    obj(
        "Secret",
        "shop-tls",
        namespace="certs",
        annotations={"reflector.v1.k8s.emberstack.com/reflection-allowed": "true"},
    ),
    obj("Secret", "shop-tls", namespace="certs", annotations={"replicator.v1.mittwald.de/replicate-to": "shop"}),
]


def test_a_missing_secret_is_a_note_for_secrets_are_kept_elsewhere() -> None:
    (line,) = said("ingress-tls-secret-missing", ingress(tls=TLS))
    assert line.startswith("note Ingress/shop/web names a TLS Secret that is not there: no Secret shop/shop-tls")


def test_a_missing_secret_is_more_where_nothing_lives_outside_or_one_is_named_nearly_alike() -> None:
    complete = Facts(assumed=Assumed(complete=True))
    alike = obj("Secret", "shop-tsl", type="kubernetes.io/tls")
    assert said("ingress-tls-secret-missing", ingress(tls=TLS), facts=complete)[0].startswith("warning")
    assert said("ingress-tls-secret-missing", ingress(tls=TLS), alike)[0].startswith("warning")
    assert said("ingress-tls-secret-missing", ingress(tls=TLS), alike, facts=complete)[0].startswith("error")


def test_ingresses_that_name_one_missing_secret_are_one_note() -> None:
    other, twice = ingress(tls=TLS, name="api"), ingress(tls=[*TLS, *TLS], name="shop")
    elsewhere = ingress(tls=TLS, namespace="other")
    (line, apart) = said("ingress-tls-secret-missing", twice, ingress(tls=TLS), other, elsewhere)
    assert line == (
        "note Ingress/shop/shop names a TLS Secret that is not there, as 2 more Ingresses do: no Secret shop/shop-tls; "
        "what is missing may live outside the scanned files"
    )
    assert "Ingress/other/web names a TLS Secret that is not there: no Secret other/shop-tls" in apart


def test_ingresses_that_misspell_a_secret_are_told_one_by_one() -> None:
    alike = obj("Secret", "shop-tlz", type="kubernetes.io/tls")
    assert len(said("ingress-tls-secret-missing", ingress(tls=TLS), ingress(tls=TLS, name="api"), alike)) == 2


@pytest.mark.parametrize("maker", SECRET_MAKERS, ids=lambda maker: f"{maker['kind']} {maker['apiVersion']}")
def test_something_in_the_set_may_make_the_secret(maker: dict[str, Any]) -> None:
    assert said("ingress-tls-secret-missing", ingress(tls=TLS), maker) == []


def test_a_certificate_of_another_namespace_makes_no_secret_here() -> None:
    other = obj("Certificate", "x", namespace="blog", api="cert-manager.io/v1", spec={"secretName": "shop-tls"})
    assert len(said("ingress-tls-secret-missing", ingress(tls=TLS), other)) == 1


@pytest.mark.parametrize("key", ["cert-manager.io/issuer", "cert-manager.io/cluster-issuer", "kubernetes.io/tls-acme"])
def test_an_annotation_may_have_the_secret_made(key: str) -> None:
    assert said("ingress-tls-secret-missing", ingress(tls=TLS, annotations={key: "true"})) == []
    assert len(said("ingress-tls-secret-missing", ingress(tls=TLS, annotations={key: ""}))) == 1


def test_the_configuration_may_say_that_a_secret_exists() -> None:
    for pattern in ("shop/shop-tls", "*-tls"):
        assert (
            said("ingress-tls-secret-missing", ingress(tls=TLS), facts=Facts(assumed=Assumed(secrets=(pattern,)))) == []
        )


def test_no_secret_name_asks_for_no_secret() -> None:
    assert said("ingress-tls-secret-missing", ingress(tls=[{"hosts": ["a.example.com"], "secretName": ""}, {}])) == []


# ── backends ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_backend_is_a_note_where_no_service_of_the_namespace_is_known() -> None:
    assert said("ingress-backend-missing", ingress(), service("web", namespace="blog"))[0].startswith("note")
    assert said("ingress-backend-missing", ingress(), service("other"))[0].startswith("warning")
    assert said("ingress-backend-missing", ingress(path(service="storefront")), service("storefornt"))[0].startswith(
        "error"
    )


def test_a_service_that_is_missed_in_several_places_is_reported_once() -> None:
    web = ingress(path("/a"), path("/b"), path("/c"), path("/d", service="other"))
    report = report_on(json.dumps(web), select=["ingress-backend-missing"])
    assert [len(finding.related) for finding in report.findings] == [2, 0]


def test_backends_that_are_no_services_and_requests_that_get_to_none_are_left_alone() -> None:
    others = service("other")
    bucket = {"path": "/", "pathType": "Prefix", "backend": {"resource": {"kind": "StorageBucket", "name": "icons"}}}
    assert said("ingress-backend-missing", ingress(bucket), others) == []
    assert said("ingress-backend-missing", ingress(path(service="to-https", port="use-annotation")), others) == []
    for key in ("permanent-redirect", "temporal-redirect", "rewrite-target"):
        away = ingress(annotations={f"{NGINX}{key}": "https://new.example.com/$1"})
        assert said("ingress-backend-missing", away, others) == []
    assumed = Facts(assumed=Assumed(services=("shop/web",)))
    assert said("ingress-backend-missing", ingress(), others, facts=assumed) == []


def test_a_number_is_compared_with_numbers_and_a_name_with_names() -> None:
    unnamed = service("web", {"port": 80, "targetPort": 8080})
    named = service("web", {"port": 80, "name": "http"}, {"port": 53, "name": "dns", "protocol": "UDP"})
    assert said("ingress-backend-port-missing", ingress(path(port=8081)), unnamed) == [
        "error Ingress/shop/web leads to a port that is not there: Service/shop/web offers no port 8081, but 80"
    ]
    assert said("ingress-backend-port-missing", ingress(path(port="http")), unnamed) == [
        "error Ingress/shop/web leads to a port that is not there: Service/shop/web offers no port named 'http', but 80"
    ]
    (line,) = said("ingress-backend-port-missing", ingress(path(port=81)), named)
    assert line.endswith("Service/shop/web offers no port 81, but 80 (http), 53/UDP (dns)")
    for port in (80, "http"):
        assert said("ingress-backend-port-missing", ingress(path(port=port)), named) == []


def test_a_backend_that_is_nearly_one_that_nothing_leads_to_is_asked_about_too() -> None:
    (line,) = said("ingress-backend-missing", ingress(path(service="storefrontt")), service("storefront"))
    assert line.startswith("error")
    assert line.endswith("no Service shop/storefrontt; did you mean 'storefront'?")


def test_a_backend_that_is_nearly_one_that_is_served_is_asked_about() -> None:
    found = ingress(path(service="storefrontt"), path(service="storefront"))
    (line,) = said("ingress-backend-missing", found, service("storefront"))
    assert line.startswith("warning")
    assert line.endswith("no Service shop/storefrontt; did you mean 'storefront'?")


def test_what_the_schema_tells_of_a_misspelt_or_misplaced_field_is_told_once() -> None:
    misplaced = path()
    misplaced["backend"]["service"]["port"] = 80
    assert said("ingress-backend-port-missing", ingress(misplaced), service("web")) == []
    misspelt = path()
    misspelt["pathtype"] = misspelt.pop("pathType")
    assert said("ingress-path-invalid", ingress(misspelt)) == []
    del misspelt["pathtype"]
    assert "no pathType" in said("ingress-path-invalid", ingress(misspelt))[0]


def test_a_port_of_the_pods_is_told_from_a_port_of_nobody() -> None:
    web = service("web", {"port": 80, "targetPort": 8080})
    text = "\n---\n".join(json.dumps(each) for each in (ingress(path(port=8080)), web))
    (finding,) = report_on(text, select=["ingress-backend-port-missing"]).findings
    assert finding.help == "8080 is the port of the pods behind Service port 80; name that one"


def test_a_backend_without_a_port_is_rejected() -> None:
    (line,) = said("ingress-backend-port-missing", ingress(path(port=None)), service("web"))
    assert line == "error Ingress/shop/web names no port of Service/shop/web, which offers 80"


def test_a_number_for_a_name_is_told_how_to_be_written() -> None:
    text = "\n---\n".join(json.dumps(each) for each in (ingress(path(port="80")), service("web")))
    (finding,) = report_on(text, select=["ingress-backend-port-missing"]).findings
    assert "offers no port named '80', but 80" in finding.message
    assert finding.help == "write number: 80: it is the port's number, not its name"


def test_a_name_that_is_nearly_a_ports_is_told() -> None:
    (line,) = said(
        "ingress-backend-port-missing", ingress(path(port="htpp")), service("web", {"port": 80, "name": "http"})
    )
    assert line.endswith("offers no port named 'htpp', but 80 (http); did you mean 'http'?")


def test_a_number_in_quotes_is_for_the_schema() -> None:
    quoted = path(port=80)
    quoted["backend"]["service"]["port"]["number"] = "80"
    assert said("ingress-backend-port-missing", ingress(quoted), service("web")) == []
    assert len(said("field-invalid", ingress(quoted), service("web"))) == 1


def test_an_external_name_needs_no_ports() -> None:
    alias = obj("Service", "web", spec={"type": "ExternalName", "externalName": "example.org"})
    assert said("ingress-backend-port-missing", ingress(), alias) == []
    (line,) = said("ingress-backend-port-missing", ingress(), service("web", {"port": 443}, type="ExternalName"))
    assert line.endswith("Service/shop/web offers no port 80, but 443")
    (line,) = said("ingress-backend-port-missing", ingress(), obj("Service", "web", spec={}))
    assert line.endswith("Service/shop/web offers no port 80, and no other")


def test_an_action_of_a_load_balancer_may_be_called_like_a_service() -> None:
    assert said("ingress-backend-port-missing", ingress(path(port="use-annotation")), service("web")) == []


def test_the_older_shape_of_a_backend_is_read_too() -> None:
    old = {
        "apiVersion": "extensions/v1beta1",
        "kind": "Ingress",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"backend": {"serviceName": "web", "servicePort": 81}},
    }
    assert len(said("ingress-backend-port-missing", old, service("web"))) == 1
    old["spec"] = {"backend": {"serviceName": "web", "servicePort": 80}}
    assert said("ingress-backend-port-missing", old, service("web")) == []


# ── hosts ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("host", [None, "", "*.com", "*.internal"])
def test_a_catch_all_is_a_warning(host: str | None) -> None:
    (line,) = said("ingress-wildcard-host", ingress(host=host))
    assert line.startswith("warning Ingress/shop/web claims every host")


def test_a_bare_star_is_an_invalid_field() -> None:
    assert said("ingress-wildcard-host", ingress(host="*")) == []
    assert said("field-invalid", ingress(host="*"))[0].startswith("error")


def test_a_default_backend_alone_is_a_note_unless_it_is_the_controllers_own() -> None:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    assert said("ingress-wildcard-host", ingress(rules=None, defaultBackend=backend))[0].startswith("note")
    assert said("ingress-wildcard-host", ingress(defaultBackend=backend)) == []
    backend["service"]["name"] = "default-http-backend"
    assert said("ingress-wildcard-host", ingress(rules=None, defaultBackend=backend)) == []


@pytest.mark.parametrize("options", [{"allow": ["shop/web"]}, {"allow": ["w*"]}, {"single-tenant": True}])
def test_a_catch_all_that_is_meant_is_configured(options: dict[str, Any]) -> None:
    assert said("ingress-wildcard-host", ingress(host=None), options={"ingress-wildcard-host": options}) == []


def test_a_bare_name_means_ingresses_of_that_name_and_no_namespace() -> None:
    options = {"ingress-wildcard-host": {"allow": ["shop*"]}}
    assert len(said("ingress-wildcard-host", ingress(host=None), options=options)) == 1


def test_a_controller_that_gives_each_ingress_an_address_lets_none_take_anothers_requests() -> None:
    assert (
        said("ingress-wildcard-host", ingress(host=None, cls=None, annotations={"kubernetes.io/ingress.class": "gce"}))
        == []
    )
    assert said("ingress-wildcard-host", ingress(host=None, cls="alb")) == []
    assert len(said("ingress-wildcard-host", ingress(host=None, cls="alb", annotations={f"{ALB}group.name": "a"}))) == 1


# ── routes ───────────────────────────────────────────────────────────────────────────────────────────


def twice(first: dict[str, Any], second: dict[str, Any], *others: dict[str, Any], **settings: Any) -> list[str]:  # noqa: ANN401
    return said("ingress-duplicate-route", first, second, *others, **settings)


def test_a_route_that_two_ingresses_claim_is_an_error() -> None:
    assert twice(ingress(), ingress(name="b")) == [
        "error Ingress/shop/b claims shop.example.com/ (Prefix), which Ingress/shop/web claims already"
    ]
    assert len(twice(ingress(path("/cart")), ingress(path("/cart/"), name="b"))) == 1
    assert len(twice(ingress(path("/", kind="Exact")), ingress(name="b"))) == 0
    assert len(twice(ingress(path("/a")), ingress(path("/b"), name="b"))) == 0


def test_a_route_may_be_claimed_twice_in_one_ingress() -> None:
    assert said("ingress-duplicate-route", ingress(path(), path(service="b"), cls=None)) == [
        "error Ingress/shop/web claims shop.example.com/ (Prefix), which it claims already"
    ]
    redirect = path(service="ssl-redirect", port="use-annotation")
    assert said("ingress-duplicate-route", ingress(redirect, path(), cls="alb")) == []


def test_without_a_known_class_it_is_a_warning_as_there_may_be_two_controllers() -> None:
    assert twice(ingress(cls=None), ingress(cls=None, name="b"))[0].startswith("warning")
    known = ingress_class("nginx", "k8s.io/ingress-nginx", default=True)
    assert twice(ingress(cls=None), ingress(name="b"), known)[0].startswith("error")
    assert twice(ingress(cls=None), ingress(name="b"), facts=Facts(default_ingress_class="nginx"))[0].startswith(
        "error"
    )


@pytest.mark.parametrize(
    ("cls", "annotations"),
    [
        ("other", {}),
        ("nginx", {f"{NGINX}canary": "true"}),
        ("nginx", {"nginx.org/mergeable-ingress-type": "minion"}),
        ("nginx", {"traefik.ingress.kubernetes.io/router.entrypoints": "web"}),
    ],
)
def test_ingresses_that_something_tells_apart_do_not_clash(cls: str, annotations: dict[str, str]) -> None:
    assert twice(ingress(), ingress(name="b", cls=cls, annotations=annotations)) == []


def test_load_balancers_of_their_own_do_not_clash_unless_they_are_grouped_without_an_order() -> None:
    def member(called: str, **group: str) -> dict[str, Any]:
        annotations = {f"{ALB}group.{key}": value for key, value in group.items()}
        return ingress(name=called, cls="alb", annotations=annotations)

    assert twice(member("a"), member("b")) == []
    assert len(twice(member("a", name="shop"), member("b", name="shop"))) == 1
    assert twice(member("a", name="shop", order="1"), member("b", name="shop", order="2")) == []
    assert twice(member("a", name="shop"), member("b", name="blog")) == []


def test_one_object_described_twice_is_not_two_claims() -> None:
    assert twice(ingress(), ingress(tls=TLS)) == []
    assert twice(ingress(), ingress(namespace=None)) == []


def test_a_host_that_two_namespaces_serve_is_a_warning_once_for_each_further_one() -> None:
    second = ingress(path("/a"), path("/b"), name="b", namespace="blog")
    assert twice(ingress(), second) == [
        "warning Ingress/blog/b claims shop.example.com, of which Ingress/shop/web, in another namespace, serves a part"
    ]
    assert twice(ingress(), ingress(path("/a"), name="b", namespace=None)) == []
    assert twice(ingress(), ingress(path("/a"), name="b", namespace="blog", cls="other")) == []


def test_a_host_of_two_namespaces_is_told_of_once_where_both_claim_a_path_of_it() -> None:
    (line,) = twice(ingress(), ingress(path(), path("/b"), name="b", namespace="blog"))
    assert line.startswith("error Ingress/blog/b claims shop.example.com/ (Prefix)")
    (one, other) = twice(ingress(), ingress(name="a"), ingress(path("/a"), path("/b"), name="b", namespace="blog"))
    assert one.startswith("error Ingress/shop/a claims shop.example.com/ (Prefix)")
    assert other.startswith("warning Ingress/blog/b claims shop.example.com, of which")


# ── classes ──────────────────────────────────────────────────────────────────────────────────────────


def test_two_classes_that_differ_are_rejected_and_equal_ones_are_not() -> None:
    by_annotation = {"kubernetes.io/ingress.class": "nginx"}
    assert said("ingress-class-annotation", ingress(cls="traefik", annotations=by_annotation))[0].startswith("error")
    assert said("ingress-class-annotation", ingress(cls="nginx", annotations=by_annotation))[0].startswith("note")
    assert said("ingress-class-annotation", ingress(cls=None, annotations=by_annotation))[0].startswith("note")
    assert said("ingress-class-annotation", ingress(annotations={"kubernetes.io/ingress.class": ""})) == []


def test_gke_knows_its_classes_by_the_annotation_only() -> None:
    for name in ("gce", "gce-internal", "gce-multi-cluster"):
        assert (
            said("ingress-class-annotation", ingress(cls=None, annotations={"kubernetes.io/ingress.class": name})) == []
        )


def test_a_class_that_only_starts_as_those_of_gke_is_none_of_them() -> None:
    web = ingress(cls=None, annotations={"kubernetes.io/ingress.class": "gcetest"})
    assert len(said("ingress-class-annotation", web)) == 1


def test_an_annotation_that_a_controller_wrote_is_nobodys_choice() -> None:
    web = ingress(cls=None, annotations={"kubernetes.io/ingress.class": "nginx"})
    web["metadata"]["ownerReferences"] = [{"kind": "Tenant", "name": "shop"}]
    assert said("ingress-class-annotation", web) == []


# ── paths ────────────────────────────────────────────────────────────────────────────────────────────


def faults(text: str | None, kind: str | None, **more: Any) -> list[str]:  # noqa: ANN401 - parts of an Ingress
    return said("ingress-path-invalid", ingress(path(text, kind=kind), **more))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "Prefix"),
        (None, "Exact"),
        ("cart", "Prefix"),
        ("cart", "ImplementationSpecific"),
        ("/a/../b", "Prefix"),
        ("/a%2Fb", "Exact"),
        ("/a/.", "Prefix"),
        ("/", None),
        ("/", "prefix"),
        ("/", 1),
    ],
)
def test_a_path_that_the_api_server_rejects_is_an_error(text: str | None, kind: Any) -> None:  # noqa: ANN401
    (line,) = faults(text, kind, cls="traefik")
    assert line.startswith("error")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("/", "Prefix"),
        ("/a-b_c.d/1", "Exact"),
        ("", "ImplementationSpecific"),
        (None, "ImplementationSpecific"),
        ("/api(/|$)(.*)", "ImplementationSpecific"),
        ("/a//b", "ImplementationSpecific"),
    ],
)
def test_a_path_that_means_something_is_silent(text: str | None, kind: str) -> None:
    assert faults(text, kind) == []


def test_versions_before_v1_gave_a_path_its_type() -> None:
    old = ingress(path(kind=None))
    old["apiVersion"] = "networking.k8s.io/v1beta1"
    assert said("ingress-path-invalid", old) == []


def test_ingress_nginx_refuses_what_others_take_literally() -> None:
    assert faults("/api(/|$)(.*)", "Prefix")[0].startswith("error")
    assert faults("/api(/|$)(.*)", "Prefix", annotations={f"{NGINX}use-regex": "true"})[0].startswith("error")
    assert faults("/@me", "Exact")[0].startswith("error")
    assert faults("/api/*", "Prefix", cls="traefik")[0].startswith("warning")
    assert faults("/@me", "Exact", cls="traefik") == []
    assert faults("/api/*", "Prefix", cls=None)[0].startswith("warning")


def test_the_controllers_configmap_may_switch_the_refusal_off() -> None:
    lax = obj("ConfigMap", "ingress-nginx-controller", data={"strict-validate-path-type": "false"})
    web = ingress(path("/api(/|$)(.*)"))
    assert said("ingress-path-invalid", web, lax)[0].startswith("warning")
    web["metadata"]["annotations"] = {f"{NGINX}use-regex": "true"}
    assert said("ingress-path-invalid", web, lax) == []


# ── NGINX ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["server", "configuration", "auth", "modsecurity", "stream"])
def test_every_snippet_of_ingress_nginx_is_an_error(name: str) -> None:
    web = ingress(cls=None, annotations={f"{NGINX}{name}-snippet": "return 418;"})
    assert said("nginx-snippet", web) == [
        "error Ingress/shop/web injects raw configuration into ingress-nginx: 'return 418;'"
    ]


def test_snippets_of_other_domains_and_for_other_controllers_are_left_alone() -> None:
    assert said("nginx-snippet", ingress(annotations={"docs.example.com/server-snippet": "x"})) == []
    assert said("nginx-snippet", ingress(annotations={f"{NGINX}my-snippet": "x"})) == []
    assert said("nginx-snippet", ingress(cls="traefik", annotations={f"{NGINX}server-snippet": "x"})) == []
    assert said("nginx-snippet", ingress(annotations={f"{NGINX}server-snippet": " "})) == []


def test_a_class_is_what_its_ingress_class_says_it_is() -> None:
    web = ingress(cls="public", annotations={f"{NGINX}server-snippet": "x"})
    assert len(said("nginx-snippet", web, ingress_class("public", "k8s.io/ingress-nginx"))) == 1
    assert len(said("nginx-snippet", web, ingress_class("public", "k8s.io/internal-ingress-nginx"))) == 1
    assert said("nginx-snippet", web, ingress_class("public", "traefik.io/ingress-controller")) == []
    assert len(said("nginx-snippet", web)) == 1
    misnamed = ingress(cls="nginx", annotations={f"{NGINX}server-snippet": "x"})
    assert said("nginx-snippet", misnamed, ingress_class("nginx", "projectcontour.io/contour")) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("auth-url", "http://x/#;\n}\nload_module y;"),
        ("auth-url", "http://x/;"),
        ("mirror-target", "http://x/{"),
        ("permanent-redirect", "https://x/#a"),
        ("auth-tls-match-cn", "CN=a #(\n"),
        ("auth-tls-match-cn", "CN=a{2} } {"),
        ("auth-realm", "Shop\r\nalias /etc/;"),
        ("server-alias", "a; content_by_lua_block"),
        ("proxy-body-size", "8m; root /etc/kubernetes;"),
        ("auth-secret-type", "x /var/run/secrets/kubernetes.io"),
    ],
)
def test_a_value_that_reaches_beyond_its_directive_is_an_error(field: str, value: str) -> None:
    (line,) = said("nginx-annotation-injection", ingress(annotations={f"{NGINX}{field}": value}))
    assert line.startswith(f"error Ingress/shop/web has NGINX configuration in a plain value: {field} '")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("auth-url", "https://auth.example.com/oauth2/auth?rd=$escaped_request_uri"),
        ("permanent-redirect", "https://new.example.com${request_uri}"),
        ("whitelist-source-range", "192.0.2.0/24,\n198.51.100.0/24\n"),
        ("server-alias", "~^www\\d{1,3}\\.example\\.com$"),
        ("canary-by-header-pattern", "v[0-9]{2};"),
        ("rewrite-target", "/$2\n"),
        ("configuration-snippet", "alias /etc/nginx;\n}"),
        ("auth-url", "https://host.example.com/etc/auth"),
        ("auth-tls-match-cn", "CN=client-[0-9]{2,4}"),
    ],
)
def test_a_value_that_its_field_may_hold_is_silent(field: str, value: str) -> None:
    assert said("nginx-annotation-injection", ingress(annotations={f"{NGINX}{field}": value})) == []


def test_paths_are_written_into_the_configuration_too() -> None:
    for text in ("/x/ {\n}", "/a alias /x;", "/x_by_lua", "/etc/passwd"):
        assert len(said("nginx-annotation-injection", ingress(path(text)))) == 1
        assert said("nginx-annotation-injection", ingress(path(text), cls="traefik")) == []
    assert said("nginx-annotation-injection", ingress(path("/api/[a-z]{2}/(.*)"))) == []


def test_a_long_value_is_shown_short_and_on_one_line() -> None:
    (line,) = said("nginx-annotation-injection", ingress(annotations={f"{NGINX}auth-url": f"a\nb{'c' * 90}"}))
    assert f"'a\\nb{'c' * 55}…'" in line


def test_a_huge_value_is_searched_in_time_linear_in_it() -> None:
    huge = "root alias ${" * 100_000
    assert said("nginx-annotation-injection", ingress(annotations={f"{NGINX}auth-realm": huge})) == []


def test_routes_of_files_that_are_variants_of_one_another_are_a_note(tmp_path: Path) -> None:
    shared = service("web", {"port": 80}), service("web", {"port": 81})
    for name, variant in zip(("a", "b"), shared, strict=True):
        objects = (ingress(name=name), variant)
        (tmp_path / f"{name}.yaml").write_text("\n---\n".join(map(json.dumps, objects)))
    (line,) = lint_tree(tmp_path, select=["ingress-duplicate-route"])
    assert "note[ingress-duplicate-route]" in line


def planted(directory: Path, name: str, *objects: object) -> None:
    """Write objects to a file, which may lie in a directory of its own."""
    (directory / name).parent.mkdir(exist_ok=True)
    (directory / name).write_text("\n---\n".join(map(json.dumps, objects)))


def test_files_of_a_directory_of_variants_do_not_repeat_the_routes_of_one_another(tmp_path: Path) -> None:
    for name in ("first", "second"):
        planted(tmp_path, f"{name}.yaml", ingress(name=name))
    (line,) = lint_tree(tmp_path, select=["ingress-duplicate-route"])
    assert "error[ingress-duplicate-route]" in line
    for port in (1, 2, 3):
        planted(tmp_path, f"{port}.yaml", service("web", {"port": port}))
    (line,) = lint_tree(tmp_path, select=["ingress-duplicate-route"])
    assert "note[ingress-duplicate-route]" in line


def test_of_several_descriptions_of_a_service_the_one_in_the_same_file_is_meant(tmp_path: Path) -> None:
    for port in (80, 81):
        planted(tmp_path, f"{port}.yaml", ingress(name=f"on-{port}"), service("web", {"port": port}))
    (line,) = lint_tree(tmp_path, select=["ingress-backend-port-missing"])
    assert line.startswith("81.yaml")
    assert "offers no port 80, but 81" in line


@pytest.mark.parametrize(("examples", "severity"), [(2, "warning"), (4, "note")])
def test_what_another_of_many_examples_holds_is_hardly_missing(tmp_path: Path, examples: int, severity: str) -> None:
    for number in range(examples):
        planted(tmp_path, f"{number}/settings.yaml", service("settings", {"port": number + 1}))
    planted(tmp_path, "0/ingress.yaml", ingress())
    planted(tmp_path, "1/web.yaml", service("web", {"port": 80}))
    (line,) = lint_tree(tmp_path, select=["ingress-backend-missing"])
    assert f"{severity}[ingress-backend-missing]" in line


def test_the_hosts_that_have_tls_are_named_up_to_a_few() -> None:
    tls = [{"hosts": [f"{letter}.example.com" for letter in "abcdef"], "secretName": "tls"}]
    (line,) = lint_text(json.dumps(ingress(path(), tls=tls)), select=["ingress-host-not-covered-by-tls"])
    assert line.endswith("are for a.example.com, b.example.com, c.example.com, d.example.com and 2 more")


@pytest.mark.parametrize(
    ("group", "kind", "name"),
    [
        ("apm", "ApmServer", "stack-apm-http"),
        ("agent", "Agent", "stack-agent-http"),
        ("logstash", "Logstash", "stack-ls-api"),
        ("kibana", "Kibana", "stack-kb-http"),
    ],
)
def test_services_that_elastics_operator_makes_are_not_missed(group: str, kind: str, name: str) -> None:
    made = obj(kind, "stack", api=f"{group}.k8s.elastic.co/v1")
    assert said("ingress-backend-missing", ingress(path(service=name)), service("web"), made) == []
    assert len(said("ingress-backend-missing", ingress(path(service=name)), service("web"))) == 1
