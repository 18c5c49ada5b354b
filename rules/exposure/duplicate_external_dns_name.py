"""Two unrelated objects have external-dns publish one host name.

external-dns makes one record of a name, so that only one of the two is found under it, and which one may change with
every change of either. Keep the name with its owner and give the other one its own. Where both are to share it, tell
so: with `external-dns.alpha.kubernetes.io/set-identifier` and a routing policy.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations: {external-dns.alpha.kubernetes.io/hostname: shop.example.com}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 443}]
---
apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
  annotations:
    external-dns.alpha.kubernetes.io/hostname: api.example.com,shop.example.com  # finding: publishes 'shop.example.com'
spec:
  type: LoadBalancer
  selector: {app: api}
  ports: [{port: 443}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations: {external-dns.alpha.kubernetes.io/hostname: shop.example.com}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 443}]
---
apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
  annotations: {external-dns.alpha.kubernetes.io/hostname: api.example.com}
spec:
  type: LoadBalancer
  selector: {app: api}
  ports: [{port: 443}]
```

Does not fire when:

* one of the two carries `set-identifier`, or is left to another controller by the annotation `controller`
* both select the same pods, or one is internal and the other is not, as for one name inside and outside
* both are Ingresses or routes: many share a host, and a load balancer
* the Service is an ingress controller's own, or both name the same `target`

It is a note where a variable stands in the name (`${HOST}`), which may be another one for each of the two.

References: external-dns documentation, *Annotations*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, quoted, rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(severity=Severity.ERROR, may_give=(Severity.NOTE,), evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for published, other in graph.claimed_names:
        yield Problem(
            at=published.at,
            message=f"{published.resource} publishes {quoted(published.name)}, as {other.resource} does",
            help=f"keep the name with one of them, and give {published.resource.name} another",
            related=((other.at, f"{other.resource} publishes it too"),),
            severity=Severity.NOTE if published.is_open else None,
        )
