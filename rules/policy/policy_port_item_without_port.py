"""NetworkPolicy opens every port by a list item that names none.

An item of `ports` without `port` means every port of its protocol. Beside items that name a port it is most often the
second half of the one before: a dash too many makes two items out of `port` and `protocol`, and the rule opens all
TCP ports instead of one. Join the two, or give the item its port.

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
        - port: 8080
        - protocol: TCP  # finding: opens every port of TCP beside 8080/TCP
```

Good:

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
        - port: 8080
          protocol: TCP
    - from:
        - podSelector:
            matchLabels: {app: admin}
      ports:
        - protocol: TCP
        - protocol: UDP
```

Does not fire when:

* no item of the list names a port
* the rule is ignored because `policyTypes` leaves its direction out

References: NetworkPolicy API, `NetworkPolicyPort`: *If this field is not provided, this matches all port names and
numbers*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(severity=Severity.WARNING, presets=(Preset.RECOMMENDED, Preset.SECURITY), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for policy in graph.select(NetworkPolicy):
        for each in policy.effective_rules:
            named = [port for port in each.ports if port.port is not None]
            for port in each.ports if named else ():
                if not port.node["port"]:
                    yield Problem(
                        at=port.node,
                        message=f"{policy} opens {port} beside {named[0]}",
                        help=f"join this item with the one that names {named[0].port}, or give it a port",
                        related=((named[0].node, "an item that names a port"),),
                    )
