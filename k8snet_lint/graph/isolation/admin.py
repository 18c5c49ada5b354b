"""What policies of the cluster's administrator deny by default (policy.networking.k8s.io v1alpha1 and v1alpha2).

Being their subject isolates nobody: only a rule that denies everyone on every port does. Rules are asked in the order
of tier, priority and place; the first that is for everyone decides, and narrower ones before it are exceptions.
"""

from __future__ import annotations

from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.cidr import Cidr
from k8snet_lint.resource.admin_policy import Action, AdminPolicy, Tier
from k8snet_lint.resource.policy import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.names import Names
    from k8snet_lint.resource import Workload
    from k8snet_lint.resource.admin_policy import AdminPeer, AdminPort, AdminRule

    Numbered = tuple[int, AdminPolicy, Action]

FEW = 16
"""A policy for no more namespaces than this is kept by each of them."""

LAST = 1001
"""After every priority."""


class AdminIsolation:
    """Which pods the policies of administrators keep everyone from, where no other policy says otherwise."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

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
        for policy, action in self._sweeping[direction].among(namespace):
            if policy.tier is left or not selects(policy):
                continue
            if action is not Action.PASS:
                return policy if action is Action.DENY else None
            left = policy.tier
        return None

    def may_deny(self, namespace: str) -> bool:
        """Whether unknown labels of the namespace decide that they do."""
        return any(namespace in names for names in self._perhaps_denied)

    @cached_property
    def _perhaps_denied(self) -> tuple[Names, ...]:
        """The namespaces of which unknown labels decide whether a policy that denies is for them."""
        denying = {
            policy.subject.namespaces
            for found in self._sweeping.values()
            for _, policy, action in found.every
            if action is Action.DENY and policy.subject is not None
        }
        perhaps = (maybe - surely for surely, maybe in map(self._graph.namespaces.matching, denying))
        return tuple(names for names in perhaps if names)

    @cached_property
    def _sweeping(self) -> dict[Direction, _Sweeping]:
        """For each direction the action of each policy's first sweeping rule, in the order of evaluation."""
        policies = sorted(self._graph.select(AdminPolicy), key=_order)
        return {each: _Sweeping(self._graph, _first_sweeping(policies, each)) for each in Direction}


class _Sweeping:
    """Policies with what their first sweeping rule does, in the order of evaluation, by the namespaces they are for.

    Those for a few namespaces are kept by each of them, and looked for beside those for many.
    """

    def __init__(self, graph: Graph, found: Iterable[tuple[AdminPolicy, Action]]) -> None:
        self.every = tuple((number, *each) for number, each in enumerate(found))
        self._for_many: list[tuple[Numbered, Names]] = []
        self._for_few: dict[str, list[Numbered]] = {}
        for each in self.every:
            subject = each[1].subject
            if subject is None:
                continue
            names, _ = graph.namespaces.matching(subject.namespaces)
            if len(names) > FEW:
                self._for_many.append((each, names))
                continue
            for name in names:
                self._for_few.setdefault(name, []).append(each)

    def among(self, namespace: str) -> Iterator[tuple[AdminPolicy, Action]]:
        """Those that are for pods of a namespace."""
        for_many = (each for each, names in self._for_many if namespace in names)
        merged = merge(for_many, self._for_few.get(namespace, ()), key=itemgetter(0))
        return ((policy, action) for _, policy, action in merged)


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
