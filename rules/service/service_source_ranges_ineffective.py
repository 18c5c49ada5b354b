"""Load balancer source ranges keep nobody out.

`loadBalancerSourceRanges` says which addresses may connect to a load balancer. A list that holds every address limits
nothing, and reads as if it did. A range that is none, and ranges on a Service of another type, make the API server
reject the Service. Name the networks that are to connect, or delete the list.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
    - 198.51.100.0/24
    - 0.0.0.0/0  # finding: hold every IPv4 address
  selector: {app: web}
  ports: [{port: 80}]
```

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  loadBalancerSourceRanges: [198.51.100.0/24]  # finding: of type ClusterIP
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
    - 198.51.100.7  # finding: '198.51.100.7', which is no address range
  selector: {app: api}
  ports: [{port: 80}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
    - 198.51.100.0/24
  selector: {app: web}
  ports: [{port: 80}]
```

Two halves are every address too:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations:
    service.beta.kubernetes.io/load-balancer-source-ranges: 0.0.0.0/1, 128.0.0.0/1  # finding: hold every IPv4 address
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80}]
```

An error where the API server rejects the Service, a warning where the ranges hold every address.

Does not see: ranges, and types of Services, that a variable stands for.

References: Kubernetes API server, `ValidateService`; Service API, `spec.loadBalancerSourceRanges`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Service

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.ERROR,),
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    supersedes=("field-invalid",),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for service in graph.select(Service):
        if not service.is_of_known_type:
            continue
        if service.source_ranges and service.type_name != "LoadBalancer":
            yield Problem(
                at=service.source_ranges[0].node,
                message=f"{service} gives source ranges, which a Service of type {service.type_name} does not have",
                help="delete them, or say in a NetworkPolicy who may connect",
                severity=Severity.ERROR,
            )
            continue
        for each in service.source_ranges:
            if each.flaw:
                message = f"{service} gives source range {each.text!r:.60}, which is no address range: {each.flaw}"
                yield Problem(at=each.node, message=message, help="correct the range", severity=Severity.ERROR)
        for version, at in service.open_versions:
            message = f"{service} limits nobody: its source ranges hold every IPv{version} address"
            yield Problem(at=at, message=message, help="name the networks that are to connect, or delete the list")
