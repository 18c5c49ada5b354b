"""CiliumNetworkPolicy is one that Cilium rejects.

The API server refuses it, or the agents mark it as not valid and ignore the whole of it: nothing is isolated, nothing
is denied, and no connection fails that would tell. Correct what is named; `kubectl get cnp` shows the column VALID.

Bad:

```yaml
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  endpointSelector: {}
  ingress: []  # finding: has no rule in ingress, ingressDeny, egress or egressDeny
```

```yaml
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  endpointSelector:
    matchLabels: {app: catalog}
  ingress:
    - fromEndpoints:
        - matchLabels: {app: web}
      toPorts:
        - ports:
            - port: 8080  # finding: a number, where Cilium takes text only
              protocol: tcp  # finding: has protocol 'tcp', which there is not
  egress:
    - toCIDRSet:
        - cidr: 10.0.0.0/8
          except:
            - 192.168.0.0/16  # finding: which is no part of 10.0.0.0/8
      toFQDNs:  # finding: has toCIDRSet and toFQDNs in one rule
        - matchName: example.com
```

Good:

```yaml
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  endpointSelector:
    matchLabels: {app: catalog}
  ingress:
    - fromEndpoints:
        - matchLabels: {app: web}
      toPorts:
        - ports: [{port: "8080", protocol: TCP}]
          rules: {http: [{method: GET, path: /books/.*}]}
  egress:
    - toEndpoints:
        - matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns}
      toPorts:
        - ports: [{port: "53", protocol: ANY}]
          rules: {dns: [{matchPattern: "*"}]}
    - toFQDNs: [{matchName: example.com}]
      toPorts: [{ports: [{port: "443", protocol: TCP}]}]
  egressDeny:
    - toCIDR: [169.254.169.254/32]
```

That nothing is allowed is said by an empty rule:

```yaml
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec:
  endpointSelector: {}
  ingress: [{}]
  egress: [{}]
```

Does not see: what single versions of Cilium do not take yet, or no longer take: `toServices` with `toPorts` before
1.17, `kafka` rules from 1.20 on.

References: Cilium documentation, *Layer 3*, *Layer 4* and *Layer 7 policies*, *Deny policies*; the
CustomResourceDefinitions of `cilium.io/v2`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import EnginePolicy

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    severity=Severity.ERROR, presets=(Preset.RECOMMENDED, Preset.SECURITY), supersedes=("field-invalid",), since="0.1"
)
def check(graph: Graph) -> Iterator[Problem]:
    for policy in graph.select(EnginePolicy):
        for fault in policy.flaws if policy.engine == "Cilium" else ():
            yield Problem(at=fault.node, at_key=fault.at_key, message=f"{policy} {fault.what}", help=fault.help)
