"""A kustomization names a file that does not exist.

Kustomize refuses to build it, and with it every overlay that builds on it: nothing of what it lists is applied,
however right the other files are. Mostly the file was renamed, or the name is misspelt, or the file was never
committed. Name the file as it is called, or take the entry away.

Bad:

```yaml
# file: kustomization.yaml
resources:
- service.yaml
- network-polciy.yaml  # finding: 'network-polciy.yaml' does not exist
# file: service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
# file: network-policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
```

Good:

```yaml
# file: kustomization.yaml
resources:
- service.yaml
patches:
- path: patches/port.yaml
# file: service.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
# file: patches/port.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: ClusterIP}
```

A directory without a kustomization counts as missing: kustomize finds nothing in it to build.

Does not fire when:

* the entry is remote, such as a URL or a repository;
* the file is one of a `secretGenerator`, or is called `.env`: such files are kept out of repositories on purpose;
* a `.gitignore` among what is checked names it: something makes it before a build;
* a template of it lies beside it, such as `db.yaml.template` or `db.example.yaml`;
* the file is there, but an `exclude` of the configuration leaves it out.

References:

* Kustomize documentation: `resources`, `components`, `patches`, `configMapGenerator`
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Node, Problem, Severity, rule
from k8snet_lint.kinds import Kustomization


@rule(severity=Severity.ERROR, since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    for kustomization in graph.select(Kustomization):
        for flaw in kustomization.missing:
            if not _is_kept_out(flaw.at):
                yield Problem(
                    at=flaw.at,
                    message=f"{flaw.message}, so that {kustomization} does not build",
                    help=flaw.help or "create the file, or take the entry away",
                )


def _is_kept_out(entry: Node) -> bool:
    """Whether an entry names what hardly anybody commits: secrets, and the settings of one machine."""
    name = entry.text.rpartition("/")[2].rpartition("=")[2]
    return entry.path[:1] == ("secretGenerator",) or name == ".env" or name.startswith(".env.")
