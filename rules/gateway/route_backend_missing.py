"""Route leads to a Service that does not exist.

The Gateway answers the share of requests that would go there with 500 (`BackendNotFound`). A backend without
`namespace` is looked up in the route's own. Point it to a Service that is there, or create the one it names. Likewise
for a backend that is another object of the core API, such as a Pod: routes do not lead there (`InvalidKind`).

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  rules:
  - backendRefs:
    - name: storefornt  # finding: no Service shop/storefornt
      port: 80
    - kind: Pod  # finding: InvalidKind
      name: storefront-0
      port: 80
---
apiVersion: v1
kind: Service
metadata: {name: storefront, namespace: shop}
spec: {selector: {app: storefront}, ports: [{port: 80}]}
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  rules:
  - backendRefs: [{name: storefront, port: 80}]
  - matches: [{path: {value: /old}}]
    filters: [{type: RequestRedirect, requestRedirect: {path: {type: ReplaceFullPath, replaceFullPath: /}}}]
---
apiVersion: v1
kind: Service
metadata: {name: storefront, namespace: shop}
spec: {selector: {app: storefront}, ports: [{port: 80}]}
```

Does not fire when:

* the backend is something else than a core Service: a ServiceImport, an InferencePool, a vendor's own kind;
* the rule redirects every request;
* an operator makes a Service of that name, or `assume.services` names it.

It is a note where the scanned files hold no Service of that namespace, or the name goes on from that of a custom
resource there (`cache-head-svc` of a RayCluster `cache`), of which an operator may make the Service.

References:

* Gateway API: `BackendObjectReference`, reasons `BackendNotFound` and `InvalidKind`
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Relation, Resource, Severity, Unresolved, rule
from k8snet_lint.kinds import GatewayRoute, Service

MOST_RELATED = 3


@rule(severity=Severity.WARNING, may_give=(Severity.ERROR,), since="0.1", evidence=Evidence.ABSENCE)
def check(graph: Graph) -> Iterator[Problem]:
    for route in graph.select(GatewayRoute):
        yield from _no_backends(route)
    yield from _missing(graph)


def _no_backends(route: GatewayRoute) -> Iterator[Problem]:
    """Backends of a kind that no controller sends requests to."""
    for backend in (backend for each in route.rules for backend in each.sent):
        target, key = backend.target, ""
        if target.means_core:
            key, why = "group", f"there is no API group '{target.group}'"
            mend = 'write group: "", or leave it out, for a Service of the core API'
        elif target.is_of_other_kind:
            key, why = "kind", f"a {target.kind} is no backend"
            mend = "name the Service that stands before it; kind can be left out"
        if key:
            message = f"{route} leads to {target}, and {why} (InvalidKind)"
            yield Problem(at=backend.node[key], message=message, help=mend, severity=Severity.ERROR)


def _missing(graph: Graph) -> Iterator[Problem]:
    redirecting = {
        backend.node["name"]
        for route in graph.select(GatewayRoute)
        for rule_ in route.rules
        if rule_.redirects
        for backend in rule_.backends
    }
    found: dict[tuple[Resource, str], list[Unresolved]] = {}
    for missing in graph.unresolved(Relation.ROUTES_TO, GatewayRoute):
        if missing.at not in redirecting:
            found.setdefault((missing.source, missing.wanted), []).append(missing)
    for first, *others in Unresolved.alike(each for each, *_ in found.values()):
        again = [(other.at, "leads there too") for other in found[first.source, first.wanted][1:]]
        again += [(other.at, f"{other.source} does too") for other in others]
        also = f", as {len(others)} more route{'s do' if len(others) > 1 else ' does'}" if others else ""
        reason = " (BackendNotFound)" if first.covered else ""
        yield Problem(
            at=first.at,
            message=f"{first.source} leads to a Service that is not there{also}: no Service {first.wanted}{reason}"
            + first.meant,
            help="point the backend to an existing Service, with the namespace that it is in, or create this one",
            related=(*graph.namesakes(Service, first.at.text), *again[:MOST_RELATED]),
            absence=first.absence,
        )
