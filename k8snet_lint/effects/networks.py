"""What a policy does on one network and not on another: where the API leaves it open (see `reach.profile`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.effects.containment import means_others
from k8snet_lint.facts import Cni
from k8snet_lint.reach.bits import merge
from k8snet_lint.reach.spec import Block, Pods
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.compiled import CompiledPolicy, CompiledRule
    from k8snet_lint.reach.spec import Ports
    from k8snet_lint.reach.universe import Universe
    from k8snet_lint.resource import Resource, Workload


SHOWN = 3
"""So many numbers tell that a name stands for more than one."""


class Depending(NamedTuple):
    """A part of a policy that networks read differently.

    Shapes: of a block, `pod` is the first workload that it admits on some networks only, and `more` is how many others
    there are; of a named port, `numbers` are some that its name stands for on different pods.
    """

    policy: Resource
    direction: Direction
    at: Node
    text: str
    pod: Workload | None = None
    more: int = 0
    numbers: tuple[int, ...] = ()


class Networks:
    """Policies held against what networks do; nothing is open once the network is told."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._engine = reach.engine
        self._told = reach.graph.facts.cni is not Cni.UPSTREAM
        self._admitted: dict[tuple[Direction, int], dict[int, list[tuple[int, int]]]] = {}
        self._named: dict[tuple[str, str, int], tuple[int, ...]] = {}

    def depending(self) -> Iterator[Depending]:
        """Blocks that surely hold pods of the set which nothing else admits, and named ports with several numbers."""
        if self._told:
            return
        for compiled in self._engine.compiled:
            if isinstance(compiled.policy.resource, NetworkPolicy):
                for direction, rules in compiled.rules.items():
                    for rule in rules:
                        yield from self._blocks(compiled, direction, rule)
                        if direction is Direction.EGRESS:
                            yield from self._names(compiled, rule)

    def _blocks(self, compiled: CompiledPolicy, direction: Direction, rule: CompiledRule) -> Iterator[Depending]:
        universe, matching = self._engine.universe, self._engine.matching
        named = 0
        for peer in rule.rule.peers:
            if not isinstance(peer, Block):
                named |= matching.peer(peer).maybe
        for peer in rule.rule.peers:
            if isinstance(peer, Block) and compiled.subject.surely:
                left = self._held(peer) & ~named
                if left:
                    left &= ~self._elsewhere(compiled, direction, rule)
                if left:
                    cidr, first = peer.node["cidr"], universe.first(next(members(left)))
                    more = universe.size(left) - 1
                    yield Depending(compiled.policy.resource, direction, cidr, cidr.text or "", first.workload, more)

    def _held(self, block: Block) -> int:
        """The workloads of the world whose addresses a block surely holds."""
        held = self._engine.matching.peer(block).surely & self._engine.universe.selectable
        return held & self._whole.workloads if held else 0

    @property
    def _whole(self) -> Universe:
        """All pods of the world, where the answer hangs on them."""
        return self._reach.whole.engine.universe

    def _elsewhere(self, compiled: CompiledPolicy, direction: Direction, rule: CompiledRule) -> int:
        """The peers that other rules for the first subject admit by their labels, on all the rule's ports."""
        if rule.names:
            return 0
        group = self._engine.side(direction).group_of[next(members(compiled.subject.surely))]
        lowest = (rule.numbers & -rule.numbers).bit_length() - 1
        found = 0
        for numbers, peers in self._by_port(direction, group).get(lowest, ()):
            if not rule.numbers & ~numbers:
                found |= peers
        return found

    def _by_port(self, direction: Direction, group: int) -> Mapping[int, Sequence[tuple[int, int]]]:
        """What rules for a group admit by labels, as ports and peers, under each of the ports; under -1 all of it."""
        index = self._admitted.get((direction, group))
        if index is None:
            index = self._admitted[direction, group] = {}
            admitted = merge(
                (each.numbers, self._engine.matching.peer(peer).surely)
                for number, certain in self._engine.side(direction).groups[group].key[1]
                for each in (self._engine.compiled[number].rules[direction] if certain else ())
                for peer in each.rule.peers
                if not isinstance(peer, Block)
            )
            for numbers, peers in admitted.items():
                for port in (-1, *members(numbers)):
                    index.setdefault(port, []).append((numbers, peers))
        return index

    def _names(self, compiled: CompiledPolicy, rule: CompiledRule) -> Iterator[Depending]:
        engine = self._engine
        settled = all(isinstance(peer, Pods) and not means_others(peer) for peer in rule.rule.peers)
        universe = engine.universe if settled or not rule.names else self._whole
        among = rule.peers.surely & universe.workloads
        for port in rule.names:
            numbers = self._numbers(port, among)
            if len(numbers) > 1:
                at, policy = port.node["port"], compiled.policy.resource
                yield Depending(policy, Direction.EGRESS, at, port.name, numbers=numbers)

    def _numbers(self, port: Ports, among: int) -> tuple[int, ...]:
        """The lowest numbers that a named port surely stands for on some pods."""
        asked = (port.name, port.protocol, among)
        told = self._named.get(asked)
        if told is None:
            found: set[int] = set()
            for (surely, _), bits in self._engine.compiler.resolved(port, among):
                ranges = self._engine.ports.connections(surely) if bits & among else ()
                found.update(first for _, (first, last) in ranges if first == last)
            told = self._named[asked] = tuple(sorted(found)[:SHOWN])
        return told
