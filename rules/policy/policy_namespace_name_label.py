"""NetworkPolicy selects a namespace by a `name` label that no namespace has.

`name: monitoring` and `ns: monitoring` read as if they meant the namespace called so. They mean a label, which a
namespace has only if somebody put it there. The one label that every namespace has, given by the API server, is
`kubernetes.io/metadata.name`. Use that one, or put the label on the Namespace.

It is a warning where a namespace of that name is scanned and lacks the label, else a note.

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
  podSelector: {}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              name: monitoring  # finding: no namespace has name=monitoring
```

Good:

```yaml
apiVersion: v1
kind: Namespace
metadata: {name: monitoring}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector: {}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: monitoring
```

Does not fire when: a Namespace among the scanned files carries the label.

Does not see: labels that something other than the scanned files gives to a namespace. Tell of such namespaces under
`assume.namespaces`.

References: KEP-2161 (`kubernetes.io/metadata.name`); NetworkPolicy API, `NetworkPolicyPeer`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Problem, Relation, Severity, rule
from k8snet_lint.kinds import NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint import Unresolved

NAMES = frozenset({"name", "ns"})
SHOWN = 3


@rule(
    severity=Severity.NOTE,
    may_give=(Severity.WARNING,),
    supersedes=("policy-peer-selects-nothing",),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    alike: dict[str, list[Unresolved]] = {}
    for missing in graph.unresolved(Relation.ADMITS, NetworkPolicy):
        if missing.kind == "Namespace" and missing.at.key in NAMES:
            if missing.near:
                yield _problem(missing, ())
            else:
                alike.setdefault(missing.wanted, []).append(missing)
    for first, *others in alike.values():
        yield _problem(first, others)


def _problem(missing: Unresolved, others: Sequence[Unresolved]) -> Problem:
    also = f"; {len(others)} more {'peers ask' if len(others) > 1 else 'peer asks'} for the same" if others else ""
    return Problem(
        at=missing.at,
        message=f"{missing.source} admits namespaces by a label, but no namespace has {missing.wanted}{also}",
        help=f"select it by its name: kubernetes.io/metadata.name: {missing.at.text}",
        severity=Severity.WARNING if missing.near else None,
        related=(
            *((miss.node, miss.text) for miss in missing.near),
            *((other.at, f"{other.source} asks for the same") for other in others[:SHOWN]),
        ),
    )
