"""OpenShift Route asks for a port that its Service does not lead to.

`port.targetPort` of a Route is looked up among the Service's endpoints: a name is that of a Service port, and a number
is the one that the pods listen on (`targetPort` of the Service), not the Service's own. Where no endpoint has such a
port, the router answers every request with 503. Name one of the Service's ports.

Bad:

```yaml
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec:
  to: {kind: Service, name: web}
  port:
    targetPort: htps  # finding: Service/shop/web leads to no htps, but https (8443)
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: https, port: 443, targetPort: 8443}]
```

```yaml
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec:
  to: {kind: Service, name: web}
  port:
    targetPort: 80  # finding: Service/shop/web leads to no 80, but 8080
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
```

Good:

```yaml
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec:
  to: {kind: Service, name: web}
  port: {targetPort: 8080-tcp}
---
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web-by-number, namespace: shop}
spec:
  to: {kind: Service, name: web}
  port: {targetPort: 8080}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: 8080-tcp, port: 80, targetPort: 8080}]
```

Does not fire when:

* the Route names no port: the router then takes the endpoints as they are;
* the Service is not among the scanned files (`ingress-backend-missing` speaks of that), or has no selector;
* it is a number, and pods of the Service do not declare the port that it calls by name.

References:

* OpenShift Route API: `RoutePort.targetPort`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import OpenShiftRoute, Service, ServicePort

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(severity=Severity.ERROR, since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    for route in graph.select(OpenShiftRoute):
        for backend in route.backends if route.wanted_port else ():
            services = graph.named(Service, route.namespace, backend["name"].text, route)
            if services and not any(_may_lead_to(graph, each, route.wanted_port) for each in services):
                yield _problem(route, services[-1])


def _may_lead_to(graph: Graph, service: Service, wanted: str) -> bool:
    if not service.selects_pods or not service.ports:
        return True
    return any(port.is_open or _is_meant(graph, service, port, wanted) for port in service.ports)


def _is_meant(graph: Graph, service: Service, port: ServicePort, wanted: str) -> bool:
    """Whether the endpoints may have that name or number for a port of the Service."""
    if wanted in (port.name, str(port.target)) or not wanted.isdecimal() or isinstance(port.target, int):
        return wanted in (port.name, str(port.target))
    numbers = {port.number_on(each) for each in graph.endpoints(service)}
    return not numbers or None in numbers or int(wanted) in numbers


def _problem(route: OpenShiftRoute, service: Service) -> Problem:
    offered = ", ".join(f"{port.name} ({port.target})" if port.name else str(port.target) for port in service.ports)
    return Problem(
        at=route.port,
        message=f"{route} leads to a port that is not there: {service} leads to no {route.wanted_port}, but {offered}",
        help="name one of the Service's ports, or give the number that the pods listen on behind it",
        related=((service.spec["ports"], f"the ports of {service}"),),
    )
