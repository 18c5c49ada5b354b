"""Input does not parse.

A file, or one document of it, is no YAML or JSON that Kubernetes would read, so nothing in it was checked;
the documents that do parse still count. A run with such a finding ends with exit code 3, whatever
`--fail-on` says, as a check of half the input is no check. The message says what stands there and what was
expected; mend that place. Files that are no manifests at all belong under `exclude`.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
 namespace: shop
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
```

Does not fire when: the file is a template of a Helm chart. Templates are counted and named in the scope
report, and are checked once they are rendered: `helm template CHART | k8snet-lint check -`.

References:

* Kubernetes reads YAML as `sigs.k8s.io/yaml` does: one object a document, with the scalars of YAML 1.1
"""

from __future__ import annotations

from k8snet_lint import Severity, diagnostic

RULE = diagnostic(__name__, severity=Severity.ERROR, since="0.1")
