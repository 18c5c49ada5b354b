"""Policy names a Service's port where only the port of the pods counts.

Policies are applied to the pods, after a Service's port has been turned into its `targetPort`. A rule that names the
Service's own port therefore admits nothing that comes by way of the Service, for ingress as for egress. Name the
target port instead.

It is a warning where the pods declare no ports at all, so that they might listen on the Service's port as well, and
nothing of the scanned files is known to need the Service.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: web}
  ingress:
    - from:
        - podSelector: {}
      ports:
        - port: 80  # finding: names port 80 of Service/shop/web, which Deployment/shop/web gets at 8080
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: web, image: nginx, ports: [{containerPort: 8080}]}]
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: web}
  ingress:
    - from:
        - podSelector: {}
      ports:
        - port: 8080
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: web, image: nginx, ports: [{containerPort: 8080}]}]
```

Does not fire when:

* one of the pods declares the port, gets it from a Service, or mentions it, other than in the URL of a Service
* some policy admits the target port between the same pods, so that the rule is merely of no use
* the number is the start of a range, or the pods are not among the scanned files

References: Kubernetes documentation, *Network Policies* and *Virtual IPs and Service Proxies*; NetworkPolicy API,
`NetworkPolicyPort`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Problem, Severity, rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.WARNING,),
    evidence=Evidence.CONTRADICTION,
    supersedes=("policy-port-unknown",),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    effects = Effects.of(graph)
    for each in effects.misnamed_ports:
        name, at = each.port.called, each.port.node["port"]
        shut = effects.shut_by(at)
        yield Problem(
            at=at,
            message=f"{each.policy} names port {name} of {each.service}, which {each.workload} gets at {each.target}",
            help=f"use the port of the pods, {each.target}: policies apply after the Service's port is translated",
            severity=None if each.workload.declares_ports or shut.is_sure else Severity.WARNING,
            related=(*each.targets, *shut.related),
        )
