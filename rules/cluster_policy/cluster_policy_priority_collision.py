"""Policies for the cluster disagree and have the same priority.

Of two policies of one tier and priority that both match a connection, a network may ask either first: what happens
may differ from one network to the next, and from one day to the next. Give each its own priority; the lower number goes
first.

Between policies of `v1alpha1` and of `v1alpha2` no order is defined, whatever their priorities are.

A BaselineAdminNetworkPolicy has no priority, as there is but one: it is called `default`, and the API server takes no
other name.

Bad:

```yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: monitoring}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  ingress:
    - {action: Accept, from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: sealed}
spec:
  tier: Admin
  priority: 10  # finding: has the same priority as ClusterNetworkPolicy/monitoring
  subject: {namespaces: {}}
  ingress:
    - {action: Deny, from: [{namespaces: {}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: nginx}]
---
apiVersion: v1
kind: Pod
metadata: {name: prometheus, namespace: monitoring, labels: {app: prometheus}}
spec:
  containers: [{name: prometheus, image: prom/prometheus}]
```

Good:

```yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: monitoring}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  ingress:
    - {action: Accept, from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: sealed}
spec:
  tier: Admin
  priority: 20
  subject: {namespaces: {}}
  ingress:
    - {action: Deny, from: [{namespaces: {}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: nginx}]
```

Does not fire when:

* the two say the same, or no connection of the same pods is matched by both
* it cannot be told whether they match, as labels of a namespace are not among the files

References: Network Policy API, `spec.priority`, `BaselineAdminNetworkPolicy`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Problem, Severity, quoted, rule
from k8snet_lint.kinds import BaselineAdminNetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(severity=Severity.ERROR, evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for each in Effects.of(graph).collisions:
        first, second, ports = each.first, each.second, each.connections
        what = f"{ports} {each.direction.peers_field} {each.peer}"
        whom = each.workload or "the pods that both are for"
        if each.is_of_two_versions:
            none_first = f"{first} and {second} are of two versions, of which none goes first"
            help_ = f"rewrite {first} as a ClusterNetworkPolicy with a priority of its own"
            yield Problem(first.name_node, f"{none_first}, and disagree about {what} for {whom}", help_)
            continue
        yield Problem(
            at=second.spec["priority"],
            message=f"{second} has the same priority as {first} and disagrees about {what} for {whom}",
            help="give each a priority of its own; the lower number goes first",
            related=((first.spec["priority"], f"{first} has it here"),),
        )
    for baseline in graph.select(BaselineAdminNetworkPolicy):
        if baseline.name and baseline.name != "default":
            yield Problem(
                at=baseline.name_node,
                message=f"{baseline} is called {quoted(baseline.name)}; the only one there may be is default",
                help="call it default, with all rules in one, or make it a ClusterNetworkPolicy with tier: Baseline",
            )
