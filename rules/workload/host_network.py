"""Pods use the network of their node.

A pod with `hostNetwork` has the node's address and all its ports: it sees the traffic of the node, reaches what listens
on the node's loopback, and with most network plugins no NetworkPolicy holds for it. Take it out, and publish the pods
through a Service; where a workload does serve the node itself, record that.

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
      hostNetwork: true  # finding
      containers: [{name: web, image: example/web}]
```

Good:

```yaml
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: node-exporter, namespace: monitoring}
spec:
  selector:
    matchLabels: {app: node-exporter}
  template:
    metadata:
      labels: {app: node-exporter}
    spec:
      hostNetwork: true
      containers: [{name: exporter, image: "quay.io/prometheus/node-exporter:v1.8.2"}]
```

Does not fire when:

* the workload is in a system namespace
* it runs the image of a known node agent (pod networks, storage drivers, kube-proxy, node exporters and the like) or of
  an Ingress controller, or one that option `agents` names
* its pods are Windows HostProcess ones, which have to be on the host's network

References: CIS 5.2.5; NSA/CISA Kubernetes Hardening Guide; Pod API, `hostNetwork`.
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
    references=("CIS 5.2.5", "NSA/CISA"),
    since="0.1",
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for workload in graph.select(Workload):
        if workload.host_network and not graph.roles.may_use_host(workload, options.agents):
            yield Problem(
                at=workload.pod_spec["hostNetwork"],
                message=f"{workload} uses the network of its node",
                help="delete hostNetwork and publish the pods through a Service, or record why they need it",
            )
