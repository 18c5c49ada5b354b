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
  podSelector:
    matchLabels: {app: database}
  ingress:
    - from:
        - podSelector:
            matchLabels: {app: web}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: database, namespace: shop}
spec:
  selector:
    matchLabels: {app: database}
  template:
    metadata:
      labels: {app: database}
    spec:
      containers: [{name: postgres, image: postgres}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}  # finding: is isolated by no policy for ingress
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: web, image: nginx}]
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shop, namespace: shop}
spec:
  podSelector:
    matchExpressions:
      - {key: app, operator: In, values: [database, web]}
  ingress:
    - from:
        - podSelector: {}
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
      containers: [{name: web, image: nginx}]
```

Those that are free for egress alone are one note for the namespace. A namespace without any policy is one finding of
`namespace-without-default-deny-ingress`, not one for each workload:

```yaml
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
      containers: [{name: web, image: nginx}]
```

Does not fire when:

* no policy of the namespace is for that direction
* the workload is a Job, a CronJob or a Helm hook (unless `coverage.include-jobs` is set), its pods are on their node's
  network, an operator makes them, or it belongs to another workload that is judged itself
* the namespace is one of the cluster's own (`kube-system` and the like, or those of the configuration)
* an AdminNetworkPolicy, a BaselineAdminNetworkPolicy or a ClusterNetworkPolicy denies its pods everything in that
  direction; where the labels of a Namespace that is not among the files decide that, it fails nothing

Where policies may be in force that are not among the scanned files, workloads of one namespace are one note.

Does not see: what policies of other engines (Antrea, Istio) isolate. Where there are any,
it is a note that fails nothing.

References: NetworkPolicy API, `spec.podSelector`, `spec.policyTypes`; Kubernetes documentation, *Network Policies*,
the two sorts of pod isolation.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.kinds import Workload

SHOWN = 3


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=("CIS 5.3.2", "CIS AKS 4.4.2", "CIS EKS 4.3.2", "CIS GKE 4.3.2", "NSA/CISA", "SOC2 CC6.1", "SOC2 CC6.6"),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    isolation = graph.isolation
    for namespace in isolation.namespaces:
        limited = [direction for direction in Direction if isolation.policies(namespace, direction)]
        sure = isolation.absence(namespace).covered
        alike: dict[tuple[tuple[Direction, ...], Workload | None], list[Workload]] = {}
        for workload in isolation.judged(namespace) if limited else ():
            free = tuple(direction for direction in limited if not isolation.is_isolated(workload, direction))
            if free:
                own = workload if sure and Direction.INGRESS in free else None
                alike.setdefault((free, own), []).append(workload)
        for (free, _), (first, *others) in alike.items():
            yield _problem(graph, first, free, others)


def _problem(graph: Graph, workload: Workload, free: Sequence[Direction], others: Sequence[Workload]) -> Problem:
    policies = graph.isolation.policies(workload.namespace, free[0])
    directions = " and ".join(direction.field for direction in free)
    labels = ", ".join(f"{key}: {value}" for key, value in islice(workload.pod_labels.items(), SHOWN))
    own = f"a policy with podSelector {{matchLabels: {{{labels}}}}}, or " if labels and not others else ""
    also = f", nor are {len(others)} more" if others else ""
    seen = [(each.subject_node, f"{each} selects other pods") for each in policies[:SHOWN]]
    return Problem(
        at=workload.name_node,
        message=f"{workload} is isolated by no policy for {directions}{also}: those of its namespace select other pods",
        help=f"add {own}one for all pods of the namespace, with podSelector {{}}",
        severity=None if Direction.INGRESS in free else Severity.NOTE,
        absence=graph.isolation.absence(workload.namespace),
        related=(*seen, *((each.name_node, f"{each} is not isolated either") for each in others[:SHOWN])),
    )
