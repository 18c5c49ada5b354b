"""Suppression has no effect.

A comment, an annotation or an entry of the configuration accepts a finding that is not there: the mistake was
mended, the rule's id is misspelt, the comment stands on another line, or the entry has expired. Left in
place it would silently accept the same mistake when somebody makes it again. Delete it, or mend what it
names; the message says which of these it is.

Bad, where the Service no longer is a `NodePort`:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: ClusterIP  # k8snet-lint: ignore[service-node-port] until the gateway is there
  ports: [{port: 80}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort  # k8snet-lint: ignore[service-node-port] until the gateway is there
  ports: [{port: 80}]
```

Does not fire when: the rule that is suppressed is not among those that run.
"""

from __future__ import annotations

from k8snet_lint import Severity, diagnostic

RULE = diagnostic(__name__, severity=Severity.WARNING, since="0.1")
