"""Container takes a port of its node.

A `hostPort` opens a port on the node that runs the pod, past every Service and often past NetworkPolicies, and only one
pod a node can have it, so that rollouts and scaling get stuck. Delete it, and publish the container through a Service.

Bad:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: example/web
          ports:
            - containerPort: 8080
              hostPort: 80  # finding
        - name: metrics
          image: example/metrics
          ports: [{containerPort: 9090}]
```

Good:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: example/web
          ports:
            - containerPort: 8080
```

Does not fire when:

* the pods are on the host network and `hostPort` equals `containerPort`, as the API server sets it; `host-network`
  tells of those
* the workload is in a system namespace
* it runs the image of a known node agent (pod networks, storage drivers, kube-proxy, node exporters and the like) or of
  an Ingress controller, or one that option `agents` names

References: CIS 5.2.13; CWE-665; Pod Security Standards, baseline; Pod API, `containers[].ports[].hostPort`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Workload
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Options(NamedTuple):
    """Which workloads serve the node, beside those that are known to.

    Shapes: `agents` are image repositories without tag, of which the last parts are enough; `*` for any characters.
    """

    agents: tuple[str, ...] = ()


@rule(
    severity=Severity.WARNING,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    options=Options,
    references=("CIS 5.2.13", "CWE-665", "NSA/CISA", "Pod Security Standards: baseline"),
    since="0.1",
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for workload in graph.select(Workload):
        for container in workload.containers:
            for port in container.ports:
                defaulted = workload.host_network and port.host_port == port.number
                if port.host_port and not defaulted and not graph.roles.may_use_host(workload, options.agents):
                    yield Problem(
                        at=port.node["hostPort"],
                        message=f"{workload} takes port {port.host_port} of its node for container '{container.name}'",
                        help="delete hostPort and publish the container through a Service, or record why it needs it",
                    )
