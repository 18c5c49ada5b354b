"""NetworkPolicy lets pods reach the cloud's metadata service.

The metadata service at `169.254.169.254` (`fd00:ec2::254` over IPv6) hands the credentials of the node, or of the
workload, to whoever can connect to it. A pod that can be made to fetch an address for somebody else gives them away.
Leave the address out of the blocks that egress rules allow.

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
        - ipBlock:
            cidr: 169.254.0.0/16  # finding: allows connections to the metadata service at 169.254.169.254
      ports: [{port: 80}]
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
        - ipBlock:
            cidr: 169.254.0.0/16
            except: [169.254.169.254/32]
      ports: [{port: 80}]
    - to:
        - ipBlock: {cidr: 203.0.113.0/24}
```

Does not fire when:

* the rule does not allow TCP port 80, at which the service listens
* `policy-allows-all-egress` or `policy-open-cidr` speaks of the rule
* the policy is in one of the cluster's own namespaces (`kube-system` and the like, or those of the configuration)
* all pods that it is for carry a label of option `cloud-identity-labels`, as they need the service

References: the clouds' documentation of their instance metadata services; NetworkPolicy API, `IPBlock`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Direction, NetworkPolicy
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.kinds import PolicyRule


class Options(NamedTuple):
    """Which pods are meant to use the metadata service.

    Shapes: `cloud_identity_labels` are keys of the pods' labels.
    """

    cloud_identity_labels: tuple[str, ...] = ("aadpodidbinding",)


@rule(
    severity=Severity.WARNING,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    options=Options,
    since="0.1",
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for policy in graph.select(NetworkPolicy):
        if policy.namespace in graph.facts.system_namespaces or _is_meant(graph, policy, options):
            continue
        for each in policy.effective_rules:
            if each.direction is Direction.EGRESS and each.allows("TCP", 80):
                yield from _problems(policy, each)


def _problems(policy: NetworkPolicy, each: PolicyRule) -> Iterator[Problem]:
    reaching = [(block, address) for block in each.blocks if (address := block.metadata)]
    for_open_cidr = {wide.version for wide in each.wide_ranges(ipv4=8, ipv6=7)} if reaching else set()
    for block, address in reaching:
        if block.version not in for_open_cidr:
            yield Problem(
                at=block.cidr.node,
                message=f"{policy} allows connections to the metadata service at {address.partition('/')[0]}",
                help=f"add except: [{address}] to the block" if block.largest_range > 1 else "delete the block",
            )
    if each.is_everyone and not each.is_every_port:
        yield Problem(
            at=each.node,
            message=f"{policy} allows connections to every address, the metadata service at 169.254.169.254 among them",
            help="name the peers that the pods connect to",
        )


def _is_meant(graph: Graph, policy: NetworkPolicy, options: Options) -> bool:
    subjects = graph.subjects(policy)
    return bool(subjects) and all(
        any(label in workload.pod_labels for label in options.cloud_identity_labels) for workload in subjects
    )
