"""Pods on the host network do not resolve Services.

For a pod with `hostNetwork`, the DNS policy `ClusterFirst`, which is the default, means the node's own resolver: names
of Services are not found, and nothing says why. Set `ClusterFirstWithHostNet` to resolve them, or `Default` to say that
the node's resolver is meant.

Bad:

```yaml
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: edge, namespace: shop}
spec:
  selector:
    matchLabels: {app: edge}
  template:
    metadata:
      labels: {app: edge}
    spec:  # finding
      hostNetwork: true
      containers: [{name: edge, image: example/edge}]
```

Good:

```yaml
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: edge, namespace: shop}
spec:
  selector:
    matchLabels: {app: edge}
  template:
    metadata:
      labels: {app: edge}
    spec:
      hostNetwork: true
      dnsPolicy: ClusterFirstWithHostNet
      containers: [{name: edge, image: example/edge}]
```

Does not fire when:

* `dnsPolicy` is `ClusterFirstWithHostNet`, `Default` or `None`
* the workload is in a system namespace, or runs the image of a known node agent or one that option `agents` names:
  these have no use for the names of Services; Ingress controllers have
* its pods are Windows HostProcess ones, as Windows has no ClusterFirstWithHostNet

References: Kubernetes documentation, *DNS for Services and Pods*, pod's DNS policy; Pod API, `dnsPolicy`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import Workload
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Options(NamedTuple):
    """Which workloads serve the node and resolve no Services, beside those that are known to.

    Shapes: `agents` are image repositories without tag, of which the last parts are enough; `*` for any characters.
    """

    agents: tuple[str, ...] = ()


@rule(severity=Severity.WARNING, options=Options, since="0.1")
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for workload in graph.select(Workload):
        policy = workload.pod_spec["dnsPolicy"]
        resolves = policy.text not in ("", "ClusterFirst")
        if workload.host_network and not resolves and not graph.roles.is_node_agent(workload, options.agents):
            yield Problem(
                at=policy,
                message=f"{workload} is on the host network, where DNS policy ClusterFirst resolves no Services",
                help="set dnsPolicy: ClusterFirstWithHostNet, or Default where the node's resolver is meant",
                related=((workload.pod_spec["hostNetwork"], "on the host network"),),
            )
