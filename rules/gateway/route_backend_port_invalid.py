"""Route leads to a port that its Service does not offer.

A backend's `port` is a port number of the Service, not one of its pods, and has to be given. With a wrong one the
Gateway has nowhere to send requests and answers 500. So it does where all backends of a rule have weight 0.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  rules:
  - backendRefs:
    - name: web
      port: 8080  # finding: offers 80 and 9090
  - backendRefs:
    - name: web  # finding: names no port
  - matches: [{path: {value: /beta}}]
    backendRefs:  # finding: weight 0
    - {name: web, port: 80, weight: 0}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9090}]}
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  rules: [{backendRefs: [{name: web, port: 80}, {name: canary, port: 80, weight: 0}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
```

Does not fire when:

* the Service is not among the scanned files (`route-backend-missing`), or an ExternalName, which needs no ports;
* the backend is of another kind than Service; the rule redirects;
* a variable stands for the backend's port, or for that of the Service (`${PORT}`).

References:

* Gateway API: `BackendObjectReference.port`, `BackendRef.weight`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import BackendRef, GatewayRoute, RouteRule, Service


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.WARNING,),
    since="0.1",
    evidence=Evidence.CONTRADICTION,
    supersedes=("crd-validation-violated",),
)
def check(graph: Graph) -> Iterator[Problem]:
    for route in graph.select(GatewayRoute):
        for rule_ in route.rules:
            if not rule_.redirects:
                yield from _weightless(route, rule_)
                for backend in rule_.sent:
                    if backend.target.is_service and backend.target.name:
                        yield from _port(graph, route, backend)


def _port(graph: Graph, route: GatewayRoute, backend: BackendRef) -> Iterator[Problem]:
    services = graph.named(Service, backend.target.namespace, backend.target.name, route)
    if not backend.node["port"].present:
        yield Problem(
            at=backend.node,
            message=f"{route} leads to {backend.target} and names no port"
            + (f"; it offers {_offered(services)}" if any(each.ports for each in services) else ""),
            help="add `port`, a port number of the Service",
            related=tuple((each.spec["ports"], f"the ports of {each}") for each in services[-1:]),
        )
    elif any(each.ports for each in services) and not services[-1].is_external_name and backend.port is not None:
        protocols = {port.protocol for service in services for port in service.ports_called(backend.port)}
        if route.protocol in protocols or (not protocols and any(each.may_offer(backend.port) for each in services)):
            return
        before = services[-1].port_before(backend.port)
        yield Problem(
            at=backend.node["port"],
            message=f"{route} leads to port {backend.port} of {services[-1]}, which offers {_offered(services)}"
            + (f"; a {route.kind} goes over {route.protocol}" if protocols else ""),
            help=f"{backend.port} is the port of the pods behind Service port {before}; name that one"
            if before
            else "name a port number that the Service offers",
            related=((services[-1].spec["ports"], f"the ports of {services[-1]}"),),
        )


def _offered(services: Sequence[Service]) -> str:
    return " and ".join(dict.fromkeys(port for service in services for port in service.ports_told))


def _weightless(route: GatewayRoute, rule_: RouteRule) -> Iterator[Problem]:
    if rule_.backends and all(backend.weight == 0 for backend in rule_.backends):
        yield Problem(
            at=rule_.node["backendRefs"],
            message=f"{route} has a rule all of whose backends have weight 0: it answers 500 to every request",
            help="give one of the backends a weight, or take out the rule",
            at_key=True,
            severity=Severity.WARNING,
        )
