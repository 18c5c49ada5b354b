"""Part of a policy never comes to anything.

What is written there matches no traffic, whatever the cluster holds: it neither allows nor denies what its author had
in mind. In Cilium an empty list of peers matches nobody, and so does an empty rule, unlike in a NetworkPolicy; names in
`toFQDNs` only match addresses that a dns rule lets Cilium see in the answers of the cluster's DNS. Say what is meant,
or leave the part out.

Calico asks rules in their order: those behind one that is for all traffic, and those of a direction that `types` leaves
out, are never asked. Its Staged kinds are a note: they show what they would do, and that is what they are for.

Bad:

```yaml
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  endpointSelector: {}
  ingress:
    - fromEndpoints: []  # finding: by a rule whose fromEndpoints is an empty list
      toPorts: [{ports: [{port: "8080", protocol: TCP}]}]
    - {}  # finding: by an empty rule, which in Cilium does not mean everyone
  egress:
    - toFQDNs:
        - matchName: example.com  # finding: no dns rule lets Cilium learn their addresses
    - toPorts: [{ports: [{port: "53", protocol: UDP}]}]
```

```yaml
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  types: [Ingress]
  ingress:
    - action: Allow
    - action: Deny  # finding: rule 1 before them is for all traffic, and its action is Allow
      source: {nets: [203.0.113.0/24]}
  egress:  # finding: its types leave Egress out
    - action: Deny
```

Good:

```yaml
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  endpointSelector: {}
  ingress: [{}]
  egress:
    - toFQDNs:
        - matchName: example.com
    - toEndpoints:
        - matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns}
      toPorts:
        - ports: [{port: "53", protocol: ANY}]
          rules: {dns: [{matchPattern: "*"}]}
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  ingress: [{action: Deny, source: {nets: [203.0.113.0/24]}}, {action: Log}, {action: Allow}]
```

Does not fire when:

* a rule that matches nobody is the only one of `ingress` or `egress`: so people write that nothing is allowed
* another policy of the namespace, or of the whole cluster, has the dns rule; where no workloads of the namespace were
  scanned, such a policy may live elsewhere and it is a note that fails nothing
* the policy is rejected anyway; `cilium-policy-invalid` and `calico-policy-invalid` tell of that

Does not see: rules whose peers happen to match nothing; `policy-peer-selects-nothing` tells of those.

References: Calico documentation, *Network policy*, *Staged network policies*; Cilium documentation, *Layer 3 policies*,
*DNS based*, *Policy enforcement modes*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import EnginePolicy, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERYWHERE = "*"


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    policies = graph.select(EnginePolicy)
    given = {(what, EVERYWHERE if each.cluster_scoped else each.namespace) for each in policies for what in each.gives}
    anywhere = {what for what, _ in given}
    for policy in policies:
        for fault in () if policy.flaws else policy.ineffective():
            needed = {(fault.needs, where) for where in (policy.namespace, "", EVERYWHERE)}
            if not needed.isdisjoint(given) or (not policy.namespace and fault.needs in anywhere):
                continue
            yield Problem(
                at=fault.node,
                message=f"{policy} {fault.what}",
                help=fault.help,
                severity=Severity.NOTE if fault.is_meant else None,
                absence=graph.absence(Workload, policy.namespace) if fault.needs else None,
            )
