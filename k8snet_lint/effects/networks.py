"""What a policy does on one network and not on another: where the API leaves it open (see `reach.profile`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snet_lint.facts import Cni
from k8snet_lint.reach.bits import members
from k8snet_lint.reach.spec import Block
from k8snet_lint.resource import Direction, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.compiled import CompiledPolicy, CompiledRule
    from k8snet_lint.resource import Resource, Workload


class Depending(NamedTuple):
    """A part of a policy that networks read differently.

    Shapes: of a block, `pods` are workloads that it admits on some networks only; of a named port, `numbers` are
    what its name stands for on different pods, and `pods` are two of them.
    """

    policy: Resource
    direction: Direction
    at: Node
    text: str
    pods: tuple[Workload, ...]
    numbers: tuple[int, ...] = ()


class Networks:
    """Policies held against what networks do; nothing is open once the network is told."""

    def __init__(self, reach: Reach) -> None:
        self._engine = reach.engine
        self._told = reach.graph.facts.cni is not Cni.UPSTREAM

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
        pods = universe.workloads & universe.selectable
        named = 0
        for peer in rule.rule.peers:
            if not isinstance(peer, Block):
                named |= matching.peer(peer).maybe
        for peer in rule.rule.peers:
            if isinstance(peer, Block) and compiled.subject.surely:
                left = matching.peer(peer).surely & pods & ~named
                left &= ~self._elsewhere(compiled, direction, rule)
                found = [each.workload for each in universe.endpoints(left) if each.workload is not None]
                if found:
                    text = ", ".join(filter(None, (peer.node["cidr"].text,)))
                    yield Depending(compiled.policy.resource, direction, peer.node["cidr"], text, tuple(found))

    def _elsewhere(self, compiled: CompiledPolicy, direction: Direction, rule: CompiledRule) -> int:
        """The peers that other rules for the first subject admit by their labels, on all the rule's ports."""
        side = self._engine.side(direction)
        first = next(members(compiled.subject.surely))
        found = 0
        for number, certain in side.groups[side.group_of[first]].key[1]:
            for each in self._engine.compiled[number].rules[direction] if certain else ():
                if not rule.numbers & ~each.numbers and not rule.names:
                    for peer in each.rule.peers:
                        if not isinstance(peer, Block):
                            found |= self._engine.matching.peer(peer).surely
        return found

    def _names(self, compiled: CompiledPolicy, rule: CompiledRule) -> Iterator[Depending]:
        universe, named = self._engine.universe, self._engine.named
        for port in rule.names:
            by_number: dict[int, Workload] = {}
            for index in members(rule.peers.surely & universe.workloads):
                endpoint = universe.first(index)
                for _, (first, last) in named.on(index, port.name, port.protocol)[0]:
                    if first == last and endpoint.workload is not None:
                        by_number.setdefault(first, endpoint.workload)
            if len(by_number) > 1:
                pods = tuple(by_number.values())
                yield Depending(
                    compiled.policy.resource, Direction.EGRESS, port.node["port"], port.name, pods, tuple(by_number)
                )
