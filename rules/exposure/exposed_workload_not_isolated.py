"""Workload is open to the Internet, and no policy limits who else connects to it.

A workload that an Ingress, a route or a load balancer publishes is the first that somebody outside takes over. Where no
policy isolates it, every pod of the cluster can connect to it as well, past the Ingress and what that checks, and on
every port. Break the path at one of its steps: make the load balancer internal, or add a policy that admits the
controller's pods on the published port and nobody else.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}  # finding: Deployment/shop/web is open to the Internet by Service/shop/web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{ports: [{port: 8443}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
```

Does not fire when:

* the load balancer is internal or limited to certain addresses; the Ingress's class is internal, or its annotations
  limit the addresses; all hosts, or the route's, class's or Gateway's name, are those of a private network
* a policy isolates the workload for ingress, or one of the cluster's administrator denies what nothing allows
* the pods are an ingress controller's, on their node's network, or made by an operator
* `workload-not-isolated` is suppressed for the workload
* the namespace is one of the cluster's own (`kube-system` and the like, or those of the configuration)

Does not see: firewalls, NodePorts that a firewall lets through, and policies of other engines (Antrea, Istio, Linkerd).
Where there are any, it is a note that fails nothing.

References: Kubernetes documentation, *Network Policies*, *Ingress*, *Service*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    severity=Severity.WARNING,
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    supersedes=(
        "namespace-without-default-deny-egress",
        "namespace-without-default-deny-ingress",
        "service-public-load-balancer",
        "service-source-ranges-ineffective",
        "workload-not-isolated",
    ),
    accepted_with=("workload-not-isolated",),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for workload, way in Effects.of(graph).exposed_workloads:
        if not graph.isolation.is_isolated(workload, Direction.INGRESS):
            yield Problem(
                at=workload.name_node,
                message=f"{workload} is open to the Internet by {way.opener}, and to every pod of the cluster besides",
                help=f"add a policy that admits {way.port} from what publishes it, and nothing else",
                absence=graph.isolation.absence(workload.namespace),
                chain=(*way.chain, (workload.name_node, f"no policy isolates {workload} for ingress")),
            )
