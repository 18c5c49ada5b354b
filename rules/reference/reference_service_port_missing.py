"""Settings name a port that the Service does not have.

A variable, an argument, a ConfigMap or a webhook names a Service with a port that it does not offer. A Service answers
on its own ports only, not on those of its pods: such connections time out or are refused. Most often the pods' port was
written instead of the Service's. Use a port that the Service offers, or add this one to it.

Bad:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: storefront, namespace: shop}
spec:
  containers:
    - name: storefront
      image: storefront
      args:
        - --catalog=http://catalogue:8080  # finding: Service/shop/catalogue has no port 8080, only 80
---
apiVersion: v1
kind: Service
metadata: {name: catalogue, namespace: shop}
spec:
  selector: {app: catalogue}
  ports: [{port: 80, targetPort: 8080}]
```

Good:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: storefront, namespace: shop}
spec:
  containers:
    - name: storefront
      image: storefront
      args: ["--catalog=http://catalogue:80", "--cache=cache-0.cache:6379"]
---
apiVersion: v1
kind: Service
metadata: {name: catalogue, namespace: shop}
spec:
  selector: {app: catalogue}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: cache, namespace: shop}
spec:
  clusterIP: None
  selector: {app: cache}
```

Does not fire when:

* the Service is headless, so that its name stands for its pods, or is an `ExternalName`
* the text names one pod behind it (`cache-0.cache:6379`)
* no port is written, as in `http://catalogue`
* it is the Service's name only by chance: the words around it do not speak of hosts, as in `IMAGE: catalogue:8080`
* what builds the Service was not built

References: Service API, `spec.ports[].port`, `spec.ports[].targetPort`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, listed, quoted, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 3


@rule(severity=Severity.WARNING, evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for mention, others in graph.mentions.without_port:
        service = mention.services[-1]
        more = f", as {len(others)} more {'places do' if len(others) > 1 else 'place does'}" if others else ""
        offered = listed(service.numbers_told)
        what = f"{mention.source} names {quoted(mention.said)}{more}"
        yield Problem(
            at=mention.at,
            message=f"{what}, but {service} has no port {mention.port}, only {offered}",
            help=f"use port {offered}, or add port {mention.port} to {service}",
            related=(
                (service.spec["ports"], f"the ports of {service}"),
                *((other.at, f"{other.source} names it too") for other in others[:SHOWN]),
            ),
        )
