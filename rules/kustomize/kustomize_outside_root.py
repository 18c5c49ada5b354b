"""A kustomization names a file that lies outside of its directory.

Kustomize reads files in or below the directory of the kustomization only (its load restriction), so that a build does
not depend on where the directory lies; it refuses all others. Directories may lie elsewhere: give the directory
of the file a kustomization that lists it, and list the directory.

Bad:

```yaml
# file: shared/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec: {podSelector: {}, policyTypes: [Ingress]}
# file: app/kustomization.yaml
resources:
- ../shared/policy.yaml  # finding: lies outside
```

Good:

```yaml
# file: shared/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec: {podSelector: {}, policyTypes: [Ingress]}
# file: shared/kustomization.yaml
resources:
- policy.yaml
# file: app/kustomization.yaml
resources:
- ../shared
```

Does not see: `--load-restrictor LoadRestrictionsNone`, with which kustomize builds it all the same.

References:

* Kustomize documentation: load restrictions
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Kustomization


@rule(severity=Severity.ERROR, since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    for kustomization in graph.select(Kustomization):
        for flaw in kustomization.outside:
            yield Problem(
                at=flaw.at,
                message=f"{flaw.message}, so that {kustomization} does not build",
                help="list the file in a kustomization of its own directory, and list that directory here",
            )
