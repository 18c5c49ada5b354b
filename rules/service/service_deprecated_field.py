"""Service uses a field that Kubernetes has given up.

Some of these fields and annotations are no longer read, others are kept for compatibility alone and may not do what
they say. Each has a successor that does the same or better: use the one that the finding names.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations:
    service.alpha.kubernetes.io/tolerate-unready-endpoints: "true"  # finding: which is deprecated
spec:
  topologyKeys: ["*"]  # finding: gone since Kubernetes 1.22
  type: LoadBalancer
  loadBalancerIP: 192.0.2.7  # finding: loadBalancerIP
  selector: {app: web}
  ports: [{port: 80}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations: {metallb.io/loadBalancerIPs: 192.0.2.7}
spec:
  type: LoadBalancer
  publishNotReadyAddresses: true
  trafficDistribution: PreferSameZone
  selector: {app: web}
  ports: [{port: 80}]
```

References: Service API, `loadBalancerIP`, `publishNotReadyAddresses`, `trafficDistribution`; KEP-2086, `topologyKeys`;
Kubernetes documentation, *Well-Known Labels, Annotations and Taints*.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import Service

FIELDS = {
    "loadBalancerIP": ("deprecated since Kubernetes 1.24", "use the annotation of the load balancer's own controller"),
    "topologyKeys": ("gone since Kubernetes 1.22", "use trafficDistribution"),
}
ANNOTATIONS = {
    "service.alpha.kubernetes.io/tolerate-unready-endpoints": (
        "deprecated",
        "set spec.publishNotReadyAddresses: true",
    ),
    "service.beta.kubernetes.io/external-traffic": ("no longer read", "set spec.externalTrafficPolicy: Local"),
    "service.beta.kubernetes.io/healthcheck-nodeport": ("no longer read", "set spec.healthCheckNodePort"),
    "service.kubernetes.io/topology-aware-hints": (
        "deprecated since Kubernetes 1.27",
        "use spec.trafficDistribution, or the annotation service.kubernetes.io/topology-mode",
    ),
}


@rule(severity=Severity.NOTE, presets=(), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for service in graph.select(Service):
        written = [(service.spec[key], fate) for key, fate in FIELDS.items()]
        written += [(service.annotation(key), fate) for key, fate in ANNOTATIONS.items()]
        for node, (fate, successor) in written:
            if node:
                message = f"{service} uses {node.key}, which is {fate}"
                yield Problem(at=node, message=message, help=successor, at_key=True)
