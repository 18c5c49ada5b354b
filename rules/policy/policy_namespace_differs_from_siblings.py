"""NetworkPolicy is in another namespace than everything beside it.

All that lies in this directory is for one namespace, but for one policy, which names another. Such files are copied
from team to team, and one line was forgotten: the namespace that was meant stays open, and somebody else's gets a
policy that nobody there knows of. Set `metadata.namespace` to that of its neighbours; if it is meant for the other
namespace, keep it where that one's files are.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: orders}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: allow-same-namespace, namespace: orders}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-metrics
  namespace: payments  # finding: is in namespace 'payments', while all beside it is in 'orders'
spec: {podSelector: {}, ingress: [{ports: [{port: 9090}]}]}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: orders}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: allow-same-namespace, namespace: orders}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: allow-metrics, namespace: orders}
spec: {podSelector: {}, ingress: [{ports: [{port: 9090}]}]}
```

Does not fire when:

* anything else of the directory lives in the policy's namespace, or more than one other namespace is found there
* a policy beside it names no namespace: such files are meant for whichever they are applied to
* the directory has fewer than three policies, unless it is called like the one Namespace that it holds
* something that was not built may still set the namespace
* its pods are in exactly one other namespace; `policy-in-wrong-namespace` tells of that

References: NetworkPolicy API, `metadata.namespace`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Preset, Problem, Relation, Severity, rule
from k8snet_lint.kinds import NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint import Unresolved


@rule(
    severity=Severity.WARNING,
    evidence=Evidence.CONTRADICTION,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    strays = tuple(graph.strays)
    lost = {missing.source for missing in _lost(graph)} if strays else frozenset()
    for policy, home, witness in strays:
        if policy in lost:
            continue
        yield Problem(
            at=policy.metadata["namespace"],
            message=f"{policy} is in namespace '{policy.namespace}', while all beside it is in '{home}'",
            help=f"set metadata.namespace to '{home}', or move the file to where those of '{policy.namespace}' are",
            related=((witness.name_node, f"{witness} lies beside it"),),
        )


def _lost(graph: Graph) -> Iterator[Unresolved]:
    """The selectors whose pods are in another namespace."""
    for missing in graph.unresolved(Relation.SELECTS, NetworkPolicy):
        owners = [graph.owner(miss.node) for miss in missing.near]
        if any(owner is not None and owner.namespace != missing.source.namespace for owner in owners):
            yield missing
