"""Service targets a container port name that its pods do not declare.

A `targetPort` that is a name is looked up in every selected pod, by name and protocol. A pod that does not declare it
gets no endpoint for that port, and connections fail although the pod is ready. Name the container port, or write the
number that the container listens on.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports:
    - port: 80
      targetPort: http  # finding: but Deployment/shop/web declares only web=8080
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx, ports: [{name: web, containerPort: 8080}]}]}
```

Good, as the port is that of a native sidecar:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: proxy}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  initContainers:
    - name: proxy
      image: envoyproxy/envoy
      restartPolicy: Always
      ports: [{name: proxy, containerPort: 8443}]
  containers: [{name: web, image: nginx}]
```

Where some of the selected pods declare the name, each workload that does not is a note, and more than a dozen of them
are one.

Does not fire when:

* no pod is selected; `service-selects-no-pods` tells of that
* a mesh or a controller adds containers to the pods, whose ports no manifest shows
* a SidecarSet of OpenKruise adds a container that declares it
* the name is one of a mesh's proxy, which the namespace or the installation may have added
* only Jobs lack the name, or experiments of Argo Rollouts

References: Service API, `spec.ports[].targetPort`; Pod API, `containers[].ports[].name`.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, did_you_mean, rule
from k8snet_lint.kinds import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.kinds import ServicePort

MOST = 12
"""A selector of more workloads is meant to take whatever comes, and is worth one word."""

SEARCHED = 100
"""Among as many names of ports the one is looked for that may have been meant."""


@rule(severity=Severity.ERROR, may_give=(Severity.NOTE,), evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for service in graph.select(Service):
        for port in service.ports:
            if service.selects_pods and isinstance(port.target, str):
                yield from _problems(graph, service, port, port.target)


def _problems(graph: Graph, service: Service, port: ServicePort, name: str) -> Iterator[Problem]:
    found = graph.pod_ports.declaring(graph.endpoints(service), name, port.protocol)
    lacking = found.lacking
    if lacking and found.some_declare:
        told = lacking if len(lacking) <= MOST else lacking[:1]
        more = f" and in {len(lacking) - 1} more workloads" if len(lacking) > MOST else ""
        for workload in told:
            yield Problem(
                at=port.target_node,
                message=f"{service} has no endpoint for '{name}' in {workload}, which declares {workload.ports_text}"
                + more,
                help=f"name the container port of {workload} '{name}' too, or select only the pods that declare it",
                severity=Severity.NOTE,
                related=((workload.ports_node, f"the ports of {workload}"),),
            )
    elif lacking and not found.some_unknown:
        declared = ", ".join(f"{workload} declares {workload.ports_text}" for workload in lacking[:3])
        ports = (each for workload in lacking for each in workload.ports if each.name)
        names = (each.name for each in ports if each.protocol == port.protocol)
        yield Problem(
            at=port.target_node,
            message=f"{service} targets a {port.protocol} port named '{name}', but {declared}"
            + did_you_mean(name, islice(names, SEARCHED)),
            help=f"name the container port '{name}', or target the number that the container listens on",
            related=tuple((each.ports_node, f"the ports of {each}") for each in lacking[:3]),
        )
