"""NetworkPolicy selects only pods that are on their node's network.

A pod with `hostNetwork: true` has its node's address and shares its network, where policies for pods are not applied:
most networks neither let in nor keep out what such a pod sends and gets. The policy looks like protection and is none.
Give the pods a network of their own, or use what your network has for nodes, such as Cilium's host policies or Calico's
host endpoints.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: probe, namespace: monitoring}
spec:
  podSelector:  # finding: on its node's network
    matchLabels: {app: probe}
  ingress: []
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: probe, namespace: monitoring}
spec:
  selector:
    matchLabels: {app: probe}
  template:
    metadata:
      labels: {app: probe}
    spec:
      hostNetwork: true
      containers: [{name: probe, image: probe}]
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: probe, namespace: monitoring}
spec:
  podSelector:
    matchLabels: {app: probe}
  ingress: []
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: probe, namespace: monitoring}
spec:
  selector:
    matchLabels: {app: probe}
  template:
    metadata:
      labels: {app: probe}
    spec:
      containers: [{name: probe, image: probe}]
```

Does not fire when:

* one of the selected pods is on the pods' network
* the selector is empty: the policy is for whatever comes to the namespace
* option `supported` says that the network applies policies to such pods

References: Kubernetes documentation, *Network Policies*, on pods with hostNetwork.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import NetworkPolicy
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Options(NamedTuple):
    """What the network does.

    Shapes: `supported` tells that it applies policies to pods on their node's network.
    """

    supported: bool = False


@rule(severity=Severity.WARNING, evidence=Evidence.CONTRADICTION, options=Options, since="0.1")
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for policy in () if options.supported else graph.select(NetworkPolicy):
        pods = () if policy.pod_selector.is_empty else graph.subjects(policy)
        if pods and all(workload.host_network for workload in pods):
            others = f" and {len(pods) - 1} more" if len(pods) > 1 else ""
            yield Problem(
                at=policy.spec["podSelector"],
                message=f"{policy} has no effect: {pods[0]}{others}, all that it selects, is on its node's network",
                help=f"take hostNetwork from {pods[0]}, or use the policies that your network has for nodes",
                related=tuple((each.pod_spec["hostNetwork"], f"{each} is on its node's network") for each in pods[:3]),
            )
