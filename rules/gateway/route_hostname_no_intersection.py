"""Route's host names fit no listener.

A listener with a `hostname` takes only routes that share a host with it; `*.example.com` stands for any labels in
front, but not for `example.com` itself. A route that shares none with any listener is not accepted
(`NoMatchingListenerHostname`) and serves nothing. Choose a host inside the listener's, or widen the listener.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: example
  listeners: [{name: http, port: 80, protocol: HTTP, hostname: "*.example.com"}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  hostnames: [example.com, shop.example.org]  # finding: '*.example.com'
  rules: [{backendRefs: [{name: web, port: 80}]}]
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: example
  listeners: [{name: http, port: 80, protocol: HTTP, hostname: "*.example.com"}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  hostnames: [www.shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
```

Does not fire when:

* the listener or the route names no host;
* some host of the route fits some listener that the parent reference means, or may once a variable is filled in
  (`shop.${DOMAIN}`).

References:

* Gateway API: `Listener.hostname`, `HTTPRouteSpec.hostnames`, reason `NoMatchingListenerHostname`
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import GatewayRoute

MOST = 3


@rule(severity=Severity.ERROR, since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    for each in graph.attachments.all if graph.select(GatewayRoute) else ():
        if each.accepted != "NoMatchingListenerHostname":
            continue
        refused = [one for one in each.refusals if one.reason == "NoMatchingListenerHostname"]
        served = " and ".join(dict.fromkeys(f"'{one.listener.hostname}'" for one in refused[:MOST]))
        hosts = [host.text for host in each.route.hostnames]
        wanted = " and ".join(f"'{host}'" for host in hosts[:MOST])
        yield Problem(
            at=each.route.hostnames[0] if len(hosts) == 1 else each.route.spec["hostnames"],
            message=f"{each.route} is for {wanted}, and {each.target} serves {served} (NoMatchingListenerHostname)",
            help=f"choose a host inside {served.replace(' and ', ' or ')}, or change the hostname of the listener",
            related=tuple((one.listener.node["hostname"], f"{one.listener}") for one in refused[:MOST]),
        )
