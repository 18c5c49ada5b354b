"""NetworkPolicy admits a namespace or some pods where both were most likely meant at once.

In `from` and `to`, two list items are two peers, and either of them is enough: `- namespaceSelector` followed by
`- podSelector` admits every pod of those namespaces, and besides the pods with those labels in the policy's own
namespace. Without the second dash it is one peer: the pods with those labels in those namespaces. Delete the dash if
that was meant. If either is meant, say so in a comment beside it, or suppress the finding with the reason.

It is a note where either reading makes sense: pods of the policy's own namespace have the labels and none of the
selected namespaces is known to, or addresses stand in the same list, which can only be alternatives.

Bad:

```yaml
apiVersion: v1
kind: Namespace
metadata: {name: monitoring}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: catalog}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: monitoring}
        - podSelector:  # finding: beyond the pods that have both, Deployment/monitoring/grafana
            matchLabels: {app: prometheus}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: prometheus, namespace: monitoring}
spec:
  selector:
    matchLabels: {app: prometheus}
  template:
    metadata:
      labels: {app: prometheus}
    spec:
      containers: [{name: prometheus, image: prom/prometheus}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: grafana, namespace: monitoring}
spec:
  selector:
    matchLabels: {app: grafana}
  template:
    metadata:
      labels: {app: grafana}
    spec:
      containers: [{name: grafana, image: grafana/grafana}]
```

Beside the policy's own namespace, some pods of it change nothing:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: catalog}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: shop}
        - podSelector:  # finding: every pod of namespaces with kubernetes.io/metadata.name=shop
            matchLabels: {role: frontend}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: catalog}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: monitoring}
          podSelector:
            matchLabels: {app: prometheus}
```

All pods of the own namespace beside another one is no slip:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: catalog}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: monitoring}
        - podSelector: {}
```

Does not fire when:

* the pod selector is empty
* both readings admit the same of the pods that were scanned, and there are some
* pods of the policy's own namespace have the labels, none of the selected namespaces is known to, and a comment stands
  at the item or above it

References: NetworkPolicy API, `NetworkPolicyPeer`; Kubernetes documentation, *Network Policies*, behavior of `to` and
`from` selectors.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from k8snet_lint import Graph, Node, Preset, Problem, Selector, Severity, rule
from k8snet_lint.kinds import NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.kinds import PolicyPeer

SHOWN = 3


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for policy in graph.select(NetworkPolicy):
        for each in policy.effective_rules:
            for one, other in pairwise(each.peers):
                selectors = _selectors(one, other) or _selectors(other, one)
                if selectors:
                    mixed = any(peer.is_block for peer in each.peers)
                    yield from _problems(graph, policy, (one.node, other.node), *selectors, mixed=mixed)


def _selectors(one: PolicyPeer, other: PolicyPeer) -> tuple[Selector, Selector] | None:
    """The namespace selector of the one peer and the pod selector of the other, where each has nothing else."""
    namespaces, pods = one.namespace_selector, other.pod_selector
    bare = one.pod_selector is None and other.namespace_selector is None and not one.is_block and not other.is_block
    if namespaces is None or pods is None or not bare:
        return None
    return (namespaces, pods) if pods.requirements and not namespaces.invalid else None


def _problems(
    graph: Graph, policy: NetworkPolicy, items: tuple[Node, Node], namespaces: Selector, pods: Selector, *, mixed: bool
) -> Iterator[Problem]:
    own = graph.peers.pods(policy.namespace, pods, None).workloads
    either = {*own, *graph.peers.pods(policy.namespace, None, namespaces).workloads}
    both = graph.peers.pods(policy.namespace, pods, namespaces)
    if either == set(both.workloads) and either and not both.doubtful:
        return
    sensible = bool(own) and not both.workloads and policy.namespace not in both.namespaces
    if sensible and any(map(_has_comment, items)):
        return
    extra = sorted(str(workload) for workload in either.difference(both.workloads))
    more = f" and {len(extra) - SHOWN} more" if len(extra) > SHOWN else ""
    known = f"{', '.join(extra[:SHOWN])}{more}" if extra else f"every pod of namespaces with {namespaces}"
    yield Problem(
        at=items[1],
        message=f"{policy} admits either of two peers: beyond the pods that have both, {known}",
        help="delete the dash of the second item if both are meant at once, or say in a comment that either is",
        related=((items[0], "the other of the two peers"),),
        severity=Severity.NOTE if sensible or mixed else None,
    )


def _has_comment(node: Node) -> bool:
    """Whether a comment stands on the line of a list item, or on the one above."""
    place = node.key_location
    return any(" #" in f" {place.source.line(line)}" for line in (place.span.start.line, place.span.start.line - 1))
