"""NetworkPolicy is rejected by the API server.

The API server refuses the whole object, and where only one of several policies of a namespace is refused, the others
isolate pods that this one was to open. Correct the field that is named.

A warning instead of an error where a block has bits set behind its prefix: that is accepted today, and what counts is
the network, not the address.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchExpressions:
      - key: app
        operator: in  # finding: unknown operator 'in'
        values: [web]
  ingress:
    - from:
        - {}  # finding: a peer without a selector or an ipBlock
        - ipBlock:
            cidr: 10.0.0.5  # finding: a CIDR ends in a prefix length, as in '10.0.0.5/32'
        - ipBlock:
            cidr: 10.0.0.5/8  # finding: counts as 10.0.0.0/8
            except:
              - 192.168.0.0/16  # finding: is no smaller part of 10.0.0.5/8
        - ipBlock:  # finding: an ipBlock beside a selector
            cidr: 172.16.0.0/12
          podSelector: {}
      ports:
        - port: 8080
          endPort: 8000  # finding: endPort 8000, which is lower than port 8080
        - port: http
          endPort: 8090  # finding: endPort 8090 beside port 'http'
        - port: "8443"  # finding: port '8443': a name has a letter
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchExpressions:
      - {key: app, operator: In, values: [web]}
  ingress:
    - from:
        - podSelector: {}
        - ipBlock:
            cidr: 10.0.0.0/8
            except: [10.1.0.0/16]
        - ipBlock: {cidr: 10.0.0.5/32}
      ports:
        - {port: 8000, endPort: 8080}
        - {port: http}
```

Does not see: addresses and ports that a variable (`${POD_CIDR}`) stands for; unknown fields and wrong types.

References: Kubernetes API server, `ValidateNetworkPolicySpec`, `ValidateIPBlock`, `ValidateLabelSelector`; KEP-4858
(IP and CIDR validation).
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from k8snet_lint import Graph, Node, Problem, Selector, Severity, quoted, rule
from k8snet_lint.kinds import Direction, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.kinds import IPBlock, PolicyPeer, PolicyPort


class Flaw(NamedTuple):
    """What is wrong, where, and how to mend it."""

    at: Node
    what: str
    help: str
    severity: Severity | None = None


@rule(severity=Severity.ERROR, may_give=(Severity.WARNING,), supersedes=("field-invalid",), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for policy in graph.select(NetworkPolicy):
        rules = [each for direction in Direction for each in policy.rules(direction)]
        found = [
            _selector(policy.spec["podSelector"]),
            *(_peer(peer) for each in rules for peer in each.peers),
            *(_port(port) for each in rules for port in each.ports),
        ]
        for flaw in chain.from_iterable(found):
            yield Problem(at=flaw.at, message=f"{policy} has {flaw.what}", help=flaw.help, severity=flaw.severity)


def _selector(node: Node) -> Iterator[Flaw]:
    flaw = Selector.flaw(node)
    if flaw is not None:
        yield Flaw(flaw.node, f"a selector that the API server rejects: {flaw.why}", "correct the selector")


def _peer(peer: PolicyPeer) -> Iterator[Flaw]:
    yield from _selector(peer.node["podSelector"])
    yield from _selector(peer.node["namespaceSelector"])
    block = peer.block
    if block is not None:
        yield from _block(peer.ip_block, block)
        if peer.selects:
            yield Flaw(peer.ip_block, "an ipBlock beside a selector in one peer", "make two peers of it")
    elif not peer.selects and peer.is_empty:
        yield Flaw(
            peer.node,
            "a peer without a selector or an ipBlock",
            "name the pods with podSelector or namespaceSelector, or leave the list out to mean everyone",
        )


def _block(node: Node, block: IPBlock) -> Iterator[Flaw]:
    if node.is_mapping and not node["cidr"]:
        yield Flaw(node["cidr"], "an ipBlock without a cidr", "write the block as cidr, such as 10.0.0.0/8")
    for each in (block.cidr, *block.excepts) if block.cidr.node else ():
        if each.flaw:
            yield Flaw(each.node, f"the CIDR {quoted(each.node.text)}: {each.flaw}", "write it like 10.0.0.0/8")
        elif each.cidr is not None and each.cidr.has_host_bits:
            what = f"the CIDR {each.node.text}, which counts as {each.cidr}"
            help_ = f"write {each.cidr}, or another prefix length if one address is meant"
            yield Flaw(each.node, what, help_, Severity.WARNING)
    for hole in block.excepts:
        if hole.cidr and block.cidr.cidr and not block.cidr.cidr.strictly_contains(hole.cidr):
            what = f"the exception {hole.node.text}, which is no smaller part of {block.cidr.node.text}"
            yield Flaw(hole.node, what, "except only blocks inside of cidr, and smaller than it")


def _port(port: PolicyPort) -> Iterator[Flaw]:
    for flaw in port.flaws:
        yield Flaw(flaw.node, str(flaw), "write the number without quotes, or the name of a container port")
    end = port.node["endPort"]
    if port.end_port is None:
        return
    if port.port is None:
        yield Flaw(end, f"endPort {port.end_port} without a port", "name the first port of the range as port")
    elif isinstance(port.port, str):
        yield Flaw(end, f"endPort {port.end_port} beside port {quoted(port.port)}", "give the first port as a number")
    elif port.end_port < port.port:
        yield Flaw(end, f"endPort {port.end_port}, which is lower than port {port.port}", "swap the two")
