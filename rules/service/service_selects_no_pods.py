"""Service selects no pods.

A Service without pods has no endpoints: its name resolves, and every connection to it fails. Most often a label was
renamed on one side only, or the Service and the workload are in different namespaces. Give the selector and the pod
template the same labels, in one namespace.

The pods may come from files that were not scanned. It is a warning where workloads of the Service's namespace were
scanned, an error where one of them almost matches, and otherwise a note that fails nothing, one for all Services with
the same selector. It is a note too beside a template that was not rendered, and where most selectors of the namespace,
and more than three, select nothing: then its workloads are applied from elsewhere.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector:
    app: webshpo  # finding: no workload in namespace 'shop' has app=webshpo
  ports: [{port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: webshop}
  template:
    metadata:
      labels: {app: webshop}
    spec:
      containers: [{name: web, image: nginx}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector:
    app: webshop
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: webshop, tier: front}}
spec:
  containers: [{name: web, image: nginx}]
```

A Service without a selector, whose endpoints are written by hand:

```yaml
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: shop}
spec:
  ports: [{port: 5432}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: ledger-1
  namespace: shop
  labels: {kubernetes.io/service-name: ledger}
addressType: IPv4
endpoints:
  - addresses: [10.20.0.7]
ports: [{port: 5432}]
```

Does not fire when:

* the Service has no selector, or is of type `ExternalName`
* an Endpoints or EndpointSlice object for it is among the scanned files
* its selector rests on labels that a controller adds to pods, such as `statefulset.kubernetes.io/pod-name`, or an
  operator's custom resource makes the pods
* it belongs to another API, such as a Knative `Service`

Does not see: pods that something outside the scanned files creates; in system namespaces, those of the cluster itself.

References: Service API, `spec.selector`; Kubernetes documentation, *Debug Services*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Absence, Evidence, Graph, Problem, Relation, Severity, rule
from k8snet_lint.kinds import Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint import Unresolved

SHOWN = 3


@rule(severity=Severity.WARNING, evidence=Evidence.ABSENCE, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    alike: dict[str, list[Unresolved]] = {}
    for missing in graph.unresolved(Relation.SELECTS, Service):
        if graph.sources(missing.source, Relation.BACKS):
            continue
        absence = _absence(graph, missing)
        if absence.covered or absence.near:
            yield _problem(missing, absence, ())
        else:
            alike.setdefault(missing.wanted, []).append(missing)
    for first, *others in alike.values():
        yield _problem(first, _absence(graph, first), others)


def _absence(graph: Graph, missing: Unresolved) -> Absence:
    """In a system namespace, the scanned workloads are never all there are."""
    if missing.source.namespace in graph.facts.system_namespaces and not graph.facts.assumed.complete:
        return Absence(covered=False, near=missing.near)
    return missing.absence


def _problem(missing: Unresolved, absence: Absence, others: Sequence[Unresolved]) -> Problem:
    service = missing.source
    where = f" in namespace '{service.namespace}'" if service.namespace else ""
    also = f", nor for {len(others)} more Service{'s' if len(others) > 1 else ''}" if others else ""
    return Problem(
        at=missing.at,
        message=f"{service} selects no pods: no workload{where} has {missing.wanted}{also}",
        help="give the selector and the labels of the pods that are meant the same values, in one namespace",
        absence=absence,
        related=tuple((other.at, f"{other.source} has the same selector") for other in others[:SHOWN]),
    )
