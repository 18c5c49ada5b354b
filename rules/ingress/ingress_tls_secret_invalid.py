"""TLS Secret of an Ingress holds no certificate for its hosts.

The controller then serves a certificate of its own, which every client rejects, or does not serve the host at all.
Make the Secret anew as `kubernetes.io/tls` with `tls.crt` and `tls.key`, the certificate's subjectAltName naming each
host; better still, have cert-manager issue and renew it.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  tls: [{hosts: [shop.example.com], secretName: shop-tls}]
  defaultBackend: {service: {name: web, port: {number: 80}}}
---
apiVersion: v1
kind: Secret
metadata: {name: shop-tls, namespace: shop}
type: kubernetes.io/tls
data:  # finding: has no tls.key
  tls.crt: c2hvcA==
  tls.pem: c2hvcA==
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  tls: [{hosts: [shop.example.com], secretName: shop-tls}]
  defaultBackend: {service: {name: web, port: {number: 80}}}
---
apiVersion: v1
kind: Secret
metadata: {name: shop-tls, namespace: shop}
type: kubernetes.io/tls
data: {tls.crt: c2hvcA==, tls.key: c2hvcA==}
```

An error where a key is missing; a warning where the type is another, the certificate has expired, or it does not name
a host. The day is today's, or that of `SOURCE_DATE_EPOCH`.

Does not fire when:

* the values are encrypted (SOPS), copied from elsewhere, or filled in by an issuer, as annotations tell
* the certificate is a placeholder or a variable, so that nothing can be read in it

Does not see: whether the key fits the certificate, and who signed it.

References: Kubernetes documentation, *Secrets*, TLS Secrets; Ingress API, `tls[].secretName`; RFC 6125.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Ingress, IngressTLS, Secret


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.WARNING,),
    evidence=Evidence.CONTRADICTION,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    seen = set()
    for ingress in graph.select(Ingress):
        for entry in ingress.tls:
            for secret in graph.named(Secret, ingress.namespace, entry.secret.text, ingress):
                if not secret.is_filled_later:
                    if secret not in seen:
                        yield from _secret(ingress, entry, secret, graph.facts.today)
                    seen.add(secret)
                    yield from _hosts(graph, ingress, entry, secret)


def _secret(ingress: Ingress, entry: IngressTLS, secret: Secret, today: str) -> Iterator[Problem]:
    at, message, help_, severity = secret.certificate_node, "", "", Severity.WARNING
    if secret.lacking:
        at, message, severity = secret.node["data"], f"has no {' and no '.join(secret.lacking)}", Severity.ERROR
        help_ = "give it tls.crt and tls.key, or name another Secret"
    elif secret.type_name != "kubernetes.io/tls":
        at, message = secret.node["type"], f"is of type {secret.type_name}, not kubernetes.io/tls"
        help_ = "make it anew as kubernetes.io/tls; the type of a Secret cannot be changed"
    elif secret.certificate and secret.certificate.last_day < today:
        message = f"holds a certificate that has expired on {secret.certificate.last_day}"
        help_ = "put a current certificate into it, or have cert-manager renew it"
    if message:
        yield Problem(
            at=at,
            message=f"{secret}, which {ingress} serves TLS with, {message}",
            help=help_,
            related=((entry.secret, "named here"),),
            severity=severity,
            at_key=at.is_mapping,
        )


def _hosts(graph: Graph, ingress: Ingress, entry: IngressTLS, secret: Secret) -> Iterator[Problem]:
    if secret.certificate is not None and not secret.lacking:
        hosts = entry.hosts or tuple(dict.fromkeys(host.text for host in ingress.hosts if host.text))
        wrong = graph.ingress_tls.unnamed(secret.certificate, hosts)
        if wrong:
            named = ", ".join(secret.certificate.hosts[:4]) or "no host (it has no subjectAltName)"
            yield Problem(
                at=entry.secret,
                message=f"{ingress} serves {', '.join(wrong)} with the certificate of {secret}, which names {named}",
                help=f"have a certificate issued that names {', '.join(wrong)}",
                related=((secret.certificate_node, "the certificate"),),
                severity=Severity.WARNING,
            )
