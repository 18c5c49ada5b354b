"""Secrets that Ingresses serve TLS with."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from tests.certificates import pem
from tests.ingresses import ingress, obj, said
from tests.support import lint_tree, write_files

if TYPE_CHECKING:
    from pathlib import Path

RULE = "ingress-tls-secret-invalid"
TLS = [{"hosts": ["shop.example.com"], "secretName": "shop-tls"}]


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def secret(certificate: str = "", *, kind: str = "kubernetes.io/tls", **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    data = {"tls.crt": encoded(certificate), "tls.key": encoded("key")}
    return obj("Secret", "shop-tls", **{"type": kind, "data": data, **fields})


def test_a_key_is_missing() -> None:
    assert said(RULE, ingress(tls=TLS), secret(data={"tls.crt": ""})) == [
        "error Secret/shop/shop-tls, which Ingress/shop/web serves TLS with, has no tls.key"
    ]
    (line,) = said(RULE, ingress(tls=TLS), secret(data=None))
    assert line.endswith("has no tls.crt and no tls.key")
    assert said(RULE, ingress(tls=TLS), secret(data={}, stringData={"tls.crt": "", "tls.key": ""})) == []


def test_another_type_is_a_warning_and_told_once() -> None:
    assert said(RULE, ingress(tls=TLS), ingress(tls=TLS, name="api"), secret(kind="Opaque")) == [
        "warning Secret/shop/shop-tls, which Ingress/shop/web serves TLS with, is of type Opaque, not kubernetes.io/tls"
    ]


@pytest.mark.parametrize(("last", "expired"), [("20260130", True), ("20260131", False), ("991231", True)])
def test_the_day_decides(last: str, expired: bool) -> None:
    lines = said(RULE, ingress(tls=TLS), secret(pem("shop.example.com", last=last)))
    assert bool(lines) is expired
    assert all("holds a certificate that has expired on " in line for line in lines)


def test_a_host_that_the_certificate_does_not_name() -> None:
    certificate = pem("*.example.com", "www.shop.example.com")
    assert said(RULE, ingress(tls=TLS), secret(certificate)) == []
    deep = [{"hosts": ["a.b.example.com", "shop.example.com", "$HOST"], "secretName": "shop-tls"}]
    assert said(RULE, ingress(tls=deep), secret(certificate)) == [
        (
            "warning Ingress/shop/web serves a.b.example.com with the certificate of Secret/shop/shop-tls, which names "
            "*.example.com, www.shop.example.com"
        )
    ]


def test_an_entry_without_hosts_is_for_those_of_the_rules() -> None:
    (line,) = said(RULE, ingress(tls=[{"secretName": "shop-tls"}]), secret(pem("www.example.com")))
    assert line.startswith("warning Ingress/shop/web serves shop.example.com with")
    (line,) = said(RULE, ingress(tls=TLS), secret(pem()))
    assert line.endswith("which names no host (it has no subjectAltName)")


@pytest.mark.parametrize("host", ["shop.${DOMAIN}", "{{ .Values.host }}", "<your-host>"])
def test_a_host_that_is_still_to_be_filled_in_may_be_named(host: str) -> None:
    entries = [{"hosts": [host], "secretName": "shop-tls"}]
    assert said(RULE, ingress(tls=entries, host=host), secret(pem("www.example.com"))) == []


@pytest.mark.parametrize(
    "certificate", ["", "placeholder", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"]
)
def test_a_placeholder_tells_nothing(certificate: str) -> None:
    assert said(RULE, ingress(tls=TLS), secret(certificate)) == []


@pytest.mark.parametrize("value", ["not base64!", "AAAA", None, 7, "/////w=="])
def test_values_that_are_no_text(value: object) -> None:
    assert said(RULE, ingress(tls=TLS), secret(data={"tls.crt": value, "tls.key": ""})) == []


def test_who_fills_it_later() -> None:
    assert said(RULE, ingress(tls=TLS), secret(data=None, sops={"mac": "x"})) == []
    for key in ("reflector.v1.k8s.emberstack.com/reflects", "cert-manager.io/allow-direct-injection"):
        assert said(RULE, ingress(tls=TLS), secret(data=None, annotations={key: "x"})) == []


@pytest.mark.parametrize("data", ["${DATA}", ["{{ data }}"], {"${KEY}": ""}])
def test_a_variable_may_fill_in_its_keys(data: object) -> None:
    assert said(RULE, ingress(tls=TLS), secret(data=data)) == []


def test_plain_text_is_read_too() -> None:
    plain = secret(data=None, stringData={"tls.crt": pem("www.example.com"), "tls.key": "x"})
    assert len(said(RULE, ingress(tls=TLS), plain)) == 1


def test_a_secret_that_a_kustomization_makes_of_files_that_nobody_commits_is_not_missed(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "kustomization.yaml": """
            namespace: shop
            resources: [ingress.yaml]
            secretGenerator:
            - {name: shop-tls, type: kubernetes.io/tls, files: [tls.crt, tls.key]}
            """,
            "ingress.yaml": json.dumps(ingress(tls=[*TLS, {"secretName": "other"}], namespace=None)),
        },
    )
    (line,) = lint_tree(tmp_path, select=["ingress-tls-secret-missing"])
    assert line.endswith("no Secret shop/other; what is missing may live outside the scanned files")
