"""Which direction of a connection differs between two versions, so that edits of the other one are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.reach import NONE
from k8snet_lint.reach.engine import STRANGER
from k8snet_lint.resource import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.connectivity.edits import EditedLine
    from k8snet_lint.reach import Connections, Endpoint, Reach
    from k8snet_lint.reach.diff import Diff, Difference
    from k8snet_lint.resource import Resource


class Sides:
    """What the policies of one end say, in each of two versions."""

    def __init__(self, diff: Diff) -> None:
        self._joint = diff.joint
        self._versions = [(reach, {each.key: each for each in reach.workloads}) for reach in (diff.old, diff.new)]

    def relevant(self, difference: Difference, lines: tuple[EditedLine, ...]) -> tuple[EditedLine, ...]:
        """The lines without rules of a direction that says what it said before; all where that leaves none."""
        still = tuple(f"spec.{direction.field}" for direction in Direction if not self._differs(difference, direction))
        left = tuple(line for line in lines if not line.path.startswith(still))
        return left or lines

    @property
    def common(self) -> tuple[Endpoint, ...]:
        """The workloads that both versions have."""
        (_, old), (_, new) = self._versions
        return tuple(each for key, each in new.items() if key in old)

    def with_any_pod(self, direction: Direction, key: str) -> tuple[Connections, Connections]:
        """What surely holds, before and after, between a workload and a pod of which nothing is known."""
        before, after = (
            ports.connections(ports.surely(engine.side(direction).pair(of(by_key[key]), of(STRANGER))))
            for reach, by_key in self._versions
            for engine in (reach.engine,)
            for ports, of in ((engine.ports, engine.universe.class_of),)
        )
        return before, after

    def with_internet(self, direction: Direction, key: str) -> tuple[Connections, Connections]:
        """What surely holds, before and after, between a workload and some public address."""
        before, after = (_with_internet(reach, direction, by_key[key]) for reach, by_key in self._versions)
        return before, after

    def causes(self, direction: Direction, endpoint: Endpoint) -> Iterable[tuple[Resource | None, Resource | None]]:
        """The objects that differ and have a say in a direction of a workload's connections, as they were and are."""
        bit = self._joint.bit(endpoint)
        return self._joint.causes(0, bit) if direction is Direction.INGRESS else self._joint.causes(bit, 0)

    def _differs(self, difference: Difference, direction: Direction) -> bool:
        """Whether the direction may have to do with it: addresses have no policies, and new pods are all new."""
        source, target = difference.sources[0], difference.targets[0]
        subject, peer = (target, source) if direction is Direction.INGRESS else (source, target)
        if subject.workload is None:
            return False
        held = [*self._held(direction, subject, peer)]
        return len(held) < len(self._versions) or held[0] != held[1]

    def _held(
        self, direction: Direction, subject: Endpoint, peer: Endpoint
    ) -> Iterator[tuple[Connections, Connections]]:
        for reach, by_key in self._versions:
            if subject.key in by_key and peer.key in by_key:
                engine = reach.engine
                classes = engine.universe.class_of(by_key[subject.key]), engine.universe.class_of(by_key[peer.key])
                masks = engine.side(direction).pair(*classes)
                ports = engine.ports
                yield ports.connections(ports.surely(masks)), ports.connections(ports.maybe(masks))


def _with_internet(reach: Reach, direction: Direction, endpoint: Endpoint) -> Connections:
    found = NONE
    for each in reach.internet:
        ends = (each, endpoint) if direction is Direction.INGRESS else (endpoint, each)
        found |= reach.allowed(*ends).definite
    return found
