"""NetworkPolicy selects a namespace by a `name` label that no namespace has.

`name: monitoring` and `ns: monitoring` read as if they meant the namespace called so. They mean a label, which a
namespace has only if somebody put it there. The one label that every namespace has, given by the API server, is
`kubernetes.io/metadata.name`. Use that one, or put the label on the Namespace.

It is a warning where a namespace of that name is scanned and lacks the label, an error where that keeps out something
that is declared, such as an Ingress's controller or a client that is told to connect; else a note.

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

from k8snet_lint import Effects, Graph, Problem, Relation, Severity, rule
from k8snet_lint.kinds import NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint import Unresolved

NAMES = frozenset({"name", "ns"})
SHOWN = 3


@rule(
    severity=Severity.NOTE,
    may_give=(Severity.WARNING, Severity.ERROR),
    supersedes=("policy-peer-selects-nothing",),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    alike: dict[str, list[Unresolved]] = {}
    for missing in graph.unresolved(Relation.ADMITS, NetworkPolicy):
        if missing.kind == "Namespace" and _name(missing):
            if missing.near:
                yield _problem(graph, missing, ())
            else:
                alike.setdefault(missing.wanted, []).append(missing)
    for first, *others in alike.values():
        yield _problem(graph, first, others)


def _name(missing: Unresolved) -> str:
    """The name that a label, or an expression of one value, asks for; empty where it asks for no name."""
    at, asked = missing.at, missing.at.parent
    if at.key in NAMES:
        return at.text
    values = [each.text for each in at] if at.key == "values" else []
    return values[0] if len(values) == 1 and asked is not None and asked["key"].text in NAMES else ""


def _problem(graph: Graph, missing: Unresolved, others: Sequence[Unresolved]) -> Problem:
    also = f"; {len(others)} more {'peers ask' if len(others) > 1 else 'peer asks'} for the same" if others else ""
    shut = Effects.of(graph).shut_by(missing.at)
    where_near = Severity.ERROR if shut.is_sure else Severity.WARNING
    return Problem(
        at=missing.at,
        message=f"{missing.source} admits namespaces by a label, but no namespace has {missing.wanted}{also}",
        help=f"select it by its name: kubernetes.io/metadata.name: {_name(missing)}",
        severity=where_near if missing.near else None,
        related=(
            *((miss.node, miss.text) for miss in missing.near),
            *shut.related,
            *((other.at, f"{other.source} asks for the same") for other in others[:SHOWN]),
        ),
    )
