"""Route, or ListenerSet, is for a Gateway that does not exist.

Nothing serves such a route. A parent without `namespace` is looked up in the route's own namespace only: name the
Gateway's where it is another one. Gateways of another team's namespace, which these files do not hold, go under
`assume.gateways`.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs:
  - name: edge  # finding: no Gateway shop/edge
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec:
  gatewayClassName: example
  listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec:
  gatewayClassName: example
  listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
```

Does not fire when:

* the parent is there, be it a Gateway, a ListenerSet or, for a mesh, a Service;
* `assume.gateways` (or `assume.services`) names it: `infra/*` for all of a namespace;
* the parent is of a kind that only an implementation knows.

It is a note where the scanned files hold no Gateway of that namespace, unless one of that name is in another namespace,
or of nearly that name in this one. Routes for one missing Gateway are one finding.

References:

* Gateway API: `ParentReference`, reason `NoMatchingParent`; GEP-1426, GEP-1713
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Relation, Severity, Unresolved, rule
from k8snet_lint.kinds import GatewayRoute, ListenerSet

MOST_RELATED = 3


@rule(severity=Severity.WARNING, may_give=(Severity.ERROR,), since="0.1", evidence=Evidence.ABSENCE)
def check(graph: Graph) -> Iterator[Problem]:
    wanted: dict[tuple[object, ...], list[Unresolved]] = {}
    for kind in (GatewayRoute, ListenerSet):
        for missing in graph.unresolved(Relation.ATTACHES_TO, kind):
            sure = missing.covered or missing.near
            key = (missing.kind, missing.wanted, missing.source if sure else None)
            wanted.setdefault(key, []).append(missing)
    for first, *others in wanted.values():
        more = _more({id(each.source) for each in others if each.source is not first.source})
        more += " (NoMatchingParent)" if first.covered and isinstance(first.source, GatewayRoute) else ""
        yield Problem(
            at=first.at,
            message=f"{first.source} is for a {first.kind} that is not there: no {first.kind} {first.wanted}{more}"
            + first.meant,
            help=f"name a {first.kind} that exists, with its namespace, or list this one under assume",
            related=tuple((other.at, f"{other.source} is for it too") for other in others[:MOST_RELATED]),
            absence=first.absence,
        )


def _more(others: set[int]) -> str:
    return f", and {len(others)} more {'is' if len(others) == 1 else 'are'} for it" if others else ""
