"""Service port does not tell a mesh which protocol it speaks.

Istio takes the protocol from `appProtocol`, or from what the port's name starts with: `http-web`, `grpc`,
`tcp-db`. Where neither tells, it guesses from the first bytes, which delays protocols whose server speaks
first, and costs routing, retries and metrics where it guesses plain TCP. Two Services that give one port of
the same pods different protocols or numbers contradict each other.

Bad:

```yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports:
  - name: web  # finding: port 80 of Service/shop/web does not say its protocol
    port: 80
```

Good:

```yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports:
  - {name: http-web, port: 80}
  - {name: rpc, port: 90, appProtocol: grpc}
  - {name: dns, port: 53, protocol: UDP}
```

Does not fire when:

* nothing among the scanned files is of a mesh, or the Namespace is there and joins none;
* the Service is in one of the cluster's own namespaces, or is Istio's or a controller's.

References:

* Istio: protocol selection
* istioctl analyze: IST0116, IST0118, IST0137, IST0150; Kiali: KIA0601
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Problem, Severity, rule

NAMED = "start the name with the protocol, such as http- or tcp-, or set appProtocol"


@rule(severity=Severity.NOTE, since="0.1", presets=())
def check(graph: Graph) -> Iterator[Problem]:
    if graph.mesh is None:
        return
    for service, port in graph.mesh.ports.unnamed:
        called = f"its name is '{port.name}'" if port.name else "it has no name"
        yield Problem(
            at=port.node["name"],
            message=f"port {port} of {service} does not say its protocol: {called}",
            help=NAMED,
        )
    for service, port in graph.mesh.ports.opaque_external:
        yield Problem(
            at=port.node["name"],
            message=f"port {port} of {service} is plain TCP to the mesh, which forwards it by address, not by host",
            help="name the port http, https or tls, as the external host speaks",
        )
    for each in graph.mesh.ports.two_meanings:
        yield Problem(
            at=each.port.node,
            message=f"port {each.port.target} of {each.workload} is {each.port} '{each.port.name}' by {each.service}, "
            f"but {each.other_port} '{each.other_port.name}' by {each.other}",
            help="give the Services the same port number and protocol",
            related=((each.other_port.node, f"{each.other} has it here"),),
        )
