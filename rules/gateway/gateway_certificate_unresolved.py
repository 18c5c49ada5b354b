"""Listener names a certificate that nothing makes, or that is none.

Without its certificate the listener is not programmed (`InvalidCertificateRef`), and every connection to it fails. A
certificate is a Secret of type `kubernetes.io/tls` with `tls.crt` and `tls.key`, in the Gateway's own namespace unless
a ReferenceGrant allows another. Create it, have cert-manager issue it, or say who makes it (`assume.secrets`). Since
Secrets are rightly kept out of most repositories, a missing one stays a note unless one of nearly that name is there.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop, namespace: infra}
spec:
  gatewayClassName: example
  listeners:
  - name: https
    port: 443
    protocol: HTTPS
    tls:
      certificateRefs:
      - name: shop-tls-crt  # finding: no Secret infra/shop-tls-crt
      - name: login  # finding: is of type Opaque and lacks tls.key
---
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: infra}
stringData: {tls.crt: certificate}
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop, namespace: infra}
spec:
  gatewayClassName: example
  listeners:
  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{kind: Secret, name: shop-tls}]}}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: shop, namespace: infra}
spec:
  secretName: shop-tls
  dnsNames: [shop.example.com]
  issuerRef: {name: letsencrypt, kind: ClusterIssuer}
```

Does not fire when:

* an annotation, a Certificate, ExternalSecret, SealedSecret or the like makes the Secret, or a copier brings it;
* `assume.secrets` names it; the listener passes TLS through;
* it is in another namespace and the reference is not granted, which `reference-not-granted` tells;
* the Secret's content is encrypted, or filled in for a variable or by somebody whom an annotation names; or it is left
  out of the files, and the type is not `kubernetes.io/tls`, which the API server takes with its keys only.

A reference of another kind than Secret is a note: only some controllers know it.

References:

* Gateway API: `ListenerTLSConfig.certificateRefs`, reason `InvalidCertificateRef`
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Preset, Problem, Relation, Severity, Unresolved, rule
from k8snet_lint.kinds import ListenerHolder, Secret

MOST_RELATED = 3


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE, Severity.ERROR),
    since="0.1",
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
)
def check(graph: Graph) -> Iterator[Problem]:
    for missing, *others in Unresolved.alike(_wanted(graph)):
        also = f", as {len(others)} more listener{'s do' if len(others) > 1 else ' does'}" if others else ""
        yield Problem(
            at=missing.at,
            message=f"{missing.source} names a missing certificate{also}: no Secret {missing.wanted}{missing.meant}",
            help=f"create Secret {missing.wanted} of type kubernetes.io/tls, or name it under assume.secrets",
            related=tuple((other.at, f"{other.source} names it too") for other in others[:MOST_RELATED]),
            absence=missing.absence,
        )
    for holder in graph.select(ListenerHolder):
        for edge in graph.targets(holder, Relation.REFERS_TO):
            if isinstance(edge.target, Secret) and edge.target.fault and not edge.target.is_filled_later:
                secret = edge.target
                yield Problem(
                    at=edge.at,
                    message=f"{holder} names {secret} as certificate, which {secret.fault}",
                    help=f"make {secret} one of type kubernetes.io/tls, with tls.crt and tls.key",
                    related=((secret.name_node, "the Secret"),),
                    severity=Severity.ERROR if secret.lacking else None,
                )
        for ref in (each for listener in holder.listeners for each in listener.certificates):
            if not ref.is_secret:
                what = f"{ref.kind} of the API group '{ref.group}'" if ref.group else ref.kind
                yield Problem(
                    at=ref.node["group" if ref.group else "kind"],
                    message=f"{holder} names a {what} as certificate; every controller knows core Secrets only",
                    help="leave group and kind out for a Secret, or make sure that the controller knows this kind",
                    severity=Severity.NOTE,
                )


def _wanted(graph: Graph) -> Iterator[Unresolved]:
    """The Secrets that are not there, but for those of which the files tell nothing and no grant allows the use."""
    refused = {each.target.node["name"] for each in graph.grants.refused}
    for each in graph.unresolved(Relation.REFERS_TO, ListenerHolder):
        if each.kind == "Secret" and (each.covered or each.near or each.at not in refused):
            yield each
