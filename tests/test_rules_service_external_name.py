"""Services that are an alias for another host."""

from __future__ import annotations

import pytest

from k8snet_lint.facts import Facts
from tests.shop import said, service
from tests.support import report_on

RULE = "service-external-name-suspicious"


def alias(host: str, more: str = "") -> str:
    return service(f'type: ExternalName, externalName: "{host}"{more}')


@pytest.mark.parametrize("host", ["192.0.2.10", "169.254.169.254"])
def test_an_address_is_no_name(host: str) -> None:
    (line,) = said(RULE, alias(host))
    assert line.startswith(f"warning Service/shop/web is an alias for '{host}'")


@pytest.mark.parametrize("host", ["localhost", "localhost.", "localhost.localdomain", "web.localhost"])
def test_localhost_is_whoever_asks(host: str) -> None:
    (line,) = said(RULE, alias(host))
    assert line.endswith("which is whoever asks")


@pytest.mark.parametrize("host", ["metadata.google.internal", "instance-data", "instance-data.ec2.internal"])
def test_a_metadata_server(host: str) -> None:
    (line,) = said(RULE, alias(host))
    assert "metadata server" in line


def test_itself() -> None:
    (line,) = said(RULE, alias("web.shop.svc.cluster.local"))
    assert line == "warning Service/shop/web is an alias for 'web.shop.svc.cluster.local', which is itself"


@pytest.mark.parametrize(
    "host", ["db.data.svc", "db.data.svc.cluster.local", "db.data.svc.cluster.local.", "0.db.data.svc"]
)
def test_another_namespace_is_a_note(host: str) -> None:
    assert said(RULE, alias(host)) == [f"note Service/shop/web is an alias for '{host}', a Service of namespace data"]


def test_the_clusters_own_domain() -> None:
    assert said(RULE, alias("db.data.svc.example"), facts=Facts(cluster_domain="example")) != []
    assert said(RULE, alias("db.data.svc.example")) == []


@pytest.mark.parametrize(
    "host", ["api.shop.svc.cluster.local", "db.example.com", "nas.localdomain", "1.2.3.example.com", "${HOST}"]
)
def test_what_is_fine(host: str) -> None:
    assert said(RULE, alias(host)) == []


def test_a_namespace_that_is_not_known() -> None:
    text = alias("db.data.svc").replace(", namespace: shop", "")
    assert said(RULE, text) == []


def test_the_option_allows_it() -> None:
    assert said(RULE, alias("db.data.svc"), options={RULE: {"allowed": ["*.data.svc"]}}) == []


def test_fields_without_effect() -> None:
    text = alias("db.example.com", ", clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]")
    assert [line.partition(" ")[0] for line in said(RULE, text)] == ["error", "note", "note"]


def test_an_alias_has_no_addresses_whichever_field_asks_for_them() -> None:
    (line,) = said(RULE, alias("db.example.com", ", clusterIPs: [10.96.0.7]"))
    assert line == "error Service/shop/web is an alias with clusterIPs, which the API server rejects"


def test_a_target_port_that_is_the_port_is_harmless() -> None:
    assert said(RULE, alias("db.example.com", ", ports: [{port: 80, targetPort: 80}]")) == []


def test_an_ingress_goes_by_the_target_port() -> None:
    ingress = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
"""
    assert said(RULE, alias("db.example.com", ", ports: [{port: 80, targetPort: 8080}]"), ingress) == []


@pytest.mark.parametrize("host", ["https://a.example.com", "a.example.com:443", "A.example.com", "a_b", "2001:db8::1"])
def test_what_is_no_name_is_rejected(host: str) -> None:
    (line,) = said(RULE, alias(host))
    assert line == f"error Service/shop/web is an alias for '{host}', which is no DNS name; the API server rejects it"


def test_no_name_at_all_is_rejected() -> None:
    (line,) = said(RULE, service("type: ExternalName"))
    assert line == "error Service/shop/web is an alias for nothing: it has no externalName; the API server rejects it"
    (finding,) = report_on(service("type: ExternalName"), select=[RULE]).open
    assert finding.help == "add externalName, the name of the host that is meant"


def test_wrong_types() -> None:
    assert len(said(RULE, service("type: ExternalName, externalName: 7, clusterIP: [], ports: {}"))) == 1
