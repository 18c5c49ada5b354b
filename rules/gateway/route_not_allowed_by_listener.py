"""No listener of the Gateway takes the route.

A listener says which routes may attach, by their namespace (`allowedRoutes.namespaces`, only its own unless it says
otherwise) and by their kind (`allowedRoutes.kinds`, and what its protocol carries). A route that every listener turns
away is not accepted (`NotAllowedByListeners`) and serves nothing. Widen the listener, label the route's namespace as it
asks for, or attach to one that carries such routes. A ListenerSet needs its Gateway's `allowedListeners` likewise.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec:
  gatewayClassName: example
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge, namespace: infra}]  # finding: it takes routes from: Same
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: TCPRoute
metadata: {name: shop, namespace: infra}
spec:
  parentRefs: [{name: edge}]  # finding: it takes no TCPRoute
  rules: [{backendRefs: [{name: web, port: 80}]}]
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec:
  gatewayClassName: example
  listeners:
  - {name: http, port: 80, protocol: HTTP,
     allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: shop}}}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  rules: [{backendRefs: [{name: web, port: 80}]}]
```

Does not fire when:

* some listener that the parent reference means takes the route;
* the parent is not among the scanned files, or a Service;
* the listener's protocol is not one of the API's own, so that its kinds are not known;
* one of the two objects has no namespace yet, or a variable stands for it, or for what the listener goes by.

It is a note, once for a selector, where labels of a Namespace decide that the scanned files do not hold.

References: Gateway API, `AllowedRoutes`, `GatewaySpec.allowedListeners`, reason `NotAllowedByListeners`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from k8snet_lint import Evidence, Graph, Node, Problem, Resource, Severity, rule
from k8snet_lint.kinds import GatewayRoute, Listener, ListenerSet

MOST = 3
SELECTOR = "Selector"


@rule(severity=Severity.ERROR, may_give=(Severity.NOTE,), since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    unknown: dict[Node, list[Resource]] = {}
    for each in graph.attachments.all if graph.select(GatewayRoute) else ():
        if each.accepted == "NotAllowedByListeners":
            whys = [*dict.fromkeys(f"{refusal.listener}: {refusal.why}" for refusal in each.refusals)]
            whys[MOST:] = [f"and {len(whys) - MOST} more"] if len(whys) > MOST else []
            yield Problem(
                at=each.parent.node,
                message=f"{each.route} is taken by no listener (NotAllowedByListeners): {'; '.join(whys)}",
                help=_help(each.route, [refusal.listener for refusal in each.refusals]),
                related=tuple((one.listener.node, f"{one.listener}") for one in each.refusals[:MOST]),
            )
        elif each.accepted == "Unknown":
            for refusal in each.refusals:
                if refusal.reason == "Unknown" and refusal.listener.scope.goes_by_labels:
                    unknown.setdefault(refusal.listener.scope.node, []).append(each.route)
    for listener_set in graph.select(ListenerSet):
        gateway, takes = graph.gateways.parent(listener_set), graph.gateways.takes(listener_set)
        if gateway is not None and takes is False:
            scope = gateway.allowed_listeners
            yield Problem(
                at=listener_set.parent.node,
                message=f"{listener_set} is not taken: {gateway} takes ListenerSets {scope}",
                help=scope.letting_in(listener_set.namespace, f"allowedListeners of {gateway}", gateway.namespace),
                related=((scope.node, f"{gateway} says so here"),),
            )
    for node, routes in unknown.items():
        some = ", ".join(f"'{name}'" for name in sorted({route.namespace for route in routes})[:MOST])
        yield Problem(
            at=node,
            message=f"whether this listener takes {routes[0]} depends on labels of {some}, which are not in the files",
            help="add the Namespace to the files, or its labels under assume.namespaces",
            related=tuple((route.name_node, f"{route}") for route in routes[:MOST]),
            severity=Severity.NOTE,
        )


def _help(route: GatewayRoute, listeners: Iterable[Listener]) -> str:
    """What mends it: for a kind that a listener takes a matter of namespaces, best where it goes by their labels."""
    able = sorted((each for each in listeners if each.takes(route.kind)), key=lambda each: each.scope.among != SELECTOR)
    if not able:
        protocols = " or ".join(Listener.carrying(route.kind))
        return f"attach it to a listener of protocol {protocols} whose allowedRoutes.kinds, if any, hold {route.kind}"
    return able[0].scope.letting_in(route.namespace, f"allowedRoutes of {able[0]}", able[0].holder.namespace)
