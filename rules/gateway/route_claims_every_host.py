"""Route answers for every host of a Gateway that it shares.

A route without `hostnames` on a listener without a `hostname` takes every request that no other route claims: for hosts
of other teams that are not routed yet, for names that somebody points to the Gateway later, for bare addresses that
scanners try. Name the hosts that the route is for, or attach it to a listener that is for them.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec:
  gatewayClassName: example
  listeners:
  - name: https
    port: 443
    protocol: HTTPS
    tls: {certificateRefs: [{name: edge-tls}]}
    allowedRoutes: {namespaces: {from: All}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:  # finding: answers for every host of Gateway/infra/edge
  parentRefs: [{name: edge, namespace: infra}]
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: blog, namespace: press}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  hostnames: [blog.example.com]
  rules: [{backendRefs: [{name: blog, port: 80}]}]
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: example
  listeners:
  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: edge-tls}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  rules: [{backendRefs: [{name: web, port: 80}]}]
```

It is a note where no route of another namespace is known to share the listener. Where the Gateway is not among the
scanned files, so that its listeners are not known, only the preset `strict` says it.

Does not fire when:

* the listener has a host name, or the route has one;
* the route is in the namespace of its Gateway and no route of another namespace is attached: it is its own;
* it only redirects, as to HTTPS, or only answers ACME challenges;
* the option `single-tenant` says that all namespaces are one team's.

References:

* Gateway API: `HTTPRouteSpec.hostnames`
* Polaris: httpRouteWildcardOrEmptyHost, which every route without a host fails
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.record import NamedTuple


class Options(NamedTuple):
    """`single_tenant` says that everyone who may write routes may serve any host."""

    single_tenant: bool = False


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    evidence=Evidence.CONTRADICTION,
    since="0.1",
    options=Options,
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for route, holder, other in graph.routes_for_every_host if not options.single_tenant else ():
        whose = str(holder) if holder else "its Gateway, unless the listener has one"
        shared = f", which serves {other} too" if other else ""
        yield Problem(
            at=route.spec["hostnames"],
            message=f"{route} answers for every host of {whose}{shared}",
            help="give the route the hosts that it is for, in spec.hostnames",
            related=((other.name_node, f"{other} shares the listener"),) if other else (),
            severity=None if other else Severity.NOTE,
            pedantic=holder is None,
        )
