"""Policy is in another namespace than the pods it selects.

A policy selects pods of its own namespace only. This one selects none there, while the pods with these labels are in
exactly one other namespace: they are not isolated by it. Set `metadata.namespace` to the namespace of the pods, or
correct the selector if other pods are meant.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: database, namespace: default}
spec:
  podSelector:  # finding: selects no pods of namespace 'default', while StatefulSet/shop/database is in 'shop'
    matchLabels:
      app: database
  policyTypes: [Ingress]
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
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: database, namespace: shop}
spec:
  podSelector:
    matchLabels:
      app: database
  policyTypes: [Ingress]
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
```

Does not fire when:

* the policy, or a workload with these labels, names no namespace, or something that was not built may still set one
* the labels are in several other namespaces, or a chart of elsewhere is released into the policy's own
* policies of their own namespace select those pods by their labels already
* the labels have a single letter, as in examples (`pod: a`)

Does not see: pods that something outside the scanned files creates in the policy's namespace.

References: NetworkPolicy API, `spec.podSelector`: *the pods in this policy's namespace*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Preset, Problem, Relation, Severity, rule
from k8snet_lint.kinds import EnginePolicy, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    severity=Severity.ERROR,
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    supersedes=("policy-selects-no-pods",),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for missing in graph.unresolved(Relation.SELECTS, NetworkPolicy, EnginePolicy):
        policy = missing.source
        found = [owner for miss in missing.near if (owner := graph.owner(miss.node)) is not None]
        if found and policy.namespace != found[0].namespace and not policy.cluster_scoped:
            home = found[0].namespace
            which = f"{found[0]} is" if len(found) == 1 else f"{found[0]} and others are"
            yield Problem(
                at=missing.at,
                message=f"{policy} selects no pods of namespace '{policy.namespace}', while {which} in '{home}'",
                help=f"set metadata.namespace to '{home}', or correct the labels of its selector",
                absence=missing.absence,
                related=((policy.metadata["namespace"], "the policy's namespace"),),
            )
