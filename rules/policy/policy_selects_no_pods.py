"""Policy selects no pods.

A policy that selects nothing isolates nothing and allows nothing: the pods that it was written for are as open, or as
closed, as without it. Most often a label was renamed on one side only. Give `podSelector` and the pods' labels the
same values.

The policies of Cilium are judged alike: those of one namespace by its pods, CiliumClusterwideNetworkPolicies by the
pods of all, or of the namespace that stands among the labels. So are Calico's, as far as their selectors are no more
than labels that have to be there, or not.

The pods may come from files that were not scanned. It is a warning where workloads of the policy's namespace were
scanned, an error where one of them almost matches, and otherwise a note that fails nothing; a note too beside a
template that was not rendered; where a label's value goes on from the name of a custom resource there, of which an
operator may make the pods; and where most selectors of the namespace, and more than three, select nothing: then its
workloads are applied from elsewhere; and for a label by which pods opt in (`internet: "true"`).

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector:
    matchLabels:
      app: catalogue  # finding: selects no pods: no workload in namespace 'shop' has app=catalogue
  policyTypes: [Ingress]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: catalog, namespace: shop}
spec:
  selector: {matchLabels: {app: catalog}}
  template:
    metadata: {labels: {app: catalog}}
    spec: {containers: [{name: catalog, image: catalog}]}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector:
    matchExpressions:
      - {key: app, operator: In, values: [catalog, search]}
  policyTypes: [Ingress]
---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {name: catalog}
spec:
  endpointSelector:
    matchLabels: {k8s:io.kubernetes.pod.namespace: shop, app: catalog}
  ingress: [{fromEntities: [cluster]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: catalog, namespace: shop}
spec:
  selector: {matchLabels: {app: catalog}}
  template:
    metadata: {labels: {app: catalog}}
    spec: {containers: [{name: catalog, image: catalog}]}
```

Does not fire when:

* the selector is empty: it means every pod of the namespace, be there any or none
* it rests on labels that a controller adds to pods, such as `batch.kubernetes.io/job-name`, on a text that is still to
  be filled in (`${APP}`), or an operator's custom resource makes the pods
* the API server rejects the selector; `policy-field-invalid` tells of that, `cilium-policy-invalid` for Cilium's
* its pods are in exactly one other namespace; `policy-in-wrong-namespace` tells of that

Does not see: pods that something outside the scanned files creates. Labels of a program's own domain, such as
`longhorn.io/component`, that no pod of the namespace has are taken for those of pods that it makes: a note.

References: NetworkPolicy API, `spec.podSelector`; Cilium documentation, *Endpoint selector*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Relation, Severity, Unresolved, rule
from k8snet_lint.kinds import EnginePolicy, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 3


@rule(severity=Severity.WARNING, evidence=Evidence.ABSENCE, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for missing, *others in Unresolved.alike(graph.unresolved(Relation.SELECTS, NetworkPolicy, EnginePolicy)):
        policy = missing.source
        what = "namespace" if missing.kind == "Namespace" else "workload"
        where = f" in namespace '{policy.namespace}'" if policy.namespace else ""
        also = f", nor for {len(others)} more {'policies' if len(others) > 1 else 'policy'}" if others else ""
        field = "podSelector" if isinstance(policy, NetworkPolicy) else "its selector"
        yield Problem(
            at=missing.at,
            message=f"{policy} selects no pods: no {what}{where} has {missing.wanted}{also}",
            help=f"give {field} and the labels of the pods that are meant the same values",
            absence=missing.absence,
            related=(
                *((each.node, each.text) for each in missing.homeless),
                *((other.at, f"{other.source} has the same selector") for other in others[:SHOWN]),
            ),
        )
