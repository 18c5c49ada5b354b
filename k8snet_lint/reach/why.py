"""Explanations, worked out on demand by going over the policies of the two ends again."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from k8snet_lint.reach import causes, misses
from k8snet_lint.reach.explanation import Basis, Decision, Explanation, SideExplanation
from k8snet_lint.reach.verdict import Cause, Reason, Verdict
from k8snet_lint.resource import Direction
from k8snet_lint.resource.admin_policy import Action, Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.compiled import CompiledRule
    from k8snet_lint.reach.endpoints import Endpoint
    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.sides import Side
    from k8snet_lint.reach.spec import Policy, Ports
    from k8snet_lint.resource import Resource

_BASES = {
    Tier.ADMIN: Basis.ADMIN,
    Tier.NETWORK_POLICY: Basis.NETWORK_POLICY,
    Tier.BASELINE: Basis.BASELINE,
    Tier.CALICO: Basis.CALICO,
}


def explain(
    engine: Engine, source: Endpoint, target: Endpoint, protocol: str, port: int, *, by_service: bool = False
) -> Explanation:
    """Why a connection between two endpoints is allowed, denied or unknown.

    `by_service` tells that it goes to a Service's address, from which it may come back to the pod that made it.
    """
    itself = source is target and source.is_lone
    if itself and not by_service:
        sides = (_self(Direction.EGRESS, source), _self(Direction.INGRESS, target))
        return Explanation(source, target, protocol, port, Verdict.ALLOWED, *sides)
    ends = engine.universe.class_of(source), engine.universe.class_of(target)
    bit = 1 << engine.ports.atom(protocol, port)
    egress = _Explainer(engine, engine.egress, source, target, protocol, port).side()
    ingress = _Explainer(engine, engine.ingress, target, source, protocol, port).side()
    ingress = _in_mesh(engine, ingress, ends[1], bit)
    verdict = _both(egress.verdict, ingress.verdict)
    found = causes.of(engine, *ends, bit) if verdict is Verdict.UNKNOWN else ()
    if itself and verdict is Verdict.DENIED and not (egress.is_of_administrator or ingress.is_of_administrator):
        verdict, found = Verdict.UNKNOWN, (Cause(Reason.HAIRPIN, (), source.key),)
    return Explanation(source, target, protocol, port, verdict, egress, ingress, found)


def _in_mesh(engine: Engine, side: SideExplanation, target: int, bit: int) -> SideExplanation:
    """What enters, where a mesh has a say in it that policies of the network leave it."""
    ruling, masks = engine.mesh.rulings.get(target), engine.mesh.onto(target)
    if ruling is None or side.verdict is Verdict.DENIED or engine.ports.surely(masks) & bit:
        return side
    verdict = Verdict.UNKNOWN if engine.ports.maybe(masks) & bit else Verdict.DENIED
    return SideExplanation(side.direction, side.subject, verdict, Basis.MESH, ruling.policies)


def _overruling(decisions: Iterable[Decision]) -> Iterable[Decision]:
    """The decisions of one tier that count: among NetworkPolicies' equals what one surely denies no other allows."""
    found = tuple(decisions)
    denying = [each for each in found if each.tier is Tier.NETWORK_POLICY and each.action is Action.DENY]
    return denying if any(each.certain for each in denying) else found


def _self(direction: Direction, endpoint: Endpoint) -> SideExplanation:
    return SideExplanation(direction, endpoint, Verdict.ALLOWED, Basis.SELF)


def _both(one: Verdict, other: Verdict) -> Verdict:
    if Verdict.DENIED in (one, other):
        return Verdict.DENIED
    return Verdict.UNKNOWN if Verdict.UNKNOWN in (one, other) else Verdict.ALLOWED


class _Explainer:
    """One direction of one connection."""

    def __init__(self, engine: Engine, side: Side, subject: Endpoint, peer: Endpoint, protocol: str, port: int) -> None:
        self.engine = engine
        self.direction = side.direction
        self.subject = subject
        self.peer = peer
        self.protocol = protocol
        self.port = port
        self._subject = engine.universe.class_of(subject)
        self._peer = engine.universe.class_of(peer)
        self._destination = self._subject if side.direction is Direction.INGRESS else self._peer
        self._group = side.groups[side.group_of[self._subject]]
        self._pair = side.pair(self._subject, self._peer)
        self._isolates = side.isolates(self._group)

    def side(self) -> SideExplanation:
        """What this direction says, and which rules make it."""
        bit = 1 << self.engine.ports.atom(self.protocol, self.port)
        verdict = self.engine.verdict(self._pair, bit)
        if self._group.key[3]:
            basis, shown, isolating = self._by_stage(verdict)
            return SideExplanation(self.direction, self.subject, verdict, basis, isolating, shown)
        decisions = tuple(each for _, each in self._decisions())
        basis = self._basis(decisions)
        shown = tuple(_overruling(each for each in decisions if _BASES[each.tier] is basis))
        policies = (self.engine.policies[number] for number, _ in self._group.key[1])
        isolating = tuple(each.resource for each in policies if self.direction not in each.lenient)
        near = () if verdict is Verdict.ALLOWED else tuple(misses.near(self, basis, shown))
        return SideExplanation(self.direction, self.subject, verdict, basis, isolating, shown, near)

    def _by_stage(self, verdict: Verdict) -> tuple[Basis, tuple[Decision, ...], tuple[Resource, ...]]:
        """What decides where policies of all kinds stand in one order: rules as far as the first that surely does.

        Where none does, the policies are what denies: those of the first stage that leaves nothing to later ones. A
        stage of which a rule passes the connection on has no more say in it.
        """
        shown: list[Decision] = []
        passed = set()
        for policy, each in self._decisions():
            if policy.stage in passed:
                continue
            shown.append(each)
            if each.certain and each.action is not Action.PASS:
                return _BASES[each.tier], tuple(shown), ()
            if each.certain:
                passed.add(policy.stage)
        policies = [self.engine.policies[number] for number, certain in sorted(chain(*self._group.key)) if certain]
        asked = [each for each in policies if each.stage and each.stage not in passed]
        settling = [each for each in asked if each.stage and each.settles and not each.stage.passes]
        if verdict is Verdict.ALLOWED:
            settling = []
        isolating = tuple(each.resource for each in settling if each.stage == settling[0].stage)
        return Basis.CALICO if isolating or shown else Basis.NO_POLICY, tuple(shown), isolating

    def _basis(self, decisions: tuple[Decision, ...]) -> Basis:
        if not any(self._group.key):
            selectable = self.engine.universe.workloads & self.engine.universe.selectable
            return Basis.NO_POLICY if selectable >> self._subject & 1 else Basis.NOT_SELECTABLE
        for each in decisions:
            if each.tier is Tier.ADMIN and each.certain:
                if each.action is Action.PASS:
                    break
                return Basis.ADMIN
        denied = any(each.tier is Tier.NETWORK_POLICY and each.action is Action.DENY for each in decisions)
        if denied or self._isolates:
            return Basis.NETWORK_POLICY
        if any(each.tier is Tier.BASELINE for each in decisions):
            return Basis.BASELINE
        doubtful = any(not certain for _, certain in self._group.key[1])
        return Basis.NETWORK_POLICY if doubtful else Basis.NO_POLICY

    def _decisions(self) -> Iterator[tuple[Policy, Decision]]:
        key = self._group.key
        for number, certain in sorted(chain(*key)) if key[3] else chain(*key):
            policy = self.engine.policies[number]
            for rule in self.engine.compiled[number].rules[self.direction]:
                found = self._match(rule)
                if found is not None:
                    peer, port, surely = found
                    action, sure = rule.rule.action, certain and surely
                    yield policy, Decision(policy.resource, policy.tier, rule.rule.node, peer, port, action, sure)

    def _match(self, rule: CompiledRule) -> tuple[Node, Node, bool] | None:
        """The peer and the port of a rule that match, and whether they surely do."""
        if not rule.peers.maybe >> self._peer & 1:
            return None
        port = next((each for each in rule.rule.ports if self.names_port(each)), None)
        if port is None:
            return None
        among = [(each, self.engine.matching.peer(each)) for each in rule.rule.peers]
        for each, bounds in among:
            if bounds.surely >> self._peer & 1:
                return each.node, port.node, True
        return next((each.node, port.node, False) for each, bounds in among if bounds.maybe >> self._peer & 1)

    def names_port(self, ports: Ports) -> bool:
        """Whether an entry of a rule's ports may mean the port."""
        if ports.connections is not None:
            return ports.connections.contains(self.protocol, self.port)
        return self.engine.named.on(self._destination, ports.name, ports.protocol)[1].contains(self.protocol, self.port)

    def matches_peer(self, rule: CompiledRule) -> bool:
        """Whether a rule surely means the other end."""
        return bool(rule.peers.surely >> self._peer & 1)

    def selecting(self, tier: Tier) -> Iterator[tuple[Policy, tuple[CompiledRule, ...]]]:
        """The policies of a tier that select the subject, with their rules for the direction."""
        for number, _ in self._group.key[[*Tier].index(tier)]:
            yield self.engine.policies[number], self.engine.compiled[number].rules[self.direction]
