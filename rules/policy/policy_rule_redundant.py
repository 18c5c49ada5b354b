"""NetworkPolicy has a rule that changes nothing.

Rules of all policies that select a pod add up, so a rule whose peers and ports are part of another one's adds nothing,
and who deletes it to cut a connection off is surprised that it stays. Delete it, or delete the wider one if that was
the mistake. Where all rules of a policy are of that sort and its pods stay isolated without it, the whole policy is.

A rule changes nothing either where policies of the other end deny every connection that it allows. Either those lack a
rule, or this one can go.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: database, namespace: shop}
spec:
  podSelector: {matchLabels: {app: database}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: metrics}}}]  # finding: adds nothing
      ports: [{port: 9187}]
    - from: [{podSelector: {}}]
      ports: [{port: 9180, endPort: 9189}]
    - from: [{podSelector: {matchLabels: {app: web}}}]  # finding: Pod/shop/web may not connect
      ports: [{port: 5432}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: v1
kind: Pod
metadata: {name: database, namespace: shop, labels: {app: database}}
spec: {containers: [{name: postgres, image: postgres}]}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: gateway}}}]
      ports: [{port: 8080}]
    - from: [{podSelector: {}}]
      ports: [{port: 9090}]
```

Does not fire when:

* the wider rule is for other pods, or is wider only for the pods that happen to be among the scanned files
* a policy has no rules: it is there to isolate
* something of a connection that a rule allows is let through, or may be; or one of its peers is not among the files

References: NetworkPolicy API; Kubernetes documentation, *Network Policies*, the two sorts of pod isolation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 3


@rule(severity=Severity.NOTE, evidence=Evidence.CONTRADICTION, presets=(), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    found = Effects.of(graph)
    whole = {each.policy: each for each in found.redundant_policies}
    for policy, others in whole.items():
        names = ", ".join(map(str, others.others[:SHOWN]))
        yield Problem(
            at=policy.name_node,
            message=f"{policy} adds nothing to {names}",
            help=f"delete {policy.name}: other policies isolate the same pods and allow all that it allows",
            related=tuple((other.name_node, f"{other} is for these pods too") for other in others.others[:SHOWN]),
        )
    for each in found.redundant_rules:
        if each.policy not in whole:
            wider = ", ".join(dict.fromkeys(str(policy) for policy, _ in each.rules[:SHOWN]))
            yield Problem(
                at=each.rule.node,
                message=f"a rule for {each.direction.field} of {each.policy} adds nothing to one of {wider}",
                help="delete the rule, or the wider one if that is the mistake",
                related=tuple((wide.node, f"{policy} allows all of it here") for policy, wide in each.rules[:SHOWN]),
            )
    for half in found.denied_rules:
        sender, receiver = half.source, half.target
        how = "may not connect" if half.direction is Direction.INGRESS else "lets nothing of it in"
        who = sender if half.direction is Direction.INGRESS else receiver
        yield Problem(
            at=half.rule.node,
            message=f"a rule for {half.direction.field} of {half.policy} allows what other policies deny: {who} {how}",
            help=f"allow it for {who} too, or delete the rule",
            related=tuple((each.name_node, f"{each} denies it") for each in half.denying[:SHOWN]),
            chain=(
                (sender.name_node, f"{sender} connects"),
                (half.rule.node, f"{half.policy} allows it for {half.direction.field}"),
                (receiver.name_node, f"{receiver} is connected to"),
            ),
        )
