"""Two listeners of a Gateway clash.

Listeners that share a port must differ in what a client asks for: in the host name, for HTTP, HTTPS and TLS. Two with
the same host, or protocols that cannot share a port (HTTP beside HTTPS, TCP beside either), get the condition
`Conflicted`, and the later one, or both, serve nothing. Within one object, the API rejects a name that is given twice,
and the same port, protocol and host. Give each listener a name, and a port or a host name, of its own. ListenerSets
count as part of their Gateway.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop, namespace: infra}
spec:
  gatewayClassName: example
  listeners:
  - {name: web, port: 80, protocol: HTTP, hostname: shop.example.com}
  - name: web  # finding: gives the name 'web' to two listeners
    port: 80
    protocol: HTTP
    hostname: api.example.com
  - name: again
    port: 80
    protocol: HTTP
    hostname: shop.example.com  # finding: HostnameConflict
  - name: raw
    port: 80  # finding: ProtocolConflict
    protocol: TCP
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop, namespace: infra}
spec:
  gatewayClassName: example
  listeners:
  - {name: web, port: 80, protocol: HTTP, hostname: shop.example.com}
  - {name: all, port: 80, protocol: HTTP, hostname: "*.example.com"}
  - {name: dns, port: 53, protocol: UDP}
  - {name: dns-tcp, port: 53, protocol: TCP}
```

Does not fire when:

* HTTPS and TLS listeners of one port have different host names; with the same one, when `co-listening-classes` names
  the Gateway's class;
* TCP and UDP share a number;
* a protocol is not one of the API's own.

References:

* Gateway API: `Listener`, conditions `Conflicted`, `HostnameConflict`, `ProtocolConflict`; GEP-1713
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Gateway, Listener, ListenerHolder
from k8snet_lint.record import NamedTuple


class Options(NamedTuple):
    """`co_listening_classes` are GatewayClasses whose HTTPS and TLS listeners may share a port and a host name."""

    co_listening_classes: tuple[str, ...] = ()


@rule(
    severity=Severity.ERROR,
    since="0.1",
    evidence=Evidence.CONTRADICTION,
    options=Options,
    supersedes=("crd-validation-violated",),
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for holder in graph.select(ListenerHolder):
        yield from _repeated_names(holder.listeners)
    for listener, earlier, reason in graph.gateways.conflicts if graph.select(Gateway) else ():
        gateway = graph.gateways.parent(listener.holder)
        together = gateway is not None and gateway.class_node.text in options.co_listening_classes
        allowed = together and listener.protocol != earlier.protocol and reason == "HostnameConflict"
        if allowed or graph.are_alternatives(listener.holder, earlier.holder):
            continue
        host = f" for '{listener.hostname}'" if listener.hostname and reason == "HostnameConflict" else ""
        what = f"{listener.protocol} on port {listener.port}{host}"
        yield Problem(
            at=listener.node["hostname"] if host else listener.node["port"],
            message=f"{listener} clashes with {earlier}: {what} beside {earlier.protocol} ({reason})",
            help="give one of the two another port or host name, or drop it",
            related=((earlier.node["port"], f"{earlier} is here"),),
            instead_of=(listener.holder.spec["listeners"],),
        )


def _repeated_names(listeners: tuple[Listener, ...]) -> Iterator[Problem]:
    first: dict[str, Listener] = {}
    for listener in listeners:
        earlier = first.setdefault(listener.name, listener)
        if earlier is not listener and listener.name:
            yield Problem(
                at=listener.node["name"],
                message=f"{listener.holder} gives the name '{listener.name}' to two listeners",
                help="give each listener a name of its own; routes go by it (sectionName)",
                related=((earlier.node["name"], "the first one"),),
                instead_of=(listener.holder.spec["listeners"],),
            )
