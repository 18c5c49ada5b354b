"""Workload is isolated by no policy, though its namespace has some.

A pod that no policy selects for a direction has no limits in that direction, whatever the policies of its neighbours
say. Where a namespace has policies, such a workload was most often forgotten, or its labels do not match the policy
that was written for it. Add a policy that selects its labels, or one for all pods of the namespace.

It is a warning where the workload accepts connections from everywhere, a note where only its outgoing ones are free.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: database, namespace: shop}
spec:
  podSelector: {matchLabels: {app: database}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}  # finding: is isolated by no policy for ingress
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shop, namespace: shop}
spec:
  podSelector: {matchExpressions: [{key: app, operator: In, values: [database, web]}]}
  ingress: [{from: [{podSelector: {}}]}]
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

Those that are free for egress alone are one note for the namespace, and so are all where policies may be in force that
are not among the scanned files. A namespace without any policy is one finding of
`namespace-without-default-deny-ingress`, not one for each workload.

Does not fire when:

* no policy of the namespace is for that direction; where files name no namespace, only policies of the same chart
  count, or those of the same directory and of directories above or below it
* the workload is a Job, a CronJob or a Helm hook (unless `include-jobs` is set), its pods are on their node's
  network, an operator makes them, or it belongs to another workload that is judged itself
* a policy of Cilium's is for its pods that is rejected (`cilium-policy-invalid`)
* the namespace is one of the cluster's own (`kube-system` and the like, or those of the configuration)
* an AdminNetworkPolicy, a BaselineAdminNetworkPolicy or a ClusterNetworkPolicy denies its pods everything in that
  direction; where the labels of a Namespace that is not among the files decide that, it fails nothing

Does not see: what policies of other engines (Antrea, Istio, Linkerd) isolate, or those whose selector is still to be
filled in (`${APP}`). Where there are any, it is a note that fails nothing.

References: NetworkPolicy API, `spec.podSelector`, `spec.policyTypes`; Kubernetes documentation, *Network Policies*,
the two sorts of pod isolation.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 3


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=(
        *("CIS 5.3.2", "CIS AKS 4.4.2", "CIS EKS 4.3.2", "CIS GKE 4.3.2", "NSA/CISA"),
        *("SOC2 CC6.1", "SOC2 CC6.6", "SOC2 CC7.2", "Kubescape C-0049", "Kubescape C-0054"),
    ),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for each in graph.isolation.unselected:
        workload, *others = each.workloads
        free = " and ".join(direction.field for direction in each.directions)
        labels = ", ".join(f"{key}: {value}" for key, value in islice(workload.pod_labels.items(), SHOWN))
        own = f"a policy with podSelector {{matchLabels: {{{labels}}}}}, or " if labels and not others else ""
        also = f", {'nor are' if len(others) > 1 else 'nor is'} {len(others)} more" if others else ""
        yield Problem(
            at=workload.name_node,
            message=f"{workload} is isolated by no policy for {free}{also}: those of its namespace select other pods",
            help=f"add {own}one for all pods of the namespace, with podSelector {{}}",
            severity=None if Direction.INGRESS in each.directions else Severity.NOTE,
            absence=each.absence,
            related=(
                *((policy.subject_node, f"{policy} selects other pods") for policy in each.policies[:SHOWN]),
                *((other.name_node, f"{other} is not isolated either") for other in others[:SHOWN]),
            ),
        )
