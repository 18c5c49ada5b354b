"""Ingress has TLS, but none for one of its hosts.

The controller answers for that host with a certificate of another name, which browsers refuse, or in the
clear. Add the host to `spec.tls[].hosts`, or use an entry `*.parent` and a certificate for it: a wildcard
stands for exactly one label, so `*.example.com` covers `shop.example.com`, but neither `example.com` nor
`a.shop.example.com`.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  tls: [{hosts: ["*.example.com"], secretName: wildcard-tls}]
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
  - host: example.com  # finding: its TLS entries are for *.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  tls: [{hosts: [example.com, "*.example.com"], secretName: wildcard-tls}]
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
  - host: example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
```

Does not fire when:

* a TLS entry names no hosts, or the rule is for every host;
* an annotation, the class or the configuration says that the controller serves TLS without such entries,
  or that the class is internal, as on the page of `ingress-without-tls`;
* another Ingress of the same class has TLS for that host, and the controller serves a host by one server;
* the Ingress only answers ACME challenges;
* the host is no host name: `field-invalid` tells of what the API server rejects;
* the host, or one of a TLS entry, is still to be filled in (`shop.${DOMAIN}`).

References:

* Kubernetes API: `IngressTLS.hosts`
* RFC 6125, 6.4.3: one label a wildcard
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Node, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Ingress

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
SHOWN = 4
"""How many hosts a message lists."""


@rule(severity=Severity.WARNING, since="0.1", presets=(Preset.RECOMMENDED, Preset.SECURITY))
def check(graph: Graph) -> Iterator[Problem]:
    for ingress in graph.select(Ingress):
        if ingress.tls and not ingress.is_acme_solver and not _has_other_tls(graph, ingress):
            named = _named(ingress)
            for host in _uncovered(graph, ingress):
                yield Problem(
                    at=host,
                    message=f"{ingress} has no TLS for {host.text}; its TLS entries are for {named}",
                    help=f"add {host.text} to the hosts of a TLS entry whose certificate is for it",
                    related=((ingress.tls[0].node["hosts"], "the hosts that have TLS"),),
                )


def _has_other_tls(graph: Graph, ingress: Ingress) -> bool:
    return graph.ingress_classes.is_internal(ingress) or graph.ingress_tls.is_told(ingress)


def _named(ingress: Ingress) -> str:
    """The hosts that the TLS entries are for."""
    hosts = sorted({each for entry in ingress.tls for each in entry.hosts})
    more = f" and {len(hosts) - SHOWN:,} more" if len(hosts) > SHOWN else ""
    return f"{', '.join(hosts[:SHOWN])}{more}"


def _uncovered(graph: Graph, ingress: Ingress) -> Iterator[Node]:
    """The first place of each host that nothing has TLS for."""
    seen = {""}
    if not all(_is_name(each) for entry in ingress.tls for each in entry.hosts):
        return  # what is filled in there may be any host
    for host in ingress.hosts:
        if host.text not in seen and _is_name(host.text) and not graph.ingress_tls.is_served(ingress, host.text):
            yield host
        seen.add(host.text)


def _is_name(host: str) -> bool:
    return LETTERS.issuperset(host.lower().removeprefix("*."))
