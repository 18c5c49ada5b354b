"""A patch of a kustomization changes nothing.

A patch that names its object by apiVersion, kind and name stops the build where no such object is there. One with a
`target` that selects nothing is passed over in silence: the port, the policy or the label that it was to change stays
as it was. Mostly the object was renamed, or lives in another namespace than the patch says. Name what is there.

Bad:

```yaml
# file: kustomization.yaml
resources:
- policy.yaml
patches:
- path: deny.yaml
  target: {kind: NetworkPolicy, name: api-polciy}  # finding: no object has kind NetworkPolicy, name api-polciy
# file: policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api-policy}
spec: {podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}
# file: deny.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: any}
spec: {policyTypes: [Ingress, Egress]}
```

Good:

```yaml
# file: kustomization.yaml
resources:
- policy.yaml
patches:
- path: deny.yaml
  target: {kind: NetworkPolicy, name: api-.*}
# file: policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api-policy}
spec: {podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}
# file: deny.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: any}
spec: {policyTypes: [Ingress, Egress]}
```

It is an error where the build stops, which goes for counts of `replicas` and for generators that are to be merged
into an object as well.

It is a note where the target tells no name and no labels: such a patch is for whatever may be there.

Does not fire when:

* the patch is of a base or component that several roots build, and finds its object in one of them;
* objects of the patch's kind were not read, as no rule judges them.

References:

* Kustomize documentation: `patches`, `patchesStrategicMerge`, `replicas`
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Node, Problem, Severity, rule
from k8snet_lint.kinds import Kustomization

NARROWING = ("name", "labelSelector", "annotationSelector")


@rule(severity=Severity.WARNING, may_give=(Severity.ERROR, Severity.NOTE), since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    views: dict[int, int] = {}
    unmet: dict[tuple[int, tuple[str | int, ...]], int] = {}
    for kustomization in graph.select(Kustomization):
        document = id(kustomization.node.document)
        views[document] = views.get(document, 0) + 1
        for path in {flaw.at.path for flaw in kustomization.without_target}:
            unmet[document, path] = unmet.get((document, path), 0) + 1
    for kustomization in graph.select(Kustomization):
        document = id(kustomization.node.document)
        for flaw in kustomization.without_target:
            if flaw.stops or unmet[document, flaw.at.path] == views[document]:
                stop = f", so that {kustomization} does not build"
                yield Problem(
                    at=flaw.at,
                    message=f"{flaw.message}{stop}" if flaw.stops else flaw.message,
                    help=flaw.help or "name an object that the kustomization applies, or take the entry away",
                    related=flaw.related,
                    severity=Severity.ERROR if flaw.stops else _severity(flaw.at),
                )


def _severity(target: Node) -> Severity | None:
    """A note for a target of a kind alone, such as a base or component has for whatever may be there."""
    return None if any(target[key] for key in NARROWING) else Severity.NOTE
