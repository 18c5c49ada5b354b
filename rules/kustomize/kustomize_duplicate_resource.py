"""A kustomization adds an object twice.

Two entries bring an object of the same apiVersion, kind, namespace and name. Kustomize does not let one win: it
refuses to build any of it. Mostly a base is listed twice, by two ways, or a file was copied into an overlay to be
changed there. List it once, and change it with a patch.

Bad:

```yaml
# file: kustomization.yaml
resources:
- service.yaml
- copy.yaml  # finding: adds Service/web again
# file: service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
# file: copy.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 8080}]}
```

Good:

```yaml
# file: kustomization.yaml
resources:
- service.yaml
patches:
- path: port.yaml
# file: service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
# file: port.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 8080}]}
```

References:

* Kustomize documentation: `resources`, `behavior` of generators
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Kustomization


@rule(severity=Severity.ERROR, since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    for kustomization in graph.select(Kustomization):
        for flaw in kustomization.repeated:
            yield Problem(
                at=flaw.at,
                message=f"{flaw.message}, so that {kustomization} does not build",
                help="list the object once, and change it with a patch",
                related=flaw.related,
            )
