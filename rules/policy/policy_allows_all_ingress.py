"""Policy admits everyone on every port.

A rule without peers admits every pod and every address outside the cluster; a peer with an empty `namespaceSelector`
admits every pod of every namespace. Without ports, either opens all of them, and as rules add up, no other policy can
take that back: the pods are as reachable as without a policy. Name the peers, or at least the ports.

Policies of Cilium are judged alike: there `fromEntities: [all]` means everyone, `cluster` every pod.

It is a note where all selected pods are published anyway, by a Service of type `LoadBalancer` or `NodePort`, behind an
Ingress or as its controller.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Ingress]
  ingress:
    - {}  # finding: admits everyone, from outside the cluster too, on every port
    - from: []  # finding: admits everyone
```

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: web}
  ingress:
    - from:
        - podSelector:
            matchLabels: {app: frontend}
        - namespaceSelector: {}  # finding: admits every pod of every namespace on every port
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector: {}
    - from:
        - namespaceSelector: {}
      ports: [{protocol: TCP, port: 9090}]
    - ports: [{protocol: TCP, port: 8080}]
```

Does not fire when:

* the rule stands beside `ingressDeny`, or `enableDefaultDeny` says that nothing is denied
* the rule names ports, or is ignored because `policyTypes` leaves `Ingress` out
* the option `intended` names the policy

References: NetworkPolicy API, `spec.ingress[].from`; Kubernetes documentation, *Network Policies*, allow all ingress
traffic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Options(NamedTuple):
    """Which policies are meant to admit everyone.

    Shapes: `intended` lists policies as `namespace/name`, or by name for any namespace; both may hold `*`.
    """

    intended: tuple[str, ...] = ()


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    evidence=Evidence.CONTRADICTION,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=("NSA/CISA",),
    options=Options,
    since="0.1",
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for each in graph.open_rules(Direction.INGRESS):
        whom = "everyone, from outside the cluster too," if each.is_everyone else "every pod of every namespace"
        if not each.policy.is_among(options.intended):
            yield Problem(
                at=each.at,
                message=f"{each.policy} admits {whom} on every port",
                help="name the peers that are to connect, and the ports they need",
                severity=Severity.NOTE if graph.roles.are_published(each.policy) else None,
            )
