"""Suppression does not say why.

Whoever meets an accepted finding later has to guess whether it still is acceptable. Write the reason after
the rule's id: in a comment after the bracket, in an annotation after the colon, in the configuration under
`reason`; an entry of the configuration may have an `expires` date as well. Asked for only where the
configuration says `require-reason: true`.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort  # k8snet-lint: ignore[service-node-port]
  ports: [{port: 80}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations:
    k8snet-lint.io/ignore: "service-node-port: until the gateway is there"
spec:
  type: NodePort
  ports: [{port: 80}]
```
"""

from __future__ import annotations

from k8snet_lint import Severity, diagnostic

RULE = diagnostic(__name__, severity=Severity.NOTE, since="0.1")
