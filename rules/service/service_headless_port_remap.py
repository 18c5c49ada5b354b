"""Headless Service promises a port on which its pods do not listen.

The DNS name of a headless Service gives the addresses of the pods themselves: nothing stands between client and pod
that could turn `port` into `targetPort`. A client that connects to the Service's port is refused. Give both the same
number, which the pods listen on, or let the Service have a cluster address.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  clusterIP: None
  selector: {app: web}
  ports:
    - port: 80
      targetPort: http  # finding: reach port 80 of the pods, and Pod/shop/web declares only http=8080
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: example/web, ports: [{name: http, containerPort: 8080}]}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  clusterIP: None
  selector: {app: web}
  ports:
    - port: 8080
      targetPort: http
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: example/web, ports: [{name: http, containerPort: 8080}]}]
```

Does not fire when:

* no pods are selected, the pods declare `port` as well, or their arguments, environment or ConfigMaps mention it
* an Ingress or a route leads to the Service, or a ServiceMonitor scrapes it: these go by the endpoints, which have the
  target port
* clients look the port up in SRV records, for the Services named in `found-by-srv`

References: Kubernetes documentation, *Service*, headless Services; *DNS for Services and Pods*.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Relation, Severity, rule
from k8snet_lint.kinds import Service, ServicePort
from k8snet_lint.record import NamedTuple


class Options(NamedTuple):
    """`found_by_srv` are Services whose clients look up the port too: `namespace/name` or a name, with `*`."""

    found_by_srv: tuple[str, ...] = ()


@rule(severity=Severity.WARNING, evidence=Evidence.CONTRADICTION, since="0.1", options=Options)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for service in graph.select(Service):
        if service.is_headless and not service.is_among(options.found_by_srv):
            remapped = [port for port in service.ports if _is_remapped(graph, service, port)]
            if remapped and not _goes_by_endpoints(graph, service):
                yield from (_problem(graph, service, port) for port in remapped)


def _is_remapped(graph: Graph, service: Service, port: ServicePort) -> bool:
    """Whether every selected pod is known to listen elsewhere."""
    pods, number = graph.endpoints(service), port.number
    if number is None or port.target == number or not pods:
        return False
    numbers = {port.number_on(workload) for workload in pods}
    return numbers.isdisjoint((None, number)) and not any(
        graph.declares(workload, number, port.protocol) or graph.pod_ports.mentions(workload, number)
        for workload in pods
    )


def _goes_by_endpoints(graph: Graph, service: Service) -> bool:
    """Whether something is known to look up the Service's endpoints instead of its name."""
    return bool(graph.sources(service, Relation.ROUTES_TO)) or graph.whole.scrapes.monitors.may_scrape(service)


def _problem(graph: Graph, service: Service, port: ServicePort) -> Problem:
    pods = graph.endpoints(service)
    target = port.number_on(pods[0])
    return Problem(
        at=port.target_node,
        message=f"{service} is headless: clients of its port {port} reach port {port.number} of the pods, and "
        f"{pods[0]} declares {pods[0].ports_text}",
        help=f"set port: {target}, or leave out clusterIP: None",
        related=((pods[0].ports_node, f"the ports of {pods[0]}"),),
    )
