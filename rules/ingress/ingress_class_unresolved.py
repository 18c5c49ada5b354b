"""Ingress has no class that a controller serves.

An Ingress without a class, in a cluster without a default one, is served by nobody, or by every controller that takes
what has none. One that names a class that does not exist is served by nobody. And of several default classes it
depends on the cluster's version which one counts, or whether an Ingress without a class is rejected. Name an
IngressClass in `spec.ingressClassName`, and have at most one default.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: internl  # finding: no IngressClass internl
  defaultBackend: {service: {name: web, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: internal}
spec: {controller: example.com/controller}
```

A note, as the default class may be in the cluster already:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:  # finding: names no class
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: internal
  defaultBackend: {service: {name: web, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: internal}
spec: {controller: example.com/controller}
```

Does not fire when:

* the configuration names a default class (`cluster.default-ingress-class`), or assumes the class
  (`assume.ingress-classes`)
* no IngressClass at all was scanned and one is named, or it is called as those that come with a controller (`nginx`,
  `traefik`, `alb`)
* the class is named by the older annotation, for which there need not be an IngressClass
* the Ingress has no class and is GKE's by its annotations, or only answers ACME challenges

A second default class is an error; a warning where it lies in another directory, and may be for another cluster.

References: Kubernetes documentation, *Ingress*, default IngressClass.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Absence, Evidence, Graph, Problem, Relation, Severity, rule
from k8snet_lint.kinds import Ingress, IngressClass


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE, Severity.ERROR),
    evidence=Evidence.ABSENCE,
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    known = [each.name for each in graph.select(IngressClass)]
    choices = f" ({', '.join(known[:4])})" if known else ""
    for ingress in graph.ingress_classes.classless:
        yield Problem(
            at=ingress.spec["ingressClassName"],
            message=f"{ingress} names no class, and no IngressClass is the default one",
            help=f"set spec.ingressClassName{choices}, or cluster.default-ingress-class in the configuration",
            absence=Absence(covered=bool(known) or graph.facts.assumed.complete),
            severity=Severity.NOTE,
        )
    for missing in graph.unresolved(Relation.REFERS_TO, Ingress):
        if missing.kind == "IngressClass" and missing.at.key == "ingressClassName":
            usual = graph.ingress_classes.is_usual(missing.wanted) and not missing.near
            if (known or graph.facts.assumed.complete) and not usual:
                yield Problem(
                    at=missing.at,
                    message=f"{missing.source} names a class that is not there: no IngressClass {missing.wanted}"
                    + missing.meant,
                    help=f"name one that is: {', '.join(known)}" if known else "write the IngressClass",
                    absence=Absence(covered=True, near=missing.near),
                )
    for other, first in graph.ingress_classes.further_defaults:
        yield Problem(
            at=other.annotation("ingressclass.kubernetes.io/is-default-class"),
            message=f"{other} is a default class, as {first} is",
            help="leave the annotation on one of them",
            related=((first.name_node, "the other default class"),),
            severity=Severity.ERROR if other.is_beside(first) else Severity.WARNING,
        )
