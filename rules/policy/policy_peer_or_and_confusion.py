"""NetworkPolicy admits a namespace or some pods where both were most likely meant at once.

In `from` and `to`, two list items are two peers, and either of them is enough: `- namespaceSelector` followed by
`- podSelector` admits every pod of those namespaces, and besides the pods with those labels in the policy's own
namespace. Without the second dash it is one peer: the pods with those labels in those namespaces. Delete the dash if
that was meant. If either is meant, say so in a comment beside it, or suppress the finding with the reason.

It is a note where either reading makes sense: pods of the policy's own namespace have the labels and none of the
selected namespaces is known to, or addresses stand in the same list, which can only be alternatives.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector: {matchLabels: {app: catalog}}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: monitoring}
        - podSelector:  # finding: beyond the pods that have both, Pod/monitoring/grafana
            matchLabels: {app: prometheus}
---
apiVersion: v1
kind: Pod
metadata: {name: prometheus, namespace: monitoring, labels: {app: prometheus}}
spec: {containers: [{name: prometheus, image: prom/prometheus}]}
---
apiVersion: v1
kind: Pod
metadata: {name: grafana, namespace: monitoring, labels: {app: grafana}}
spec: {containers: [{name: grafana, image: grafana/grafana}]}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector: {matchLabels: {app: catalog}}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: monitoring}
          podSelector:
            matchLabels: {app: prometheus}
```

Does not fire when:

* the pod selector is empty: all pods of the own namespace beside those of another one are no slip
* both readings admit the same of the pods that were scanned, and there are some
* the namespace is misspelt, of which `policy-peer-selects-nothing` tells
* pods of the policy's own namespace have the labels, none of the selected namespaces is known to, and a comment stands
  at the item or above it

References: NetworkPolicy API, `NetworkPolicyPeer`; Kubernetes documentation, *Network Policies*, behavior of `to` and
`from` selectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 3


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    supersedes=("policy-peer-selects-nothing",),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for each in graph.peers.either:
        if each.may_be_meant and each.has_comment:
            continue
        extra = sorted(map(str, each.extra))
        more = f" and {len(extra) - SHOWN} more" if len(extra) > SHOWN else ""
        is_mild = each.may_be_meant or each.beside_addresses
        whom = f"{', '.join(extra[:SHOWN])}{more}" if extra else f"every pod of namespaces with {each.namespaces}"
        yield Problem(
            at=each.items[1],
            message=f"{each.policy} admits either of two peers: beyond the pods that have both, {whom}",
            help="delete the dash of the second item if both are meant at once, or say in a comment that either is",
            related=((each.items[0], "the other of the two peers"),),
            severity=Severity.NOTE if is_mild else None,
            instead_of=() if is_mild else each.astray,
        )
