"""Policy for the cluster is written in an API that was replaced.

AdminNetworkPolicy and BaselineAdminNetworkPolicy never left v1alpha1. Their place was taken by ClusterNetworkPolicy
v1alpha2, which has both tiers in one kind: `tier: Admin` or `tier: Baseline`, and a priority in each. `Allow` is
called `Accept` there, and `ports` became `protocols`. Networks that follow the new API stop reading the old kinds, and
a policy that nobody reads denies nothing.

Bad:

```yaml
apiVersion: policy.networking.k8s.io/v1alpha1  # finding: AdminNetworkPolicy was replaced
kind: AdminNetworkPolicy
metadata: {name: no-tenants}
spec:
  priority: 10
  subject: {namespaces: {matchLabels: {tier: platform}}}
  ingress:
    - {action: Deny, from: [{namespaces: {matchLabels: {tier: tenant}}}]}
```

Good:

```yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: no-tenants}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {matchLabels: {tier: platform}}}
  ingress:
    - {action: Deny, from: [{namespaces: {matchLabels: {tier: tenant}}}]}
```

References: Network Policy API, `ClusterNetworkPolicy` v1alpha2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import AdminNetworkPolicy, BaselineAdminNetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(severity=Severity.WARNING, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for kind, tier in ((AdminNetworkPolicy, "Admin"), (BaselineAdminNetworkPolicy, "Baseline")):
        for policy in graph.select(kind):
            yield Problem(
                at=policy.node["apiVersion"],
                message=f"{policy} is of {policy.api_version}, and {policy.kind} was replaced by ClusterNetworkPolicy",
                help=f"rewrite it as a policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy with tier: {tier}",
            )
