"""A kustomization leads back to itself.

Kustomize refuses to build a directory that it is already in: an overlay that lists its own base's root, two overlays
that list each other, or an overlay that lists a directory which it lies in itself. Put what both need into a
directory of its own, beside them, and list that from each.

Bad:

```yaml
# file: base/kustomization.yaml
resources:
- service.yaml
- ../overlay
# file: base/service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
# file: overlay/kustomization.yaml
namePrefix: dev-
resources:
- ../base  # finding: leads back to
```

Good:

```yaml
# file: base/kustomization.yaml
resources:
- service.yaml
# file: base/service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
# file: overlay/kustomization.yaml
namePrefix: dev-
resources:
- ../base
```

Does not see: circles through remote bases.

References:

* Kustomize documentation: `resources`
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Kustomization


@rule(severity=Severity.ERROR, since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    for kustomization in graph.select(Kustomization):
        for flaw in kustomization.circular:
            yield Problem(
                at=flaw.at,
                message=f"{flaw.message}, so that {kustomization} does not build",
                help="put what both need into a directory beside them, and list that from each",
            )
