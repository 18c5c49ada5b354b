"""Monitor selects nothing to scrape.

A ServiceMonitor selects Services by the labels of their own `metadata.labels`, not by those of the pods; a PodMonitor
selects pods. Both look at their own namespace only, unless `namespaceSelector` names others. Where nothing matches,
Prometheus scrapes nothing, and says nothing either: alerts that rest on the metrics stay silent. Give the selector the
labels of what is to be scraped, and name its namespace.

A port is named as the Service calls it, or for a PodMonitor as the container does. Where nothing selected has a port of
that name, nothing is scraped either, and as silently. A number goes into `targetPort`, or `portNumber`.

Bad:

```yaml
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: catalogue, namespace: shop}
spec:
  selector:
    matchLabels:
      app: catalouge  # finding: no Service in namespace 'shop' has app=catalouge
  endpoints: [{port: metrics}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: catalogue-http, namespace: shop}
spec:
  selector:
    matchLabels: {app: catalogue}
  endpoints:
    - port: http-metrics  # finding: scrapes port 'http-metrics' of Service/shop/catalogue, which has only metrics
---
apiVersion: v1
kind: Service
metadata: {name: catalogue, namespace: shop, labels: {app: catalogue}}
spec:
  selector: {app: catalogue}
  ports: [{name: metrics, port: 9090}]
```

Good:

```yaml
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: catalogue, namespace: monitoring}
spec:
  selector:
    matchLabels: {app: catalogue}
  namespaceSelector:
    matchNames: [shop]
  endpoints: [{port: metrics}]
---
apiVersion: v1
kind: Service
metadata: {name: catalogue, namespace: shop, labels: {app: catalogue}}
spec:
  selector: {app: catalogue}
  ports: [{name: metrics, port: 9090}]
```

Does not fire when:

* the selector is empty, or only says what is left out
* it looks at the system's namespaces only, or means the API server's Service: the cluster itself makes those
* it rests on labels that a controller adds, or an operator's custom resource makes the pods
* for a port: one of several Services or workloads that are selected has it, the monitor looks at all namespaces, or an
  operator's custom resource there has the labels, so that a Service that is made of it may be meant

Does not see: Services and pods that something outside the scanned files creates. Where no others of the namespace are
among the scanned files, or a label's value goes on from the name of a custom resource there, the finding is a note.

References:

* Prometheus operator: `ServiceMonitorSpec.selector`, `NamespaceSelector`, `Endpoint.port`, `PodMetricsEndpoint.port`
* kube-linter: dangling-servicemonitor
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Relation, Severity, rule
from k8snet_lint.kinds import Resource, Service, Workload

SHOWN = 3


@rule(severity=Severity.WARNING, evidence=Evidence.ABSENCE, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for missing in graph.unresolved(Relation.SCRAPES, Resource):
        monitor, what = missing.source, "Service" if missing.kind == "Service" else "workload"
        where = monitor.spec["namespaceSelector"]
        names = [each.text for each in where["matchNames"]] or [monitor.namespace]
        told = f" in namespace {' or '.join(map(repr, names))}" if names[0] and where["any"].value is not True else ""
        yield Problem(
            at=missing.at,
            message=f"{monitor} selects nothing to scrape: no {what}{told} has {missing.wanted}",
            help=f"give the selector labels that the {what} has, and namespaceSelector the namespace that it is in",
            absence=missing.absence,
        )
    for monitor, name, selected in graph.scrapes.monitors.portless:
        first, *others = selected
        more = f"; the like holds for {len(others)} more" if others else ""
        yield Problem(
            at=name,
            message=f"{monitor} scrapes port '{name.text}' of {first}, which has {_ports(first)}{more}",
            help=f"name a port that is there, or call the one that serves metrics '{name.text}'",
            related=tuple(
                (each.ports_node if isinstance(each, Workload) else each.spec["ports"], f"{each} has no such port")
                for each in selected[:SHOWN]
            ),
        )


def _ports(resource: Resource) -> str:
    """The names of its ports, for a message."""
    ports = resource.ports if isinstance(resource, Service | Workload) else ()
    names = [port.name for port in ports if port.name]
    return f"only {', '.join(names[:SHOWN])}" if names else "no port with a name"
