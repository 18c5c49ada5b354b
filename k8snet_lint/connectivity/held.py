"""What holds between some sources and targets, of which each is asked about on ports of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import set_of
from k8snet_lint.cached import cached_property
from k8snet_lint.reach.blocks import blocks
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from k8snet_lint.reach import Connections, Endpoint, Reach


class Part(NamedTuple):
    """Of each of some classes of sources to each of some of targets, the ports asked about by what holds of them."""

    sources: int
    targets: int
    asked: Connections
    allowed: Connections
    unknown: Connections
    denied: Connections


class Found(NamedTuple):
    """A pair of ends, and the ports that were looked for."""

    source: Endpoint
    target: Endpoint
    connections: Connections


class HeldBetween:
    """All pairs of some ends; a workload with itself only where nothing else is asked about."""

    def __init__(self, reach: Reach, sources: Iterable[Endpoint], targets: Mapping[Endpoint, Connections]) -> None:
        self._engine = reach.engine
        self._of = self._engine.universe.class_of
        self._sources = tuple(sources)
        self._targets = targets
        self._alone = len(self._sources) == 1 and self._sources == (*targets,)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All pairs, those that are treated alike together."""
        of, ports = self._of, self._engine.ports
        at: dict[Connections, int] = {}
        for target, asked in self._targets.items():
            at[asked] = at.get(asked, 0) | 1 << of(target)
        found = []
        for block in blocks(self._engine, set_of(map(of, self._sources)), set_of(map(of, self._targets))):
            surely, maybe = ports.connections(ports.surely(block.masks)), ports.connections(ports.maybe(block.masks))
            for asked, bits in at.items():
                into = block.targets & bits
                if into and not self._is_of_one(block.sources, into, asked):
                    held = asked & surely, asked & (maybe - surely), asked - maybe
                    found.append(Part(block.sources, into, asked, *held))
        return tuple(found)

    def first(self, choice: Callable[[Part], Connections]) -> Found | None:
        """The first pair with ports of a choice, in the order of the targets and then of the sources."""
        chosen = [each for each in self.parts if choice(each)]
        bits: dict[Connections, int] = {}
        for each in chosen:
            bits[each.asked] = bits.get(each.asked, 0) | each.targets
        for target, asked in self._targets.items():
            if bits.get(asked, 0) >> self._of(target) & 1:
                for source, part in self._into(target, [each for each in chosen if each.asked == asked]):
                    return Found(source, target, choice(part))
        return None

    def _into(self, target: Endpoint, among: Iterable[Part]) -> Iterator[tuple[Endpoint, Part]]:
        """The sources that some parts have for a target, in their order."""
        here = [each for each in among if each.targets >> self._of(target) & 1]
        for source in self._sources:
            if not self._is_left_out(source, target):
                yield from ((source, each) for each in here if each.sources >> self._of(source) & 1)

    def _is_left_out(self, source: Endpoint, target: Endpoint) -> bool:
        return source is target and (not self._alone or source.is_lone)

    def _is_of_one(self, sources: int, targets: int, asked: Connections) -> bool:
        """Whether the only pair is one that is left out."""
        if sources != targets or sources.bit_count() > 1:
            return False
        one, other = self._by_class.get((sources, None), ()), self._by_class.get((targets, asked), ())
        return len(one) == len(other) == 1 and self._is_left_out(one[0], other[0])

    @cached_property
    def _by_class(self) -> dict[tuple[int, Connections | None], list[Endpoint]]:
        """The sources of each class, and the targets of each by their ports."""
        found: dict[tuple[int, Connections | None], list[Endpoint]] = {}
        for source in self._sources:
            found.setdefault((1 << self._of(source), None), []).append(source)
        for target, asked in self._targets.items():
            found.setdefault((1 << self._of(target), asked), []).append(target)
        return found
