"""What changed between two versions of manifests: connections that came, went, grew or shrank, and what caused it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.reach.connections import NONE, Connections
from k8snet_lint.reach.endpoints import Endpoint, EndpointKind
from k8snet_lint.reach.joint import Joint
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.reach.reach import Reach
    from k8snet_lint.resource import Resource


class ChangeKind(enum.StrEnum):
    """How connections changed; CHANGED is neither more nor less, and may be what is known of them."""

    ADDED = "added"
    WIDENED = "widened"
    CHANGED = "changed"
    NARROWED = "narrowed"
    REMOVED = "removed"


class Risk(enum.IntEnum):
    """How far what is new reaches."""

    WITHIN = 1
    ACROSS = 2
    WORLD = 3


class Held(NamedTuple):
    """Connections in one version: those surely allowed, and with them those that may be."""

    definite: Connections = NONE
    possible: Connections = NONE


class Difference(NamedTuple):
    """Connections from every source to every target that are others than before.

    Shapes: endpoints are the new version's where it has them; addresses are cut where either version's are. `causes`
    are pairs of an object before and after, None where it is not there, that have a say and differ.
    """

    sources: tuple[Endpoint, ...]
    targets: tuple[Endpoint, ...]
    old: Held
    new: Held
    causes: tuple[tuple[Resource | None, Resource | None], ...]

    @property
    def kind(self) -> ChangeKind:
        old, new = self.old, self.new
        if not old.possible:
            return ChangeKind.ADDED
        if not new.possible:
            return ChangeKind.REMOVED
        if old.definite <= new.definite and old.possible <= new.possible:
            return ChangeKind.WIDENED
        if new.definite <= old.definite and new.possible <= old.possible:
            return ChangeKind.NARROWED
        return ChangeKind.CHANGED

    @property
    def risk(self) -> Risk:
        """How far it reaches: beyond the cluster, across namespaces, or within one."""
        spaces = {each.namespace for each in (*self.sources, *self.targets)}
        if any(each.kind is not EndpointKind.WORKLOAD for each in (*self.sources, *self.targets)):
            return Risk.WORLD
        return Risk.ACROSS if len(spaces) > 1 else Risk.WITHIN


@dataclass(frozen=True)
class Diff:
    """The differences between two analyses, worked out when first asked for."""

    old: Reach
    new: Reach

    def __iter__(self) -> Iterator[Difference]:
        return iter(self.differences)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """All of them: what came before what went, the riskiest first."""
        found = [*self._differences()]
        order = list(ChangeKind)
        return tuple(sorted(found, key=lambda each: (order.index(each.kind), -each.risk, _name(each))))

    @cached_property
    def joint(self) -> Joint:
        """Both versions on one numbering."""
        return Joint(self.old.engine, self.new.engine)

    def _differences(self) -> Iterator[Difference]:
        joint = self.joint
        for sources, targets, old, new in joint.differences():
            ends = joint.endpoints(sources), joint.endpoints(targets)
            causes = joint.causes(sources, targets)
            yield Difference(*ends, Held(*joint.connections(old)), Held(*joint.connections(new)), causes)


def _name(difference: Difference) -> tuple[str, str]:
    return difference.sources[0].key, difference.targets[0].key
