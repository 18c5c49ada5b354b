"""A networking annotation is written as a label, or a label as an annotation.

Controllers look for each key in one place: what configures a load balancer, an Ingress or a certificate is read from
`annotations`, what selects objects from `labels`. In the other place it does nothing at all, and nobody is told: a load
balancer that was meant to be internal is public. Values with spaces, slashes or commas are even rejected as labels.
Move the key to where it is read.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    app: web
    service.beta.kubernetes.io/aws-load-balancer-internal: "true"  # finding: is an annotation
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80}]
```

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  annotations:
    istio-injection: enabled  # finding: is a label
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  labels: {app: web}
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-internal: "true"
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: enabled}
```

Does not fire when:

* the key stands in the right place as well
* some controllers read the key from either place (`sidecar.istio.io/inject`)
* a controller wrote the object

References: Kubernetes documentation, *Well-Known Labels, Annotations and Taints*; each controller's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint import Node
    from k8snet_lint.kinds import Resource

ANNOTATIONS = (
    *("kubernetes.io/ingress.", "nginx.ingress.kubernetes.io/", "nginx.org/", "haproxy.org/", "ingress.kubernetes.io/"),
    *("traefik.ingress.kubernetes.io/", "alb.ingress.kubernetes.io/", "appgw.ingress.kubernetes.io/"),
    *("service.beta.kubernetes.io/", "networking.gke.io/load-balancer-type", "cloud.google.com/load-balancer-type"),
    *("cloud.google.com/neg", "cloud.google.com/backend-config", "external-dns.alpha.kubernetes.io/"),
    *("cert-manager.io/cluster-issuer", "cert-manager.io/issuer", "acme.cert-manager.io/http01-edit-in-place"),
    *("acme.cert-manager.io/http01-ingress-", "acme.cert-manager.io/http01-override-"),
    *("prometheus.io/port", "prometheus.io/path", "prometheus.io/scheme", "metallb.io/", "metallb.universe.tf/"),
    *("lbipam.cilium.io/", "io.cilium/lb-ipam-", "io.cilium/global-service", "service.cilium.io/"),
    *("traffic.sidecar.istio.io/", "proxy.istio.io/config", "linkerd.io/inject", "config.linkerd.io/"),
    *("k8s.v1.cni.cncf.io/networks", "service.kubernetes.io/topology-", "loadbalancer.openstack.org/"),
)
"""Keys, or how they start, that controllers read from annotations only."""

FOR_PODS = (
    *("prometheus.io/", "traffic.sidecar.istio.io/", "proxy.istio.io/config", "linkerd.io/inject"),
    *("config.linkerd.io/", "k8s.v1.cni.cncf.io/networks"),
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


FIELDS = ("labels", "annotations")


@rule(severity=Severity.WARNING, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    seen: set[int] = set()
    for resource in graph.resources:
        if not resource.is_generated and id(resource.node) not in seen:
            seen.add(id(resource.node))
            yield from _misplaced(resource.metadata, resource)
        if isinstance(resource, Workload) and resource.template.parent:
            yield from _misplaced(resource.template["metadata"], resource, "the pods of ")


def _misplaced(metadata: Node, resource: Resource, whose: str = "") -> Iterator[Problem]:
    written = metadata.value if metadata.is_mapping else {}
    labels, annotations = (each if isinstance(each, dict) else {} for each in map(written.get, FIELDS))
    for key in labels:
        if key.startswith(ANNOTATIONS) and key not in annotations:
            place = f"{_template(resource) if key.startswith(FOR_PODS) else ''}metadata.annotations"
            what = f"is an annotation, but stands as a label of {whose}{resource}"
            yield _problem(metadata["labels"][key], what, place)
    for key in LABELS.intersection(annotations) if annotations else ():
        if key not in labels:
            what = f"is a label, but stands as an annotation of {whose}{resource}"
            yield _problem(metadata["annotations"][key], what, "metadata.labels")


def _template(resource: Resource) -> str:
    """Where the metadata of its pods is written, with a dot behind it; empty where it is no maker of pods."""
    keys = resource.template.path if isinstance(resource, Workload) else ()
    return "".join(f"{key}." for key in keys)


def _problem(node: Node, what: str, place: str) -> Problem:
    return Problem(
        at=node, at_key=True, message=f"'{node.key}' {what}, where nothing reads it", help=f"move it to {place}"
    )
