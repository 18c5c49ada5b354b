"""NetworkPolicy names ports inside a peer.

`ports` belongs to the rule, beside `from` or `to`. Inside a peer it is an unknown field: kubectl and a strict server
reject the policy, and a server that lets it pass drops the field, so that the rule opens every port to the peer.
Indent `ports` as far as `from` or `to`.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: database, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: database}
  ingress:
    - from:
        - podSelector:
            matchLabels: {app: web}
          ports:  # finding: has ports inside a peer
            - port: 5432
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: database, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: database}
  ingress:
    - from:
        - podSelector:
            matchLabels: {app: web}
      ports:
        - port: 5432
```

References: NetworkPolicy API, `NetworkPolicyIngressRule`, `NetworkPolicyPeer`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.kinds import PolicyRule


@rule(
    severity=Severity.ERROR,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    supersedes=("field-invalid",),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for policy in graph.select(NetworkPolicy):
        for direction in Direction:
            for each in policy.rules(direction):
                yield from _problems(policy, each)


def _problems(policy: NetworkPolicy, each: PolicyRule) -> Iterator[Problem]:
    for peer in each.peers:
        if peer.node["ports"].present:
            yield Problem(
                at=peer.node["ports"],
                at_key=True,
                message=f"{policy} has ports inside a peer, where they are rejected or ignored",
                help=f"indent ports as far as {each.direction.peers_field}",
                related=((each.peers_node, "the rule's peers"),),
            )
