"""Policies with their selectors looked up: sets of classes and of port atoms in place of words."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.reach.bits import EMPTY, Bounds, laid_over, merge
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction
from k8snet_lint.resource.admin_policy import Tier

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from k8snet_lint.reach.bits import Kept
    from k8snet_lint.reach.matching import Matching
    from k8snet_lint.reach.named_ports import NamedPorts
    from k8snet_lint.reach.ports import PortAtoms
    from k8snet_lint.reach.profile import Profile
    from k8snet_lint.reach.spec import Policy, Ports, Rule

Masks = tuple[int, int]
"""Connections that a rule is surely about, and those that it may be about."""


class CompiledRule(NamedTuple):
    """A rule; `numbers` are its ports by number, `names` its named ports."""

    rule: Rule
    peers: Bounds
    numbers: int
    names: tuple[Ports, ...]


class CompiledPolicy(NamedTuple):
    """A policy; `subject` are the classes it is for, `naming` the directions with rules that go by a port's name."""

    policy: Policy
    subject: Bounds
    rules: Mapping[Direction, tuple[CompiledRule, ...]]
    naming: frozenset[Direction]

    def has(self, direction: Direction) -> bool:
        """Whether it has a say in a direction: of an administrator's, rules alone do."""
        rules = self.rules.get(direction)
        return bool(rules) or (rules is not None and self.policy.tier not in (Tier.ADMIN, Tier.BASELINE))


class Compiler:
    """Looks up peers and ports, and splits rules by what they mean to each peer."""

    def __init__(self, matching: Matching, named: NamedPorts, ports: PortAtoms, kept: Kept, profile: Profile) -> None:
        self._matching = matching
        self._kept = kept
        self._named = named
        self._ports = ports
        self._per_pod = profile.named_ports_per_pod
        self._everywhere: dict[tuple[str, str], dict[Masks, int]] = {}
        self._on_class: dict[tuple[str, str], dict[int, Masks]] = {}
        self._on_some: dict[tuple[str, str, int], dict[Masks, int]] = {}
        self._named_parts: dict[Hashable, tuple[tuple[Masks, int], ...]] = {}

    def policy(self, policy: Policy, subjects: int) -> CompiledPolicy:
        """The policy with everything looked up; `subjects` are the classes that policies can be for."""
        subject = self._matching.subject(policy.subject)
        if policy.also is not None:
            subject &= self._matching.peer(policy.also)
        subject &= Bounds(subjects if policy.enforced else 0, subjects)
        rules = {direction: tuple(map(self._rule, written)) for direction, written in policy.rules.items()}
        naming = frozenset(direction for direction, found in rules.items() if any(rule.names for rule in found))
        return CompiledPolicy(policy, self._kept.bounds(subject), rules, naming)

    def _rule(self, rule: Rule) -> CompiledRule:
        peers = self._kept.bounds(reduce(or_, map(self._matching.peer, rule.peers), EMPTY))
        if rule.doubt is not None:
            peers = Bounds(0, peers.maybe)
        numbers = 0
        for port in rule.ports:
            if port.connections is not None:
                numbers |= self._ports.mask(port.connections)
        return CompiledRule(rule, peers, numbers, tuple(port for port in rule.ports if port.connections is None))

    def parts(self, rule: CompiledRule, direction: Direction, subject: int) -> tuple[tuple[Masks, int], ...]:
        """The peers of a rule, parted by the connections that it is about; `subject` is a class, for its port names."""
        if not rule.names:
            masks = (rule.numbers, rule.numbers)
            return self._parts(rule.peers, ((masks, rule.peers.maybe),))
        if direction is Direction.INGRESS:
            surely = maybe = rule.numbers
            for port in rule.names:
                sure, may = self._named.on(subject, port.name, port.protocol)
                surely, maybe = surely | self._ports.mask(sure), maybe | self._ports.mask(may)
            return self._parts(rule.peers, (((surely, maybe), rule.peers.maybe),))
        key = (rule.peers, rule.numbers, *((port.name, port.protocol) for port in rule.names))
        found = self._named_parts.get(key)
        if found is None:
            found = self._named_parts[key] = self._parts(rule.peers, self._by_destination(rule))
        return found

    def _by_destination(self, rule: CompiledRule) -> tuple[tuple[Masks, int], ...]:
        """The peers parted by what the rule's names stand for on them."""
        ports, numbers, peers = self._ports, rule.numbers, rule.peers.maybe
        meant = [(ports.pair(*masks), bits) for port in rule.names for masks, bits in self.resolved(port, peers)]
        parts = laid_over(peers, meant).items()
        return tuple(((numbers | ports.surely(pair), numbers | ports.maybe(pair)), bits) for pair, bits in parts)

    def resolved(self, port: Ports, among: int) -> Iterable[tuple[Masks, int]]:
        """What a port's name stands for, and where; of classes beyond those of `among` nothing need be told."""
        key = (port.name, port.protocol)
        found = self._everywhere.get(key)
        if found is None:
            everywhere, mask = self._named.everywhere(*key, per_pod=self._per_pod), self._ports.mask
            parts = (((mask(surely), mask(maybe)), bits) for (surely, maybe), bits in everywhere.items())
            found = self._everywhere[key] = merge(parts)
        if len(found) <= among.bit_count():
            return found.items()
        on_class = self._on_class.get(key)
        if on_class is None:
            on_class = {index: masks for masks, bits in found.items() for index in members(bits)}
            self._on_class[key] = on_class
        on_some = self._on_some.get((*key, among))
        if on_some is None:
            on_some = merge((on_class[index], 1 << index) for index in members(among) if index in on_class)
            self._on_some[*key, among] = on_some
        return on_some.items()

    @staticmethod
    def _parts(peers: Bounds, parts: tuple[tuple[Masks, int], ...]) -> tuple[tuple[Masks, int], ...]:
        """The parts again, a peer that only may be meant taken out of what is sure."""
        if peers.surely == peers.maybe:
            return tuple((masks, bits) for masks, bits in parts if masks[1] and bits)
        found = []
        for (surely, maybe), bits in parts:
            for masks, part in (((surely, maybe), bits & peers.surely), ((0, maybe), bits & ~peers.surely)):
                if part and maybe:
                    found.append((masks, part))
        return tuple(found)
