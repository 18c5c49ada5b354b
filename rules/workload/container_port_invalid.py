"""Container ports that are invalid or clash.

Services, policies and probes refer to container ports by name. A name that the API server rejects, or that one
container gives twice, keeps the pods from being created. Two containers of a pod share one network, so that they cannot
both listen on one port, and of two ports with one name only the first is ever found. Give each port a number and a name
of its own. On the host network a container's port is the host's: the API server rejects two different numbers, and one
number twice.

Bad:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
    - name: web
      image: example/web
      ports:
        - {name: http, containerPort: 8080}
        - {name: http, containerPort: 8081}  # finding: gives the port name 'http' twice
        - {name: HTTPS_Port, containerPort: 8443}  # finding: name 'HTTPS_Port'
    - name: proxy
      image: example/proxy
      ports: [{containerPort: 8080}]  # finding: port 8080/TCP to containers 'web' and 'proxy'
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec:
  hostNetwork: true
  containers:
    - name: agent
      image: example/agent
      ports:
        - containerPort: 8080
          hostPort: 9080  # finding: has hostPort 9080 and containerPort 8080 on the host network
        - {containerPort: 9100}
        - {containerPort: 9100}  # finding: port 9100/TCP of the node to container 'agent' twice
```

Good:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: dns, namespace: shop}
spec:
  initContainers: [{name: migrate, image: example/migrate, ports: [{containerPort: 53}]}]
  containers:
    - name: dns
      image: example/dns
      ports:
        - {name: dns, containerPort: 53, protocol: UDP}
        - {name: dns-tcp, containerPort: 53, protocol: TCP}
```

An error where the API server rejects the pods, as for one port of the node that two containers take; a warning where it
only warns, as of one port of the pod that two declare.

Does not fire when:

* the same number is given for two protocols
* one container port is bound to two addresses or ports of the host
* one of the two is in an init container that ends before the others start

References: Kubernetes API server, `ValidatePodSpec` and its warnings on duplicate ports; Pod API, `containers[].ports`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.kinds import Container


@rule(severity=Severity.ERROR, may_give=(Severity.WARNING,), supersedes=("field-invalid", "host-port"), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for workload in graph.select(Workload):
        for container in workload.containers:
            yield from _rejected(workload, container)
        yield from _clashes(workload)


def _rejected(workload: Workload, container: Container) -> Iterator[Problem]:
    where = f"container '{container.name}' of {workload}"
    for flaw in (flaw for port in container.ports for flaw in port.flaws):
        yield Problem(at=flaw.node, message=f"{where} has {flaw}", help=flaw.help)
    for port in container.ports if workload.host_network and container.serves and not container.is_sidecar else ():
        if port.host_port and port.number and port.host_port != port.number and not tuple(port.flaws):
            yield Problem(
                at=port.node["hostPort"],
                message=f"{where} has hostPort {port.host_port} and containerPort {port.number} on the host network",
                help="give the two one number, or delete hostPort",
            )
    for again in container.repeats:
        message, help_ = f"{where} gives {again.what} twice", "give each port a name of its own"
        yield Problem(at=again.node, message=message, help=help_, related=((again.first, "first given here"),))


def _clashes(workload: Workload) -> Iterator[Problem]:
    """Ports that the containers of a pod give twice between them."""
    for clash in workload.port_clashes:
        yield Problem(
            at=clash.node,
            message=f"{workload} gives {clash.what}",
            help=f"give each a {clash.node.key} of its own",
            related=((clash.first, "first given here"),),
            severity=None if clash.is_rejected else Severity.WARNING,
        )
