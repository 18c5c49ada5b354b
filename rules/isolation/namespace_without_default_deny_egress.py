"""Namespace has no policy that isolates all its pods for egress.

Without such a policy every pod may connect to any address: to other namespaces, to the cloud's metadata service, to
the Internet. That is the way out for stolen data, and the way in for whatever a broken pod downloads. Start from a
policy with an empty `podSelector` that allows DNS and nothing else, and allow what is needed in further policies.
Apply it once those are in place, as it cuts off the rest. An empty list of rules isolates nothing unless `policyTypes`
says so.

Bad:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}  # finding: Namespace/shop has no NetworkPolicy for egress
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec:
  podSelector: {}
  egress: []
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny-egress, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
          podSelector: {matchLabels: {k8s-app: kube-dns}}
      ports:
        - {protocol: UDP, port: 53}
        - {protocol: TCP, port: 53}
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

Does not see: what policies of other engines (Antrea, Istio, Linkerd) isolate. Where there are any, it fails nothing.

References: NetworkPolicy API, `spec.podSelector`, `spec.policyTypes`; Kubernetes documentation, *Network Policies*,
default policies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

HELP = (
    "allow what its pods connect to now, then add a default deny, which cuts off all else "
    "(k8snet-lint explain namespace-without-default-deny-egress)"
)


@rule(
    severity=Severity.NOTE,
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=("CIS 5.3.2", "CIS AKS 4.4.2", "CIS EKS 4.3.2", "CIS GKE 4.3.2", "NSA/CISA"),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for each in graph.isolation.without_default_deny(Direction.EGRESS):
        yield Problem(at=each.at, message=each.state, help=HELP, absence=each.absence)
