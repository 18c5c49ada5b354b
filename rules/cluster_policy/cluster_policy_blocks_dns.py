"""Policy for the cluster denies pods the lookup of names.

A rule of the Admin tier that denies egress to every address, or to every pod, denies the queries to the cluster's name
servers too: UDP port 53 of the `kube-dns` pods in `kube-system`. As it is asked before any NetworkPolicy, no namespace
can allow them again. Put a rule that accepts DNS in front.

It is an error where workloads among the scanned files are cut off, a note where the policy is for none of them.

Bad:

```yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: inside}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}}
  egress:
    - {action: Deny, to: [{namespaces: {}}]}  # finding: denies Pod/shop/web the cluster's DNS
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: nginx}]
```

Good:

```yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: inside}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}}
  egress:
    - action: Accept
      to: [{pods: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {}}}]
      protocols: [{udp: {destinationPort: {number: 53}}}, {tcp: {destinationPort: {number: 53}}}]
    - {action: Deny, to: [{namespaces: {}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: nginx}]
```

Does not fire when:

* a rule before it, or a policy that goes first, may accept the queries or pass them on
* it cannot be told whether the rule matches the name servers
* the policy is of the Baseline tier, behind which namespaces can allow DNS

References: Network Policy API; Kubernetes documentation, *DNS for Services and Pods*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Problem, Severity, rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(severity=Severity.ERROR, may_give=(Severity.NOTE,), evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for each in Effects.of(graph).denied_dns:
        first, *more = each.workloads or (None,)
        whom = f"{first}{f' and {len(more)} more' if more else ''}" if first is not None else "its pods"
        yield Problem(
            at=each.rule.node,
            message=f"{each.policy} denies {whom} the cluster's DNS, UDP port 53",
            help=each.help,
            severity=None if first is not None else Severity.NOTE,
        )
