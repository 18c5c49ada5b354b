"""A mapping holds the same key twice.

`kubectl` silently keeps the last of the two, and stricter readers reject the manifest, so what the first one
says is lost at best. Mostly somebody added a key without seeing that it was there already: merge the two, or
delete the one that is not meant. The finding stands at the later key and points to the earlier one.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  labels: {app: web}
  labels: {tier: front}
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  labels: {app: web, tier: front}
```

References:

* YAML 1.2.2, 3.2.1.1: the keys of a mapping are unique
"""

from __future__ import annotations

from k8snet_lint import Severity, diagnostic

RULE = diagnostic(__name__, severity=Severity.ERROR, since="0.1")
