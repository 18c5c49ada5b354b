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
  selector: {app: db}
  ports: [{port: 5432}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: queue, namespace: shop}
spec:
  serviceName: queue
  selector: {matchLabels: {app: queue}}
  template: {metadata: {labels: {app: queue}}, spec: {containers: [{name: queue, image: rabbitmq}]}}
---
apiVersion: v1
kind: Service
metadata: {name: queue, namespace: shop}
spec:
  clusterIP: None
  selector: {app: rabbitmq}  # finding: does not select the pods of StatefulSet/shop/queue
  ports: [{port: 5672}]
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

A Service that does not exist is a note where no other Service of the namespace was scanned.

References: StatefulSet API, `spec.serviceName`; Kubernetes documentation, *StatefulSets*, stable network ID.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Relation, Severity, rule
from k8snet_lint.kinds import Service, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint import Node, Resource


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
                message=f"{missing.source} names no Service: there is no {missing.kind}/{missing.wanted}",
                help=f"add a headless Service '{missing.at.text}' for these pods, or name the one that is meant",
                absence=missing.absence,
            )
    without_pods = {missing.source: missing.at for missing in graph.unresolved(Relation.SELECTS, Service)}
    for workload in graph.select(Workload):
        named = graph.targets(workload, Relation.REFERS_TO)
        governing = [(edge.target, edge.at) for edge in named if isinstance(edge.target, Service)]
        if len(governing) == 1 and not workload.is_generated:
            service, at = governing[0]
            yield from _not_headless(graph, workload, service, at)
            yield from _selects_others(graph, workload, service, without_pods)


def _not_headless(graph: Graph, workload: Workload, service: Service, at: Node) -> Iterator[Problem]:
    if not service.is_headless:
        what = f"is of type {service.type_name}" if service.type_name != "ClusterIP" else "has a cluster IP"
        yield Problem(
            at=at,
            message=f"{workload} is governed by {service}, which {what} and gives its pods no names",
            help=_name_instead(graph, workload) or f"set clusterIP: None in {service}, or in a Service of its own",
            related=((service.spec["clusterIP"], "not headless"),),
        )


def _selects_others(
    graph: Graph, workload: Workload, service: Service, without_pods: dict[Resource, Node]
) -> Iterator[Problem]:
    pods = graph.endpoints(service)
    if workload not in pods and (pods or service in without_pods):
        lacking = service.selector.where(lambda requirement: not requirement.admits(workload.pod_labels))
        labels = workload.template.at("metadata", "labels")
        odd = next((each.key for each in lacking.requirements if each.key in workload.pod_labels), "")
        yield Problem(
            at=without_pods.get(service, service.spec["selector"]),
            message=f"{service} does not select the pods of {workload}, which it governs: they lack {lacking}",
            help="give the selector and the labels of the pods the same values",
            related=((labels[odd] if odd else labels, f"the labels of the pods of {workload}"),),
            severity=Severity.ERROR,
        )


def _name_instead(graph: Graph, workload: Workload) -> str:
    """The headless Service that does select the pods."""
    sources = (edge.source for edge in graph.sources(workload, Relation.SELECTS))
    return next((f"name {each}" for each in sources if isinstance(each, Service) and each.is_headless), "")
