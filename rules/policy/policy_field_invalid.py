"""NetworkPolicy is rejected by the API server.

The API server refuses the whole object, and where only one of several policies of a namespace is refused, the others
isolate pods that this one was to open. Correct the field that is named.

A warning instead of an error where a block has bits set behind its prefix, or numbers with leading zeros: both are
accepted today. What counts is the network, not the address, and the numbers are read as decimal. It is a note where a
chart that is rendered with its own values leaves the value empty, for its users to give.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchExpressions:
      - key: app
        operator: in  # finding: unknown operator 'in'
        values: [web]
  ingress:
    - from:
        - {}  # finding: a peer without a selector or an ipBlock
        - ipBlock:
            cidr: 10.0.0.5  # finding: a CIDR ends in a prefix length, as in '10.0.0.5/32'
        - ipBlock:
            cidr: 10.0.0.5/8  # finding: counts as 10.0.0.0/8
            except:
              - 192.168.0.0/16  # finding: is no smaller part of 10.0.0.5/8
        - ipBlock:  # finding: an ipBlock beside a selector
            cidr: 172.16.0.0/12
          podSelector: {}
      ports:
        - port: 8080
          endPort: 8000  # finding: endPort 8000, which is lower than port 8080
        - port: http
          endPort: 8090  # finding: endPort 8090 beside port 'http'
        - port: "8443"  # finding: port '8443': a name has a letter
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchExpressions:
      - {key: app, operator: In, values: [web]}
  ingress:
    - from:
        - podSelector: {}
        - ipBlock:
            cidr: 10.0.0.0/8
            except: [10.1.0.0/16]
        - ipBlock: {cidr: 10.0.0.5/32}
      ports:
        - {port: 8000, endPort: 8080}
        - {port: http}
```

Does not see: addresses and ports that a variable (`${POD_CIDR}`) stands for; unknown fields and wrong types.

References: Kubernetes API server, `ValidateNetworkPolicySpec`, `ValidateIPBlock`, `ValidateLabelSelector`; KEP-4858
(IP and CIDR validation).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(severity=Severity.ERROR, may_give=(Severity.WARNING, Severity.NOTE), supersedes=("field-invalid",), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for policy in graph.select(NetworkPolicy):
        for fault in policy.flaws:
            severity = Severity.WARNING if fault.is_accepted else None
            message = f"{policy} {fault.what}"
            if policy.awaits_value(fault.node):
                severity, message = Severity.NOTE, f"{message}; the chart's own values leave it empty"
            yield Problem(at=fault.node, message=message, help=fault.help, severity=severity)
