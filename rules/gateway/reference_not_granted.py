"""Reference into another namespace that no ReferenceGrant allows.

Backends, mirrors and certificates of another namespace need that namespace's consent: a ReferenceGrant there, which
names the kind and namespace of who refers and the kind of what is referred to. Without it the reference is invalid
(`RefNotPermitted`): requests get a 500, listeners are not programmed. Add the grant, or move one of the two objects.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  rules:
  - backendRefs:
    - {name: login, namespace: accounts, port: 80}  # finding: Service/accounts/login
---
apiVersion: v1
kind: Service
metadata: {name: login, namespace: accounts}
spec: {selector: {app: login}, ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: {name: from-gateway, namespace: accounts}
spec:
  from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: infra}]
  to: [{group: "", kind: Service}]
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  rules: [{backendRefs: [{name: login, namespace: accounts, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: {name: from-shop, namespace: accounts}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}]
  to: [{group: "", kind: Service, name: login}]
```

Does not fire when:

* the reference is to a parent: who may attach is the listener's to say (`route-not-allowed-by-listener`);
* the namespace is the referring object's own, or still to be filled in (`${NAMESPACE}`).

It is a note where the scanned files hold nothing of the target's namespace, a grant there is for a namespace that is
still to be filled in, or the referring object names none.

References:

* Gateway API: `ReferenceGrant`, reason `RefNotPermitted`; GEP-709
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Absence, Evidence, Graph, Node, Problem, Resource, Severity, rule
from k8snet_lint.kinds import Gateway, GatewayRoute, ListenerSet, ObjectRef

REFERRING = (Gateway, GatewayRoute, ListenerSet)
MOST_RELATED = 3


@rule(severity=Severity.ERROR, since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    if not any(map(graph.select, REFERRING)):
        return
    refused: dict[tuple[Resource, str], list[tuple[ObjectRef, str]]] = {}
    for source, target, role in graph.grants.refused:
        refused.setdefault((source, str(target)), []).append((target, role))
    for (source, name), ((target, role), *others) in refused.items():
        sure = graph.grants.surely_refuse(source, target)
        without = f"which no ReferenceGrant of '{target.namespace}' allows{' (RefNotPermitted)' if sure else ''}"
        yield Problem(
            at=target.node,
            message=f"{source} refers to {name} ({role}), {without}",
            help=_help(graph, source, target),
            related=(
                *_misplaced(graph, source, target),
                *_grants(graph, target),
                *((other.node, "it refers to it here too") for other, _ in others[:MOST_RELATED]),
            ),
            absence=None if sure else Absence(covered=False),
        )


def _help(graph: Graph, source: Resource, target: ObjectRef) -> str:
    if (grant := graph.grants.misplaced(source, target)) is not None:
        return f"move {grant} to namespace '{target.namespace}': a grant counts where what is referred to is"
    who = f"{{group: {source.group}, kind: {source.kind}, namespace: {source.namespace or '…'}}}"
    what = f'{{group: "{target.group}", kind: {target.kind}, name: {target.name}}}'
    return f"add a ReferenceGrant in namespace '{target.namespace}' with from: [{who}] and to: [{what}]"


def _misplaced(graph: Graph, source: Resource, target: ObjectRef) -> Iterator[tuple[Node, str]]:
    if (grant := graph.grants.misplaced(source, target)) is not None:
        yield grant.metadata["namespace"], f"{grant} would allow it, but is not in namespace '{target.namespace}'"


def _grants(graph: Graph, target: ObjectRef) -> Iterator[tuple[Node, str]]:
    for grant in graph.grants.of(target.namespace)[:MOST_RELATED]:
        yield grant.name_node, f"{grant} allows other references"
