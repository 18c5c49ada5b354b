"""Policy lets pods connect to everywhere on every port.

An egress rule without peers allows every pod and every address outside the cluster, the cloud's metadata service
among them; a peer with an empty `namespaceSelector` allows every pod of every namespace. As rules add up, no other
policy can take that back. Name what the pods have to reach; where the policy is there for its ingress rules only,
leave `Egress` out of `policyTypes`.

Policies of Cilium are judged alike: there `toEntities: [all]` means everywhere, `cluster` every pod.

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
    - {}  # finding: allows connections to everywhere, outside the cluster too, on every port
```

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
        - namespaceSelector: {}  # finding: allows connections to every pod of every namespace on every port
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
        - podSelector:
            matchLabels: {app: catalog}
    - ports:
        - {protocol: UDP, port: 53}
        - {protocol: TCP, port: 53}
```

Does not fire when:

* the rule stands beside `egressDeny`, or `enableDefaultDeny` says that nothing is denied
* the rule names ports, or is ignored because `policyTypes` leaves `Egress` out
* the option `intended` names the policy

References: NetworkPolicy API, `spec.egress[].to`; Kubernetes documentation, *Network Policies*, allow all egress
traffic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Options(NamedTuple):
    """Which policies are meant to let pods connect to everywhere.

    Shapes: `intended` lists policies as `namespace/name`, or by name for any namespace; both may hold `*`.
    """

    intended: tuple[str, ...] = ()


@rule(
    severity=Severity.NOTE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=("NSA/CISA",),
    options=Options,
    since="0.1",
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for each in graph.open_rules(Direction.EGRESS):
        where = "everywhere, outside the cluster too," if each.is_everyone else "every pod of every namespace"
        if not each.policy.is_among(options.intended):
            yield Problem(
                at=each.at,
                message=f"{each.policy} allows connections to {where} on every port",
                help="name the peers that the pods connect to and their ports, or leave Egress out of policyTypes",
            )
