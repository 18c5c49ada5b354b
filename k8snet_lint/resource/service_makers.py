"""Custom resources of which operators may make Services, beside those whose names are known (`operators.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8snet_lint.resource.base import Resource

GATEWAYS = "gateway.networking.k8s.io"

NO_SERVICES = (
    *("k8s.io", "istio.io", "argoproj.io", "cert-manager.io", "cilium.io", "projectcalico.org", "external-secrets.io"),
    *("keda.sh", "traefik.io", "containo.us", "openshift.io", "fluxcd.io", "kyverno.io", "bitnami.com", "linkerd.io"),
    *("projectcontour.io", "konghq.com", "getambassador.io", "gke.io", "cloud.google.com", "k8s.aws", "velero.io"),
    *("monitoring.coreos.com", "consul.hashicorp.com", "secrets.hashicorp.com", "kruise.io", "nginx.org"),
    *("onepassword.com", "karpenter.sh", "gatekeeper.sh", "mittwald.de"),
)
"""Domains of groups with dots whose resources are not turned into Services that take on their names."""

_ENDINGS = tuple(f".{domain}" for domain in NO_SERVICES)


def may_make_services(resource: Resource) -> bool:
    """Whether an operator may make Services of it: a custom resource, or a Gateway."""
    if resource.group == GATEWAYS:
        return resource.kind == "Gateway"
    return "." in resource.group and not f".{resource.group}".endswith(_ENDINGS)
