"""Ingress leads out of the cluster by an alias.

Whoever may write a Service can make the alias point to any host that the controller reaches: the cloud's metadata
server, an administration page, or a Service of another namespace that no policy lets them use. Several controllers
refuse such backends by default. Lead to a Service without a selector whose EndpointSlice has the outside addresses, or
to an egress gateway.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: legacy, port: {number: 443}}}  # finding: alias for 'legacy.example.com'
---
apiVersion: v1
kind: Service
metadata: {name: legacy, namespace: shop}
spec: {type: ExternalName, externalName: legacy.example.com}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: legacy, port: {number: 443}}}
---
apiVersion: v1
kind: Service
metadata: {name: legacy, namespace: shop}
spec: {ports: [{port: 443}]}
```

A note where the alias is for a Service of another namespace, which is how an Ingress leads there:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop-oauth2, namespace: shop}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: oauth2-proxy, port: {number: 80}}}  # finding: out of its namespace
---
apiVersion: v1
kind: Service
metadata: {name: oauth2-proxy, namespace: shop}
spec: {type: ExternalName, externalName: oauth2-proxy.auth.svc.cluster.local}
```

Does not fire when:

* the host is one of `allowed`, whose patterns may hold `*`, or a Service of the same namespace

References: Service API, `spec.externalName`; Traefik, `allowExternalNameServices`; Contour,
`enableExternalNameService`.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Node, Preset, Problem, Relation, Severity, quoted, rule
from k8snet_lint.kinds import Ingress, Service
from k8snet_lint.record import NamedTuple


class Options(NamedTuple):
    """`allowed` are host names, with `*` for any characters, that Ingresses may lead to by an alias."""

    allowed: tuple[str, ...] = ()


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    evidence=Evidence.CONTRADICTION,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
    options=Options,
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for ingress in graph.select(Ingress):
        seen = set()
        for edge in graph.targets(ingress, Relation.ROUTES_TO):
            service = edge.target
            if isinstance(service, Service) and service.alias and service not in seen:
                seen.add(service)
                namespace, _ = service.alias.service(graph.facts.cluster_domain)
                is_inside = bool(namespace) and namespace == service.namespace
                if not is_inside and not service.alias.is_among(options.allowed):
                    yield _problem(ingress, edge.at, service, service.alias.node, namespace)


def _problem(ingress: Ingress, at: Node, service: Service, host: Node, namespace: str) -> Problem:
    out, help_ = "the cluster", f"lead to a Service whose EndpointSlice has the addresses of {host.text or 'that host'}"
    if namespace:
        out, help_ = "its namespace", f"write this part of the Ingress in namespace {namespace}"
    return Problem(
        at=at,
        message=f"{ingress} leads out of {out}: {service} is an alias for {quoted(host.text)}",
        help=help_,
        severity=Severity.NOTE if namespace else None,
        related=((host, "the alias"),),
    )
