"""What policies of the cluster's administrator deny by default (policy.networking.k8s.io v1alpha1 and v1alpha2).

Being their subject isolates nobody: only a rule that denies everyone on every port does. Rules are asked in the order
of tier, priority and place; the first that is for everyone decides, and narrower ones before it are exceptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.cidr import Cidr
from k8snet_lint.resource.admin_policy import Action, AdminPolicy, Tier
from k8snet_lint.resource.policy import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import Workload
    from k8snet_lint.resource.admin_policy import AdminPeer, AdminPort, AdminRule

LAST = 1001
"""After every priority."""


class AdminIsolation:
    """Which pods the policies of administrators keep everyone from, where no other policy says otherwise."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._spaces: dict[tuple[AdminPolicy, str], bool | None] = {}

    def policies(self, namespace: str, direction: Direction) -> tuple[()]:  # noqa: ARG002 - being a subject isolates none
        """None: they isolate by what they deny, not by whom they select."""
        return ()

    def denies_all(self, namespace: str, direction: Direction) -> AdminPolicy | None:
        """The policy that denies every pod of the namespace everything that no other policy allows."""
        return self._deciding(
            namespace, direction, lambda policy: policy.subject is not None and policy.subject.pods.is_empty
        )

    def denies(self, workload: Workload, direction: Direction) -> bool:
        """Whether they deny the workload's pods everything that no other policy allows."""
        labels = workload.pod_labels
        found = self._deciding(
            workload.namespace,
            direction,
            lambda policy: policy.subject is not None and policy.subject.pods.matches(labels),
        )
        return found is not None

    def _deciding(
        self, namespace: str, direction: Direction, selects: Callable[[AdminPolicy], bool]
    ) -> AdminPolicy | None:
        """The first policy whose sweeping rule decides, if that denies; one that passes leaves its tier."""
        left: Tier | None = None
        for policy, action in self._sweeping[direction]:
            if policy.tier is left or not self._is_for(policy, namespace) or not selects(policy):
                continue
            if action is not Action.PASS:
                return policy if action is Action.DENY else None
            left = policy.tier
        return None

    def may_deny(self, namespace: str) -> bool:
        """Whether unknown labels of the namespace decide that they do."""
        return any(
            self._is_for(policy, namespace) is None
            for found in self._sweeping.values()
            for policy, action in found
            if action is Action.DENY
        )

    def _is_for(self, policy: AdminPolicy, namespace: str) -> bool | None:
        """Whether the policy is for pods of the namespace; None where unknown labels decide."""
        key = (policy, namespace)
        if key not in self._spaces:
            subject = policy.subject
            surely, maybe = ((), ()) if subject is None else self._graph.namespaces.matching(subject.namespaces)
            self._spaces[key] = True if namespace in surely else None if namespace in maybe else False
        return self._spaces[key]

    @cached_property
    def _sweeping(self) -> dict[Direction, tuple[tuple[AdminPolicy, Action], ...]]:
        """For each direction the action of each policy's first sweeping rule, in the order of evaluation."""
        policies = sorted(self._graph.select(AdminPolicy), key=_order)
        return {direction: tuple(_first_sweeping(policies, direction)) for direction in Direction}


def _order(policy: AdminPolicy) -> tuple[bool, int]:
    return policy.tier is Tier.BASELINE, LAST if policy.priority is None else policy.priority


def _first_sweeping(policies: list[AdminPolicy], direction: Direction) -> Iterator[tuple[AdminPolicy, Action]]:
    for policy in policies:
        action = next((rule.action for rule in policy.rules(direction) if rule.action and _is_sweeping(rule)), None)
        if action is not None:
            yield policy, action


def _is_sweeping(rule: AdminRule) -> bool:
    """Whether it is for everyone on every port: for egress, for every address too."""
    ports = rule.node["ports"].value or rule.node["protocols"].value
    return (not ports or _is_every_port(rule.ports)) and any(_is_everyone(peer, rule.direction) for peer in rule.peers)


def _is_everyone(peer: AdminPeer, direction: Direction) -> bool:
    if direction is Direction.INGRESS:
        return peer.pods is not None and peer.pods.namespaces.is_empty and peer.pods.pods.is_empty
    return any(_is_every_address(network.text) for network in peer.networks)


def _is_every_address(text: str) -> bool:
    try:
        return Cidr.of(text).is_everything
    except ValueError:
        return False


def _is_every_port(ports: tuple[AdminPort, ...]) -> bool:
    whole = {port.protocol for port in ports if not port.name and (port.first or 2) <= 1 and (port.last or 0) >= 65535}
    return {"TCP", "UDP"} <= whole
