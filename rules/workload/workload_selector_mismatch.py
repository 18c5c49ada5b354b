"""Workload's selector does not select its own pods.

The API server rejects a Deployment, StatefulSet, DaemonSet or ReplicaSet whose `spec.selector` does not match
the labels of its pod template, or that has none: it would not know its own pods again, and make new ones
without end. Bring the two together. The selector of an object that exists cannot be changed, so change the
template's labels, or delete and recreate the object.

Bad:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels:
      app: wbe  # finding: wants app=wbe, but its pods have app=web
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: shop/web:1}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:  # finding: has no selector
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: shop/api:1}]}
```

Good:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
    matchExpressions: [{key: tier, operator: NotIn, values: [batch]}]
  template:
    metadata: {labels: {app: web, version: v1}}
    spec: {containers: [{name: web, image: shop/web:1}]}
---
apiVersion: v1
kind: ReplicationController
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: shop/api:1}]}
```

Does not fire when:

* a missing selector is made of the template's labels: for a ReplicationController, or a version before `apps/v1`;
* a selector is missing from what may be a part of an object: a patch, or a base that Kustomize still completes;
* the kind makes its own selector, as a Job does;
* the label is still to be filled in, in one of the two (`${APP}`).

References: Kubernetes API server, `ValidateDeployment`, "`selector` does not match template `labels`"
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Node, Problem, Severity, rule
from k8snet_lint.kinds import Workload

KINDS = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "DeploymentConfig", "Rollout"}
)
GROUPS = frozenset({"", "apps", "extensions", "apps.openshift.io", "argoproj.io"})


@rule(severity=Severity.ERROR, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for workload in graph.select(Workload):
        problem = _problem(workload) if workload.kind in KINDS and workload.group in GROUPS else None
        if problem is not None:
            yield problem


def _problem(workload: Workload) -> Problem | None:
    written, selector = workload.spec["selector"], workload.selector
    if selector.invalid:
        message = f"{workload} has a selector that the API server rejects: {selector.invalid}"
        return Problem(at=written, message=message, help="mend the expression")
    if selector.is_empty:
        if workload.api_version != "apps/v1" or not _is_whole(workload):
            return None
        message = f"{workload} has no selector, which the API server rejects"
        return Problem(at=written, message=message, help="add spec.selector.matchLabels with labels of the template")
    odd = workload.mismatch
    if odd is None:
        return None
    labels = workload.template.at("metadata", "labels")
    wanted, label = _place(written, odd.key), labels[odd.key]
    is_patched = label.present and label.location.source.name not in (workload.file, wanted.location.source.name)
    has = ", ".join(f"{key}={value}" for key, value in sorted(workload.pod_labels.items())) or "no labels"
    twin = (wanted, "the selector") if is_patched else (label if label.present else labels, "the labels of its pods")
    return Problem(
        at=label if is_patched else wanted,
        message=f"{workload} does not select its own pods: it wants {odd}, but its pods have {has}",
        help=f"give the selector and the template's labels one and the same '{odd.key}'",
        related=(twin,),
    )


def _is_whole(workload: Workload) -> bool:
    """Whether this is an object, no patch of one nor what a test expects, and nothing is left to complete it."""
    if workload.is_raw or workload.is_expectation:
        return False
    return bool(workload.containers) and all(each.image for each in workload.containers)


def _place(selector: Node, key: str) -> Node:
    """The label's own place, if it has one, in a label selector or in a plain map."""
    return next((node for node in (selector["matchLabels"][key], selector[key]) if node.present), selector)
