"""Ingress speaks plain HTTP to a backend that expects TLS or gRPC.

ingress-nginx speaks HTTP/1.1 in the clear to every backend, whatever the Service's port is called, unless the
annotation `backend-protocol` says otherwise. A backend that expects TLS answers such requests with `400 Bad Request`,
one that speaks gRPC with `502 Bad Gateway`. Set the annotation to what the port speaks.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 443}}}  # finding: speaks HTTPS
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: https, port: 443, targetPort: 8443}]
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations: {nginx.ingress.kubernetes.io/backend-protocol: HTTPS}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 443}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: https, port: 443, targetPort: 8443}]
```

The target takes plain HTTP, as the TLS ends in front of the Service:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {name: https}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: https, port: 443, targetPort: http}]
```

Does not fire when:

* `backend-protocol` is written, whatever it says, or `ssl-passthrough` is on
* the controller is another one; many go by the port's `appProtocol`
* no `appProtocol` tells, and the target port is neither named for TLS nor ends in 443, so that something in front of
  the Service may take the TLS off

References: ingress-nginx: annotations, backend protocol; Service API, `appProtocol`.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Ingress, IngressController, Service

PREFIX = "nginx.ingress.kubernetes.io/"


@rule(severity=Severity.WARNING, evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for ingress in graph.select(Ingress):
        told = ingress.annotations
        quiet = told.get(f"{PREFIX}backend-protocol") or told.get(f"{PREFIX}ssl-passthrough") == "true"
        if quiet or graph.ingress_classes.controller_of(ingress) is not IngressController.INGRESS_NGINX:
            continue
        for backend in ingress.backends:
            for service in graph.named(Service, ingress.namespace, backend.service.text, ingress)[:1]:
                port = next((port for port in service.ports if backend.port in (port.number, port.name or None)), None)
                speaks = port.speaks if port is not None else ""
                if port is not None and speaks:
                    yield Problem(
                        at=backend.port_node,
                        message=f"{ingress} speaks HTTP to port {port} of {service}, which speaks {speaks}",
                        help=f'set the annotation {PREFIX}backend-protocol: "{speaks}"',
                        related=((port.node, "the port"),),
                    )
