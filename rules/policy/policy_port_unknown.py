"""Policy allows a port that its pods do not have.

The ports of a policy are those of the pods that are connected to: the selected ones for ingress, the peers for egress.
A name stands for the container port of that name and protocol; where no pod has it, the rule allows nothing. Name a
port that the pods declare, or name the container port.

It is an error where a name leads nowhere. A number is a note, as pods may listen on ports that they do not declare; so
is a name in a policy that is for every pod of a namespace, and a name towards addresses, which have no names for ports.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports:
        - port: https  # finding: allows TCP port 'https', but Deployment/shop/web declares only http=8080
        - port: 9090  # finding: allows TCP port 9090, but Deployment/shop/web declares only http=8080
  egress:
    - to: [{podSelector: {matchLabels: {app: web}}}]
      ports:
        - {port: http, protocol: UDP}  # finding: declares it for TCP alone
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx, ports: [{name: http, containerPort: 8080}]}]}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports: [{port: http}]
  egress:
    - to: [{ipBlock: {cidr: 203.0.113.0/24}}]
      ports: [{port: 443}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx, ports: [{name: http, containerPort: 8080}]}]}
```

Does not fire when:

* one of the pods has the port, or a mesh or a controller adds containers to one of them, or a SidecarSet of OpenKruise
  one that has it
* the number is declared by one of the pods, one declares no ports at all, or the number stands in a probe, an argument,
  a variable, an annotation or a ConfigMap of one; or the policy is for every pod of its namespace
* the number is the start of a range
* a peer for egress is not among the scanned files

References: NetworkPolicy API, `NetworkPolicyPort`; Kubernetes documentation, *Network Policies*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.kinds import Workload

SHOWN = 3


@rule(severity=Severity.ERROR, may_give=(Severity.NOTE,), evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for each in graph.pod_ports.unknown:
        port, pods, other = each.port, each.pods, each.other_protocol
        if not pods:
            why, act = "addresses outside the cluster have no names for ports", "name the port's number"
        elif other:
            whose = f"{pods[0]} declares" if len(pods) == 1 else f"its {len(pods)} workloads declare"
            why, act = f"{whose} it for {other} alone", f"write protocol: {other}"
        else:
            wanted = f"a containerPort for {port.protocol} {port.called}"
            why, act = _declared(pods), f"allow a port that the pods listen on, or declare it: {wanted}"
        yield Problem(
            at=port.node["port"],
            message=f"{each.policy} allows {port.protocol} port {port.called}, but {why}",
            help=act,
            severity=None if each.is_sure else Severity.NOTE,
            related=tuple((pod.ports_node, f"the ports of {pod}") for pod in pods[:SHOWN]),
        )


def _declared(pods: Sequence[Workload]) -> str:
    more = f" and {len(pods) - SHOWN} other workloads lack it too" if len(pods) > SHOWN else ""
    return ", ".join(f"{pod} declares {pod.ports_text}" for pod in pods[:SHOWN]) + more
