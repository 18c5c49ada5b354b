"""Policy for the cluster has a rule that is never asked.

Rules of these policies are asked in order of priority and then as they are written, and the first that matches decides.
A rule whose peers and ports are all matched by earlier ones never comes into play: most often an exception was written
behind the rule that it is an exception from. Move it in front, or delete it.

Bad:

```yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: platform}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  ingress:
    - {action: Deny, from: [{namespaces: {}}]}
    - {action: Accept, from: [{namespaces: {matchLabels: {team: ops}}}]}  # finding: never asks its Accept rule
```

Good:

```yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: platform}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  ingress:
    - {action: Accept, from: [{namespaces: {matchLabels: {team: ops}}}]}
    - {action: Deny, from: [{namespaces: {}}]}
```

Does not fire when:

* the earlier rules are of a policy for other pods, of another tier, or of another version of the API
* they match only what happens to be among the scanned files: selectors are held against selectors
* two policies have the same priority

References: Network Policy API, `spec.ingress`, `spec.egress`, `spec.priority`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Node, Problem, Severity, quoted, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 3


@rule(severity=Severity.WARNING, evidence=Evidence.CONTRADICTION, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for each in Effects.of(graph).shadowed_rules:
        where = " and ".join(
            dict.fromkeys(
                f"its earlier {_called(rule.node)}" if policy is each.policy else str(policy)
                for policy, rule in each.by[:SHOWN]
            )
        )
        verb = "decides" if " and " not in where else "decide"
        yield Problem(
            at=each.rule.node,
            message=f"{each.policy} never asks its {_called(each.rule.node)}: {where} {verb} before it",
            help="move the rule in front of the wider one, or delete it",
            related=tuple(
                (rule.node, f"{rule.node['action'].text} by {policy} matches all of it")
                for policy, rule in each.by[:SHOWN]
            ),
        )


def _called(written: Node) -> str:
    name = written["name"].text
    return f"{written['action'].text} rule" + (f" {quoted(name)}" if name else "")
