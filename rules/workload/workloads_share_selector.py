"""Two workloads select each other's pods.

A Deployment or StatefulSet finds its pods by its selector, and these two find the same ones. Each adopts pods of the
other that have lost their owner; autoscalers and disruption budgets count the pods of both, `kubectl logs` mixes them,
and Services with these labels send traffic to both. Give the selector and the template of each a label that the other
lacks. The selector of a Deployment or StatefulSet cannot be changed: it has to be made anew.

Bad:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop, part: web}}
    spec: {containers: [{name: web, image: web}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker, namespace: shop}
spec:
  selector: {matchLabels: {app: shop}}  # finding: and Deployment/shop/web select each other's pods
  template:
    metadata: {labels: {app: shop, part: worker}}
    spec: {containers: [{name: worker, image: worker}]}
```

Good:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: shop, part: web}}
  template:
    metadata: {labels: {app: shop, part: web}}
    spec: {containers: [{name: web, image: web}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker, namespace: shop}
spec:
  selector: {matchLabels: {app: shop, part: worker}}
  template:
    metadata: {labels: {app: shop, part: worker}}
    spec: {containers: [{name: worker, image: worker}]}
```

Does not fire when:

* only one of the two selects the other's pods
* the two are in no namespace or in `default`, and neither one file nor one build holds both: examples are like that;
  or so where a variable stands in the selector (`${APP}`), which may be another one for each
* their files describe some object differently, so that hardly both are applied

References: Kubernetes documentation, *Deployments*: do not overlap labels or selectors with other controllers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = frozenset({"Deployment", "StatefulSet"})


@rule(severity=Severity.WARNING, evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for workload in graph.select(Workload):
        rival = _earlier(graph, workload) if workload.kind in KINDS else None
        if rival is not None:
            yield Problem(
                at=workload.spec["selector"],
                at_key=True,
                message=f"{workload} and {rival} select each other's pods",
                help=f"give selector and template of {workload.name} and of {rival.name} a label that tells them apart",
                related=((rival.spec["selector"], f"the selector of {rival}"),),
            )


def _earlier(graph: Graph, workload: Workload) -> Workload | None:
    """The first of the workloads before this one whose pods it selects, and that selects its own."""
    selector = workload.selector
    if selector.is_empty or selector.invalid or not selector.matches(workload.pod_labels):
        return None
    for other in graph.pods(workload.namespace).matching(selector):
        if other is workload:
            return None
        if (
            other.kind in KINDS
            and (other.name != workload.name or other.kind != workload.kind)
            and other.selector.matches(workload.pod_labels)
            and _are_together(graph, other, workload)
        ):
            return other
    return None


def _are_together(graph: Graph, one: Workload, other: Workload) -> bool:
    """Whether both are applied to one cluster, side by side."""
    may_differ = one.namespace in ("", "default") or one.selector.is_unfinished
    loose = may_differ and not one.is_applied_with(other)
    return not (loose or one.selector.is_empty or graph.are_alternatives(one, other))
