"""A networking annotation is written as a label, or a label as an annotation.

Controllers look for each key in one place: what configures a load balancer, an Ingress or a certificate is read from
`annotations`, what selects objects from `labels`. In the other place it does nothing at all, and nobody is told: a load
balancer that was meant to be internal is public. Values with spaces, slashes or commas are even rejected as labels.
Move the key to where it is read.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    app: web
    service.beta.kubernetes.io/aws-load-balancer-internal: "true"  # finding: is an annotation
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  annotations:
    istio-injection: enabled  # finding: is a label
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  labels: {app: web}
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-internal: "true"
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: enabled}
```

Does not fire when:

* the key stands in the right place as well
* some controllers read the key from either place (`sidecar.istio.io/inject`)
* a controller wrote the object

References: Kubernetes documentation, *Well-Known Labels, Annotations and Taints*; each controller's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Problem, Severity, rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(severity=Severity.WARNING, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for each in graph.fields.misplaced:
        what = "is a label, but stands as an annotation" if each.is_label else "is an annotation, but stands as a label"
        owner = f"the pods of {each.resource}" if each.of_pods else f"{each.resource}"
        message = f"'{each.node.key}' {what} of {owner}, where nothing reads it"
        yield Problem(at=each.node, at_key=True, message=message, help=f"move it to {each.place}")
