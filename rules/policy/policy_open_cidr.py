"""Policy opens an address range as wide as the Internet.

`0.0.0.0/0` and `::/0` are every address there is, and two halves are no less. For ingress such a rule lets anyone in
who finds a way to the pod; for egress it lets the pods connect to anything, the cloud's metadata service among it.
Name the networks that are meant, and leave private and link-local ranges out with `except`. Policies of Cilium are
judged alike; the entity `world` counts for ingress, and for egress where no ports are named.

It is a note where all selected pods are published anyway, by a Service of type `LoadBalancer` or `NodePort`, behind an
Ingress or as its controller, for egress to port 443 alone that leaves out the private networks or the metadata service,
and for egress to ports 80 and 443 that leaves out both.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - ipBlock:
            cidr: 0.0.0.0/0  # finding: admits every IPv4 address
  egress:
    - to:  # finding: allows connections to 2 IPv4 blocks that are every address together
        - ipBlock: {cidr: 0.0.0.0/1}
        - ipBlock: {cidr: 128.0.0.0/1}
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
    - from: [{ipBlock: {cidr: 10.0.0.0/8}}]
  egress:
    - to: [{ipBlock: {cidr: 203.0.113.0/24}}]
      ports: [{port: 443}]
```

Does not fire when:

* no range is larger than options `ipv4-prefix` and `ipv6-prefix` allow, the shortest prefixes that are let pass
* the rule is ignored because `policyTypes` leaves its direction out

References: NetworkPolicy API, `IPBlock`; RFC 1918, RFC 4193.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.kinds import PolicyPort, WideRange

HTTPS = (443, "https")
WEB = (*HTTPS, 80, "http")


class Options(NamedTuple):
    """How wide a range may be, as prefix lengths: one of more addresses than such a block has is too wide."""

    ipv4_prefix: int = 8
    ipv6_prefix: int = 7


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=("NSA/CISA",),
    options=Options,
    since="0.1",
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for policy in graph.policies:
        for each in policy.effective_rules:
            for wide in each.wide_ranges(ipv4=options.ipv4_prefix, ipv6=options.ipv6_prefix):
                inward = each.direction is Direction.INGRESS
                mild = graph.roles.are_published(policy) if inward else _is_careful(each.ports, wide)
                block = wide.block
                yield Problem(
                    at=block.cidr.node if block else each.peers_node,
                    message=f"{policy} {'admits' if inward else 'allows connections to'} {wide}",
                    help="name the networks that clients connect from" if inward else _narrower(wide, is_mild=mild),
                    severity=Severity.NOTE if mild else None,
                )


def _is_careful(ports: Sequence[PolicyPort], wide: WideRange) -> bool:
    """Whether it is HTTPS alone and leaves out one of the two sorts of networks, or HTTP too and leaves out both."""
    if not ports or any(port.port not in WEB or port.end_port for port in ports):
        return False
    left_out = (not wide.private, not wide.metadata)
    return any(left_out) if all(port.port in HTTPS for port in ports) else all(left_out)


def _narrower(wide: WideRange, *, is_mild: bool) -> str:
    """What can be done that is not done yet."""
    within = (*wide.private, *wide.metadata)
    if not within:
        ports = "" if is_mild else ", or allow ports 80 and 443 alone, of which this is a note"
        return (
            f"name the networks that are meant{ports}; the private ones and the metadata service are left out already"
        )
    return f"name the networks that are meant, or leave {', '.join(within)} out with except"
