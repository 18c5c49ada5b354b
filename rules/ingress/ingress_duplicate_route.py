"""Two paths of Ingresses claim the same requests.

The same host, path and path type twice for one controller: only one of the backends gets the requests, and
which one is the controller's choice; mostly the older object's, so that the newer one is silently without
effect. Where the two are in different namespaces, one team takes another's traffic, by accident or not: even
a different path of a host that another namespace serves is worth a look. Keep one owner for each host and
path.

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
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: preview, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /  # finding: shop.example.com/ (Prefix), which Ingress/shop/web claims already
        pathType: Prefix
        backend: {service: {name: preview, port: {number: 80}}}
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
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: preview
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/canary: "true"
    nginx.ingress.kubernetes.io/canary-weight: "10"
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: preview, port: {number: 80}}}}]
```

Does not fire when:

* the classes differ, or the controller gives each Ingress an address of its own (GKE, Tailscale, AWS without
  `group.name`; with it, an order between the two settles which comes first);
* an annotation tells the two apart: a canary of ingress-nginx, a mergeable Ingress of nginx.org, Traefik's
  entry points, methods or headers of Kong, conditions of an AWS load balancer;
* one of them only answers ACME challenges, or is an AWS action such as a redirect to HTTPS;
* both are the same object, written twice (`duplicate-object` speaks of that).

It is a warning where the two share the host alone, or where the class is not known, as they may have different
controllers. It is a note where the two stand in files that describe another object differently, or beside three files
that do, as such files are mostly variants to choose from; and where a variable stands for the host (`${HOST}`), which
may be another one for each.

References:

* Kubernetes documentation: Ingress, path types and multiple matches
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Ingress


@rule(severity=Severity.ERROR, may_give=(Severity.WARNING, Severity.NOTE), since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    for (ingress, path), (earlier, other) in graph.ingress_routes.repeated:
        way = path.path or "/"
        route = f"{path.host}{way} ({path.path_type})" if path.host else f"{way} ({path.path_type}) of every host"
        by = "which it claims already" if earlier is ingress else f"which {earlier} claims already"
        yield Problem(
            at=path.node["path"],
            message=f"{ingress} claims {route}, {by}",
            help="keep the route in one place, or give one of the two another path",
            related=((other.node["path"], f"{earlier} claims it here"),),
            severity=Severity.NOTE if path.is_for_unknown_host else _severity(graph, ingress, earlier),
        )
    for (ingress, path), (first, other) in graph.ingress_routes.shared_hosts:
        yield Problem(
            at=path.host_node,
            message=f"{ingress} claims {path.host}, of which {first}, in another namespace, serves a part",
            help="serve a host from one namespace, or make sure that the owner of the other one agrees",
            related=((other.host_node, f"{first} claims it here"),),
            severity=Severity.WARNING,
        )


def _severity(graph: Graph, ingress: Ingress, earlier: Ingress) -> Severity | None:
    """How sure it is that one controller gets both: neither is a variant of the other, and a class is known."""
    if graph.are_alternatives(ingress, earlier):
        return Severity.NOTE
    return None if ingress is earlier or graph.ingress_classes.class_of(ingress) else Severity.WARNING
