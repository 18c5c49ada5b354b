"""NetworkPolicy's types do not fit its rules.

`policyTypes` alone decides for which directions a policy counts. Rules of a direction that it leaves out are ignored,
so the pods are not limited there; and where it is not written, an empty list of egress rules does not isolate either.
Add the direction to `policyTypes`, or delete the rules.

It is a note where a policy isolates egress without a single egress rule, although its name speaks of ingress: that cuts
off every connection of the pods, DNS included, and is easily overlooked.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
  ingress:
    - from: [{podSelector: {}}]
  egress:  # finding: has egress rules that are ignored: policyTypes is only Ingress
    - to: [{podSelector: {matchLabels: {app: catalog}}}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec:
  podSelector: {}
  egress: []  # finding: has an empty list of egress rules, which isolates nothing without policyTypes
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{podSelector: {}}]
  egress:
    - to: [{podSelector: {matchLabels: {app: catalog}}}]
```

Does not fire when:

* there are no `policyTypes` and there are egress rules: they count then
* the list for a direction that `policyTypes` leaves out is empty
* the pods are those of an ingress controller, so that their policy's name speaks of it

References: NetworkPolicy API, `spec.policyTypes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for policy in graph.select(NetworkPolicy):
        if not policy.spec["policyTypes"]:
            yield from _without_types(policy)
        elif policy.types:
            yield from _ignored(policy)
            yield from _sealed(policy)


def _ignored(policy: NetworkPolicy) -> Iterator[Problem]:
    """Rules of a direction that the types leave out."""
    for direction in Direction:
        if policy.rules(direction) and direction not in policy.types:
            written = " and ".join(policy.types)
            yield Problem(
                at=policy.spec[direction.field],
                at_key=True,
                message=f"{policy} has {direction.field} rules that are ignored: policyTypes is only {written}",
                help=f"add {direction} to policyTypes, or delete the {direction.field} rules",
                related=((policy.spec["policyTypes"], "the policy's types"),),
            )


def _without_types(policy: NetworkPolicy) -> Iterator[Problem]:
    egress = policy.spec["egress"]
    if egress.value == []:
        yield Problem(
            at=egress,
            at_key=True,
            message=f"{policy} has an empty list of egress rules, which isolates nothing without policyTypes",
            help="set policyTypes: [Ingress, Egress] to cut off egress, or delete the empty list",
        )


def _sealed(policy: NetworkPolicy) -> Iterator[Problem]:
    """Egress cut off by a policy that goes by the name of ingress."""
    words, labels = policy.name.lower().split("-"), str(policy.pod_selector).lower()
    if "ingress" in words and "egress" not in words and "ingress" not in labels and Direction.EGRESS in policy.types:
        types = {item.text: item for item in policy.spec["policyTypes"]}
        if not policy.spec["egress"].present:
            yield Problem(
                at=types[Direction.EGRESS],
                message=f"{policy} allows no egress at all, though its name speaks of ingress",
                help="delete Egress from policyTypes, or write the egress rules that the pods need",
                severity=Severity.NOTE,
            )
