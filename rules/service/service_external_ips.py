"""Service takes over external IP addresses.

Whoever may create a Service with `externalIPs` makes every node send the traffic for those addresses to pods of their
choice, be they addresses of other teams or of the Internet (CVE-2020-8554). Nothing checks that the addresses belong
to the Service. Delete the field, and publish the Service through a load balancer, an Ingress or a Gateway.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
  externalIPs:
    - 203.0.113.10  # finding
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
  externalIPs: []
```

Does not fire when:

* option `allow` names the addresses, or networks that hold them

References: CVE-2020-8554; CIS 1.2.3 (DenyServiceExternalIPs); Service API, `spec.externalIPs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Service
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Options(NamedTuple):
    """Which external addresses are meant to be.

    Shapes: `allow` lists addresses, and networks in CIDR form.
    """

    allow: tuple[str, ...] = ()


@rule(
    severity=Severity.ERROR,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    options=Options,
    references=("CVE-2020-8554", "CIS 1.2.3"),
    since="0.1",
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for service in graph.select(Service):
        taken = service.external_ips_beyond(options.allow)
        if taken:
            addresses = ", ".join(str(node.value) for node in taken[:5])
            yield Problem(
                at=taken[0],
                message=f"{service} takes over traffic for {addresses}",
                help="delete externalIPs, and publish the Service through a load balancer, an Ingress or a Gateway",
            )
