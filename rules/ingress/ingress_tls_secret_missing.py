"""Ingress names a TLS Secret that nothing makes.

Without the Secret the controller has no certificate for these hosts: ingress-nginx falls back on a
self-signed one, others do not serve the host at all. Create the Secret, of type `kubernetes.io/tls`, in the
Ingress's own namespace, have cert-manager issue it, or tell the configuration that somebody else makes it
(`assume.secrets`). Since Secrets are rightly kept out of most repositories, this stays a note, one for
all Ingresses that name it, unless a Secret of nearly that name is there, or the scanned files are said to
be complete.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  tls:
  - hosts: [shop.example.com]
    secretName: shop-tls-cert  # finding: no Secret shop/shop-tls-cert
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
---
apiVersion: v1
kind: Secret
metadata: {name: shop-tls-crt, namespace: shop}
type: kubernetes.io/tls
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  tls: [{hosts: [shop.example.com], secretName: shop-tls}]
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: shop, namespace: shop}
spec:
  secretName: shop-tls
  dnsNames: [shop.example.com]
  issuerRef: {name: letsencrypt, kind: ClusterIssuer}
```

An annotation that has cert-manager issue the certificate is as good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations: {cert-manager.io/cluster-issuer: letsencrypt}
spec:
  ingressClassName: nginx
  tls: [{hosts: [shop.example.com], secretName: shop-tls}]
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
```

Does not fire when:

* an annotation has cert-manager, Gardener, a key vault or Contour's delegation supply the certificate;
* a Certificate, ExternalSecret, SealedSecret, SecretProviderClass, `secretGenerator` or the like makes a Secret of that
  name;
* a Secret of that name is copied from another namespace by Reflector, Replicator or kubed;
* `assume.secrets` names it, or `secretName` is left out or empty, for the controller's own certificate.

References:

* Kubernetes API: `IngressTLS.secretName`
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Preset, Problem, Relation, Severity, Unresolved, rule
from k8snet_lint.kinds import Ingress, Resource

MOST_RELATED = 3


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.ERROR,),
    since="0.1",
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
)
def check(graph: Graph) -> Iterator[Problem]:
    once: dict[tuple[Resource, str], Unresolved] = {}
    for each in graph.unresolved(Relation.REFERS_TO, Ingress):
        if each.kind == "Secret":
            once.setdefault((each.source, each.wanted), each)
    for missing, *others in Unresolved.alike(once.values()):
        also = f", as {len(others)} more Ingress{'es do' if len(others) > 1 else ' does'}" if others else ""
        yield Problem(
            at=missing.at,
            message=f"{missing.source} names a TLS Secret that is not there{also}: no Secret {missing.wanted}"
            + missing.meant,
            help=f"create Secret {missing.wanted} of type kubernetes.io/tls, or name it under assume.secrets",
            related=tuple((other.at, f"{other.source} names it too") for other in others[:MOST_RELATED]),
            absence=missing.absence,
        )
