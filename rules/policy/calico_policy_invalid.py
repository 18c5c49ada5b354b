"""Calico policy, network set or tier is rejected.

Calico refuses the object, or keeps it and leaves it out, so that what it was to deny stays open. Objects of the group
`crd.projectcalico.org` are worse off: nothing looks at them when they are applied. Correct the field that is named.

Bad:

```yaml
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: web}
spec:
  selector: app = 'web'  # finding: the selector cannot be read: '=' at character 5, where '==' was expected
  types: [ingress]  # finding: 'ingress' is no type; did you mean 'Ingress' or 'Egress'?
  doNotTrack: true  # finding: doNotTrack needs applyOnForward
  ingress:
    - action: Accept  # finding: 'Accept' is no action; expected one of Allow, Deny, Log, Pass
      source:
        selector: role == backend  # finding: 'backend' at character 9, where a text in quotes was expected
        nets:
          - 10.0.0.0/33  # finding: the block '10.0.0.0/33'
      destination:
        ports: [80]  # finding: ports need the protocol TCP, UDP or SCTP
    - action: Deny
      protocol: TCP
      http:  # finding: http is for rules that Allow, not for Deny
        methods: [GET]
      destination:
        ports:
          - "9000:8000"  # finding: the range ends before it starts
```

A namespaced policy is for pods of its own namespace, and has no words of Kubernetes' NetworkPolicy:

```yaml
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  namespaceSelector: all()  # finding: only a GlobalNetworkPolicy has namespaceSelector
  podSelector: {}  # finding: there is no field podSelector; Calico's is selector
```

Good:

```yaml
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: web}
spec:
  selector: app == 'web' && !has(canary)
  namespaceSelector: projectcalico.org/name not in {'kube-system', 'calico-system'}
  types: [Ingress]
  ingress:
    - action: Allow
      protocol: TCP
      source:
        selector: role == 'backend'
        nets: [10.0.0.0/8]
      destination:
        ports: [80, "8000:9000", metrics]
    - action: Log
    - action: Deny
```

A tier that is not among the files is told of where one that no other policy names is called nearly so.

Does not see: selectors, blocks and words that a variable (`${CIDR}`) stands for; whether a Service or a service account
exists; whether the name of a policy begins with that of its tier, which Calico no longer asks for.

References: Calico resource definitions (NetworkPolicy, GlobalNetworkPolicy, NetworkSet, Tier); libcalico-go,
`validator/v3`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, did_you_mean, quoted, rule
from k8snet_lint.kinds import BUILT_IN_TIERS, EnginePolicy, EngineResource

if TYPE_CHECKING:
    from collections.abc import Iterator

TIERS = frozenset({("projectcalico.org", "Tier"), ("crd.projectcalico.org", "Tier")})


@rule(
    severity=Severity.ERROR, presets=(Preset.RECOMMENDED, Preset.SECURITY), supersedes=("field-invalid",), since="0.1"
)
def check(graph: Graph) -> Iterator[Problem]:
    for resource in graph.select(EngineResource):
        for fault in resource.flaws if resource.engine == "Calico" else ():
            yield Problem(at=fault.node, at_key=fault.at_key, message=f"{resource} {fault.what}", help=fault.help)
    yield from _misspelt_tiers(graph)


def _misspelt_tiers(graph: Graph) -> Iterator[Problem]:
    """Tiers that are not there, where one that nothing else names is called nearly so."""
    tiers = {each.name for each in graph.of_kinds(TIERS)}
    policies = graph.whole.select(EnginePolicy) if tiers else ()
    named = [each.spec["tier"] for each in policies if each.engine == "Calico"]
    free = sorted(tiers.difference(tier.text for tier in named))
    there = tiers.union(BUILT_IN_TIERS)
    for tier in named if free else ():
        hint = did_you_mean(tier.text, free) if tier.text not in there else ""
        if hint and _digits(hint) == _digits(tier.text):
            message = f"{graph.owner(tier)} names tier {quoted(tier.text)}, which is not there{hint}"
            yield Problem(at=tier, message=message, help="name the tier as it is called")


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
