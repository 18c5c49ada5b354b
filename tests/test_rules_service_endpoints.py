"""Endpoints, Services without any, and fields that are given up."""

from __future__ import annotations

import pytest

from k8snet_lint.facts import Assumed, Facts
from tests.shop import said, service

UNSAFE = "endpoint-address-unsafe"
NONE = "service-without-endpoints"
OLD = "service-deprecated-field"

SLICE = """
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: legacy-1, namespace: shop, labels: {kubernetes.io/service-name: legacy}}
addressType: IPv4
endpoints: [{addresses: ["ADDRESS"]}]
"""
ENDPOINTS = """
apiVersion: v1
kind: Endpoints
metadata: {name: legacy, namespace: shop}
subsets: [{addresses: [{ip: "ADDRESS"}]}]
"""


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("127.0.0.53", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("169.254.169.254", "link-local"),
        ("fe80::1", "link-local"),
        ("224.0.0.251", "link-local multicast"),
        ("ff02::1", "link-local multicast"),
        ("0.0.0.0", "unspecified"),  # noqa: S104 - the address that is judged
        ("::", "unspecified"),
    ],
)
def test_special_addresses(address: str, what: str) -> None:
    message = f"names {what} address {address}, which the API server rejects"
    assert said(UNSAFE, SLICE.replace("ADDRESS", address)) == [f"error EndpointSlice/shop/legacy-1 {message}"]
    (error,) = said(UNSAFE, ENDPOINTS.replace("ADDRESS", address), facts=Facts(kubernetes_version=(1, 30)))
    assert error == f"error Endpoints/shop/legacy {message}"


@pytest.mark.parametrize("address", ["239.1.2.3", "224.0.1.1", "ff05::2"])
def test_multicast_beyond_the_link_is_no_endpoint_though_it_is_taken(address: str) -> None:
    (line,) = said(UNSAFE, SLICE.replace("ADDRESS", address))
    assert line.endswith(f"names multicast address {address}, to which nobody can connect")


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "db.example.com", "$(HOST)", ""])
def test_other_addresses(address: str) -> None:
    assert said(UNSAFE, SLICE.replace("ADDRESS", address)) == []


def test_the_deprecated_api() -> None:
    text = ENDPOINTS.replace("ADDRESS", "192.0.2.7")
    (line,) = said(UNSAFE, text)
    assert line.startswith("note Endpoints/shop/legacy is of a deprecated API")
    assert said(UNSAFE, text, facts=Facts(kubernetes_version=(1, 32))) == []
    leader = "shop, annotations: {control-plane.alpha.kubernetes.io/leader: '{}'}}"
    assert said(UNSAFE, text.replace("shop}", leader)) == []
    assert said(UNSAFE, text.replace("shop}", "shop, ownerReferences: [{name: x}]}")) == []
    assert said(UNSAFE, text.replace("subsets", "other")) == []


EMPTY = service("ports: [{port: 80}]")
COMPLETE = Facts(assumed=Assumed(complete=True))


def test_a_service_that_leads_nowhere() -> None:
    expected = ["note Service/shop/web has no selector, and no EndpointSlice names it"]
    assert said(NONE, EMPTY, SLICE) == expected
    assert said(NONE, EMPTY, facts=COMPLETE) == expected
    assert said(NONE, EMPTY) == []


@pytest.mark.parametrize("text", [SLICE, ENDPOINTS])
def test_endpoints_of_its_name(text: str) -> None:
    assert said(NONE, EMPTY.replace("web", "legacy"), text, facts=COMPLETE) == []


@pytest.mark.parametrize(
    "text",
    [
        service("type: ExternalName, externalName: a.example.com, ports: [{port: 80}]"),
        service("selector: {app: web}, ports: [{port: 80}]"),
        service("clusterIP: None"),
        service("ports: [{port: 80}]", metadata="labels: {serving.knative.dev/route: web}"),
        service("ports: [{port: 80}]", metadata="ownerReferences: [{kind: X}]"),
        (
            f"{EMPTY}---\napiVersion: multicluster.x-k8s.io/v1alpha1\nkind: ServiceImport\n"
            "metadata: {name: web, namespace: shop}\n"
        ),
    ],
)
def test_somebody_fills_it(text: str) -> None:
    assert said(NONE, text, facts=COMPLETE) == []


def test_fields_that_are_given_up() -> None:
    text = service(
        "type: LoadBalancer, loadBalancerIP: 192.0.2.7, topologyKeys: ['*']",
        metadata="annotations: {service.kubernetes.io/topology-aware-hints: auto}",
    )
    assert len(said(OLD, text)) == 3
    assert said(OLD, service("loadBalancerIP: '', topologyKeys: [], trafficDistribution: PreferClose")) == []
