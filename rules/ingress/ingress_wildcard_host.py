"""Ingress claims every host.

A rule without a host, or for a whole top-level domain, answers for whatever name a request carries: for
hosts of other teams that are not routed yet, for names that somebody points to the cluster later, for bare
addresses that scanners try. Name the hosts; where a catch-all is wanted, keep it in one Ingress of a class
of its own and say so (option `allow`).

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
  - http:  # finding: its first rule is for every host
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
  - host: "*.internal"  # finding: *.internal, a whole top-level domain
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
```

An Ingress that only has a default backend is a note:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}  # finding: takes the requests that no other Ingress takes
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
  - host: "*.shop.example.com"
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
```

Does not fire when:

* the host is a bare `*`, which the API server rejects (`field-invalid`), or a variable stands for its domain
  (`*.${DOMAIN}`);
* the option `allow` names the Ingress, or the option `single-tenant` is set;
* the controller gives each Ingress an address of its own (GKE, Tailscale, AWS without `group.name`), so that it
  cannot take another's requests;
* the Ingress is the controller's own default backend, or only answers ACME challenges.

References:

* Kubernetes API: `IngressRule.host`
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import Ingress
from k8snet_lint.record import NamedTuple


class Options(NamedTuple):
    """Which catch-alls are meant.

    Shapes: `allow` are Ingresses as `namespace/name` or a bare name, both of which may hold `*`;
    `single_tenant` says that nobody else's hosts are served by the cluster.
    """

    allow: tuple[str, ...] = ()
    single_tenant: bool = False


@rule(severity=Severity.WARNING, may_give=(Severity.NOTE,), since="0.1", options=Options)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for ingress in graph.select(Ingress) if not options.single_tenant else ():
        is_meant = ingress.is_acme_solver or ingress.is_among(options.allow)
        if not is_meant and graph.ingress_classes.shares_address(ingress):
            yield from _catch_alls(ingress)


def _catch_alls(ingress: Ingress) -> Iterator[Problem]:
    for position, host in enumerate(ingress.hosts):
        if not host.text and not host:
            yield Problem(
                at=host,
                message=f"{ingress} claims every host: {_ordinal(position)} rule is for every host",
                help="give the rule the host that it is for",
            )
        elif host.text.startswith("*.") and host.text[2:].replace("-", "").isalnum():
            yield Problem(
                at=host,
                message=f"{ingress} claims every host below {host.text}, a whole top-level domain",
                help="name the hosts, or a wildcard below a domain of yours",
            )
    backend = ingress.default_backend
    if backend is not None and not ingress.hosts and "default" not in backend.service.text:
        yield Problem(
            at=backend.node,
            message=f"{ingress} claims every host: it takes the requests that no other Ingress takes",
            help="give the Ingress a rule with the host that it is for",
            severity=Severity.NOTE,
        )


def _ordinal(position: int) -> str:
    return ("its first", "its second", "its third")[position] if position < 3 else f"its {position + 1}th"
