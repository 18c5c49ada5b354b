"""Service sends requests to pods of two different programs.

A selector that fits several workloads spreads connections over all of their pods. Where these run different programs
and not all listen on the port, part of the requests fails, or ends up in the wrong program: most often a label such as
`app.kubernetes.io/component` is missing from the selector. Add the label that tells them apart.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: shop}  # finding: selects Deployment/shop/db too, which declares only 5432
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: shop, component: web}}
  template:
    metadata: {labels: {app: shop, component: web}}
    spec: {containers: [{name: web, image: example/web, ports: [{containerPort: 8080}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec:
  selector: {matchLabels: {app: shop, component: db}}
  template:
    metadata: {labels: {app: shop, component: db}}
    spec: {containers: [{name: db, image: postgres, ports: [{containerPort: 5432}]}]}
```

A note, for a Service that repeats another one of its directory:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: www, namespace: shop}
spec:
  selector: {app: web}  # finding: that Service/shop/web does
  ports: [{port: 80}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: web-pods, namespace: shop}
spec:
  clusterIP: None
  selector: {app: web}
  ports: [{port: 80}]
```

Does not fire when:

* the workloads run the same image, or tell by a label (`track`, `version`, `role`, `slot`, `color`) that they stand for
  one another
* every workload declares the port, or one declares none at all, so that nothing is known of it
* a workload is a Job, a Rollout, or made by an operator
* two Services on the same pods differ in more than their name (one headless, of another type, with other annotations),
  or an Ingress, a route or a StatefulSet leads to either by its name

References: Service API, `spec.selector`; Kubernetes documentation, *Recommended Labels*.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Service


@rule(severity=Severity.WARNING, may_give=(Severity.NOTE,), evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for service in graph.select(Service):
        mixed = graph.mixture(service) if service.selects_pods else None
        if mixed is not None:
            target, right, wrong = mixed.port.target, mixed.right, mixed.wrong
            where = f"means port {mixed.other} by it" if mixed.other else f"declares {wrong.ports_text}"
            yield Problem(
                at=service.spec["selector"],
                message=f"{service} leads to port {target} of {right}, and selects {wrong} too, which {where}",
                help=f"add a label to the selector that {right} has and {wrong} has not",
                related=((right.name_node, "listens on the port"), (wrong.name_node, "another program")),
            )
    for first, again in graph.repeated_services():
        yield Problem(
            at=again.spec["selector"],
            message=f"{again} selects the pods and offers the ports that {first} does",
            help=f"delete one of the two, or narrow its selector; whoever uses {again.name} can use {first.name}",
            related=((first.spec["selector"], "the same selector"),),
            severity=Severity.NOTE,
        )
