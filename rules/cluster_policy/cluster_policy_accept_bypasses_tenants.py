"""Policy for the cluster lets everyone in, whatever the policies of the namespaces say.

A rule of the Admin tier with `Accept` (`Allow` in v1alpha1) decides before any NetworkPolicy is asked: what namespaces
deny is let through all the same. For every namespace and every pod at once that is hardly meant. `Pass` hands the
decision to the namespaces' own policies; a subject or peers with labels keep an exception small.

Bad:

```yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: inside}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  ingress:
    - action: Accept  # finding: accepts all connections from every pod
      from: [{namespaces: {}}]
```

Good:

```yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: inside}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  ingress:
    - {action: Pass, from: [{namespaces: {}}]}
  egress:
    - action: Accept
      to: [{namespaces: {}}]
      protocols: [{udp: {destinationPort: {number: 53}}}, {tcp: {destinationPort: {number: 53}}}]
```

Does not fire when:

* the subject or the peers ask for a label that pods or namespaces must have
* the rule is for ports of DNS or monitoring only: those of option `ports`, or ports by name
* the policy is of the Baseline tier, which is asked last

References: Network Policy API, `spec.tier`, `action`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Options(NamedTuple):
    """Which ports may be opened to everyone.

    Shapes: `ports` are numbers, as text.
    """

    ports: tuple[str, ...] = ("53", "5353", "8080", "9090", "9100", "9153", "10250")


@rule(
    severity=Severity.WARNING,
    evidence=Evidence.CONTRADICTION,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    options=Options,
    since="0.1",
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    fine = {int(port) for port in options.ports if port.isdecimal()}
    for each in Effects.of(graph).broad_accepts:
        single = [first for _, (first, last) in each.connections if first == last]
        if not each.connections or (len(single) == len([*each.connections]) and fine.issuperset(single)):
            continue
        ports = "all connections" if each.connections.is_everything else f"connections on {each.connections}"
        whom = f"{each.direction.peers_field} every pod"
        yield Problem(
            at=each.rule.node["action"],
            message=f"{each.policy} accepts {ports} {whom}, before any NetworkPolicy is asked",
            help="use Pass, which leaves it to the namespaces' own policies, or name subject and peers by labels",
        )
