"""Calico's policies and what they refer to (projectcalico.org/v3, and crd.projectcalico.org/v1 as it is stored)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.resource import calico_dead, calico_flaws
from k8snet_lint.resource.calico_rule import (
    ACCOUNT,
    DEFAULT_TIER,
    DEFAULT_TIER_ORDER,
    CalicoRule,
    CalicoSelector,
    WrittenNet,
)
from k8snet_lint.resource.calico_subject import subjects
from k8snet_lint.resource.engine_policy import EnginePolicy, EngineResource, Fault
from k8snet_lint.resource.policy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.base import Resource
    from k8snet_lint.resource.engine_policy import PodsMeant
    from k8snet_lint.resource.workload import Workload

BUILT_IN_TIERS = {
    "adminnetworkpolicy": (1_000.0, True),
    "kube-admin": (1_000.0, True),
    DEFAULT_TIER: (DEFAULT_TIER_ORDER, False),
    "baselineadminnetworkpolicy": (10_000_000.0, True),
    "kube-baseline": (10_000_000.0, True),
}
"""Calico's own tiers: where they stand, and whether they pass on what they do not decide (`names`, `Tier`)."""

NETWORK_POLICY_ORDER = 1000.0
"""Where Calico puts Kubernetes' NetworkPolicies in the tier `default`."""

LAST = float("inf")


class CalicoResource(EngineResource):
    """One of Calico's kinds that are read here."""

    engine = "Calico"


class CalicoPolicy(CalicoResource, EnginePolicy):
    """A NetworkPolicy or GlobalNetworkPolicy of Calico, or a staged one."""

    dns_rule = (
        "{action: Allow, protocol: UDP, destination: {namespaceSelector: projectcalico.org/name == 'kube-system', "
        "selector: k8s-app == 'kube-dns', ports: [53]}}, and one with protocol: TCP"
    )

    @cached_property
    def flaws(self) -> tuple[Fault, ...]:
        return tuple(calico_flaws.of_policy(self))

    @property
    def is_global(self) -> bool:
        return self.cluster_scoped

    @property
    def is_staged(self) -> bool:
        """Whether it only shows what it would do: what is staged is never enforced."""
        return self.kind.startswith("Staged")

    @property
    def is_understood(self) -> bool:
        """What it isolates depends on other policies, and is worked out with them (`graph.isolation.calico`)."""
        return True

    @cached_property
    def selector(self) -> CalicoSelector:
        """The pods that it is for, by their labels."""
        return CalicoSelector.of(self.spec["selector"])

    @cached_property
    def namespace_selector(self) -> CalicoSelector:
        """The namespaces of the pods that it is for; only a global one has it."""
        return CalicoSelector.of(self.spec["namespaceSelector"])

    @cached_property
    def account_selector(self) -> CalicoSelector:
        """The service accounts of the pods that it is for."""
        return CalicoSelector.of(self.spec["serviceAccountSelector"])

    @property
    def selectors(self) -> tuple[CalicoSelector, ...]:
        """All that says whom it is for."""
        return self.selector, self.namespace_selector, self.account_selector

    @cached_property
    def subjects(self) -> tuple[PodsMeant, ...]:
        """The pods that it is for, where Kubernetes' selectors can say as much."""
        return () if self.is_for_hosts else tuple(subjects(self))

    @property
    def subject_node(self) -> Node:
        return self.spec["selector"]

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
        return {
            direction: tuple(CalicoRule.of(node, direction) for node in self.spec[direction.field])
            for direction in Direction
        }

    @property
    def is_for_hosts(self) -> bool:
        """Whether it works on traffic of hosts before it is forwarded, so that it is for no pod."""
        return self.spec["doNotTrack"].value is True or self.spec["preDNAT"].value is True

    def ineffective(self) -> Iterator[Fault]:
        return calico_dead.ineffective(self)


class GlobalCalicoPolicy(CalicoPolicy):
    """A policy for pods of any namespace, and for hosts."""

    cluster_scoped = True


class StagedKubernetesNetworkPolicy(CalicoResource, EnginePolicy):
    """A Kubernetes NetworkPolicy that is not enforced yet."""

    @property
    def is_understood(self) -> bool:
        return True

    def ineffective(self) -> Iterator[Fault]:
        yield calico_dead.staged(self)


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

    @cached_property
    def flaws(self) -> tuple[Fault, ...]:
        return tuple(calico_flaws.of_tier(self))


class NetworkSet(CalicoResource):
    """Addresses that rules mean by labels."""

    @cached_property
    def nets(self) -> tuple[WrittenNet, ...]:
        return tuple(WrittenNet.of(node) for node in self.spec["nets"])

    @cached_property
    def flaws(self) -> tuple[Fault, ...]:
        return tuple(calico_flaws.of_set(self))


class GlobalNetworkSet(NetworkSet):
    """Addresses that rules mean by labels, in no namespace."""

    cluster_scoped = True


KINDS: Mapping[tuple[str, str], type[Resource]] = {
    (group, kind): view
    for group in ("projectcalico.org", "crd.projectcalico.org")
    for kind, view in (
        ("NetworkPolicy", CalicoPolicy),
        ("StagedNetworkPolicy", CalicoPolicy),
        ("GlobalNetworkPolicy", GlobalCalicoPolicy),
        ("StagedGlobalNetworkPolicy", GlobalCalicoPolicy),
        ("StagedKubernetesNetworkPolicy", StagedKubernetesNetworkPolicy),
        ("Tier", CalicoTier),
        ("NetworkSet", NetworkSet),
        ("GlobalNetworkSet", GlobalNetworkSet),
    )
}


def account_labels(workload: Workload) -> dict[str, str]:
    """The label that pods get for their service account; none where a template does not tell."""
    if not workload.containers:
        return {}
    return {ACCOUNT: workload.pod_spec["serviceAccountName"].text or "default"}


def _number(node: Node) -> float:
    value = node.value
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else LAST
