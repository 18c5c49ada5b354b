"""Service has neither a selector nor endpoints.

A Service without a selector leads where an EndpointSlice that names it says. Without one, clients get an address that
answers nobody. Add the selector, or an EndpointSlice with the label `kubernetes.io/service-name`.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: legacy  # finding: no EndpointSlice names it
  namespace: shop
spec:
  ports: [{port: 80}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: archive-1
  namespace: shop
  labels: {kubernetes.io/service-name: archive}
addressType: IPv4
endpoints: [{addresses: [192.0.2.7]}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: legacy, namespace: shop}
spec:
  ports: [{port: 80}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: legacy-1
  namespace: shop
  labels: {kubernetes.io/service-name: legacy}
addressType: IPv4
endpoints: [{addresses: [192.0.2.7]}]
```

Does not fire when:

* no endpoints of the namespace are among what was scanned: controllers and people often make them in the cluster.
  `assume.complete` says that there are no others
* a controller made the Service or makes its endpoints: Knative, a Gateway, an operator, a ServiceImport of its name

References: Kubernetes documentation, *Service*, Services without selectors.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Absence, Evidence, Graph, Problem, Relation, Resource, Severity, rule
from k8snet_lint.kinds import Endpoints, EndpointSlice, Service

MADE_BY = ("serving.knative.dev/", "networking.internal.knative.dev/", "gateway.", "istio.io/", "submariner.io/")
"""Prefixes of labels and annotations of those that make endpoints themselves."""


@rule(severity=Severity.NOTE, evidence=Evidence.ABSENCE, presets=(), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for service in graph.select(Service):
        if service.selector.is_empty and not service.is_external_name and service.ports:
            covered = any(graph.covers(kind, service.namespace) for kind in (EndpointSlice, Endpoints))
            if covered and not graph.sources(service, Relation.BACKS) and not _is_filled(graph, service):
                yield Problem(
                    at=service.name_node,
                    message=f"{service} has no selector, and no EndpointSlice names it",
                    help=f"add spec.selector, or an EndpointSlice with kubernetes.io/service-name: {service.name}",
                    absence=Absence(covered),
                )


def _is_filled(graph: Graph, service: Service) -> bool:
    """Whether a controller makes its endpoints."""
    told = (*service.labels, *service.annotations)
    imported = graph.named(Resource, service.namespace, service.name)
    return (
        service.is_generated
        or any(key.startswith(MADE_BY) for key in told)
        or graph.supplies(Service, service.namespace, service.name)
        or any(each.kind in ("ServiceImport", "ServiceExport", "Gateway") for each in imported)
    )
