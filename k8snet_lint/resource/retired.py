"""API versions that Kubernetes gave up, and what replaces them; of the kinds that are read (`loader.kinds`).

Source: Kubernetes documentation, Deprecated API Migration Guide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Release = tuple[int, int]


class Retirement(NamedTuple):
    """What becomes of an API version of a kind.

    Shapes: `replacement` is the apiVersion that takes its place, empty where none does; `deprecated` is the release
    that brought it, `removed` the first one that no longer knows the old version; releases are those of `project`;
    `renamed` says which fields are written otherwise in the replacement, empty where none are.
    """

    replacement: str
    deprecated: Release
    removed: Release
    project: str = "Kubernetes"
    renamed: str = ""


def retirement(api_version: str, kind: str) -> Retirement | None:
    """What becomes of a kind in that API version; None for one that stays."""
    return next((fate for kinds, fate in _RETIRED.get(api_version, ()) if kind in kinds), None)


def _fate(
    kinds: str, replacement: str, deprecated: int, removed: int, renamed: str = ""
) -> tuple[frozenset[str], Retirement]:
    return frozenset(kinds.split()), Retirement(replacement, (1, deprecated), (1, removed), renamed=renamed)


def _of_gateway_api(
    kinds: str, replacement: str, removed: int, project: str = "Gateway API"
) -> tuple[frozenset[str], Retirement]:
    """A version that Gateway API's own definitions gave up, whatever the cluster's version (its release notes)."""
    group = "gateway.networking.k8s.io"
    return frozenset(kinds.split()), Retirement(f"{group}/{replacement}", (1, 0), (1, removed), project)


_INGRESS = (
    "backend is defaultBackend there, serviceName is service.name, servicePort is service.port.number or "
    "service.port.name, and every path has a pathType"
)
_WORKLOAD = "spec.selector has to be written there"
_WEBHOOKS = "MutatingWebhookConfiguration ValidatingWebhookConfiguration"

_RETIRED: Mapping[str, tuple[tuple[frozenset[str], Retirement], ...]] = {
    "extensions/v1beta1": (
        _fate("Ingress", "networking.k8s.io/v1", 19, 22, _INGRESS),
        _fate("NetworkPolicy", "networking.k8s.io/v1", 8, 16),
        _fate("DaemonSet Deployment ReplicaSet", "apps/v1", 9, 16, _WORKLOAD),
        _fate("PodSecurityPolicy", "", 10, 16),
    ),
    "apps/v1beta1": (_fate("Deployment ReplicaSet StatefulSet", "apps/v1", 9, 16, _WORKLOAD),),
    "apps/v1beta2": (_fate("DaemonSet Deployment ReplicaSet StatefulSet", "apps/v1", 9, 16),),
    "networking.k8s.io/v1beta1": (
        _fate("Ingress", "networking.k8s.io/v1", 19, 22, _INGRESS),
        _fate("IngressClass", "networking.k8s.io/v1", 19, 22),
    ),
    "discovery.k8s.io/v1alpha1": (_fate("EndpointSlice", "discovery.k8s.io/v1", 17, 21),),
    "discovery.k8s.io/v1beta1": (_fate("EndpointSlice", "discovery.k8s.io/v1", 21, 25),),
    "batch/v1beta1": (_fate("CronJob", "batch/v1", 21, 25),),
    "batch/v2alpha1": (_fate("CronJob", "batch/v1", 21, 21),),
    "autoscaling/v2beta1": (_fate("HorizontalPodAutoscaler", "autoscaling/v2", 23, 25),),
    "autoscaling/v2beta2": (_fate("HorizontalPodAutoscaler", "autoscaling/v2", 23, 26),),
    "policy/v1beta1": (_fate("PodSecurityPolicy", "", 21, 25),),
    "admissionregistration.k8s.io/v1beta1": (_fate(_WEBHOOKS, "admissionregistration.k8s.io/v1", 16, 22),),
    "apiregistration.k8s.io/v1beta1": (_fate("APIService", "apiregistration.k8s.io/v1", 10, 22),),
    "certificates.k8s.io/v1beta1": (_fate("CertificateSigningRequest", "certificates.k8s.io/v1", 19, 22),),
    "gateway.networking.k8s.io/v1alpha1": (
        _of_gateway_api("Gateway GatewayClass HTTPRoute TCPRoute TLSRoute UDPRoute", "v1", 0),
    ),
    "gateway.networking.k8s.io/v1alpha2": (
        _of_gateway_api("Gateway GatewayClass HTTPRoute", "v1", 0),
        _of_gateway_api("GRPCRoute", "v1", 2),
        _of_gateway_api("ReferenceGrant", "v1beta1", 2),
        _of_gateway_api("BackendTLSPolicy", "v1", 2),
        _of_gateway_api("TLSRoute", "v1", 6, "the standard channel of Gateway API"),
    ),
    "gateway.networking.x-k8s.io/v1alpha1": (
        (
            frozenset({"XListenerSet"}),
            Retirement("gateway.networking.k8s.io/v1 ListenerSet", (1, 5), (1, 5), "Gateway API"),
        ),
    ),
}
