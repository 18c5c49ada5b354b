"""TLS versions and ciphers that are broken."""

from __future__ import annotations

import json

import pytest

from k8snet_lint.resource.tls_settings import old_policy, old_version, weak_cipher
from tests.ingresses import ingress, obj, said
from tests.support import report_on

RULE = "weak-tls-settings"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TLSv1 TLSv1.1 TLSv1.2", "TLSv1"),
        ("TLSv1.1 TLSv1.2", "TLSv1.1"),
        ("TLSv1.2 TLSv1.3", ""),
        ("SSLv3 TLSv1.2", "SSLv3"),
        ("TLSV1_0", "TLSV1_0"),
        ("TLSV1_2", ""),
        ("TLS_AUTO", ""),
        ("VersionTLS10", "TLS10"),
        ("VersionTLS12", ""),
        ("TLS_1_1", "TLS_1_1"),
        ("TLS_1_2", ""),
        ("1.1", "1.1"),
        ("v1.0", "v1.0"),
        ("1.2", ""),
        ("v1.3", ""),
        ("11.1", ""),
        ("", ""),
    ],
)
def test_versions(text: str, found: str) -> None:
    assert old_version(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ECDHE-RSA-AES128-GCM-SHA256:DES-CBC3-SHA", "DES-CBC3-SHA"),
        ("ECDHE-RSA-DES-CBC3-SHA:!3DES", ""),
        ("ECDHE-RSA-AES128-SHA:RC4-SHA", "RC4-SHA"),
        ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
        ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ""),
        ("NULL-SHA256", "NULL-SHA256"),
        ("HIGH:!aNULL:!MD5:!RC4:-3DES", ""),
        ("ALL:aNULL", "aNULL"),
        ("", ""),
    ],
)
def test_ciphers(text: str, found: str) -> None:
    assert weak_cipher(text) == found


@pytest.mark.parametrize(
    ("policy", "old"),
    [
        ("ELBSecurityPolicy-2016-08", True),
        ("ELBSecurityPolicy-2015-05", True),
        ("ELBSecurityPolicy-FS-2018-06", True),
        ("ELBSecurityPolicy-FS-1-1-2019-08", True),
        ("ELBSecurityPolicy-TLS-1-0-2015-04", True),
        ("ELBSecurityPolicy-TLS-1-1-2017-01", True),
        ("ELBSecurityPolicy-TLS13-1-0-2021-06", True),
        ("ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04", True),
        ("ELBSecurityPolicy-TLS-1-2-2017-01", False),
        ("ELBSecurityPolicy-TLS-1-2-Ext-2018-06", False),
        ("ELBSecurityPolicy-FS-1-2-Res-2020-10", False),
        ("ELBSecurityPolicy-TLS13-1-2-2021-06", False),
        ("ELBSecurityPolicy-TLS13-1-3-2021-06", False),
        ("own-policy", False),
    ],
)
def test_policies(policy: str, old: bool) -> None:
    key = "alb.ingress.kubernetes.io/ssl-policy"
    assert bool(old_policy(policy)) is old
    assert bool(said(RULE, ingress(cls="alb", annotations={key: policy}))) is old


@pytest.mark.parametrize(
    "written",
    [
        obj("ConfigMap", "any", data={"ssl-protocols": "TLSv1 TLSv1.2"}),
        obj(
            "Gateway", "g", api="networking.istio.io/v1", spec={"servers": [{"tls": {"minProtocolVersion": "TLSV1_1"}}]}
        ),
        obj("Gateway", "g", api="networking.istio.io/v1", spec={"servers": [{"tls": {"cipherSuites": ["RC4-SHA"]}}]}),
        obj("TLSOption", "t", api="traefik.io/v1alpha1", spec={"minVersion": "VersionTLS11"}),
        obj(
            "Gateway",
            "g",
            api="gateway.networking.k8s.io/v1",
            spec={"listeners": [{"tls": {"options": {"nginx.org/ssl-protocols": "TLSv1.1"}}}]},
        ),
        obj(
            "HTTPProxy",
            "p",
            api="projectcontour.io/v1",
            spec={"virtualhost": {"tls": {"minimumProtocolVersion": "1.1"}}},
        ),
        obj("ClientTrafficPolicy", "p", api="gateway.envoyproxy.io/v1alpha1", spec={"tls": {"minVersion": "1.0"}}),
        obj("TLSContext", "c", api="getambassador.io/v3alpha1", spec={"min_tls_version": "v1.0"}),
        obj(
            "IngressController",
            "default",
            api="operator.openshift.io/v1",
            spec={"tlsSecurityProfile": {"type": "Old"}},
        ),
        obj("IngressClassParams", "alb", api="elbv2.k8s.aws/v1beta1", spec={"sslPolicy": "ELBSecurityPolicy-2016-08"}),
        obj("ComputeSSLPolicy", "p", api="compute.cnrm.cloud.google.com/v1beta1", spec={"minTlsVersion": "TLS_1_0"}),
        obj(
            "Service",
            "s",
            annotations={
                "service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy": "ELBSecurityPolicy-2016-08"
            },
        ),
        ingress(annotations={"projectcontour.io/tls-minimum-protocol-version": "1.1"}),
        ingress(annotations={"nginx.ingress.kubernetes.io/proxy-ssl-protocols": "TLSv1"}),
    ],
    ids=lambda written: written["kind"],
)
def test_wherever_it_is_written(written: dict[str, object]) -> None:
    (line,) = said(RULE, written)
    assert line.startswith(f"warning {written['kind']}/")


@pytest.mark.parametrize(
    ("written", "what", "remedy"),
    [
        (
            obj(
                "IngressClassParams", "a", api="elbv2.k8s.aws/v1beta1", spec={"sslPolicy": "ELBSecurityPolicy-2016-08"}
            ),
            "permits TLS 1.1 or older in 'ELBSecurityPolicy-2016-08'",
            "name a policy for TLS 1.2",
        ),
        (obj("ConfigMap", "a", data={"ssl-ciphers": "RC4-SHA"}), "permits RC4-SHA, which", "take it off the list"),
        (obj("ConfigMap", "a", data={"ssl-protocols": "TLSv1"}), "permits TLSv1, which", "permit TLS 1.2 and 1.3 only"),
    ],
)
def test_the_help_is_for_what_is_weak(written: dict[str, object], what: str, remedy: str) -> None:
    (finding,) = report_on(json.dumps(written), select=[RULE]).open
    assert what in finding.message
    assert finding.help.startswith(remedy)


def test_wrong_types() -> None:
    assert said(RULE, obj("ConfigMap", "a", data=["ssl-protocols"])) == []
    assert said(RULE, obj("ConfigMap", "a", data={"ssl-protocols": 1.1})) == []
    assert (
        said(RULE, obj("TLSOption", "t", api="traefik.io/v1alpha1", spec={"minVersion": [], "cipherSuites": {}})) == []
    )
