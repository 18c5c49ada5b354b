"""NetworkPolicy means different pods on different networks.

The API leaves some things to the network that enforces policies. An `ipBlock` that holds the addresses of pods admits
those pods by the end-to-end tests of Kubernetes, and so in Calico and OVN-Kubernetes; Cilium matches blocks with what
is outside the cluster only. A named port of an egress rule that stands for different numbers on different pods is
looked up on each of them, but Cilium takes one number for all. Where the policy has to hold on any network, select
pods by their labels and name ports by number; else tell the network in the configuration (`cni`).

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: {cidr: 0.0.0.0/0}  # finding: admits pods of the cluster on some networks only
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: nginx}]
---
apiVersion: v1
kind: Pod
metadata: {name: database, namespace: shop, labels: {app: database}}
spec:
  containers: [{name: postgres, image: postgres}]
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: {cidr: 0.0.0.0/0}
        - namespaceSelector: {}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: nginx}]
```

Does not fire when:

* the configuration tells the network
* a selector of the same pods' policies admits the same peers on the same ports
* it cannot be told whether the block holds the pods' addresses

References: Kubernetes documentation, *Network Policies*; Cilium documentation, *Layer 3 policies*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Problem, Severity, rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(severity=Severity.NOTE, evidence=Evidence.CONTRADICTION, presets=(), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for each in Effects.of(graph).depending_on_network:
        if each.numbers:
            numbers = " or ".join(map(str, each.numbers[:3]))
            message = f"{each.policy} names port '{each.text}', which is {numbers}: one of them for all pods on Cilium"
            help_text = "name the port by number"
        else:
            more = f" and {each.more} more" if each.more else ""
            message = (
                f"{each.policy} admits pods of the cluster on some networks only: {each.text} holds {each.pod}{more}"
            )
            help_text = "add a namespaceSelector for the pods that are meant, or leave pod addresses out with except"
        yield Problem(at=each.at, message=message, help=help_text)
