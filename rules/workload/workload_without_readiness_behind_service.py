"""Container behind a Service has no readiness probe.

Without a readiness probe a container counts as ready as soon as it runs. The Service then sends it requests while it
still starts, and during every rollout some fail. Add a probe on the port that the Service targets.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web  # finding: no readiness probe behind Service/shop/web
          image: example/web
          ports: [{name: http, containerPort: 8080}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example/web
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /ready, port: http}}
```

Does not fire when:

* the Service publishes addresses that are not ready (`publishNotReadyAddresses`)
* it serves metrics only, by the names of its ports or its own
* the target port is a sidecar's, or no container of several declares it
* the pods are a Job's

References: Kubernetes documentation, *Liveness, Readiness and Startup Probes*; Pod API, `readinessProbe`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Service

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snet_lint import Selector
    from k8snet_lint.kinds import Container, Workload

    _Target = tuple[int | str | None, str]


@rule(severity=Severity.WARNING, evidence=Evidence.CONTRADICTION, presets=(), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    left: dict[tuple[str, Selector], Sequence[Workload]] = {}
    told, asked = set(), set()
    for service in graph.select(Service):
        targets, pods = _targets(service), (service.namespace, service.selector)
        if (
            service.spec["publishNotReadyAddresses"].value is True
            or not service.selects_pods
            or (pods, targets) in asked
        ):
            continue
        asked.add((pods, targets))
        found = left[pods] if pods in left else graph.endpoints(service)
        left[pods] = [
            each for each in found if any(_is_unprobed(one) and one.node not in told for one in each.containers)
        ]
        for workload in left[pods]:
            for container in _unprobed(targets, workload):
                if container.node not in told:
                    told.add(container.node)
                    yield Problem(
                        at=container.node["readinessProbe"],
                        message=f"container '{container.name}' of {workload} has no readiness probe behind {service}",
                        help=f"add a readinessProbe to it, on the port that {service} targets",
                        related=((service.name_node, f"{service} selects it"),),
                    )


def _targets(service: Service) -> tuple[_Target, ...]:
    """Where its ports lead that serve more than metrics."""
    ports = () if service.name.endswith("metrics") else service.ports
    return tuple(dict.fromkeys((port.target, port.protocol) for port in ports if "metrics" not in port.name))


def _unprobed(targets: Iterable[_Target], workload: Workload) -> Iterator[Container]:
    for target, protocol in () if workload.runs_to_completion else targets:
        container = workload.serving(target, protocol)
        if container is not None and _is_unprobed(container):
            yield container


def _is_unprobed(container: Container) -> bool:
    return not container.is_sidecar and not container.node["readinessProbe"]
