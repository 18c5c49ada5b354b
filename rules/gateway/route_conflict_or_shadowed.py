"""Two rules claim the same requests.

Two routes with the same host and the same match on one listener: the older one gets the requests, and the other is
silently without effect. Within a route it is the first of two rules. Keep one owner of a host and match; to share
requests out, give one rule several backends with weights.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: example, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  hostnames: [shop.example.com]
  rules:
  - matches: [{path: {type: PathPrefix, value: /cart}}]
    backendRefs: [{name: cart, port: 80}]
  - matches:
    - path: {type: PathPrefix, value: /cart/}  # finding: an earlier rule of it
    backendRefs: [{name: basket, port: 80}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: preview, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  hostnames: [shop.example.com]
  rules:
  - matches:
    - path: {value: /cart}  # finding: shop.example.com/cart, as HTTPRoute/shop/web does
    backendRefs: [{name: preview, port: 80}]
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: example, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  rules:
  - matches: [{path: {value: /cart}}]
    backendRefs: [{name: cart, port: 80, weight: 9}, {name: basket, port: 80, weight: 1}]
  - matches: [{path: {value: /cart}, headers: [{name: x-preview, value: "1"}]}]
    backendRefs: [{name: preview, port: 80}]
```

Does not fire when:

* the two differ in a header, a query parameter, the method or the type of the path, or attach to different listeners;
* both are the same object, written twice (`duplicate-object` speaks of that), or stand in files that describe another
  object differently, as such files are variants to choose from.

An Ingress that serves the same host is a note: both answer while one moves to the other, which then wants an end. So is
a variable for the host (`${HOST}`) in two routes, as it may be another host for each.

References:

* Gateway API: `HTTPRouteRule.matches`, precedence of matches
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import GatewayRoute


@rule(severity=Severity.WARNING, may_give=(Severity.NOTE,), since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    if not graph.select(GatewayRoute):
        return
    shadowed = {id(later.matches[0]) for _, later, _ in graph.route_matches.shadowed}
    for claim, earlier in graph.route_matches.repeated:
        if id(claim.match) not in shadowed and not graph.are_alternatives(claim.route, earlier.route):
            yield Problem(
                at=claim.match.node,
                message=f"{claim.route} claims {claim.requests}, as {earlier.route} does",
                help="keep the match in one route, or share its requests out by weights within one rule",
                related=((earlier.match.node, f"{earlier.route} claims it here"),),
                severity=Severity.NOTE if claim.is_for_unknown_host else None,
            )
    for route, later, first in graph.route_matches.shadowed:
        yield Problem(
            at=later.matches[0].node,
            message=f"{route} has a rule that gets no requests: an earlier rule of it has every match of this one",
            help="take out one of the two, or give one rule both backends, with weights",
            related=((first.node, "the earlier rule"),),
        )
    for route, host, ingress in graph.route_matches.served_by_ingress_too:
        yield Problem(
            at=next(each for each in route.hostnames if each.text == host),
            message=f"{route} serves '{host}', and {ingress} does too",
            help="take out the Ingress once DNS points to the Gateway",
            related=((ingress.name_node, "the Ingress"),),
            severity=Severity.NOTE,
        )
