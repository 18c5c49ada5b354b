"""Which rules together match all that another one does, found without holding each peer against each."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from k8snet_lint.effects.containment import asked, given, holds
from k8snet_lint.reach.connections import LAST, Connections
from k8snet_lint.reach.spec import Block, Everyone, Pods
from k8snet_lint.record import NamedTuple
from k8snet_lint.selector import NAME_LABEL

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from k8snet_lint.cidr import Range
    from k8snet_lint.reach.spec import Peer, Ports, Rule

EVERY = ""
"""What every peer is filed under."""

EVERYONE, POD, SPACE = "everyone", "pod", "namespace"


class _Ports(NamedTuple):
    """The ports of some rules together: those with numbers, and names, which stand for themselves alone."""

    numbered: Connections
    names: frozenset[tuple[str, str]]

    @staticmethod
    def of(ports: Iterable[Ports]) -> _Ports:
        every = tuple(ports)
        numbered = (each for port in every if port.connections is not None for each in port.connections)
        names = frozenset((port.name, port.protocol) for port in every if port.connections is None)
        return _Ports(Connections.from_ranges(numbered), names)

    def hold(self, ports: Iterable[Ports]) -> bool:
        """Whether all of some ports are among them."""
        return all(map(self._holds, ports))

    def _holds(self, port: Ports) -> bool:
        if port.connections is None:
            every = Connections.of(port.protocol) <= self.numbered if port.protocol else self.numbered.is_everything
            return every or (port.name, port.protocol) in self.names
        return all(_within(wanted, self.numbered.ranges(protocol)) for protocol, wanted in port.connections)


class Holders:
    """Rules in an order, by the peers that they name.

    A peer is filed under one thing that all whom it holds have in common: a label that it asks for, or the smallest
    block that a range of its addresses lies in. Of the labels it is the rarest so far.
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._rules: list[tuple[Rule, _Ports]] = []
        self._filed: dict[Hashable, list[tuple[int, Peer]]] = {}
        self._sizes: set[int] = set()
        for rule in rules:
            self.add(rule)

    def add(self, rule: Rule) -> None:
        """One more rule, after all others."""
        for peer in rule.peers:
            for key in {EVERY, *self._keys(peer)}:
                self._filed.setdefault(key, []).append((len(self._rules), peer))
        self._rules.append((rule, _Ports.of(rule.ports)))

    def of(self, peer: Peer) -> Iterator[tuple[Rule, _Ports]]:
        """The rules with a peer that means everyone whom this one means."""
        found: set[int] = set()
        for key in self._common(peer):
            for number, outer in self._filed.get(key, ()):
                if number not in found and holds(peer, outer):
                    found.add(number)
        return (self._rules[number] for number in sorted(found))

    def _keys(self, outer: Peer) -> Iterable[Hashable]:
        if isinstance(outer, Block):
            ranges = [(first, (first ^ last).bit_length()) for first, last in outer.ranges]
            self._sizes.update(size for _, size in ranges)
            return [(outer.version, size, first >> size) for first, size in ranges]
        if isinstance(outer, Pods):
            pods = ([(POD, label) for label in labels] for labels in asked(outer.pods))
            spaces = ([(SPACE, label) for label in labels] for labels in asked(outer.namespaces))
            return min((*pods, *spaces), key=self._crowd, default=[POD])
        return [EVERYONE] if isinstance(outer, Everyone) else []

    def _crowd(self, keys: Iterable[Hashable]) -> int:
        return sum(len(self._filed.get(key, ())) for key in keys)

    def _common(self, inner: Peer) -> Iterable[Hashable]:
        """All that a peer which holds this one can be filed under."""
        if isinstance(inner, Everyone):
            return [EVERYONE]
        if isinstance(inner, Block) and inner.ranges:
            first, _ = inner.ranges[0]
            return [EVERYONE, *((inner.version, size, first >> size) for size in self._sizes)]
        if isinstance(inner, Pods) and not (inner.pods.invalid or (inner.namespaces and inner.namespaces.invalid)):
            own = [(NAME_LABEL, inner.namespace), (NAME_LABEL, "")] if inner.namespaces is None else []
            spaces = ((SPACE, label) for label in (*own, *given(inner.namespaces)))
            return [EVERYONE, POD, *((POD, label) for label in given(inner.pods)), *spaces]
        return [EVERY]


def _within(wanted: Range, ranges: Sequence[Range]) -> bool:
    at = bisect_right(ranges, (wanted[0], LAST)) - 1
    return at >= 0 and wanted[1] <= ranges[at][1]


def covers(rule: Rule, among: Iterable[Holders], may: Callable[[Rule], bool] = lambda _: True) -> tuple[Rule, ...]:
    """The rules that together match all that one does, as few as come to hand; none where something is left over.

    A rule without peers or without ports that count is left alone: what it lacks is for another rule to say.
    """
    if not rule.peers or not rule.ports:
        return ()
    used: dict[int, Rule] = {}
    every = tuple(among)
    for peer in rule.peers:
        holding = [found for holders in every for found in holders.of(peer) if may(found[0])]
        one = next((each for each, ports in holding if ports.hold(rule.ports)), None)
        if one is not None:
            used[id(one)] = one
            continue
        if not holding or not _Ports.of(port for each, _ in holding for port in each.ports).hold(rule.ports):
            return ()
        used.update((id(each), each) for each, _ in holding)
    return tuple(used.values())
