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
  serviceName: cache  # finding: names Service/shop/cache, which is not there
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
            fitting = tuple(graph.headless(missing.source)) if isinstance(missing.source, Workload) else ()
            is_told = len(fitting) == 1
            meant = f"write {fitting[0].name}, the headless Service for these pods" if is_told else "name another"
            yield Problem(
                at=missing.at,
                message=f"{missing.source} names Service/{missing.wanted}, which is not there{missing.meant}",
                help=f"{meant}, or add a headless Service '{missing.at.text}' for these pods",
                absence=missing.absence,
                related=tuple((each.name_node, f"{each} selects these pods") for each in fitting if is_told),
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
