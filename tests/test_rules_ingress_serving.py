"""Classes, redirects and backends of Ingresses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.facts import Assumed, Facts
from tests.ingresses import ingress, ingress_class, obj, path, said, service
from tests.support import lint_tree, write_files

if TYPE_CHECKING:
    from pathlib import Path

CLASS = "ingress-class-unresolved"
ALIAS = "ingress-backend-external-name"
HTTPS = "ingress-https-downgrade"
SPEAKS = "ingress-backend-protocol-mismatch"
NGINX = "nginx.ingress.kubernetes.io/"
ALB = "alb.ingress.kubernetes.io/"
TLS = [{"hosts": ["shop.example.com"], "secretName": "shop-tls"}]
OWN = ingress_class("internal", "example.com/controller")


def test_no_class_is_a_note() -> None:
    without = "note Ingress/shop/web names no class, and no IngressClass is the default one"
    assert said(CLASS, ingress(cls=None)) == [f"{without}; what is missing may live outside the scanned files"]
    assert said(CLASS, ingress(cls=None), OWN) == [without]


def test_somebody_serves_what_has_no_class() -> None:
    assert said(CLASS, ingress(cls=None), ingress_class("a", "example.com/c", default=True)) == []
    assert said(CLASS, ingress(cls=None), facts=Facts(default_ingress_class="nginx")) == []
    gke = {"networking.gke.io/managed-certificates": "shop"}
    assert said(CLASS, ingress(cls=None, annotations=gke)) == []
    assert said(CLASS, ingress(path("/.well-known/acme-challenge/x"), cls=None)) == []
    assert said(CLASS, ingress(cls=None, rules=None)) == []


def test_a_class_that_is_not_there() -> None:
    assert said(CLASS, ingress(cls="edge"), OWN) == [
        "warning Ingress/shop/web names a class that is not there: no IngressClass edge"
    ]
    (line,) = said(CLASS, ingress(cls="internl"), OWN)
    assert line.startswith("error ")
    assert len(said(CLASS, ingress(cls="edge"), facts=Facts(assumed=Assumed(complete=True)))) == 1
    (line,) = said(CLASS, ingress(cls="nginx-pubilc"), ingress_class("nginx-public", "k8s.io/ingress-nginx"))
    assert line.startswith("error ")


def test_classes_that_may_be_there() -> None:
    assert said(CLASS, ingress(cls="edge")) == []
    assert said(CLASS, ingress(cls="nginx-internal"), OWN) == []
    assert said(CLASS, ingress(cls="edge"), OWN, facts=Facts(assumed=Assumed(ingress_classes=("edge",)))) == []
    older = ingress(cls=None, annotations={"kubernetes.io/ingress.class": "edge"})
    assert said(CLASS, older, OWN) == []


def test_two_default_classes() -> None:
    first, second = (ingress_class(name, "example.com/c", default=True) for name in ("a", "b"))
    assert said(CLASS, first, second) == ["error IngressClass/b is a default class, as IngressClass/a is"]
    assert said(CLASS, first, first) == []


def test_default_classes_of_two_directories_may_be_for_two_clusters(tmp_path: Path) -> None:
    classes = {name: json.dumps(ingress_class(name, "example.com/c", default=True)) for name in ("a", "b")}
    write_files(tmp_path, {f"{name}/class.yaml": text for name, text in classes.items()})
    assert lint_tree(tmp_path, select=[CLASS]) == [
        "b/class.yaml:1: warning[ingress-class-unresolved] IngressClass/b is a default class, as IngressClass/a is"
    ]


def alias(host: str) -> dict[str, object]:
    return service("web", type="ExternalName", externalName=host)


def test_an_alias_behind_an_ingress() -> None:
    many = ingress(path(), path("/again"), defaultBackend=path()["backend"])
    assert said(ALIAS, many, alias("db.example.com")) == [
        "warning Ingress/shop/web leads out of the cluster: Service/shop/web is an alias for 'db.example.com'"
    ]
    allowed = {ALIAS: {"allowed": ["*.example.com"]}}
    assert said(ALIAS, many, alias("DB.example.com"), options=allowed) == []


@pytest.mark.parametrize("host", ["web.auth.svc", "web.auth.svc.cluster.local."])
def test_an_alias_for_a_service_of_another_namespace_stays_in_the_cluster(host: str) -> None:
    assert said(ALIAS, ingress(path()), alias(host)) == [
        f"note Ingress/shop/web leads out of its namespace: Service/shop/web is an alias for '{host}'"
    ]
    assert said(ALIAS, ingress(path()), alias(host.replace("web.auth", "other.shop"))) == []


def test_gke_alone_is_told_whether_to_allow_http() -> None:
    allowed = {"kubernetes.io/ingress.allow-http": "true"}
    assert len(said(HTTPS, ingress(tls=TLS, cls="gce", annotations=allowed))) == 1
    assert said(HTTPS, ingress(tls=TLS, annotations=allowed)) == []


def test_redirects_that_are_switched_off() -> None:
    off = {f"{NGINX}ssl-redirect": "false"}
    (line,) = said(HTTPS, ingress(tls=TLS, annotations=off))
    assert line.startswith("warning Ingress/shop/web has TLS and serves in the clear too")
    for quiet in (
        ingress(annotations=off),
        ingress(tls=TLS, annotations={**off, f"{NGINX}force-ssl-redirect": "true"}),
        ingress(tls=TLS, annotations={**off, "acme.cert-manager.io/http01-edit-in-place": "true"}),
        ingress(tls=TLS, annotations=off, cls="traefik"),
        ingress(path("/.well-known/acme-challenge/x"), tls=TLS, annotations=off),
        ingress(tls=TLS, annotations={f"{NGINX}ssl-redirect": "true"}),
    ):
        assert said(HTTPS, quiet) == []
    loud = ingress(tls=TLS, annotations=off)
    assert said(HTTPS, loud, facts=Facts(internal_ingress_classes=("nginx",))) == []
    assert said(HTTPS, loud, facts=Facts(tls_terminated_upstream=True)) == []


@pytest.mark.parametrize(
    ("cls", "key"),
    [
        ("haproxy", "haproxy.org/ssl-redirect"),
        ("nginx", "nginx.org/ssl-redirect"),
        ("nginx", "ingress.kubernetes.io/ssl-redirect"),
    ],
)
def test_other_controllers_redirects(cls: str, key: str) -> None:
    assert len(said(HTTPS, ingress(tls=TLS, cls=cls, annotations={key: "False"}))) == 1


def test_gke_allows_http() -> None:
    told = {"kubernetes.io/ingress.class": "gce"}
    loud = ingress(tls=TLS, cls=None, annotations={**told, "kubernetes.io/ingress.allow-http": "true"})
    assert len(said(HTTPS, loud)) == 1
    silent, wanted = ingress(tls=TLS, cls=None, annotations=told), {HTTPS: {"gke-https-only": True}}
    assert said(HTTPS, silent) == []
    assert len(said(HTTPS, silent, options=wanted)) == 1
    redirected = ingress(tls=TLS, cls=None, annotations={**told, "networking.gke.io/v1beta1.FrontendConfig": "x"})
    assert said(HTTPS, redirected, options=wanted) == []
    refused = ingress(tls=TLS, cls=None, annotations={**told, "kubernetes.io/ingress.allow-http": "false"})
    assert said(HTTPS, refused, options=wanted) == []


BOTH = {f"{ALB}listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]'}


def test_an_alb_that_listens_for_both() -> None:
    (line,) = said(HTTPS, ingress(cls="alb", annotations=BOTH))
    assert line.endswith("it listens for HTTP and does not redirect")


@pytest.mark.parametrize(
    "more",
    [
        {f"{ALB}ssl-redirect": "443"},
        {f"{ALB}actions.go": '{"Type":"redirect","RedirectConfig":{"Protocol":"HTTPS"}}'},
        {f"{ALB}listen-ports": '[{"HTTPS": 443}]'},
        {f"{ALB}listen-ports": '[{"HTTP": 80}]'},
    ],
)
def test_an_alb_that_redirects(more: dict[str, str]) -> None:
    assert said(HTTPS, ingress(cls="alb", annotations={**BOTH, **more})) == []


def test_an_alb_that_another_ingress_of_its_group_redirects() -> None:
    group = {f"{ALB}group.name": "shop"}
    one = ingress(cls="alb", annotations={**BOTH, **group})
    other = ingress(cls="alb", name="api", annotations={**group, f"{ALB}ssl-redirect": "443"})
    assert said(HTTPS, one, other) == []
    assert len(said(HTTPS, one)) == 1


def test_an_alb_that_its_class_redirects() -> None:
    params = obj(
        "IngressClassParams", "alb", namespace=None, api="elbv2.k8s.aws/v1beta1", spec={"sslRedirectPort": "443"}
    )
    assert said(HTTPS, ingress(cls="alb", annotations=BOTH), params) == []


@pytest.mark.parametrize(
    ("port", "speaks"),
    [
        ({"port": 443}, "HTTPS"),
        ({"port": 8443, "targetPort": 9443}, "HTTPS"),
        ({"port": 443, "name": "https", "targetPort": "https-web"}, "HTTPS"),
        ({"port": 81, "appProtocol": "https"}, "HTTPS"),
        ({"port": 81, "appProtocol": "kubernetes.io/wss"}, "HTTPS"),
        ({"port": 50051, "name": "grpc-api"}, "GRPC"),
        ({"port": 50051, "appProtocol": "grpc"}, "GRPC"),
        ({"port": 443, "targetPort": 8080}, ""),
        ({"port": 443, "name": "https", "targetPort": "http"}, ""),
        ({"port": 443, "name": "web"}, ""),
        ({"port": 443, "appProtocol": "http"}, ""),
        ({"port": 80}, ""),
    ],
)
def test_what_a_port_speaks(port: dict[str, object], speaks: str) -> None:
    lines = said(SPEAKS, ingress(path(port=port["port"])), service("web", port))
    assert lines == (
        [f"warning Ingress/shop/web speaks HTTP to port {port['port']} of Service/shop/web, which speaks {speaks}"]
        if speaks
        else []
    )


def test_who_is_not_told_of_the_protocol() -> None:
    secure = service("web", {"port": 443, "name": "https"})
    assert len(said(SPEAKS, ingress(path(port="https")), secure)) == 1
    for quiet in (
        ingress(path(port=443), annotations={f"{NGINX}backend-protocol": "HTTP"}),
        ingress(path(port=443), annotations={f"{NGINX}ssl-passthrough": "true"}),
        ingress(path(port=443), cls="traefik"),
        ingress(path(port=444)),
        ingress(path(port=443, service="other")),
    ):
        assert said(SPEAKS, quiet, secure) == []


RISK = "nginx-high-risk-annotation"
UNSAFE = "nginx-controller-unsafe-config"
RETIRED = "ingress-nginx-retired"


def test_annotations_of_high_risk() -> None:
    risky = ingress(annotations={f"{NGINX}server-alias": "a.example.com", f"{NGINX}upstream-hash-by": "$arg_a"})
    assert len(said(RISK, risky)) == 2
    for level in ("High", "Critical"):
        assert said(RISK, risky, options={RISK: {"accepted-risk": level}}) == []
    assert said(RISK, ingress(cls="traefik", annotations={f"{NGINX}server-alias": "a.example.com"})) == []
    assert said(RISK, ingress(annotations={f"{NGINX}server-alias": " "})) == []


def test_a_login_elsewhere_is_told_where_one_asks(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "ingress.yaml": f"""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {{name: web, annotations: {{{NGINX}auth-url: "https://auth.example.com"}}}}
            spec: {{ingressClassName: nginx}}
            """
        },
    )
    assert [line for line in lint_tree(tmp_path) if RISK in line] == []
    assert [line for line in lint_tree(tmp_path, preset="strict") if RISK in line] != []
    assert len(lint_tree(tmp_path, select=[RISK])) == 1


SETTINGS = {
    "allow-snippet-annotations": "true",
    "strict-validate-path-type": "False",
    "annotations-risk-level": "critical",
}


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("ingress-nginx-controller", {}),
        ("nginx-configuration", {}),
        ("settings", {"app.kubernetes.io/name": "ingress-nginx"}),
    ],
)
def test_unsafe_settings(name: str, labels: dict[str, str]) -> None:
    config = obj("ConfigMap", name, data=SETTINGS)
    config["metadata"]["labels"] = labels
    assert len(said(UNSAFE, config)) == 3


def test_settings_that_arguments_name() -> None:
    container = {"name": "c", "image": "example/nginx", "args": ["--configmap=$(POD_NAMESPACE)/settings"]}
    pod = obj("Pod", "controller", spec={"containers": [container]})
    config = obj("ConfigMap", "settings", data=SETTINGS)
    assert len(said(UNSAFE, config, pod)) == 3
    assert said(UNSAFE, config) == []


def test_safe_settings() -> None:
    safe = {"allow-snippet-annotations": "false", "annotations-risk-level": "High", "strict-validate-path-type": "true"}
    assert said(UNSAFE, obj("ConfigMap", "ingress-nginx-controller", data=safe)) == []


@pytest.mark.parametrize(
    ("image", "retired"),
    [
        ("registry.k8s.io/ingress-nginx/controller:v1.13.0@sha256:00", True),
        ("registry.k8s.io/ingress-nginx/controller-chroot:v1.13.0", True),
        ("nginx/nginx-ingress:5.0", False),
        ("registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.5.0", False),
    ],
)
def test_the_retired_controller(image: str, retired: bool) -> None:
    pod = obj("Pod", "controller", spec={"containers": [{"name": "c", "image": image}]})
    nginx = ingress_class("nginx", "k8s.io/ingress-nginx")
    assert [line.split()[1] for line in said(RETIRED, pod, nginx)] == (
        ["Pod/shop/controller"] if retired else ["IngressClass/nginx"]
    )
    assert said(RETIRED, ingress_class("nginx", "nginx.org/ingress-controller")) == []


@pytest.mark.parametrize(
    ("controller", "found"),
    [
        ("k8s.io/ingress-nginx", 1),
        ("k8s.io/internal-ingress-nginx", 1),
        ("k8s.io/ingress-gce", 0),
        ("example.com/ingress-nginx", 0),
        ("nginx.org/ingress-controller", 0),
    ],
)
def test_only_the_classes_of_the_project_that_has_ended_are_told(controller: str, found: int) -> None:
    assert len(said(RETIRED, ingress_class("nginx", controller))) == found
