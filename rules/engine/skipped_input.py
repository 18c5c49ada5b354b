"""Input was recognised, but not checked.

Charts that were not rendered, patches, values files and other YAML that is no manifest are not judged as if
they were: that would only give false alarms. What was left out is counted in the scope report, so that
silence is not mistaken for approval; under the preset `strict`, each kustomization or chart that was not built, or
not in full, is a finding, too. Check what is built from it instead:
`helm template CHART | k8snet-lint check -`, or `kubectl kustomize DIR | k8snet-lint check -`. With
`strict-inputs` such inputs make the exit code 3.

Skipped, a patch for `kustomize`:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 3}
```

Checked, the whole object:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: shop/web:1}]}
```
"""

from __future__ import annotations

from k8snet_lint import Severity, diagnostic

RULE = diagnostic(__name__, severity=Severity.NOTE, since="0.1", presets=())
