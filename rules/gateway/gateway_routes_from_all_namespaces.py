"""Listener takes routes from every namespace.

Whoever may write a route anywhere in the cluster can then claim any host and path of this listener, and so take over
another team's traffic. Take routes from namespaces with a label that only the platform gives (`from: Selector`), or
give each team a listener with a host name of its own.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec:
  gatewayClassName: example
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: All  # finding: takes routes from every namespace, for any host
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec:
  gatewayClassName: example
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {edge: public}}}}
```

Does not fire when:

* the option `single-tenant` says that all namespaces are one team's;
* the Gateway is internal to the mesh (a waypoint, an east-west gateway).

It is a note where the listener has a host name, as routes can then claim hosts inside that one only.

References:

* Gateway API: `RouteNamespaces.from`, security model
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import ListenerHolder
from k8snet_lint.record import NamedTuple

MESH = ("istio-waypoint", "istio-east-west", "istio-remote", "kgateway-waypoint")


class Options(NamedTuple):
    """`single_tenant` says that everyone who may write routes may serve any host."""

    single_tenant: bool = False


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    since="0.1",
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    options=Options,
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    if options.single_tenant:
        return
    for holder in graph.select(ListenerHolder):
        gateway = graph.gateways.parent(holder)
        if gateway is not None and gateway.class_node.text in MESH:
            continue
        for listener in holder.listeners:
            if listener.scope.among == "All":
                what = "any host" if listener.goes_by_host else "whatever comes to its port"
                what = f"hosts inside '{listener.hostname}'" if listener.hostname else what
                yield Problem(
                    at=listener.scope.node,
                    message=f"{listener} takes routes from every namespace, for {what}",
                    help="set from: Selector, with a label that only the platform gives to namespaces",
                    severity=Severity.NOTE if listener.hostname else None,
                )
