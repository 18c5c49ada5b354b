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
  podSelector:
    matchLabels: {app: web}
  ingress:
    - from:
        - podSelector: {}
      ports:
        - port: https  # finding: allows TCP port 'https', but Deployment/shop/web declares only http=8080
        - port: 9090  # finding: allows TCP port 9090, but Deployment/shop/web declares only http=8080
---
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
          image: nginx
          ports: [{name: http, containerPort: 8080}]
```

For egress, the ports are those of the peers:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector:
            matchLabels: {app: database}
      ports:
        - {port: postgres, protocol: UDP}  # finding: declares it for TCP alone
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: database, namespace: shop}
spec:
  selector:
    matchLabels: {app: database}
  template:
    metadata:
      labels: {app: database}
    spec:
      containers:
        - name: postgres
          image: postgres
          ports: [{name: postgres, containerPort: 5432}]
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports: [{port: http}]
  egress:
    - to:
        - ipBlock: {cidr: 203.0.113.0/24}
      ports: [{port: 443}]
---
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
          image: nginx
          ports: [{name: http, containerPort: 8080}]
```

Does not fire when:

* one of the pods has the port, or a mesh or a controller adds containers to one of them
* the number is declared by one of the pods, one declares no ports at all, or the number stands in a probe, an argument,
  a variable, an annotation or a ConfigMap of one; or the policy is for every pod of its namespace
* the number is the start of a range
* a peer for egress is not among the scanned files

References: NetworkPolicy API, `NetworkPolicyPort`; Kubernetes documentation, *Network Policies*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, quoted, rule
from k8snet_lint.kinds import Direction, EnginePolicy, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.kinds import EngineRule, PolicyPort, PolicyRule, Workload

SHOWN = 3
PROTOCOLS = ("TCP", "UDP", "SCTP")


@rule(severity=Severity.ERROR, may_give=(Severity.NOTE,), evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for policy in graph.policies:
        for each in policy.effective_rules:
            if any(port.port is not None for port in each.ports):
                yield from _problems(graph, policy, each)


def _problems(graph: Graph, policy: NetworkPolicy | EnginePolicy, each: PolicyRule | EngineRule) -> Iterator[Problem]:
    pods, _, others = graph.peers.destinations(policy, each)
    only_addresses = each.direction is Direction.EGRESS and each.is_of_addresses
    for port in each.ports:
        if isinstance(port.port, str) and not port.flaws:
            if only_addresses:
                why = "addresses outside the cluster have no names for ports"
                yield _problem(policy, port, why, "name the port's number", Severity.NOTE)
            elif _is_unknown(graph, pods, port):
                yield _of_pods(policy, port, pods, Severity.NOTE if others else None)
        elif port.port and not others and port.end_port is None and not port.flaws and _is_unknown(graph, pods, port):
            yield _of_pods(policy, port, pods, Severity.NOTE)


def _is_unknown(graph: Graph, pods: tuple[Workload, ...], port: PolicyPort) -> bool:
    """Whether it is known of every one of the pods that it does not have the port."""
    protocols = PROTOCOLS if port.protocol == "ANY" else (port.protocol,)
    return all(graph.pod_ports.declaring(pods, port.port or "", each).all_lack for each in protocols)


def _declared(pods: Sequence[Workload]) -> str:
    more = f" and {len(pods) - SHOWN} other workloads lack it too" if len(pods) > SHOWN else ""
    return ", ".join(f"{pod} declares {pod.ports_text}" for pod in pods[:SHOWN]) + more


def _otherwise(pods: Sequence[Workload], port: PolicyPort) -> str:
    """The protocol by which all of the pods declare the port, where that is all that differs."""

    def have(protocol: str) -> bool:
        return all(
            any(each.protocol == protocol and port.port in (each.name, each.number) for each in pod.ports)
            for pod in pods
        )

    return next((each for each in PROTOCOLS if each != port.protocol and pods and have(each)), "")


def _of_pods(
    policy: NetworkPolicy | EnginePolicy, port: PolicyPort, pods: Sequence[Workload], severity: Severity | None
) -> Problem:
    protocol = _otherwise(pods, port)
    if protocol:
        whose = f"{pods[0]} declares" if len(pods) == 1 else f"its {len(pods)} workloads declare"
        problem = _problem(policy, port, f"{whose} it for {protocol} alone", f"write protocol: {protocol}", severity)
    else:
        act = f"allow a port that the pods listen on, or declare it: a containerPort for {port.protocol} {_name(port)}"
        problem = _problem(policy, port, _declared(pods), act, severity)
    return problem._replace(related=tuple((each.ports_node, f"the ports of {each}") for each in pods[:SHOWN]))


def _problem(
    policy: NetworkPolicy | EnginePolicy, port: PolicyPort, why: str, act: str, severity: Severity | None
) -> Problem:
    message = f"{policy} allows {port.protocol} port {_name(port)}, but {why}"
    return Problem(at=port.node["port"], message=message, help=act, severity=severity)


def _name(port: PolicyPort) -> str:
    return quoted(port.port) if isinstance(port.port, str) else str(port.port)
