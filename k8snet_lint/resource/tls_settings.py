"""Which TLS versions and ciphers an object permits, wherever its controller reads that from.

Sources: each controller's reference of the annotation or field named; AWS, security policies of load balancers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.expression import expression
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.everywhere import everywhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.base import Resource

    Judge = Callable[[str], str]

OLD_VERSION = r"(?i)SSL_?v[23]|TLS_?v?1[._]?[01](?!\d)|TLS_?v?1(?![\w.])|(?<![\w.])v?1\.[01](?!\d)"
OLD_POLICY = (
    r"ELBSecurityPolicy-(?:2016-08|2015-\d\d|2014-\d\d|2011-08|FS-2018-06|FS-1-1-|TLS-1-[01]-|TLS13-1-[01]-)[\w-]*"
)
CIPHER_LIST = expression(r"[:,\s]+")
CIPHER_PARTS = expression(r"[-_+]")
WEAK = frozenset({"NULL", "aNULL", "eNULL", "RC4", "3DES", "DES", "EXP", "EXPORT", "LOW", "MD5"})


def old_version(text: str) -> str:
    """The first version below TLS 1.2 that a text names, or an empty text."""
    found = re.search(OLD_VERSION, text)
    return found[0] if found else ""


def old_policy(text: str) -> str:
    """What a policy of AWS permits that is older than TLS 1.2, or an empty text."""
    return "TLS 1.1 or older" if re.fullmatch(OLD_POLICY, text.strip()) else ""


def old_profile(text: str) -> str:
    """What a profile of OpenShift permits that is older than TLS 1.2, or an empty text."""
    return "TLS 1.0" if text == "Old" else ""


def weak_cipher(text: str) -> str:
    """The first cipher of a list that is none any more, or an empty text; `!` takes one off the list (OpenSSL)."""
    ciphers = [cipher for cipher in CIPHER_LIST.split(text) if cipher]
    excluded = {cipher[1:] for cipher in ciphers if cipher.startswith("!")}
    for cipher in ciphers:
        parts = {"3DES" if part == "CBC3" else part for part in CIPHER_PARTS.split(cipher)}
        parts -= {"DES", "MD5"} if "3DES" in parts else set()
        if cipher[0] not in "!-" and (parts & WEAK) - excluded:
            return cipher
    return ""


NGINX = "nginx.ingress.kubernetes.io/"
KEYS: Mapping[str, Judge] = {
    "ssl-protocols": old_version,
    "proxy-ssl-protocols": old_version,
    f"{NGINX}proxy-ssl-protocols": old_version,
    "nginx.org/ssl-protocols": old_version,
    "projectcontour.io/tls-minimum-protocol-version": old_version,
    "ssl-ciphers": weak_cipher,
    "proxy-ssl-ciphers": weak_cipher,
    f"{NGINX}ssl-ciphers": weak_cipher,
    f"{NGINX}proxy-ssl-ciphers": weak_cipher,
    "alb.ingress.kubernetes.io/ssl-policy": old_policy,
    "service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy": old_policy,
}
"""Annotations, keys of ConfigMaps and options of a Gateway's listeners."""

LISTENERS, SERVERS = ("spec", "listeners", "*", "tls"), ("spec", "servers", "*", "tls")
ENVOY = ("spec", "envoy", "listener", "tls")
FIELDS: Mapping[tuple[str, str], tuple[tuple[tuple[str, ...], Judge], ...]] = {
    ("networking.istio.io", "Gateway"): (
        ((*SERVERS, "minProtocolVersion"), old_version),
        ((*SERVERS, "cipherSuites", "*"), weak_cipher),
    ),
    ("traefik.io", "TLSOption"): (
        (("spec", "minVersion"), old_version),
        (("spec", "cipherSuites", "*"), weak_cipher),
    ),
    ("projectcontour.io", "HTTPProxy"): ((("spec", "virtualhost", "tls", "minimumProtocolVersion"), old_version),),
    ("projectcontour.io", "ContourConfiguration"): (
        ((*ENVOY, "minimumProtocolVersion"), old_version),
        ((*ENVOY, "cipherSuites", "*"), weak_cipher),
    ),
    ("gateway.envoyproxy.io", "ClientTrafficPolicy"): (
        (("spec", "tls", "minVersion"), old_version),
        (("spec", "tls", "ciphers", "*"), weak_cipher),
    ),
    ("getambassador.io", "TLSContext"): (
        (("spec", "min_tls_version"), old_version),
        (("spec", "cipher_suites", "*"), weak_cipher),
    ),
    ("elbv2.k8s.aws", "IngressClassParams"): ((("spec", "sslPolicy"), old_policy),),
    ("gateway.k8s.aws", "LoadBalancerConfiguration"): (
        (("spec", "listenerConfigurations", "*", "sslPolicy"), old_policy),
    ),
    ("operator.openshift.io", "IngressController"): (
        (("spec", "tlsSecurityProfile", "type"), old_profile),
        (("spec", "tlsSecurityProfile", "custom", "minTLSVersion"), old_version),
    ),
    ("compute.cnrm.cloud.google.com", "ComputeSSLPolicy"): ((("spec", "minTlsVersion"), old_version),),
}
"""Fields of the lowest version and of the ciphers, by group and kind."""


REMEDIES: Mapping[Judge, str] = {
    old_version: "permit TLS 1.2 and 1.3 only",
    weak_cipher: "take it off the list, or leave the ciphers to the controller",
    old_policy: "name a policy for TLS 1.2, such as ELBSecurityPolicy-TLS13-1-2-2021-06, "
    "for a Classic Load Balancer ELBSecurityPolicy-TLS-1-2-2017-01",
    old_profile: "use the profile Intermediate or Modern",
}


class WeakTLS(NamedTuple):
    """A setting that permits what is broken: `what` is the version or the cipher, `remedy` what mends it."""

    node: Node
    what: str
    remedy: str


def weak_tls(resource: Resource) -> Iterator[WeakTLS]:
    """The settings of an object that permit TLS older than 1.2, or ciphers that are none any more."""
    for node, judge in _settings(resource):
        what = judge(node.text)
        if what:
            yield WeakTLS(node, what, REMEDIES[judge])


def _settings(resource: Resource) -> Iterator[tuple[Node, Judge]]:
    for key in sorted(KEYS.keys() & resource.annotations.keys()):
        yield resource.annotation(key), KEYS[key]
    kind = (resource.group, resource.kind)
    if kind == ("", "ConfigMap"):
        yield from _among(resource.node["data"])
    elif kind == ("gateway.networking.k8s.io", "Gateway"):
        for tls in everywhere(resource.node, LISTENERS):
            yield from _among(tls["options"])
    for path, judge in FIELDS.get(kind, ()):
        yield from ((node, judge) for node in everywhere(resource.node, path))


def _among(options: Node) -> Iterator[tuple[Node, Judge]]:
    for key, judge in KEYS.items() if options.is_mapping else ():
        if key in options.value:
            yield options[key], judge
