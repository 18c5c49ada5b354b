"""Service ports that the API server rejects.

A Service whose ports are unnamed, named twice, listed twice or out of range cannot be created, and an apply of a whole
directory stops half way. Names tell the ports of one Service apart, and Ingresses and monitors refer to them.
Correct the port that is named.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort
  selector: {app: web}
  ports:
    - port: 80  # finding: has 3 ports and no name for port 80
      targetPort: "8080"  # finding: a number stands without quotes
    - {name: http, port: 443}
    - name: http  # finding: gives the port name 'http' twice
      port: 8443
      nodePort: 443  # finding: outside the cluster's range 30000-32767
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: dns, namespace: shop}
spec:
  selector: {app: dns}
  ports:
    - {name: dns, port: 53, protocol: UDP}
    - {name: dns-tcp, port: 53, protocol: TCP}
```

Does not fire when:

* one number is given for two protocols, as for DNS
* `nodePort` is inside the range that the configuration gives as the cluster's `node-port-range`

Of two Services with the same `nodePort` and protocol the later one is told of: an error where both are in one
directory, a warning elsewhere, as they may never meet in one cluster.

References: Kubernetes API server, `ValidateService`; Service API, `spec.ports`; `--service-node-port-range`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint import Node

SHOWN = 3


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.WARNING,),
    supersedes=("field-invalid", "service-target-port-name-unresolved"),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for service in graph.select(Service):
        for port in service.ports:
            for flaw in port.flaws:
                yield Problem(at=flaw.node, message=f"{service} has {flaw}", help=flaw.help)
            if port.node_port:
                yield from _node_port(service, port.node_port, port.node["nodePort"], graph.facts.node_ports)
        yield from _unnamed(service)
        for again in service.repeats:
            name = "number" if again.node.key == "port" else again.node.key
            help_ = f"give each port a {name} of its own, or delete the one that is written twice"
            related = ((again.first, "first given here"),)
            yield Problem(at=again.node, message=f"{service} gives {again.what} twice", help=help_, related=related)
    for each in graph.shared_node_ports:
        number = f"{each.port.node_port}/{each.port.protocol}"
        yield Problem(
            at=each.node,
            message=f"{each.service} claims node port {number}, which {each.first} has",
            help="leave nodePort out, or give each Service a node port of its own",
            related=((each.first_node, f"claimed by {each.first} here"),),
            severity=Severity.ERROR if each.is_in_one_directory else Severity.WARNING,
        )


def _unnamed(service: Service) -> Iterator[Problem]:
    """One problem for all ports of a Service that lack a name."""
    unnamed = service.unnamed_ports
    if unnamed:
        first, *others = unnamed
        numbers = tuple(dict.fromkeys(str(each) for each in unnamed if each.number is not None))
        which = f"port{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}" if numbers else "one of them"
        yield Problem(
            at=first.node["name"],
            message=f"{service} has {len(service.ports)} ports and no name for {which}",
            help="name each port of a Service with several",
            related=tuple((port.node["port"], "nor for this one") for port in others[:SHOWN]),
        )


def _node_port(service: Service, number: int, at: Node, cluster: tuple[int, int]) -> Iterator[Problem]:
    if service.type_name == "ClusterIP":
        message = f"{service} gives nodePort {number}, which a Service of type ClusterIP does not have"
        yield Problem(at=at, message=message, help="delete nodePort, or set type: NodePort")
    elif not cluster[0] <= number <= cluster[1]:
        message = f"{service} has nodePort {number}, outside the cluster's range {cluster[0]}-{cluster[1]}"
        help_ = "leave nodePort out, choose one of the range, or record the cluster's own (cluster.node-port-range)"
        yield Problem(at=at, message=message, help=help_)
