"""NetworkPolicy blocks the way that an Ingress, a route or a load balancer opens.

An Ingress or a route makes its controller's pods connect to the pods behind a Service, and a load balancer leads
outside addresses there. Policies see that traffic at the port of the pods. Where none of them admits it, requests end
in a timeout or a 504, although every object by itself looks right. Allow the controller's namespace on the port of the
pods, or remove the route.

It is an error, and for a load balancer a warning, as nodes let in what they forward to pods of their own.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
    - host: shop.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: nginx, ports: [{containerPort: 8080}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:  # finding: blocks Ingress/shop/web
    - from: [{namespaceSelector: {}}]
      ports: [{port: 9090}]
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
    - host: shop.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: nginx, ports: [{containerPort: 8080}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
    - from:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}
      ports: [{port: 8080}]
```

Does not fire when:

* the pods of the Ingress's own controller are not known and the policies admit some pod that may be one of them
* they admit addresses on the port, as of a load balancer, or the controller or the pods are on their node's network
* the Service or its pods are not among the scanned files, or a mistake closes the way of which another finding tells: a
  Service's port instead of the pods', a port's name that these lack, a misspelt peer, what is rejected

Does not see: policies of other engines (Antrea). Where there are any, it is a note that fails nothing, and so it
is for a policy for all pods that names no namespace and lies in another directory or chart than the pods.

References: Kubernetes documentation, *Network Policies*, *Ingress*; Gateway API, `HTTPRoute`; OpenShift, *Routes*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 3


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.WARNING,),
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED,),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for each, others in Effects.of(graph).closed_entrances:
        way, denial = each.entrance, each.denial
        more = f", and {len(others)} more" if others else ""
        alike = [(way.chain[0][0], f"{way.opener} leads there too") for way, *_ in others[:SHOWN]]
        yield Problem(
            at=denial.at,
            at_key=denial.rule is None,
            message=f"{denial.policy} blocks {way.opener}{more}: {each.lacks}",
            help=f"{each.remedy}, or remove the way from {way.opener}",
            severity=Severity.WARNING if isinstance(way.opener, Service) else None,
            absence=graph.isolation.absence_for(way.workload, denial.isolating.policies),
            related=(*alike, *denial.near[:SHOWN]),
            chain=(*way.chain, *denial.isolating.steps("isolates the pods, and none allows it")),
        )
