"""Two workloads ask for the same port of their nodes.

A port of a node is one pod's. Where a DaemonSet has taken it on every node, pods of another workload that ask for it
stay pending for ever, or crash where both are on their node's network. Of a Deployment that asks for a port, no two
pods fit on one node, and a rolling update waits for a node that is free. Give each workload a port of its own, or
publish the pods through a Service.

Bad:

```yaml
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: collector, namespace: logging}
spec:
  selector:
    matchLabels: {app: collector}
  template:
    metadata:
      labels: {app: collector}
    spec:
      containers: [{name: collector, image: collector, ports: [{containerPort: 24224, hostPort: 24224}]}]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: tracer, namespace: tracing}
spec:
  selector:
    matchLabels: {app: tracer}
  template:
    metadata:
      labels: {app: tracer}
    spec:
      containers:
        - name: tracer
          image: tracer
          ports:
            - containerPort: 8126
              hostPort: 24224  # finding: DaemonSet/logging/collector
```

Good:

```yaml
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: collector, namespace: logging}
spec:
  selector:
    matchLabels: {app: collector}
  template:
    metadata:
      labels: {app: collector}
    spec:
      containers: [{name: collector, image: collector, ports: [{containerPort: 24224, hostPort: 24224}]}]
```

Does not fire when:

* protocols or addresses (`hostIP`) differ
* the two choose different nodes, by `nodeSelector`, node affinity or `nodeName`
* a Deployment's pods insist on a node each, by a required `podAntiAffinity`
* the two are forms of one workload, of which a cluster gets one: files that describe some object differently, the same
  name in the same namespace, as a DaemonSet and as a Deployment, or one that a chart and a manifest describe

It is a warning where the two lie in different directories, as they may never meet in one cluster, and where it is
replicas of one Deployment that ask for a port.

Does not see: taints that keep one of the two off the other's nodes.

References: Pod API, `containers[].ports[].hostPort`; Kubernetes documentation, *Configuration Good Practices*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.WARNING,),
    evidence=Evidence.CONTRADICTION,
    supersedes=("host-port",),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for asking, daemon in graph.host_port_conflicts:
        yield Problem(
            at=asking.at,
            message=f"{asking.workload} asks for port {asking.number} of each node, which {daemon.workload} has taken",
            help=f"give {asking.workload} another port, or publish it through a Service",
            related=((daemon.at, f"{daemon.workload} takes it"),),
            severity=None if asking.workload.is_beside(daemon.workload) else Severity.WARNING,
        )
    told = {(each.asking.workload, each.asking.number) for each in graph.host_port_conflicts}
    for workload in graph.select(Workload):
        replicas = workload.spec["replicas"]
        if workload.kind != "Deployment" or workload.host_network or (replicas.integer or 1) < 2:
            continue
        if workload.has_a_node_each:
            continue
        for port in (port for container in workload.containers for port in container.ports if port.host_port):
            if (workload, port.host_port) not in told:
                yield Problem(
                    at=port.node["hostPort"],
                    message=f"{workload} takes port {port.host_port} of a node for each of {replicas.integer} replicas",
                    help="make it a DaemonSet, or publish the pods through a Service and delete hostPort",
                    related=((replicas, "no two of them fit on one node"),),
                    severity=Severity.WARNING,
                )
