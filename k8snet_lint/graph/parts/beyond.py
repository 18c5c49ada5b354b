"""What may matter to a part of a world though nothing of the part has a tie to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Bearing = tuple[str, "Hashable"]
"""A question of any namespace whose answer something changes, and what of it."""

HOMELESS: Bearing = ("homeless", "")
"""Something is in no namespace, so that it may be in any."""

HOMED: Bearing = ("homed", "")
"""Something names its namespace, so that nobody applies all to `default`."""

CONNECTIONS: Bearing = ("connections", "")
"""Who may connect to whom hangs on it."""

ROAMING: Bearing = ("roaming", "")
"""Policies may be for it, or it for pods, that are in other namespaces than it: it has none itself."""

MONITORS: Bearing = ("monitors", "")
"""Monitors look at every namespace."""

MOVING, MADE, UNIT = "moving", "made", "unit"
"""What may still get another namespace, what something makes in every one, and where objects come from."""


class NotAloneError(Exception):
    """Raised where a rule asks how resources relate, which only a world's graph tells."""


class Beyond(NamedTuple):
    """What bears on a part from beyond it: of things that are in each of its worlds, and in some of them."""

    surely: frozenset[Bearing] = frozenset()
    perhaps: frozenset[Bearing] = frozenset()

    def holds(self, bearing: Bearing) -> bool:
        """Whether something there has that bearing.

        Raises NotAloneError where that differs from world to world.
        """
        return self.some(lambda found: bearing in found, bearing[0])

    def some(self, among: Callable[[frozenset[Bearing]], bool], asked: str) -> bool:
        """Whether something is among what is there; raises as `holds` does."""
        if among(self.surely):
            return True
        if among(self.perhaps):
            raise NotAloneError(asked)
        return False


NOTHING = Beyond()
