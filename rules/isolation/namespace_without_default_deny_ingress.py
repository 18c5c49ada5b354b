"""Namespace has no policy that isolates all its pods for ingress.

Without a policy every pod accepts connections from every other pod of the cluster, so whoever takes over one of them
reaches all the others. Start from a policy with an empty `podSelector` that allows nothing, and allow what is needed
in further policies: rules of several policies add up. Apply it once those are in place, as it cuts off the rest.

It is a warning where a namespace has no policy for ingress at all. Where policies isolate its workloads one by one it
is a note: a workload that comes later is open until somebody remembers to write one for it.

Bad:

```yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop}  # finding: Namespace/shop has no NetworkPolicy for ingress
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

A policy that isolates one workload leaves the next one open:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}  # finding: isolates Deployment/shop/web for ingress one by one
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {matchLabels: {role: frontend}}}]}]
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny-ingress, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress]
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

* a policy is for all pods but those that a label leaves out (`operator: DoesNotExist` or `NotIn`);
  `workload-not-isolated` tells of those
* the namespace is one of the cluster's own (`kube-system` and the like, or those of the configuration)
* an AdminNetworkPolicy, a BaselineAdminNetworkPolicy or a ClusterNetworkPolicy denies its pods everything in that
  direction; where the labels of a Namespace that is not among the files decide that, it fails nothing
* it holds only Jobs, CronJobs and Helm hooks (unless `include-jobs` is set), pods on their node's network, or
  pods that an operator makes

Does not see: what policies of other engines (Antrea, Istio, Linkerd) isolate. Where there are any, it is a note that
fails nothing.

References: NetworkPolicy API, `spec.podSelector`, `spec.policyTypes`; Kubernetes documentation, *Network Policies*,
default policies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

POLICY = (
    "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: default-deny-ingress{namespace}}}, "
    "spec: {{podSelector: {{}}, policyTypes: [Ingress]}}}}"
)


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=("CIS 5.3.2", "CIS AKS 4.4.2", "CIS EKS 4.3.2", "CIS GKE 4.3.2", "NSA/CISA"),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for each in graph.isolation.without_default_deny(Direction.INGRESS):
        yield Problem(
            at=each.at,
            message=each.state,
            help=f"add {POLICY.format(namespace=f', namespace: {each.name}' if each.name else '')}",
            severity=Severity.NOTE if each.has_policies else None,
            absence=each.absence,
        )
