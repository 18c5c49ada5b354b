"""Ingress leads to a Service that does not exist.

The controller answers such requests with 503, or 404, and some drop the whole Ingress. A backend is looked up in the
namespace of the Ingress, or Route of OpenShift, only. Point it to a Service that is there, or create the one it names.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
  - http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: storefornt  # finding: no Service shop/storefornt
            port: {number: 80}
---
apiVersion: v1
kind: Service
metadata: {name: storefront, namespace: shop}
spec: {selector: {app: storefront}, ports: [{port: 80}]}
```

```yaml
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec:
  to: {kind: Service, name: storefornt}  # finding: Route/shop/web leads to a Service that is not there
---
apiVersion: v1
kind: Service
metadata: {name: storefront, namespace: shop}
spec:
  selector: {app: storefront}
  ports: [{port: 80}]
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
  - http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: storefront, port: {number: 80}}}}]
---
apiVersion: v1
kind: Service
metadata: {name: storefront, namespace: shop}
spec: {selector: {app: storefront}, ports: [{port: 80}]}
```

Does not fire when:

* the backend is a resource, or an action of the AWS Load Balancer Controller (port `use-annotation`);
* the Ingress only redirects (`permanent-redirect`, `temporal-redirect`, `request-redirect`, a `rewrite-target`
  that is a URL), so that no request gets to the backend;
* it only answers ACME challenges: cert-manager makes that Service when it is needed;
* an operator makes a Service of that name, or `assume.services` names it.

It is a note where the scanned files hold no Service of that namespace, or the name goes on from that of a custom
resource there (`cache-head-svc` of a RayCluster `cache`), of which an operator may make the Service.

References:

* Kubernetes API: `IngressServiceBackend.name`
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Relation, Severity, Unresolved, rule
from k8snet_lint.kinds import Ingress, OpenShiftRoute, Resource, Service

REDIRECTS = (
    "nginx.ingress.kubernetes.io/permanent-redirect",
    "nginx.ingress.kubernetes.io/temporal-redirect",
    "haproxy.org/request-redirect",
)
MOST_RELATED = 3


@rule(severity=Severity.WARNING, may_give=(Severity.ERROR,), since="0.1", evidence=Evidence.ABSENCE)
def check(graph: Graph) -> Iterator[Problem]:
    for source, wanted in _missing(graph).items():
        for first, *others in wanted.values():
            yield Problem(
                at=first.at,
                message=f"{source} leads to a Service that is not there: no Service {first.wanted}{first.meant}",
                help="point the backend to an existing Service of its namespace, or create this one",
                related=(
                    *graph.namesakes(Service, first.at.text),
                    *((other.at, "leads there too") for other in others[:MOST_RELATED]),
                ),
                absence=first.absence,
            )


def _missing(graph: Graph) -> dict[Ingress | OpenShiftRoute, dict[str, list[Unresolved]]]:
    """By Ingress or Route, the Services that it wants in vain, with every place where it does."""
    found: dict[Ingress | OpenShiftRoute, dict[str, list[Unresolved]]] = {}
    for missing in graph.unresolved(Relation.ROUTES_TO, Ingress, OpenShiftRoute):
        source = missing.source
        if isinstance(source, Ingress | OpenShiftRoute) and not source.is_acme_solver and not _only_redirects(source):
            found.setdefault(source, {}).setdefault(missing.wanted, []).append(missing)
    return found


def _only_redirects(source: Resource) -> bool:
    rewritten = source.annotations.get("nginx.ingress.kubernetes.io/rewrite-target", "")
    return rewritten.startswith(("http://", "https://")) or any(source.annotations.get(key) for key in REDIRECTS)
