"""Load balancers that admit everyone."""

from __future__ import annotations

import pytest

from tests.shop import said, service

RULE = "service-public-load-balancer"
PUBLIC = "type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]"


def test_nothing_says_who_may_connect() -> None:
    assert said(RULE, service(PUBLIC)) == [
        "warning Service/shop/web asks for a load balancer that admits every address"
    ]


def test_what_is_told_by_another_rule_is_left_to_it() -> None:
    assert said(RULE, service(PUBLIC.replace("LoadBalancer", "NodePort"))) == []
    assert said(RULE, service(f"{PUBLIC}, loadBalancerSourceRanges: [0.0.0.0/0]")) == []


@pytest.mark.parametrize(
    "annotation",
    [
        "service.beta.kubernetes.io/aws-load-balancer-scheme: internal",
        "service.beta.kubernetes.io/aws-load-balancer-internal: 'true'",
        "service.beta.kubernetes.io/aws-load-balancer-internal: 0.0.0.0/0",
        "service.beta.kubernetes.io/aws-load-balancer-type: external",
        "service.beta.kubernetes.io/azure-load-balancer-internal: 'true'",
        "networking.gke.io/load-balancer-type: Internal",
        "cloud.google.com/load-balancer-type: Internal",
        "service.beta.kubernetes.io/oci-load-balancer-internal: 'true'",
        "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type: private",
        "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type: intranet",
        "service.beta.kubernetes.io/openstack-internal-load-balancer: 'true'",
        "service.beta.kubernetes.io/load-balancer-source-ranges: 198.51.100.0/24",
        "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid: subnet-1",
        "service.beta.kubernetes.io/do-loadbalancer-allow-rules: 'cidr:198.51.100.0/24'",
        "metallb.universe.tf/loadBalancerIPs: 192.168.7.4",
        "lbipam.cilium.io/ips: ${WEB_ADDRESS}",
    ],
)
def test_an_annotation_keeps_it_from_the_internet(annotation: str) -> None:
    assert said(RULE, service(PUBLIC, metadata=f"annotations: {{{annotation}}}")) == []


@pytest.mark.parametrize(
    "annotation",
    [
        "service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing",
        "service.beta.kubernetes.io/aws-load-balancer-internal: 'false'",
        "service.beta.kubernetes.io/azure-load-balancer-internal: 'false'",
        "service.beta.kubernetes.io/aws-load-balancer-type: nlb",
        "metallb.universe.tf/loadBalancerIPs: 198.51.99.7",
        "networking.gke.io/load-balancer-type: External",
        "service.beta.kubernetes.io/azure-allowed-ip-ranges: 0.0.0.0/0",
    ],
)
def test_an_annotation_may_say_that_it_is_public(annotation: str) -> None:
    assert len(said(RULE, service(PUBLIC, metadata=f"annotations: {{{annotation}}}"))) == 1


@pytest.mark.parametrize(
    "spec",
    [
        "loadBalancerSourceRanges: [198.51.100.0/24]",
        "loadBalancerClass: tailscale",
        "loadBalancerClass: networking.gke.io/l4-regional-internal",
        "loadBalancerIP: 10.0.0.7",
    ],
)
def test_a_field_keeps_it_from_the_internet(spec: str) -> None:
    assert said(RULE, service(f"{PUBLIC}, {spec}")) == []


def test_the_external_class_of_gke_is_public() -> None:
    assert len(said(RULE, service(f"{PUBLIC}, loadBalancerClass: networking.gke.io/l4-regional-external"))) == 1


def test_the_aws_controller_makes_it_internal_unless_told_otherwise() -> None:
    by_class = f"{PUBLIC}, loadBalancerClass: service.k8s.aws/nlb"
    facing = "annotations: {service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing}"
    assert said(RULE, service(by_class)) == []
    assert len(said(RULE, service(by_class, metadata=facing))) == 1


def test_options_allow_services_and_classes() -> None:
    text = service(f"{PUBLIC}, loadBalancerClass: example.com/inside")
    assert said(RULE, text, options={RULE: {"allow": ["shop/web"]}}) == []
    assert said(RULE, text, options={RULE: {"internal-classes": ["example.com/inside"]}}) == []


def test_an_ingress_controller_is_there_to_be_reached() -> None:
    (found,) = said(RULE, service("type: LoadBalancer, selector: {app.kubernetes.io/name: traefik}"))
    assert found.startswith("note ")
