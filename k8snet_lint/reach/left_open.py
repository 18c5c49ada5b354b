"""What policies leave open, told of once for all that policies which select the same are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.cached import cached_property
from k8snet_lint.reach import causes
from k8snet_lint.reach.bits import merge
from k8snet_lint.reach.spec import AllOf, AnyOf, NotOf, Pods
from k8snet_lint.reach.verdict import Reason
from k8snet_lint.resource import Direction

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from k8snet_lint.reach.compiled import CompiledRule
    from k8snet_lint.reach.endpoints import Endpoint
    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.groups import Cohort, Group
    from k8snet_lint.reach.spec import Peer

Part = tuple[Reason, int, int]
"""A reason, the connections for which it counts, and the peers."""

BY_LABELS = (Pods, AllOf, AnyOf, NotOf)
"""Peers that ask for labels or namespaces; all others go by what an endpoint is."""


class LeftOpen:
    """Why cohorts of policies leave it open what they select and let through."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._doubts: dict[Hashable, dict[Reason, int]] = {}
        self._of_subjects: dict[Cohort, dict[Reason, int]] = {}
        self._of_rules: dict[tuple[Direction, Cohort, Hashable], dict[Reason, tuple[tuple[int, int], ...]]] = {}

    def of_subjects(self, cohort: Cohort) -> dict[Reason, int]:
        """Why policies only may select classes, by those for which each reason counts."""
        found = self._of_subjects.get(cohort)
        if found is None:
            policies = (self._engine.policies[number] for number in cohort.numbers)
            found = self._of_subjects[cohort] = merge(
                part
                for whom in {_key(each): each for each in map(causes.whom, policies)}.values()
                for part in self._doubted(whom, cohort.doubtful).items()
            )
        return found

    def of_rules(self, direction: Direction, cohort: Cohort, group: Group) -> dict[Reason, tuple[tuple[int, int], ...]]:
        """Why rules leave connections unknown, with these and the peers."""
        own = direction is Direction.INGRESS
        key = (direction, cohort, group.heard if own else ())
        found = self._of_rules.get(key)
        if found is None:
            parts: dict[Reason, dict[int, int]] = {}
            for number in cohort.numbers:
                for rule in self._engine.compiled[number].rules[direction]:
                    for reason, about, bits in self._parts(rule, group.first if own else None):
                        into = parts.setdefault(reason, {})
                        into[about] = into.get(about, 0) | bits
            found = self._of_rules[key] = {reason: tuple(into.items()) for reason, into in parts.items()}
        return found

    def _parts(self, rule: CompiledRule, destination: int | None) -> Iterator[Part]:
        """Why one rule does, where it has to do with connections at all."""
        engine, peers = self._engine, rule.peers.maybe
        among = [(rule.numbers, peers)] if rule.numbers else []
        for port in rule.names:
            if destination is None:
                resolved = engine.named.everywhere(port.name, port.protocol, per_pod=True).items()
            else:
                resolved = {engine.named.on(destination, port.name, port.protocol): peers}.items()
            for (surely, maybe), bits in resolved:
                among.append((engine.ports.mask(maybe), bits & peers))
                if surely != maybe or not engine.profile.named_ports_per_pod:
                    yield Reason.NAMED_PORT, *among[-1]
        if rule.rule.doubt is not None:
            yield from ((rule.rule.doubt, *part) for part in among)
        for each in rule.rule.peers:
            bounds = engine.matching.peer(each)
            for reason, bits in self._doubted(each, bounds.maybe & ~bounds.surely & peers).items():
                yield from ((reason, about, bits & part) for about, part in among)

    def _doubted(self, peer: Peer, among: int) -> dict[Reason, int]:
        """Why it is not known whether a peer means classes, by those of which it is."""
        key = (_key(peer), among)
        found = self._doubts.get(key)
        if found is None:
            found = self._doubts[key] = merge(
                (cause.reason, bits)
                for endpoint, bits in self._told_apart(peer, among)
                for cause in causes.doubts(self._engine, peer, endpoint)
            )
        return found

    def _told_apart(self, peer: Peer, among: int) -> Iterator[tuple[Endpoint, int]]:
        """Classes that are alike to a peer in doubt, each with an endpoint of theirs."""
        first = self._engine.universe.first
        if isinstance(peer, BY_LABELS):
            yield from ((first(index), 1 << index) for index in members(among))
            return
        for sort in self._sorts.values():
            bits = sort & among
            if bits:
                yield first(next(members(bits))), bits

    @cached_property
    def _sorts(self) -> dict[object, int]:
        """All classes by what they are."""
        return merge(((each[0].kind, each[0].on_host), 1 << i) for i, each in enumerate(self._engine.universe.classes))


def _key(peer: Peer) -> Hashable:
    """What is equal for peers that mean the same, wherever they are written."""
    return type(peer), *peer[1:]
