"""Service opens a port on every node.

A `NodePort` Service listens on the same port of every node, outside any Ingress or Gateway, so that its traffic skips
the TLS, the access rules and the logs kept there; whoever reaches a node reaches the Service. Publish it through an
Ingress or a Gateway, and leave the Service at `ClusterIP`.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort  # finding
  selector: {app: web}
  ports: [{port: 80}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
```

An Ingress controller has to be reached from outside:

```yaml
apiVersion: v1
kind: Service
metadata: {name: edge, namespace: edge}
spec:
  type: NodePort
  selector: {app.kubernetes.io/name: ingress-nginx}
  ports: [{port: 443}]
```

Does not fire when:

* the Service is in a system namespace, publishes an Ingress controller or a Gateway, or was made by a controller
* an Ingress that GKE or the AWS Load Balancer Controller serves leads to it, as their load balancers go by node ports
* it is among the Services that option `allow` names
* it is of type `LoadBalancer`, whose node ports are a means only

References: Service API, `spec.type`; Kubernetes documentation, *Service*, type NodePort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Relation, Severity, rule
from k8snet_lint.kinds import Ingress, IngressController, Service
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOUD = (IngressController.ALB, IngressController.GCE)


class Options(NamedTuple):
    """Which node ports are meant to be.

    Shapes: `allow` lists Services as `namespace/name`, or by name for any namespace; both may hold `*`.
    """

    allow: tuple[str, ...] = ()


@rule(severity=Severity.WARNING, presets=(Preset.RECOMMENDED, Preset.SECURITY), since="0.1", options=Options)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for service in graph.select(Service):
        if service.type_name == "NodePort" and service.is_published and not _is_meant(graph, service, options):
            yield Problem(
                at=service.type,
                message=f"{service} opens a port on every node",
                help="use type ClusterIP behind an Ingress or a Gateway",
            )


def _is_meant(graph: Graph, service: Service, options: Options) -> bool:
    return (
        service.is_generated
        or service.namespace in graph.facts.system_namespaces
        or service.is_among(options.allow)
        or graph.roles.publishes_controller(service)
        or any(_goes_by_node_port(graph, edge.source) for edge in graph.sources(service, Relation.ROUTES_TO))
    )


def _goes_by_node_port(graph: Graph, source: object) -> bool:
    return isinstance(source, Ingress) and graph.ingress_classes.controller_of(source) in CLOUD
