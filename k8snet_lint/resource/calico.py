"""Calico's policies and what they refer to (projectcalico.org/v3, and crd.projectcalico.org/v1 as it is stored).

Nothing here is read before it is asked for: what rules and selectors are made of is imported with the first of them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.policy import Direction, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.calico_rule import CalicoRule, CalicoSelector, WrittenNet
    from k8snet_lint.resource.port_flaws import Flaw

GROUPS = ("projectcalico.org", "crd.projectcalico.org")

DEFAULT_TIER = "default"
DEFAULT_TIER_ORDER = 1_000_000.0
"""Where the tier of that name stands (`DefaultTierOrder`)."""

NETWORK_POLICY_ORDER = 1000.0
"""Where Calico puts Kubernetes' NetworkPolicies in the tier `default`."""

LAST = float("inf")


class CalicoResource(Resource):
    """One of Calico's kinds that are read here."""

    @cached_property
    def flaws(self) -> tuple[Flaw, ...]:
        """What Calico rejects, or cannot do anything with, in the order of the document."""
        from k8snet_lint.resource import calico_flaws  # noqa: PLC0415 - few repositories have such a kind

        return tuple(calico_flaws.of(self))

    @property
    def is_staged(self) -> bool:
        """Whether it only shows what it would do: what is staged is never enforced."""
        return self.kind.startswith("Staged")


class CalicoPolicy(CalicoResource):
    """A NetworkPolicy or GlobalNetworkPolicy of Calico, or a staged one."""

    @property
    def is_global(self) -> bool:
        return self.cluster_scoped

    @cached_property
    def selector(self) -> CalicoSelector:
        """The pods that it is for, by their labels."""
        return _selector(self.spec["selector"])

    @cached_property
    def namespace_selector(self) -> CalicoSelector:
        """The namespaces of the pods that it is for; only a global one has it."""
        return _selector(self.spec["namespaceSelector"])

    @cached_property
    def account_selector(self) -> CalicoSelector:
        """The service accounts of the pods that it is for."""
        return _selector(self.spec["serviceAccountSelector"])

    @cached_property
    def order(self) -> float:
        """Lower goes first within a tier; infinity where none is written, which goes last."""
        return _number(self.spec["order"])

    @cached_property
    def tier(self) -> str:
        """The name of its tier."""
        return self.spec["tier"].text or DEFAULT_TIER

    @cached_property
    def types(self) -> frozenset[Direction]:
        """The directions that it applies to: as written, else those with rules, else Ingress."""
        written = {item.text for item in self.spec["types"]}
        if self.spec["types"]:
            return frozenset(direction for direction in Direction if direction in written)
        found = frozenset(direction for direction in Direction if self.spec[direction.field])
        return found or frozenset((Direction.INGRESS,))

    def rules(self, direction: Direction) -> tuple[CalicoRule, ...]:
        """The rules written for a direction, in the order in which they are asked."""
        return self._rules[direction]

    @cached_property
    def _rules(self) -> dict[Direction, tuple[CalicoRule, ...]]:
        from k8snet_lint.resource.calico_rule import CalicoRule  # noqa: PLC0415 - few repositories have such a kind

        return {
            direction: tuple(CalicoRule.of(node, direction) for node in self.spec[direction.field])
            for direction in Direction
        }

    @property
    def is_for_hosts(self) -> bool:
        """Whether it works on traffic of hosts before it is forwarded, so that it is for no pod."""
        return self.spec["doNotTrack"].value is True or self.spec["preDNAT"].value is True

    def ineffective(self) -> Iterator[tuple[Node, str]]:
        """The rules that nothing ever gets to, each with the reason."""
        for direction in Direction:
            rules = self.rules(direction)
            if rules and direction not in self.types:
                yield rules[0].node.parent or rules[0].node, f"`types` leaves out {direction}"
                continue
            for place, rule in enumerate(rules):
                if rule.is_sweeping and place + 1 < len(rules):
                    text = f"rule {place + 1} before it is for everything, with the action {rule.action}"
                    yield rules[place + 1].node, text
                    break


class GlobalCalicoPolicy(CalicoPolicy):
    """A policy for pods of any namespace, and for hosts."""

    cluster_scoped = True


class StagedKubernetesNetworkPolicy(CalicoResource):
    """A Kubernetes NetworkPolicy that is not enforced yet."""

    @cached_property
    def staged(self) -> NetworkPolicy:
        """The policy that it would be."""
        return NetworkPolicy(self.node, "networking.k8s.io/v1", "NetworkPolicy", self.unit)


class CalicoTier(CalicoResource):
    """A group of policies that is asked as one."""

    cluster_scoped = True

    @cached_property
    def order(self) -> float:
        """Lower goes first; the tier `default` has its place whatever is written."""
        return DEFAULT_TIER_ORDER if self.name == DEFAULT_TIER else _number(self.spec["order"])

    @property
    def passes(self) -> bool:
        """Whether traffic that none of its policies decides goes on to the next tier instead of being denied."""
        return self.spec["defaultAction"].text == "Pass"


class NetworkSet(CalicoResource):
    """Addresses that rules mean by labels."""

    @cached_property
    def nets(self) -> tuple[WrittenNet, ...]:
        from k8snet_lint.resource.calico_rule import WrittenNet  # noqa: PLC0415 - few repositories have such a kind

        return tuple(WrittenNet.of(node) for node in self.spec["nets"])


class GlobalNetworkSet(NetworkSet):
    """Addresses that rules mean by labels, in no namespace."""

    cluster_scoped = True


KINDS: dict[str, type[Resource]] = {
    "NetworkPolicy": CalicoPolicy,
    "StagedNetworkPolicy": CalicoPolicy,
    "GlobalNetworkPolicy": GlobalCalicoPolicy,
    "StagedGlobalNetworkPolicy": GlobalCalicoPolicy,
    "StagedKubernetesNetworkPolicy": StagedKubernetesNetworkPolicy,
    "Tier": CalicoTier,
    "NetworkSet": NetworkSet,
    "GlobalNetworkSet": GlobalNetworkSet,
}


def _selector(node: Node) -> CalicoSelector:
    from k8snet_lint.resource.calico_rule import CalicoSelector  # noqa: PLC0415 - few repositories have such a kind

    return CalicoSelector.of(node)


def _number(node: Node) -> float:
    value = node.value
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else LAST
