"""Policy lies beside a kustomization that does not list it.

Kustomize builds what its `resources` list, not what lies in the directory. This file is listed nowhere, while others
beside it are: it is never applied, and the pods that it was written for are as open as without it. Add it to
`resources`, or delete it.

Bad:

```yaml
# file: kustomization.yaml
resources:
- service.yaml
# file: service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
# file: network-policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web  # finding: 'network-policy.yaml' is not listed
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
```

Good:

```yaml
# file: kustomization.yaml
resources:
- service.yaml
- network-policy.yaml
# file: service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
# file: network-policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
```

Does not fire when:

* the kustomization names the file elsewhere, be it in a comment: whoever comments it out knows of it
* another kustomization lists it, or this one lists no file of its own directory
* the file lies below a directory for examples, documentation or tests

References: Kustomize documentation: `resources`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Preset, Problem, Severity, quoted, rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    severity=Severity.WARNING,
    evidence=Evidence.CONTRADICTION,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for policy, kustomization in graph.orphans:
        file = policy.file.rpartition("/")[2]
        yield Problem(
            at=policy.name_node,
            message=f"{quoted(file)} is not listed by {kustomization} beside it, so that {policy} is never applied",
            help=f"add {file} to resources, or delete the file",
            related=((kustomization.node["resources"], "what is listed"),),
        )
