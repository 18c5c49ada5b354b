"""Gateway names a GatewayClass that is not there.

No controller takes up such a Gateway: it gets no address, and no route works. Name a class that the cluster has, or
install the controller that brings it. Classes are mostly made once for a whole cluster, by the controller's chart, so
this is a note; it is an error where a class of nearly that name is there.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: public-edge}
spec: {controllerName: example.com/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop, namespace: infra}
spec:
  gatewayClassName: pubilc-edge  # finding: no GatewayClass pubilc-edge
  listeners: [{name: http, port: 80, protocol: HTTP}]
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: public-edge}
spec: {controllerName: example.com/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop, namespace: infra}
spec:
  gatewayClassName: public-edge
  listeners: [{name: http, port: 80, protocol: HTTP}]
```

Classes that a controller makes for itself need not be in the files:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop, namespace: infra}
spec:
  gatewayClassName: gke-l7-global-external-managed
  listeners: [{name: http, port: 80, protocol: HTTP}]
```

Does not fire when:

* the class is one that Istio, Cilium, GKE, Azure, Traefik, NGINX Gateway Fabric, Kong, kgateway, Contour, HAProxy or
  another well-known controller brings along;
* `assume.gateway-classes` names it.

Gateways of one missing class are one finding, which names the others as related places.

References:

* Gateway API: `GatewaySpec.gatewayClassName`, `GatewayClass`
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Relation, Severity, Unresolved, rule
from k8snet_lint.kinds import Gateway

MOST_RELATED = 3


@rule(severity=Severity.NOTE, may_give=(Severity.ERROR,), since="0.1", evidence=Evidence.ABSENCE)
def check(graph: Graph) -> Iterator[Problem]:
    wanted: dict[str, list[Unresolved]] = {}
    for missing in graph.unresolved(Relation.REFERS_TO, Gateway):
        if missing.kind == "GatewayClass":
            wanted.setdefault(missing.wanted, []).append(missing)
    for name, (first, *others) in wanted.items():
        yield Problem(
            at=first.at,
            message=f"{first.source} names a GatewayClass that is not there: no GatewayClass {name}{first.meant}",
            help="name a class that the cluster has, or list it under assume.gateway-classes",
            related=tuple((other.at, f"{other.source} names it too") for other in others[:MOST_RELATED]),
            severity=Severity.ERROR if first.near or first.covered else None,
            absence=first.absence,
        )
