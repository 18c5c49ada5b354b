"""Gateway serves a route over plain HTTP.

Whoever is on the way can read and change what such a listener carries, cookies and passwords among it. Add an HTTPS
listener with a certificate, attach the route to it (`sectionName`), and let the HTTP listener only redirect.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: example
  listeners:
  - name: http
    port: 80
    protocol: HTTP  # finding: carries HTTPRoute/shop/web in cleartext
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: example
  listeners:
  - {name: http, port: 80, protocol: HTTP}
  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-tls}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: edge, sectionName: https}]
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: to-https, namespace: shop}
spec:
  parentRefs: [{name: edge, sectionName: http}]
  rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}]
```

Does not fire when:

* no route that does more than redirect, or answer ACME challenges, is attached to the listener;
* the Gateway is internal: by its class or name, its addresses, an annotation, or `cluster.internal-ingress-classes`;
* all hosts that are served are private ones, such as `shop.internal`;
* route and Gateway stand in files that describe another object differently, as variants to choose from do;
* the parent is a Service, for traffic within a mesh;
* something before the Gateway ends TLS (`cluster.tls-terminated-upstream`).

References:

* Gateway API: `Listener.protocol`, guide on HTTP redirects
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Gateway, GRPCRoute, HTTPRoute

MOST_RELATED = 3


@rule(
    severity=Severity.WARNING,
    since="0.1",
    evidence=Evidence.CONTRADICTION,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
)
def check(graph: Graph) -> Iterator[Problem]:
    for gateway in graph.select(Gateway):
        if graph.facts.tls_terminated_upstream or not graph.publicity.is_public_gateway(gateway):
            continue
        for listener in graph.gateways.listeners(gateway):
            if listener.protocol != "HTTP":
                continue
            routes = [
                route
                for route in graph.attachments.attached(listener)
                if isinstance(route, (HTTPRoute, GRPCRoute))
                and route.serves
                and graph.publicity.is_public(route)
                and not graph.are_alternatives(gateway, route)
            ]
            if routes:
                others = {route.identity for route in routes} - {routes[0].identity}
                more = f" and {len(others)} more" if others else ""
                yield Problem(
                    at=listener.node["protocol"],
                    message=f"{listener} carries {routes[0]}{more} in cleartext",
                    help="add an HTTPS listener with a certificate for these routes, and only redirect on this one",
                    related=tuple((route.name_node, f"{route}") for route in routes[:MOST_RELATED]),
                )
