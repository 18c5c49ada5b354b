"""What is looked for only when it is asked for, as most of what selectors mean never is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


class Deferred(Collection[T]):
    """Some things, looked for anew each time, so that those of many selectors need no room."""

    __slots__ = ("_look",)

    def __init__(self, look: Callable[[], Iterable[T]]) -> None:
        self._look = look

    def __iter__(self) -> Iterator[T]:
        return iter(self._look())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)

    def __contains__(self, item: object) -> bool:
        return any(each is item for each in self)
