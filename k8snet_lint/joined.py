"""Things that hang together, however long the way from one to the other."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Joined(Generic[T]):
    """Sets that have nothing in common; each thing is alone in its own until it is joined to another."""

    def __init__(self) -> None:
        self._leader: dict[T, T] = {}

    def join(self, one: T, other: T) -> None:
        """Make one set of those of the two."""
        self._leader[self.leader(other)] = self.leader(one)

    def leader(self, one: T) -> T:
        """The one that stands for the set: the same for all that hang together."""
        leader = self._leader
        while leader.setdefault(one, one) != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one
