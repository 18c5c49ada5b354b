"""A rule that is run over shares of worlds, and what it finds in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.declare import Rule
    from k8snet_lint.graph import Alone, Graph
    from k8snet_lint.loader import World
    from k8snet_lint.report import Finding
    from k8snet_lint.resource import Resource
    from k8snet_lint.stamp import Stamp
    from k8snet_lint.views import Views

    Owned = tuple[Resource | None, Finding]


class Share(NamedTuple):
    """Resources that the same worlds hold; `seen` are the ids of those that every other share of a world shows too."""

    worlds: tuple[World, ...]
    resources: Alone | Graph
    stamp: Stamp
    seen: frozenset[int] = frozenset()


class Trial:
    """A rule, what it finds in shares of worlds, and the worlds of which it asks for more than a share can tell.

    What all shares of a world show is told where each of them says the same of it: what one of them knows more of, it
    would say otherwise.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._found: list[tuple[Share, Owned]] = []
        self._of_seen: list[tuple[Share, list[Owned]]] = []
        self._untold: set[str] = set()

    def take(self, share: Share, found: Sequence[Owned]) -> None:
        """Take all that the rule finds in a share."""
        self._found += ((share, each) for each in found if not _is_seen(each, share))
        self._of_seen.append((share, [each for each in found if _is_seen(each, share)]))

    def give_up(self, share: Share) -> None:
        """The share is not enough for the rule, or it fails."""
        self._untold.update(world.name for world in share.worlds)

    def tell(self, views: Views) -> frozenset[str]:
        """Tell what was found in worlds of which all is told; gives back the names of the others."""
        agreed = list(self._agreed())
        for share, (owner, finding) in self._found:
            views.add([world for world in share.worlds if world.name not in self._untold], owner, finding)
        for world, found in agreed:
            for owner, finding in found if world.name not in self._untold else ():
                views.add((world,), owner, finding)
        return frozenset(self._untold)

    def _agreed(self) -> Iterator[tuple[World, Sequence[Owned]]]:
        """What every share of a world says of what all show; where they differ, nothing is told of the world."""
        said: dict[str, tuple[World, list[Sequence[Owned]]]] = {}
        for share, found in self._of_seen:
            for world in share.worlds:
                said.setdefault(world.name, (world, []))[1].append(found)
        for world, (first, *others) in said.values():
            if any(each != first for each in others):
                self._untold.add(world.name)
            else:
                yield world, first


def _is_seen(owned: Owned, share: Share) -> bool:
    owner, _ = owned
    return id(owner) in share.seen
