"""Egress rule for DNS is narrower than DNS, or wider.

Answers that do not fit into a datagram are asked for again over TCP: a rule for UDP 53 alone fails on long answers,
now and then. A rule for port 53 to everywhere lets whatever runs in the pod talk to any name server, which is a way to
carry data out. A named port is looked up on the name servers' pods, where it may be called otherwise. Allow UDP and TCP
53 to the cluster's name servers.

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
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: kube-system}
      ports:
        - protocol: UDP
          port: 53  # finding: allows DNS over UDP and not over TCP
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
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: kube-system}
          podSelector:
            matchLabels: {k8s-app: kube-dns}
      ports:
        - {protocol: UDP, port: 53}
        - {protocol: TCP, port: 53}
```

Does not fire when the policy, or another one for the same pods, allows TCP 53 in another rule, or allows everything
anyway.

References: RFC 7766; Kubernetes documentation, *Network Policies*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Problem, Selector, Severity, rule
from k8snet_lint.kinds import Direction, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.kinds import PolicyRule

    Pods = tuple[str, Selector]

NUMBER = 53
NAME_SERVERS = (
    "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, "
    "podSelector: {matchLabels: {k8s-app: kube-dns}}}"
)


@rule(severity=Severity.NOTE, presets=(), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    over_tcp = {
        (policy.namespace, policy.pod_selector)
        for policy in graph.policies
        if isinstance(policy, NetworkPolicy)
        and any(each.direction is Direction.EGRESS and each.allows("TCP", NUMBER) for each in policy.effective_rules)
    }
    for policy in graph.select(NetworkPolicy):
        for each in policy.effective_rules:
            if each.direction is Direction.EGRESS:
                yield from _imprecise(policy, each, over_tcp)


def _imprecise(policy: NetworkPolicy, each: PolicyRule, over_tcp: set[Pods]) -> Iterator[Problem]:
    """The first port of a rule that is not quite DNS; `over_tcp` are the pods that may ask over TCP."""
    for port in each.ports:
        what, help_ = "", f"name the cluster's name servers: to: [{NAME_SERVERS}]"
        if port.port == NUMBER and each.is_everyone:
            what = "allows DNS to whatever name server there is"
        elif port.port == NUMBER and port.protocol == "UDP" and over_tcp.isdisjoint(_alike(policy)):
            what, help_ = "allows DNS over UDP and not over TCP", "add {protocol: TCP, port: 53}"
        elif isinstance(port.port, str) and port.port.startswith("dns"):
            what, help_ = f"goes by the name '{port.port}', which name servers may call otherwise", "write port 53"
        if what:
            yield Problem(at=port.node["port"], message=f"{policy} {what}", help=help_)
            return


def _alike(policy: NetworkPolicy) -> tuple[Pods, ...]:
    """The pods that a policy is for, and all of its namespace."""
    return (policy.namespace, policy.pod_selector), (policy.namespace, Selector())
