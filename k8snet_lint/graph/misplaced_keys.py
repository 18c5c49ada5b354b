"""Annotations that are written as labels, and labels that are written as annotations, where nothing reads them.

Sources: Kubernetes documentation, *Well-Known Labels, Annotations and Taints*; each controller's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource

ANNOTATIONS = (
    *("kubernetes.io/ingress.", "nginx.ingress.kubernetes.io/", "nginx.org/", "haproxy.org/", "ingress.kubernetes.io/"),
    *("traefik.ingress.kubernetes.io/", "alb.ingress.kubernetes.io/", "appgw.ingress.kubernetes.io/"),
    *("service.beta.kubernetes.io/", "networking.gke.io/load-balancer-type", "cloud.google.com/load-balancer-type"),
    *("cloud.google.com/neg", "cloud.google.com/backend-config"),
    *(
        f"external-dns.alpha.kubernetes.io/{each}"
        for each in ("hostname", "internal-hostname", "target", "ttl", "alias")
    ),
    *(f"external-dns.alpha.kubernetes.io/{each}" for each in ("access", "set-identifier", "aws-", "cloudflare-")),
    *("cert-manager.io/cluster-issuer", "cert-manager.io/issuer", "acme.cert-manager.io/http01-edit-in-place"),
    *("acme.cert-manager.io/http01-ingress-", "acme.cert-manager.io/http01-override-"),
    *("prometheus.io/port", "prometheus.io/path", "prometheus.io/scheme", "metallb.io/", "metallb.universe.tf/"),
    *("lbipam.cilium.io/", "io.cilium/lb-ipam-", "io.cilium/global-service", "service.cilium.io/"),
    *("traffic.sidecar.istio.io/", "proxy.istio.io/config", "linkerd.io/inject", "config.linkerd.io/"),
    *("k8s.v1.cni.cncf.io/networks", "service.kubernetes.io/topology-", "loadbalancer.openstack.org/"),
)
"""Keys, or how they start, that controllers read from annotations only.

Labels of external-dns' own domain may be those that its `--label-filter` goes by.
"""

FOR_PODS = (
    *("prometheus.io/", "traffic.sidecar.istio.io/", "proxy.istio.io/config", "linkerd.io/inject"),
    *("config.linkerd.io/", "k8s.v1.cni.cncf.io/networks", "istio.io/", "topology.istio.io/"),
)
"""How keys start that are read from pods, not from what makes them."""

LABELS = frozenset(
    {
        *("istio-injection", "istio.io/dataplane-mode", "istio.io/use-waypoint", "topology.istio.io/network"),
        *("kubernetes.io/service-name", "service.kubernetes.io/service-proxy-name", "service.kubernetes.io/headless"),
        *("elbv2.k8s.aws/pod-readiness-gate-inject", "node.kubernetes.io/exclude-from-external-load-balancers"),
    }
)
"""Keys that controllers read from labels only."""

FOR_NAMESPACES = frozenset({"istio-injection", "elbv2.k8s.aws/pod-readiness-gate-inject"})
"""Those of them that are read from Namespaces alone, for all pods in them."""


FIELDS = ("labels", "annotations")


class MisplacedKey(NamedTuple):
    """A key in the wrong place: whose it is, or whose pods', and where it would be read (`metadata.annotations`)."""

    resource: Resource
    of_pods: bool
    node: Node
    place: str

    @property
    def is_label(self) -> bool:
        """Whether it would be read as a label."""
        return self.node.key in LABELS


def misplaced(resources: Iterable[Resource]) -> Iterator[MisplacedKey]:
    """The keys of objects that nothing else wrote, and of the templates of pods."""
    seen: set[int] = set()
    for resource in resources:
        if not resource.is_generated and id(resource.node) not in seen:
            seen.add(id(resource.node))
            for node, place in _misplaced(resource.metadata, resource):
                yield MisplacedKey(resource, of_pods=False, node=node, place=place)
        if isinstance(resource, Workload) and resource.template.parent:
            for node, place in _misplaced(resource.template["metadata"], resource):
                yield MisplacedKey(resource, of_pods=True, node=node, place=place)


def _misplaced(metadata: Node, resource: Resource) -> Iterator[tuple[Node, str]]:
    written = metadata.value if metadata.is_mapping else {}
    labels, annotations = (each if isinstance(each, dict) else {} for each in map(written.get, FIELDS))
    for key in labels:
        if key.startswith(ANNOTATIONS) and key not in annotations:
            above = _template(resource) if key.startswith(FOR_PODS) else ""
            yield metadata["labels"][key], f"{above}metadata.annotations"
    for key in LABELS.intersection(annotations) if annotations else ():
        if key not in labels:
            yield metadata["annotations"][key], _labels(key, resource)


def _labels(key: str, resource: Resource) -> str:
    """Where a label would be read that is written as an annotation."""
    if key in FOR_NAMESPACES and resource.kind != "Namespace":
        return "metadata.labels of its Namespace"
    return f"{_template(resource) if key.startswith(FOR_PODS) else ''}metadata.labels"


def _template(resource: Resource) -> str:
    """Where the metadata of its pods is written, with a dot behind it; empty where it is no maker of pods."""
    keys = resource.template.path if isinstance(resource, Workload) else ()
    return "".join(f"{key}." for key in keys)
