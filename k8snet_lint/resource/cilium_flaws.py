"""What Cilium rejects of its policies (cilium.io/v2 CRDs; pkg/policy/api `Rule.Sanitize`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.resource.port_flaws import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.resource.cilium import CiliumPolicy, CiliumSpec

SECTIONS = ("ingress", "ingressDeny", "egress", "egressDeny")


def flaws(policy: CiliumPolicy) -> Iterator[Flaw]:
    """Everything that keeps the policy from being taken; none of it is enforced then."""
    if not policy.specs:
        yield Flaw(policy.spec, "neither spec nor specs says anything")
    for spec in policy.specs:
        yield from _of_spec(policy, spec)


def _of_spec(policy: CiliumPolicy, spec: CiliumSpec) -> Iterator[Flaw]:
    node = spec.node
    if not node.is_mapping:
        yield Flaw(node, "a spec is a mapping")
        return
    pods, nodes = node["endpointSelector"], node["nodeSelector"]
    if pods.value is None and nodes.value is None:
        yield Flaw(node, "it has no endpointSelector")
    elif pods.value is not None and nodes.value is not None:
        yield Flaw(nodes, "endpointSelector and nodeSelector exclude each other")
    elif nodes.value is not None and not policy.cluster_scoped:
        yield Flaw(nodes, "only a CiliumClusterwideNetworkPolicy selects nodes")
    if not any(node[section] for section in SECTIONS):
        yield Flaw(node, "it has no rule in ingress, ingressDeny, egress or egressDeny")
