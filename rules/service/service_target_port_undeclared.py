"""Service targets a port number that its pods do not declare.

A Service sends traffic to its `targetPort`, or to `port` where that is left out, whether or not a container listens
there. Declaring ports is optional, so that this alone breaks nothing; but where the pods declare other ports, the
number is most often an old or a mistyped one. Correct the target, or declare the port.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports:
    - port: 80
      targetPort: 8088  # finding: but Deployment/shop/web declares only 9000
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx, ports: [{containerPort: 9000}]}]}
```

Good, the arguments tell of the port:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports:
    - port: 80
      targetPort: 8080
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
    - name: web
      image: example/web
      args: ["--listen=:8080"]
      ports: [{name: metrics, containerPort: 9090}]
```

Does not fire when:

* a selected pod declares the port, or some selected pod declares no ports at all
* the number stands in the arguments, the environment, a probe or the annotations of the pods, or in a ConfigMap that
  they read
* a mesh, a controller or a SidecarSet of OpenKruise adds containers to the pods
* the port is one of a mesh's proxy, which the namespace or the installation may have added

A warning instead of a note where the number is declared for another protocol, or where a declared port that no Service
targets differs in one digit.

References: Service API, `spec.ports[].targetPort`; Pod API, `containers[].ports`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.kinds import ServicePort, Workload

MOST = 3
"""How many workloads a message names at the most."""


@rule(severity=Severity.NOTE, may_give=(Severity.WARNING,), evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for service in graph.select(Service):
        pods = graph.endpoints(service)
        for port in service.ports if pods else ():
            target = port.target
            if isinstance(target, int) and all(graph.declares(each, target, port.protocol) is False for each in pods):
                yield _problem(graph, service, port, target)


def _problem(graph: Graph, service: Service, port: ServicePort, target: int) -> Problem:
    pods = graph.endpoints(service)[:MOST]
    declared = ", ".join(_declared(workload, target) for workload in pods)
    slip = graph.pod_ports.like((*pods,), target)
    other = _other_protocol(pods, target)
    meant = f"{target} with protocol {other}" if other else str(slip or "")
    return Problem(
        at=port.target_node,
        message=f"{service} targets port {target} over {port.protocol}, but {declared}",
        help=f"target {meant}" if meant else f"target a declared port, or declare containerPort {target}",
        severity=Severity.WARNING if meant else Severity.NOTE,
        related=tuple((each.ports_node, f"the ports of {each}") for each in pods),
    )


def _declared(workload: Workload, target: int) -> str:
    other = _other_protocol((workload,), target)
    return f"{workload} declares {f'it over {other}' if other else workload.ports_text}"


def _other_protocol(pods: Sequence[Workload], target: int) -> str:
    found = (port for workload in pods for port in workload.ports if port.number == target)
    return next((port.protocol for port in found), "")
