"""StatefulSet's governing Service does not serve it.

The Service that `serviceName` names gives each pod of a StatefulSet its DNS name (`web-0.web.shop.svc`). For that it
has to exist in the same namespace, to be headless (`clusterIP: None`), and to select the pods; otherwise members that
find each other by name never do. Add such a Service, or name the one that is meant.

Bad:

```yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db  # finding: which has a cluster IP
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: postgres}]}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  selector: {app: postgres}  # finding: does not select the pods of StatefulSet/shop/db
  ports: [{port: 5432}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: cache, namespace: shop}
spec:
  serviceName: cache  # finding: there is no Service/shop/cache
  selector: {matchLabels: {app: cache}}
  template: {metadata: {labels: {app: cache}}, spec: {containers: [{name: cache, image: redis}]}}
```

Good:

```yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: postgres}]}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  clusterIP: None
  selector: {app: db}
  ports: [{port: 5432}]
```

Does not fire when:

* `serviceName` is empty or left out
* a controller owns the StatefulSet, or an operator's custom resource makes the Service
* the Service has no selector: something fills its endpoints by hand

It is an error where the Service does not select the pods, a warning where it has a cluster IP. One that does not exist
is a note where no other Service of the namespace was scanned.

References: StatefulSet API, `spec.serviceName`; Kubernetes documentation, *StatefulSets*, stable network ID.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Relation, Severity, rule
from k8snet_lint.kinds import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.ERROR,),
    evidence=Evidence.ABSENCE,
    supersedes=("service-selects-no-pods",),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for missing in graph.unresolved(Relation.REFERS_TO, Workload):
        if missing.kind == "Service" and not missing.source.is_generated:
            yield Problem(
                at=missing.at,
                message=f"{missing.source} names no Service: there is no Service/{missing.wanted}{missing.meant}",
                help=f"add a headless Service '{missing.at.text}' for these pods, or name the one that is meant",
                absence=missing.absence,
            )
    for workload, service, at, mismatch, instead in graph.governed:
        if not service.is_headless:
            what = f"is of type {service.type_name}" if service.type_name != "ClusterIP" else "has a cluster IP"
            yield Problem(
                at=at,
                message=f"{workload} is governed by {service}, which {what} and gives its pods no names",
                help=f"name {instead}" if instead else f"set clusterIP: None in {service}, or in a Service of its own",
                related=((service.spec["clusterIP"], "not headless"),),
            )
        if mismatch is not None:
            lacking = f"they lack {mismatch.lacking}"
            yield Problem(
                at=mismatch.at,
                message=f"{service} does not select the pods of {workload}, which it governs: {lacking}",
                help="give the selector and the labels of the pods the same values",
                related=((mismatch.labels, f"the labels of the pods of {workload}"),),
                severity=Severity.ERROR,
            )
