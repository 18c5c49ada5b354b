"""Service has a field that its type does not allow.

A load balancer and a node port lead to the address that a Service has inside the cluster. A headless one
(`clusterIP: None`) has no such address: the API server rejects it, and an apply of a whole directory stops half way.
Likewise for what only a load balancer has. Decide whether the Service is to be reached from outside; pods that need
names of their own, as those of a StatefulSet, get them from a headless Service beside it.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: shop}
spec:
  type: NodePort
  clusterIP: None  # finding: clusterIP None, which a Service of type NodePort cannot have
  selector: {app: ledger}
  ports: [{port: 5432}]
```

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  loadBalancerClass: example.com/internal  # finding: which a Service of type ClusterIP cannot have
  selector: {app: web}
  ports: [{port: 80}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: shop}
spec:
  clusterIP: None
  selector: {app: ledger}
  ports: [{port: 5432}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  loadBalancerClass: example.com/internal
  allocateLoadBalancerNodePorts: false
  selector: {app: web}
  ports: [{port: 80}]
```

Does not see: source ranges and traffic policies, which are for `service-source-ranges-ineffective` and
`service-traffic-policy-ineffective`.

References: Kubernetes API server, `ValidateService`; Service API, `spec.clusterIP`, `spec.loadBalancerClass`,
`spec.allocateLoadBalancerNodePorts`.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import Service

OF_LOAD_BALANCERS = ("allocateLoadBalancerNodePorts", "loadBalancerClass")


@rule(severity=Severity.ERROR, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for service in graph.select(Service):
        if service.is_headless and service.type_name in ("LoadBalancer", "NodePort"):
            yield Problem(
                at=service.spec["clusterIP"],
                message=f"{service} has clusterIP None, which a Service of type {service.type_name} cannot have",
                help=f"delete clusterIP, or delete type: {service.type_name} where only pods are to connect",
            )
        for key in OF_LOAD_BALANCERS:
            value = service.spec[key].value
            if value not in (None, "") and service.type_name in ("ClusterIP", "NodePort", "ExternalName"):
                yield Problem(
                    at=service.spec[key],
                    at_key=True,
                    message=f"{service} has {key}, which a Service of type {service.type_name} cannot have",
                    help=f"delete {key}, or set type: LoadBalancer",
                )
