"""A kustomization says something that kustomize refuses.

A field that does not exist, an entry of the wrong kind, a JSON patch whose path leads nowhere: the build stops, and
nothing of what the kustomization lists is applied. The message says what is there and what was expected.

Bad:

```yaml
# file: kustomization.yaml
resources:
- service.yaml
nameprefix2: dev-  # finding: is no field of a kustomization
# file: service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
```

Good:

```yaml
# file: kustomization.yaml
resources:
- service.yaml
namePrefix: dev-
# file: service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
```

Does not fire when: the kustomization holds something that is not built here, such as charts or plugins that are
programs; what else may be wrong is not looked into then.

References:

* Kustomize documentation: the kustomization file
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Kustomization


@rule(severity=Severity.WARNING, since="0.1", evidence=Evidence.LOCAL)
def check(graph: Graph) -> Iterator[Problem]:
    for kustomization in graph.select(Kustomization):
        for flaw in kustomization.refused:
            yield Problem(
                at=flaw.at,
                message=f"{flaw.message}, so that {kustomization} does not build",
                help=flaw.help or "mend it as the message says; `kubectl kustomize` tells whether it builds",
                related=flaw.related,
                at_key=flaw.at_key,
            )
