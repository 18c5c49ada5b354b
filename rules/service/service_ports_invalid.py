"""Service ports that the API server rejects.

A Service whose ports are unnamed, named twice, listed twice or out of range cannot be created, and an apply of a whole
directory stops half way. Names tell the ports of one Service apart, and Ingresses and probes refer to them.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports:
    - port: 80  # finding: has 2 ports and no name for port 80
    - name: metrics
      port: 9090
```

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort
  selector: {app: web}
  ports:
    - name: http
      port: 80
      targetPort: "8080"  # finding: a number stands without quotes
    - name: http  # finding: gives the port name 'http' twice
      port: 443
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
    from k8snet_lint.kinds import ServicePort

SHOWN = 3


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.WARNING,),
    supersedes=(
        "field-invalid",
        "service-target-port-name-unresolved",
    ),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for service in graph.select(Service):
        for port in service.ports:
            for flaw in port.flaws:
                yield Problem(at=flaw.node, message=f"{service} has {flaw}", help=f"correct the {flaw.node.key}")
            if port.node_port:
                yield from _node_port(service, port.node_port, port.node["nodePort"], graph.facts.node_ports)
        yield from _unnamed(service)
        for again in service.repeats:
            name = "number" if again.node.key == "port" else again.node.key
            help_ = f"give each port a {name} of its own, or delete the one that is written twice"
            related = ((again.first, "first given here"),)
            yield Problem(at=again.node, message=f"{service} gives {again.what} twice", help=help_, related=related)
    yield from _shared(graph)


def _unnamed(service: Service) -> Iterator[Problem]:
    """One problem for all ports of a Service with several that have no name."""
    unnamed = [port for port in service.ports if port.node["port"] and not port.node["name"]]
    if unnamed and len(service.ports) > 1:
        first, *others = unnamed
        numbers = tuple(dict.fromkeys(str(port) for port in unnamed if port.number is not None))
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
        yield Problem(at=at, message=message, help="leave nodePort out, or choose one of the range")


def _shared(graph: Graph) -> Iterator[Problem]:
    """Node ports that two Services of the cluster claim."""
    claimed: dict[tuple[int, str], tuple[Service, ServicePort]] = {}
    for service in graph.select(Service):
        for port in service.ports if not service.is_raw and service.type_name in ("NodePort", "LoadBalancer") else ():
            if port.node_port:
                other, theirs = claimed.setdefault((port.node_port, port.protocol), (service, port))
                if other.identity != service.identity and not graph.are_alternatives(service, other):
                    here, there = port.node["nodePort"], theirs.node["nodePort"]
                    yield Problem(
                        at=here,
                        message=f"{service} claims node port {port.node_port}/{port.protocol}, which {other} has",
                        help="leave nodePort out, or give each Service a node port of its own",
                        related=((there, f"claimed by {other} here"),),
                        severity=Severity.ERROR if _directory(here) == _directory(there) else Severity.WARNING,
                    )


def _directory(node: Node) -> str:
    return node.location.source.name.rpartition("/")[0]
