"""Route of a VirtualService stands behind others that take its requests.

The routes of a VirtualService are tried in the order in which they are written, and the first that matches is followed.
One without `match` is for every request: those behind it are never tried, and the requests that they are for go
elsewhere. Put the route without `match` last, or say in its `match` which requests it is for. So it is with a route
whose matches all stand at routes before it.

Bad:

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
  - route: [{destination: {host: web}}]
  - match: [{uri: {prefix: /api}}]  # finding: never comes to this route
    route: [{destination: {host: api}}]
```

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
  - match: [{uri: {prefix: /api}}]
    route: [{destination: {host: api}}]
  - match: [{uri: {prefix: /api}}]  # finding: routes before it have the same matches
    route: [{destination: {host: api-next}}]
```

Good:

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
  - match: [{uri: {prefix: /api}}]
    route: [{destination: {host: api}}]
  - route: [{destination: {host: web}}]
```

Does not fire when:

* the route in front asks for anything: a path, a header, a port, a gateway, the labels of the client

Does not see: routes behind several that take their requests by other matches; `tls` and `tcp` routes.

References: Istio: `VirtualService.http`, `HTTPRoute.match`; istioctl analyze: IST0130.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import VirtualService


@rule(severity=Severity.WARNING, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for service in graph.select(VirtualService):
        for route, before, everything in service.shadowed:
            why = "one before it takes every request" if everything else "routes before it have the same matches"
            act = "put the route that takes every request last, or say in its match which ones it is for"
            yield Problem(
                at=route,
                message=f"{service} never comes to this route: {why}",
                help=act if everything else "delete the route, or correct its match",
                related=((before, "takes its requests"),),
            )
