"""Workload is open to the Internet and may connect to anything.

Whoever makes a published workload fetch an address, or takes it over, goes on from there: to other namespaces, to the
cloud's metadata service and the credentials that it hands out, and back to a machine of the attacker's. Policies that
limit what the workload connects to break that chain. Allow the peers it needs, and DNS; leave `169.254.169.254` out of
every block.

It is a warning where policies for egress exist and yet let the workload connect to the metadata service, a note where
none limits its egress though some limit its ingress. A workload without any policy is left to
`exposed-workload-not-isolated`.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress: [{ports: [{port: 8443}]}]
  egress: [{}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}  # finding: may connect to the metadata service
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress: [{ports: [{port: 8443}]}]
  egress:
    - to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]
      ports: [{port: 443}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
```

Does not fire when:

* the workload is not reachable from the Internet, as `exposed-workload-not-isolated` sees it
* no policy isolates it for ingress either
* the pods are an ingress controller's, on their node's network, or made by an operator
* the namespace is one of the cluster's own (`kube-system` and the like, or those of the configuration)

Does not see: policies of other engines (Antrea, Istio, Linkerd). Where there are any, it is a note that fails nothing.

References: Kubernetes documentation, *Network Policies*; the clouds' documentation of their metadata services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    isolation, effects = graph.isolation, Effects.of(graph)
    for workload, way in effects.exposed_workloads:
        limited = isolation.is_isolated(workload, Direction.EGRESS)
        is_judged = isolation.is_isolated(workload, Direction.INGRESS)
        if is_judged and (not limited or effects.reaches_metadata(workload)):
            what = "connect to the metadata service at 169.254.169.254" if limited else "connect to any address"
            yield Problem(
                at=workload.name_node,
                message=f"{workload} is open to the Internet by {way.opener} and may {what}",
                help="allow egress to the peers that it needs and to DNS, and leave 169.254.169.254/32 out of blocks",
                severity=None if limited else Severity.NOTE,
                absence=isolation.absence(workload.namespace),
                chain=(*way.chain, (workload.name_node, f"{workload} may {what}")),
            )
