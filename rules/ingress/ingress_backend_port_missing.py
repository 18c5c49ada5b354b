"""Ingress leads to a port that its Service does not offer.

The Service is there, but no port of it has the number, or the name, that the Ingress asks for, so that the controller
has nowhere to send the requests and answers 503. What counts is the Service's own port, not the port of the pods behind
it (`targetPort`). Use one of the ports that the Service offers.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port: {number: 8080}  # finding: Service/shop/web offers no port 8080, but 80
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
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      - {path: /metrics, pathType: Exact, backend: {service: {name: web, port: {name: metrics}}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9090}]
```

Does not fire when:

* the Service is not among the scanned files (`ingress-backend-missing` speaks of that);
* the Service is an ExternalName without ports, what is written for the number is none (`field-invalid`), or a variable
  stands for it, here or in the Service (`${PORT}`);
* the backend is an action of the AWS Load Balancer Controller (port `use-annotation`).

References: Kubernetes API, `ServiceBackendPort`: a number or a name of the Service's ports, exactly one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, did_you_mean, rule
from k8snet_lint.kinds import Backend, Ingress, Service

MOST = 10


@rule(severity=Severity.ERROR, since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    for ingress in graph.select(Ingress):
        for backend in ingress.backends:
            services = graph.named(Service, ingress.namespace, backend.service.text, ingress)
            known = services and not (backend.is_action or backend.is_open or backend.is_of_wrong_type)
            if known and not any(_offers(service, backend.port) for service in services):
                yield _problem(ingress, backend, services[-1])


def _offers(service: Service, wanted: int | str | None) -> bool:
    """Whether a port has that number, or that name; a name is never compared with what has none."""
    is_free = service.is_external_name and not service.ports
    return is_free or (wanted not in (None, "") and service.may_offer(wanted))


def _problem(ingress: Ingress, backend: Backend, service: Service) -> Problem:
    message = f"{ingress} names no port of {service}, which offers {_offered(service) or 'none'}"
    if backend.port not in (None, ""):
        port = f"named '{backend.port}'" if isinstance(backend.port, str) else backend.port
        message = f"{ingress} leads to a port that is not there: {service} offers no port {port}"
        message += f", but {_offered(service)}" if service.ports else ", and no other"
        message += did_you_mean(str(backend.port), (port.name for port in service.ports[: MOST * MOST] if port.name))
    return Problem(
        at=backend.port_node,
        message=message,
        help=_help(backend, service),
        related=((service.spec["ports"], f"the ports of {service}"),),
    )


def _offered(service: Service) -> str:
    told = ", ".join(f"{port} ({port.name})" if port.name else str(port) for port in service.ports[:MOST])
    return told + (f" and {len(service.ports) - MOST:,} more" if len(service.ports) > MOST else "")


def _help(backend: Backend, service: Service) -> str:
    if any(str(port.number) == backend.port for port in service.ports):
        instead = f"number: {backend.port}" if backend.port_node.key == "name" else f"{backend.port} without quotes"
        return f"write {instead}: it is the port's number, not its name"
    if (before := service.port_before(backend.port)) is not None:
        return f"{backend.port} is the port of the pods behind Service port {before}; name that one"
    return "name one of the ports that the Service offers" if service.ports else "give the Service a port"
