"""Policy opens an address range as wide as the Internet.

`0.0.0.0/0` and `::/0` are every address there is, and two halves are no less. For ingress such a rule lets anyone in
who finds a way to the pod; for egress it lets the pods connect to anything, the cloud's metadata service among it.
Name the networks that are meant, and leave private and link-local ranges out with `except`.

Policies of Cilium are judged alike; the entity `world` counts for ingress, and for egress where no ports are named.

It is a note where all selected pods are published anyway, by a Service of type `LoadBalancer` or `NodePort` or behind
an Ingress, for egress to port 443 alone that leaves out the private networks or the metadata service, and for egress to
ports 80 and 443 that leaves out both.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: web}
  ingress:
    - from:
        - ipBlock:
            cidr: 0.0.0.0/0  # finding: admits every IPv4 address
      ports: [{port: 8080}]
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
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - ipBlock: {cidr: 10.0.0.0/8}
        - ipBlock: {cidr: "fd00::/8"}
  egress:
    - to:
        - ipBlock: {cidr: 203.0.113.0/24}
      ports: [{port: 443}]
```

Does not fire when:

* no range without a gap is larger than the options allow: `ipv4-prefix` and `ipv6-prefix` are the shortest prefixes
  that are let pass
* the rule is ignored because `policyTypes` leaves its direction out

References: NetworkPolicy API, `IPBlock`; RFC 1918, RFC 4193.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction, EnginePolicy, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.kinds import EngineRule, IPBlock, PolicyRule

BITS = {4: 32, 6: 128}
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
METADATA = {4: "169.254.169.254/32", 6: "fd00:ec2::254/128"}
SHOWN = 4
HTTPS = (443, "https")
WEB = (*HTTPS, 80, "http")


@dataclass(frozen=True, slots=True)
class Options:
    """How wide a range may be.

    Shapes: prefix lengths; a range of more addresses than such a block has is too wide.
    """

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
            for version, prefix in ((4, options.ipv4_prefix), (6, options.ipv6_prefix)):
                size = each.largest_range(version)
                if size > 1 << max(BITS[version] - prefix, 0):
                    yield _problem(graph, policy, each, version, size)


def _problem(
    graph: Graph, policy: NetworkPolicy | EnginePolicy, each: PolicyRule | EngineRule, version: int, size: int
) -> Problem:
    blocks = [block for block in each.blocks if block.version == version]
    wide = next((block for block in blocks if block.largest_range == size), None)
    is_ingress = each.direction is Direction.INGRESS
    mild = graph.publishes(policy) if is_ingress else _is_careful(each, blocks, METADATA[version])
    return Problem(
        at=wide.cidr.node if wide else each.peers_node,
        message=f"{policy} {'admits' if is_ingress else 'allows connections to'} {_what(wide, blocks, version, size)}",
        help="name the networks that clients connect from" if is_ingress else _narrower(blocks, METADATA[version]),
        severity=Severity.NOTE if mild else None,
    )


def _what(wide: IPBlock | None, blocks: Sequence[IPBlock], version: int, size: int) -> str:
    if wide is None:
        together = "every address" if size == 1 << BITS[version] else "one wide range"
        return f"{len(blocks)} IPv{version} blocks that are {together} together"
    cidr = wide.cidr.cidr
    whole = f"every IPv{version} address" if cidr is not None and cidr.is_everything else f"the wide range {cidr}"
    return f"{whole} but for {', '.join(each.node.text for each in wide.excepts[:SHOWN])}" if wide.excepts else whole


def _is_careful(each: PolicyRule | EngineRule, blocks: Sequence[IPBlock], metadata: str) -> bool:
    """Whether only HTTPS is allowed, and not to the private networks, or not to the metadata service.

    Or HTTP besides, and to neither of the two.
    """
    if not each.ports or any(port.port not in WEB or port.end_port for port in each.ports):
        return False
    left_out = (not _within(blocks, PRIVATE), not _within(blocks, (metadata,)))
    return any(left_out) if all(port.port in HTTPS for port in each.ports) else all(left_out)


def _narrower(blocks: Sequence[IPBlock], metadata: str) -> str:
    """What can be done that is not done yet."""
    within = _within(blocks, (*PRIVATE, metadata))
    if not within:
        return "name the networks that are meant; the private ones and the metadata service are left out already"
    return f"name the networks that are meant, or leave {', '.join(within)} out with except"


def _within(blocks: Sequence[IPBlock], networks: Sequence[str]) -> list[str]:
    """Those of the networks that are not wholly left out."""
    return [network for network in networks if not all(block.leaves_out(network) for block in blocks)]
