"""Ingress chooses its class by the deprecated annotation.

`kubernetes.io/ingress.class` is deprecated since Kubernetes 1.18: controllers read it each in its own way,
and nothing checks that such a class exists. Move its value to `spec.ingressClassName`, which names an
IngressClass. Where both are written and differ, the API server rejects the Ingress when it is created.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    kubernetes.io/ingress.class: nginx  # finding: by an annotation
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    kubernetes.io/ingress.class: traefik  # finding: 'traefik' by its annotation and 'nginx' by spec.ingressClassName
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

GKE knows its classes by the annotation only:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations: {kubernetes.io/ingress.class: gce-internal}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

Does not fire when:

* the class is one of GKE's (`gce`, `gce-internal`, `gce-multi-cluster`) and no field contradicts it;
* the Ingress only answers ACME challenges, or a controller made it.

References:

* Kubernetes documentation: Ingress, deprecated annotation
* Kubernetes API server: `ValidateIngressCreate`, "must match `ingressClassName` when both are specified"
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import Ingress

ANNOTATION = "kubernetes.io/ingress.class"


@rule(severity=Severity.NOTE, may_give=(Severity.ERROR,), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for ingress in graph.select(Ingress):
        annotation, field = ingress.annotation(ANNOTATION), ingress.spec["ingressClassName"]
        if not annotation or ingress.is_acme_solver or ingress.is_generated:
            continue
        if ingress.has_two_classes:
            yield Problem(
                at=annotation,
                message=f"{ingress} has two classes: '{annotation.value}' by its annotation and '{field.value}' by "
                "spec.ingressClassName, which the API server rejects",
                help="delete the annotation",
                related=((field, "the class by the field"),),
                severity=Severity.ERROR,
            )
        elif annotation.text != "gce" and not annotation.text.startswith("gce-"):
            yield Problem(
                at=annotation,
                message=f"{ingress} chooses its class '{annotation.value}' by an annotation, which is deprecated",
                help="delete the annotation" if field else "move the class to spec.ingressClassName",
            )
