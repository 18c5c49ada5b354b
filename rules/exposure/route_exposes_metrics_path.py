"""Route publishes metrics, profiles or management endpoints.

`/metrics` tells strangers versions, names and load; `/debug/pprof` and `/actuator` give away memory, settings and
secrets, and let them be changed. Prometheus scrapes pods from within the cluster and needs no route. Take the path out,
or serve it by a class or a listener that the Internet does not reach.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  hostnames: [shop.example.com]
  rules:
  - matches:
    - path: {type: PathPrefix, value: /actuator}  # finding: publishes /actuator
    backendRefs: [{name: web, port: 80}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
  - host: metrics.example.com
    http:
      paths:
      - path: /  # finding: of a port named 'metrics'
        pathType: Prefix
        backend: {service: {name: web, port: {name: metrics}}}
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: edge-internal, namespace: infra}]
  hostnames: [shop.example.com]
  rules: [{matches: [{path: {value: /metrics}}], backendRefs: [{name: web, port: 80}]}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
  - host: shop.example.com
    http: {paths: [{path: /actuator/health, pathType: Exact, backend: {service: {name: web, port: {number: 80}}}}]}
```

Does not fire when:

* the class, the Gateway, the host or the namespace is internal by name or configuration
  (`cluster.internal-ingress-classes`), an annotation admits certain addresses only, or credentials are
  asked for, by an annotation, a filter of the route or a policy for it or its Gateway;
* the path is a health endpoint, such as `/actuator/health`;
* the route's parent is a Service, for traffic within a mesh, or the rule redirects.

Does not see: a `/` that leads to a port which serves metrics beside other things.

References: Prometheus documentation, *Security Model*; Go, `net/http/pprof`; Spring Boot documentation, *Actuator
Endpoints*.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Node, Preset, Problem, Resource, Severity, rule

OPEN = ("/metrics", "/debug/pprof", "/actuator")
HEALTH = ("/actuator/health", "/actuator/info")


@rule(severity=Severity.WARNING, since="0.1", presets=(Preset.RECOMMENDED, Preset.SECURITY))
def check(graph: Graph) -> Iterator[Problem]:
    for opener, at, path, port in graph.published_paths:
        what = _published(path, port)
        if what and graph.publicity.is_public(opener) and not graph.publicity.may_authenticate(opener):
            yield _problem(opener, at, what)


def _problem(opener: Resource, at: Node, what: str) -> Problem:
    return Problem(
        at=at,
        message=f"{opener} publishes {what}",
        help="take the path out, or serve it by an internal class or listener only",
    )


def _published(path: str, port: str) -> str:
    path = path.rstrip("/") or "/"
    if any(path == each or path.startswith(f"{each}/") for each in OPEN) and not path.startswith(HEALTH):
        return path
    return f"/ of a port named '{port}'" if path == "/" and "metrics" in port.split("-") else ""
