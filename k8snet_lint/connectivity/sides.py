"""Which direction of a connection differs between two versions, so that edits of the other one are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.resource import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.connectivity.edits import EditedLine
    from k8snet_lint.reach import Connections, Endpoint, Reach
    from k8snet_lint.reach.diff import Difference


class Sides:
    """What the policies of one end say, in each of two versions."""

    def __init__(self, old: Reach, new: Reach) -> None:
        self._versions = [(reach, {each.key: each for each in reach.workloads}) for reach in (old, new)]

    def relevant(self, difference: Difference, lines: tuple[EditedLine, ...]) -> tuple[EditedLine, ...]:
        """The lines without rules of a direction that says what it said before; all where that leaves none."""
        still = tuple(f"spec.{direction.field}" for direction in Direction if not self._differs(difference, direction))
        left = tuple(line for line in lines if not line.path.startswith(still))
        return left or lines

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
