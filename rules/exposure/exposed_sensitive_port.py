"""Database, control port or console is open to the Internet.

A port of a database, of a machine's or a cluster's control, or of a console that obeys whoever connects is found by
scanners within hours of its opening. Break the path at one of its steps: make the Service a `ClusterIP`, make the load
balancer internal, say which addresses may connect, or put an Ingress that asks for credentials in front.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: shop}
spec:
  type: LoadBalancer
  selector: {app: ledger}
  ports: [{port: 5432}]  # finding: opens PostgreSQL to the Internet
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: shop}
spec:
  type: LoadBalancer
  loadBalancerSourceRanges: [198.51.100.0/24]
  selector: {app: ledger}
  ports: [{port: 5432}]
---
apiVersion: v1
kind: Service
metadata: {name: cache, namespace: shop}
spec:
  selector: {app: cache}
  ports: [{port: 6379}]
```

A node port, which a firewall may stand before, and SSH are a warning.

Does not fire when:

* the load balancer is internal or limited to certain addresses, or a policy denies the port to every address
* an annotation of the Ingress, a filter of the route or a policy for it or its Gateway asks for credentials, or may
* the Ingress admits certain addresses only, or its class or hosts are private ones
* the way in ends at a proxy (such as oauth2-proxy): what stands behind is not open
* the number is among those that option `ignore` names

Does not see: firewalls, and what answers on a port of another number.

References: Kubescape C-0021 and C-0042; MITRE ATT&CK *Initial Access*, *Execution*; each product's default port.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

SSH = "SSH"
"""What lets nobody in without a key."""

RAW = frozenset({"TCPRoute", "TLSRoute", "UDPRoute"})
"""Routes that cannot ask for credentials, as they see no HTTP."""

BALANCER = "make the load balancer internal, or name the addresses that may connect"


class Options(NamedTuple):
    """Which ports may be open.

    Shapes: `ignore` lists port numbers, as text.
    """

    ignore: tuple[str, ...] = ()


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.WARNING,),
    evidence=Evidence.CONTRADICTION,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    options=Options,
    references=("Kubescape C-0021", "Kubescape C-0042"),
    supersedes=(
        *("exposed-in-cleartext", "exposed-workload-not-isolated", "service-node-port"),
        *("service-public-load-balancer", "service-source-ranges-ineffective"),
    ),
    since="0.1",
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    effects, sensitive = Effects.of(graph), graph.roles.sensitive_ports(options.ignore)
    for each, what in effects.openings.serving(sensitive.behind):
        whom = "whoever reaches a node" if each.on_nodes else "the Internet"
        yield Problem(
            at=each.port.target_node,
            message=f"{each.service} opens {what} to {whom}",
            help="use type ClusterIP" if each.on_nodes else f"use type ClusterIP, {BALANCER}",
            severity=Severity.WARNING if each.on_nodes or what == SSH else Severity.ERROR,
            chain=each.chain,
        )
    for way, what in effects.public_routes(sensitive.served):
        if not graph.publicity.may_authenticate(way.opener):
            guard = "" if way.opener.kind in RAW else f"have {way.opener} ask for credentials, "
            yield Problem(
                at=way.chain[0][0],
                message=f"{way.opener} opens {what} of {way.workload} to the Internet",
                help=f"{guard}take the route away, or admit certain addresses only",
                chain=(*way.chain, (way.workload.name_node, f"{way.workload} serves it")),
            )
