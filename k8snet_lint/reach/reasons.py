"""Why sets of answers are unknown, as codes alone: worked out for policies that go together, not for each pair."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.cached import cached_property
from k8snet_lint.reach import causes
from k8snet_lint.reach.bits import merge
from k8snet_lint.reach.spec import AllOf, AnyOf, NotOf, Pods
from k8snet_lint.reach.verdict import Reason
from k8snet_lint.resource import Direction
from k8snet_lint.resource.admin_policy import Tier

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from k8snet_lint.reach.compiled import CompiledRule
    from k8snet_lint.reach.endpoints import Endpoint
    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.groups import Cohort, Group
    from k8snet_lint.reach.sides import Side
    from k8snet_lint.reach.spec import Peer

Part = tuple[Reason, int, int]
"""A reason, the connections for which it counts, and the peers."""


BY_LABELS = (Pods, AllOf, AnyOf, NotOf)
"""Peers that ask for labels or namespaces; all others go by what an endpoint is."""


class Reasons:
    """The reasons of `causes.of` without the places, for all pairs of some classes at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._unenforced = {number for number, policy in enumerate(engine.policies) if not policy.enforced}
        self._doubtful: dict[tuple[Direction, int], tuple[tuple[int, int], ...]] = {}
        self._doubts: dict[Hashable, dict[Reason, int]] = {}
        self._of_subjects: dict[Cohort, dict[Reason, int]] = {}
        self._of_rules: dict[tuple[Direction, Cohort, Hashable], dict[Reason, tuple[tuple[int, int], ...]]] = {}

    def of(self, sources: int, targets: int, mask: int) -> set[Reason]:
        """Why some of the connections between any two of some classes are unknown."""
        found: set[Reason] = set()
        for side, subjects, peers in (
            (self._engine.egress, sources, targets),
            (self._engine.ingress, targets, sources),
        ):
            alike: dict[int, list[Group]] = {}
            for number in {side.group_of[index] for index in members(subjects)}:
                alike.setdefault(side.alike(number), []).append(side.groups[number])
            for number, groups in alike.items():
                unknown = [*self._unknown(side, number, peers, mask)]
                if unknown:
                    self._add(found, side, groups, subjects, unknown)
        self._add_mesh(found, sources, targets, mask)
        return found

    def _unknown(self, side: Side, number: int, peers: int, mask: int) -> Iterator[tuple[int, int]]:
        """Connections that a direction leaves unknown, with the peers of which it does."""
        key = (side.direction, side.alike(number))
        found = self._doubtful.get(key)
        if found is None:
            ports, cells = self._engine.ports, side.cells(number).items()
            doubtful = ((ports.maybe(masks) & ~ports.surely(masks), bits) for masks, bits in cells)
            found = self._doubtful[key] = tuple(merge(doubtful).items())
        yield from ((left & mask, bits & peers) for left, bits in found if left & mask and bits & peers)

    def _add(
        self, found: set[Reason], side: Side, groups: list[Group], subjects: int, unknown: list[tuple[int, int]]
    ) -> None:
        """Add why connections of groups that are alike are unknown: what a cohort says is looked at once for all."""
        if any(bits & self._engine.universe.on_host for _, bits in unknown):
            found.add(Reason.HOST_NETWORK)
        among = reduce(or_, (group.bits for group in groups)) & subjects
        heard = {(cohort, group.heard): group for group in groups for cohort, _ in group.cohorts}
        for (cohort, _), group in heard.items():
            if self._unenforced and not self._unenforced.isdisjoint(cohort.numbers):
                found.add(Reason.OTHER_NETWORK)
            found.update(reason for reason, bits in self._about_subjects(cohort).items() if bits & among)
            for reason, parts in self._about_rules(side, cohort, group).items():
                if reason not in found and _meet(parts, unknown):
                    found.add(reason)
        for group in groups:
            if any(cohort.tier is not Tier.NETWORK_POLICY for cohort, _ in group.cohorts):
                found |= self._of_order(side, group, unknown)

    def _of_order(self, side: Side, group: Group, unknown: Iterable[tuple[int, int]]) -> set[Reason]:
        return {
            cause.reason
            for left, bits in unknown
            for peer in members(bits)
            for cause in causes.of_order(self._engine, side, group.first, peer, left)
        }

    def _add_mesh(self, found: set[Reason], sources: int, targets: int, mask: int) -> None:
        engine, ports = self._engine, self._engine.ports
        for target in members(targets) if engine.mesh.rulings else ():
            left = mask & ~ports.surely(engine.mesh.onto(target))
            reason = causes.of_mesh(engine, target)
            if reason is None or reason in found or not left:
                continue
            if any(ports.maybe(engine.pair(source, target)) & left for source in members(sources)):
                found.add(reason)

    # ── what policies leave open ─────────────────────────────────────────────────────────────────────

    def _about_subjects(self, cohort: Cohort) -> dict[Reason, int]:
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

    def _about_rules(self, side: Side, cohort: Cohort, group: Group) -> dict[Reason, tuple[tuple[int, int], ...]]:
        """Why rules leave connections unknown, with these and the peers."""
        own = side.direction is Direction.INGRESS
        key = (side.direction, cohort, group.heard if own else ())
        found = self._of_rules.get(key)
        if found is None:
            parts: dict[Reason, dict[int, int]] = {}
            for number in cohort.numbers:
                for rule in self._engine.compiled[number].rules[side.direction]:
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


def _meet(parts: Iterable[tuple[int, int]], others: Iterable[tuple[int, int]]) -> bool:
    """Whether any two of them have both connections and peers in common."""
    return any(one & about and other & bits for about, bits in parts for one, other in others)
