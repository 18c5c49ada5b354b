"""How far a load balancer reaches: what each cloud calls an internal one, and which addresses it admits.

Sources: the Service annotations that each cloud's controller documents; KEP-1959 `loadBalancerClass`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.placeholder import is_open
from k8snet_lint.resource import source_ranges

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.resource.service import Service

AWS = "service.beta.kubernetes.io/aws-load-balancer-"

TRUE = frozenset({"true", "yes", "1"})

MARKERS: Mapping[str, frozenset[str]] = {
    "service.beta.kubernetes.io/azure-load-balancer-internal": TRUE,
    "networking.gke.io/load-balancer-type": frozenset({"internal"}),
    "cloud.google.com/load-balancer-type": frozenset({"internal"}),
    "service.beta.kubernetes.io/oci-load-balancer-internal": TRUE,
    "oci-network-load-balancer.oraclecloud.com/internal": TRUE,
    "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": frozenset({"private"}),
    "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": frozenset({"intranet"}),
    "service.beta.kubernetes.io/alicloud-loadbalancer-address-type": frozenset({"intranet"}),
    "service.beta.kubernetes.io/openstack-internal-load-balancer": TRUE,
    "service.beta.kubernetes.io/do-loadbalancer-network": frozenset({"internal"}),
    "service.beta.kubernetes.io/scw-loadbalancer-private": TRUE,
    "service.beta.kubernetes.io/cce-load-balancer-internal-vpc": TRUE,
    "load-balancer.hetzner.cloud/disable-public-network": TRUE,
    "yandex.cloud/load-balancer-type": frozenset({"internal"}),
}
"""Annotations of the clouds, and the values (in lower case) that keep a load balancer off the internet."""

PRESENCE_MARKERS = ("service.kubernetes.io/qcloud-loadbalancer-internal-subnetid",)
"""Annotations that make a load balancer internal whatever their value is."""

LIMITS = (
    source_ranges.ANNOTATION,
    "service.beta.kubernetes.io/azure-allowed-ip-ranges",
    "service.beta.kubernetes.io/azure-allowed-service-tags",
    "service.beta.kubernetes.io/aws-load-balancer-security-group-prefix-lists",
    "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-acl-id",
    "service.beta.kubernetes.io/do-loadbalancer-allow-rules",
)
"""Annotations that say who may connect."""

CERTIFICATES = (
    "ssl-cert",
    "tls-cert",
    "certificate-id",
    "certificate-ids",
    "certificate-name",
    "tls-secret",
    "cert-id",
)
"""Parts of the annotations by which the clouds' load balancers get a certificate."""

ADDRESSES = (
    "metallb.io/loadBalancerIPs",
    "metallb.universe.tf/loadBalancerIPs",
    "lbipam.cilium.io/ips",
    "io.cilium/lb-ipam-ips",
    "kube-vip.io/loadbalancerIPs",
)
"""Annotations that ask for certain addresses."""

INTERNAL_CLASSES = frozenset(
    {"tailscale", "networking.gke.io/l4-regional-internal", "networking.gke.io/l4-regional-internal-legacy"}
)
"""Classes whose load balancers are never on the internet (`spec.loadBalancerClass`)."""

AWS_CLASSES = frozenset({"service.k8s.aws/nlb", "eks.amazonaws.com/nlb"})
"""Classes of the AWS load balancer controller and of EKS, which make a load balancer internal unless told otherwise."""


def is_internal(service: Service) -> bool:
    """Whether a load balancer is kept off the internet by an annotation, its class or the addresses it asks for.

    So it may be where one of these holds a variable that is filled in later.
    """
    return (
        service.load_balancer_class in INTERNAL_CLASSES
        or is_open(service.load_balancer_class)
        or _is_internal_on_aws(service.annotations, service.load_balancer_class)
        or is_marked_internal(service.annotations, service.spec["loadBalancerIP"].text)
    )


def is_marked_internal(told: Mapping[str, str], asked: str = "") -> bool:
    """Whether annotations, or the addresses that are asked for, keep a load balancer off the internet.

    Shapes: `asked` are addresses with commas between them, besides those that annotations ask for.
    """
    return (
        any(told[key].lower() in values or is_open(told[key]) for key, values in MARKERS.items() if key in told)
        or any(told.get(key) for key in PRESENCE_MARKERS)
        or _is_scheme_internal(told.get(AWS + "scheme", ""))
        or _are_private(",".join((asked, *(told.get(key, "") for key in ADDRESSES))))
    )


def _is_internal_on_aws(told: Mapping[str, str], load_balancer_class: str) -> bool:
    """The scheme decides, then the older annotation (anything but `false`), then the controller's default."""
    scheme, older = told.get(AWS + "scheme", ""), told.get(AWS + "internal", "")
    if scheme:
        return _is_scheme_internal(scheme)
    if older:
        return older.lower() != "false"
    return load_balancer_class in AWS_CLASSES or told.get(AWS + "type") in ("external", "nlb-ip")


def _is_scheme_internal(scheme: str) -> bool:
    return scheme == "internal" or is_open(scheme)


def _are_private(listed: str) -> bool:
    """Whether all addresses, and there are some, are private, or hold a variable that is filled in later."""
    addresses = [address.strip() for address in listed.split(",") if address.strip()]
    return bool(addresses) and all(is_open(address) or _is_private(address) for address in addresses)


def _is_private(address: str) -> bool:
    from ipaddress import ip_address  # noqa: PLC0415 - few Services ask for an address

    try:
        return ip_address(address).is_private
    except ValueError:
        return False


def is_limited(service: Service) -> bool:
    """Whether something says who may connect, and that is not everyone."""
    told = service.annotations
    if service.source_ranges and next(service.open_versions, None) is None:
        return True
    return any(told.get(key) and "/0" not in told[key] for key in LIMITS if key != source_ranges.ANNOTATION)


def leads_to_pods(service: Service) -> bool:
    """Whether a load balancer connects to the pods themselves, past the nodes, or is of a class that may do so."""
    told = service.annotations
    if told.get(AWS + "nlb-target-type") == "ip" or told.get(AWS + "type") == "nlb-ip":
        return True
    return bool(service.load_balancer_class) and service.load_balancer_class not in AWS_CLASSES


def ends_tls(service: Service) -> bool:
    """Whether an annotation gives its load balancer a certificate, by which it decrypts what clients send."""
    return any(value and any(part in key for part in CERTIFICATES) for key, value in service.annotations.items())
