"""The kinds of pairs between two ends, in sets of one verdict: pairs that policies cannot tell apart are one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import set_of
from k8snet_lint.cached import cached_property
from k8snet_lint.reach.blocks import blocks
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snet_lint.connectivity.ends import End
    from k8snet_lint.connectivity.ports import AskedPort
    from k8snet_lint.reach import Endpoint, Reach, Verdict

Port = tuple[str, int]
"""A protocol and a number."""

DEFAULT_PROTOCOL = "TCP"


class Pair(NamedTuple):
    """One connection, which stands for those of its kind."""

    source: Endpoint
    target: Endpoint
    protocol: str
    port: int
    verdict: Verdict


class Part(NamedTuple):
    """Kinds of pairs with one verdict: each of some classes of sources with each of some of targets."""

    sources: int
    targets: int
    port: Port
    verdict: Verdict


class Pairs:
    """A pair for each two classes and port; a lone pod's traffic to itself only where nothing else is asked about."""

    def __init__(self, reach: Reach, source: End, target: End, asked: AskedPort) -> None:
        self._reach = reach
        of = reach.engine.universe.class_of
        self._by_service = target.service is not None
        self._alone = len(source.members) == len(target.members) == 1
        first = {of(each): each for each in reversed(source.members)}
        self._sources = {index: first[index] for index in reversed(first)}
        self._targets: dict[tuple[int, Port], Endpoint] = {}
        for each in target.members:
            for known, (low, _) in asked.on(each, target.service, DEFAULT_PROTOCOL if not asked.name else ""):
                self._targets.setdefault((of(each), (known.value, low)), each)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All pairs, each in one part."""
        return tuple(each for each in self._parts() if self._count(each))

    def _parts(self) -> Iterator[Part]:
        at: dict[Port, int] = {}
        for index, port in self._targets:
            at[port] = at.get(port, 0) | 1 << index
        engine = self._reach.engine
        bits = {port: 1 << engine.ports.atom(*port) for port in at}
        every = set_of({index for index, _ in self._targets})
        for block in blocks(engine, set_of(self._sources), every):
            for port, there in at.items():
                if block.targets & there:
                    verdict = self._of_itself(port) or engine.verdict(block.masks, bits[port])
                    yield Part(block.sources, block.targets & there, port, verdict)

    def _of_itself(self, port: Port) -> Verdict | None:
        """The verdict where one pod is asked about as both ends, of which policies do not decide."""
        (source, *_), (target, *_) = self._sources.values(), self._targets.values()
        if not self._alone or source is not target or not source.is_lone:
            return None
        return self._reach.why(source, target, *port, by_service=self._by_service).verdict

    @cached_property
    def _kept_from_itself(self) -> Mapping[Port, int]:
        """The lone pods that are left out as an end of their own connections."""
        found: dict[Port, int] = {}
        for (index, port), target in self._targets.items() if not self._alone else ():
            if self._sources.get(index) is target and target.is_lone:
                found[port] = found.get(port, 0) | 1 << index
        return found

    def _count(self, part: Part) -> int:
        same = part.sources & part.targets & self._kept_from_itself.get(part.port, 0)
        return part.sources.bit_count() * part.targets.bit_count() - same.bit_count()

    def count(self, verdict: Verdict) -> int:
        """How many kinds have a verdict."""
        return sum(self._count(each) for each in self.parts if each.verdict is verdict)

    def first(self, verdict: Verdict) -> Pair:
        """The first of a verdict that some kind has, in the order of the ends."""
        among = [each for each in self.parts if each.verdict is verdict]
        return next(
            Pair(source, target, *port, verdict)
            for index, source in self._sources.items()
            for target, port in self._targets_of(index, among)
        )

    def _targets_of(self, index: int, among: Iterable[Part]) -> Iterator[tuple[Endpoint, Port]]:
        """The targets of a source in some parts, in their order."""
        into: dict[Port, int] = {}
        for each in among:
            if each.sources >> index & 1:
                into[each.port] = into.get(each.port, 0) | each.targets
        for (at, port), target in self._targets.items() if into else ():
            itself = at == index and self._kept_from_itself.get(port, 0) >> at & 1
            if into.get(port, 0) >> at & 1 and not itself:
                yield target, port

    @property
    def versions(self) -> tuple[tuple[int, Verdict], ...]:
        """The verdict of each IP version; nothing where a version has several, or pods are asked about."""
        sources = _versions(self._sources.items())
        targets = _versions((index, each) for (index, _), each in self._targets.items())
        found: dict[int, set[Verdict]] = {}
        for part in self.parts:
            for version in {
                one or other
                for one, bits in sources.items()
                for other, into in targets.items()
                if part.sources & bits and part.targets & into
            }:
                found.setdefault(version, set()).add(part.verdict)
        if 0 in found or any(len(verdicts) > 1 for verdicts in found.values()):
            return ()
        return tuple((version, verdict) for version, verdicts in sorted(found.items()) for verdict in verdicts)


def _versions(ends: Iterable[tuple[int, Endpoint]]) -> dict[int, int]:
    """The classes of ends by their IP version, 0 for those that are no addresses."""
    found: dict[int, int] = {}
    for index, each in ends:
        found[each.version] = found.get(each.version, 0) | 1 << index
    return found
