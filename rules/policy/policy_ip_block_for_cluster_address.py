"""NetworkPolicy names an address of the cluster itself instead of the pods behind it.

A policy is asked after a Service's address has been replaced by that of one of its pods, so that a block with the
Service's address admits nothing on most networks; and pods get another address whenever they start anew, while Cilium
matches blocks only with what is outside the cluster. Select the pods and their namespace by labels.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: bank}
spec:
  clusterIP: 10.96.14.7
  selector: {app: ledger}
  ports: [{port: 5432}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: till, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: till}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: {cidr: 10.96.14.7/32}  # finding: is the address of Service/bank/ledger
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: till, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: till}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: bank}
          podSelector:
            matchLabels: {app: ledger}
```

With `cluster.pod-cidrs` and `cluster.service-cidrs` in the configuration, blocks that lie in those are told too.

Does not fire when:

* the networks are not configured and no Service of the scanned files asks for the address
* the block is larger than the cluster's network, which it then only holds among other addresses
* the rule names port 53 alone: NodeLocal DNSCache answers at the address of the cluster's DNS (GKE asks for such rules)
* the API server rejects the block; `policy-field-invalid` tells of that

References: NetworkPolicy API, `ipBlock`; Kubernetes documentation, *Network Policies*; cilium/cilium issue 9209; GKE
documentation, *Setting up NodeLocal DNSCache*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.kinds import PolicyRule

DNS = 53


@rule(severity=Severity.WARNING, evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for policy in graph.select(NetworkPolicy):
        for block in (block for each in policy.effective_rules if not _is_for_dns(each) for block in each.blocks):
            cidr = block.cidr.cidr
            if cidr is None:
                continue
            service = graph.addresses.service_of(cidr)
            what = f"is the address of {service}" if service else graph.addresses.network_of(cidr)
            if what:
                yield Problem(
                    at=block.cidr.node,
                    message=f"{policy} names {cidr}, which {what if service else f'lies in {what}'}",
                    help="select the pods by their labels and those of their namespace",
                    related=((service.name_node, f"{service} has that address"),) if service else (),
                )


def _is_for_dns(each: PolicyRule) -> bool:
    """Whether a rule is for queries alone, which a cache on the node may take at the Service's address."""
    return bool(each.ports) and all(port.port == DNS for port in each.ports)
