"""Load balancer admits every address.

A `LoadBalancer` Service gets an address that, without a word on who may connect, every client reaches: on most clouds
the whole Internet. Say which addresses may connect in `loadBalancerSourceRanges`, make the load balancer internal by
the annotation of your cloud, or publish the Service through an Ingress or a Gateway.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer  # finding
  selector: {app: web}
  ports: [{port: 80}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  loadBalancerSourceRanges: [198.51.100.0/24]
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata:
  name: ledger
  namespace: shop
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-scheme: internal
spec:
  type: LoadBalancer
  selector: {app: ledger}
  ports: [{port: 5432}]
```

The Service of an Ingress controller or a Gateway is a note, as it is there to be reached:

```yaml
apiVersion: v1
kind: Service
metadata: {name: edge, namespace: edge}
spec:
  type: LoadBalancer  # finding: the Ingress controller
  selector: {app.kubernetes.io/name: ingress-nginx}
  ports: [{port: 443}]
```

Does not fire when:

* an annotation makes it internal: those of AWS, Azure, Google, Oracle, IBM, Alibaba, OpenStack, DigitalOcean, Scaleway,
  Hetzner, Tencent, Baidu and Yandex are known
* its class makes load balancers internal: the AWS controller's unless the scheme says `internet-facing`, Tailscale's,
  GKE's `networking.gke.io/l4-regional-internal`, and those that option `internal-classes` names
* it asks for private addresses only, by `loadBalancerIP` or the annotations of MetalLB, Cilium or kube-vip, or the
  pools of MetalLB and Cilium among the scanned files have no others
* `loadBalancerSourceRanges` or an annotation says who may connect; `service-source-ranges-ineffective` judges that
* it is among the Services that option `allow` names

Does not see: firewalls, and networks without a way to the Internet.

References: CWE-552; Service API, `spec.loadBalancerSourceRanges`; the clouds' documentation of Service annotations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Service
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Options(NamedTuple):
    """Which load balancers are meant to be public, and which classes never are.

    Shapes: `allow` lists Services as `namespace/name`, or by name for any namespace; both may hold `*`.
    `internal_classes` are values of `spec.loadBalancerClass`.
    """

    allow: tuple[str, ...] = ()
    internal_classes: tuple[str, ...] = ()


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    options=Options,
    references=("CWE-552",),
    since="0.1",
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for service in graph.select(Service):
        if service.type_name != "LoadBalancer" or not service.is_published or service.source_ranges:
            continue
        if service.is_limited or graph.publicity.is_internal(service):
            continue
        if service.is_among(options.allow) or service.load_balancer_class in options.internal_classes:
            continue
        what, severity = "", Severity.WARNING
        if graph.roles.publishes_controller(service):
            what, severity = ", which the Ingress controller or Gateway is there for", Severity.NOTE
        yield Problem(
            at=service.type,
            message=f"{service} asks for a load balancer that admits every address{what}",
            help="set loadBalancerSourceRanges, or make it internal by your cloud's annotation",
            severity=severity,
        )
