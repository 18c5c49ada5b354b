"""Where each value of one document is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator

    from k8snet_lint.manifest.node import Key, Path

SCALAR, KEY, MERGE_KEY, MAPPING, LIST, ALIAS = range(6)
LINE, START, END, AFTER = range(4)
NUMBERS = 4

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
"""Plain scalars that are better shown by their key."""


class Place(NamedTuple):
    """A stretch of one line. Shapes: line and columns count from 0, `end` is exclusive."""

    line: int
    start: int
    end: int


class Places:
    """The items of a document, keys and values alike, in the order in which they are written.

    The value of a key is the item after it. What has no stretch of its own on one line (a block mapping, a
    null) has an empty one, and is found at its key.

    Shapes: an item is a number from 0, the root; `kinds[item]` is what it is, `names[item]` the text of a key;
    `numbers` holds four for each item: line, start and end of its stretch, and the item that follows all that is
    within it. `targets` maps an alias to the item that its anchor stands at.
    """

    __slots__ = ("kinds", "names", "numbers", "tables", "targets")

    def __init__(
        self, kinds: bytearray, numbers: array[int], names: list[str | None], targets: dict[int, int] | None = None
    ) -> None:
        self.kinds = kinds
        self.numbers = numbers
        self.names = names
        self.targets = targets or {}
        self.tables: dict[int, dict[str, int] | list[int]] = {}

    def value(self, path: Path) -> Place:
        """Where the value at `path` is written, or else the nearest key above it."""
        items = self._items(path)
        is_written = len(items) > len(path)
        if is_written:
            items[-1] = self.targets.get(items[-1], items[-1])
            own = self._own(items[-1])
            if own is not None and path:
                return own
        return self._nearest(items, is_written=is_written)

    def key(self, path: Path) -> Place:
        """Where the key or the list item at `path` is written, or else the nearest key above it."""
        items = self._items(path)
        return self._nearest(items, is_written=len(items) > len(path))

    def repeated(self) -> Iterator[tuple[str, Place, Place]]:
        """The keys that a mapping holds twice: their text, the first place, the place of the repetition."""
        for mapping, kind in enumerate(self.kinds):
            if kind != MAPPING:
                continue
            first: dict[str, int] = {}
            for key in self._children(mapping):
                name = self.names[key]
                if self.kinds[key] == KEY and name is not None and first.setdefault(name, key) != key:
                    yield name, self._stretch(first[name]), self._stretch(key)

    def _items(self, path: Path) -> list[int]:
        """The root and its descendants on the way to `path`, as far as they are written."""
        items = [0]
        for part in path:
            child = self._child(self.targets.get(items[-1], items[-1]), part)
            if child is None:
                break
            items.append(child)
        return items

    def _child(self, item: int, part: Key) -> int | None:
        table = self._table(item)
        if isinstance(table, dict):
            return table.get(part) if isinstance(part, str) else None
        return table[part] if isinstance(part, int) and 0 <= part < len(table) else None

    def _nearest(self, items: list[int], *, is_written: bool) -> Place:
        """The heading of the last item that has one; that of a list in a list stands for no other of its items."""
        for item in reversed(items):
            stands_for_others = item != items[-1] or not is_written
            place = self._own(item) if stands_for_others and self._is_listed_list(item) else self._heading(item)
            if place is not None:
                return place
        return self._stretch(0)

    def _is_listed_list(self, item: int) -> bool:
        return item > 0 and self.kinds[item] == LIST and self.kinds[item - 1] != KEY

    def _heading(self, item: int) -> Place | None:
        """The key of a value; for the root and for what stands in a list, the first thing written in it."""
        if item == 0 and len(self.kinds) > 1:
            item = 1
        elif item and self.kinds[item - 1] == KEY:
            return self._own(item - 1)
        while self._own(item) is None and self.numbers[item * NUMBERS + AFTER] > item + 1:
            item += 1
        return self._own(item)

    def _own(self, item: int) -> Place | None:
        place = self._stretch(item)
        return place if place.end > place.start else None

    def _stretch(self, item: int) -> Place:
        return Place(*self.numbers[item * NUMBERS : item * NUMBERS + AFTER])

    def _children(self, item: int) -> Iterator[int]:
        """The keys of a mapping, merge keys included; the items of a list."""
        numbers = self.numbers
        child, end = item + 1, numbers[item * NUMBERS + AFTER]
        step = 1 if self.kinds[item] == MAPPING else 0
        while child < end:
            yield child
            child = numbers[(child + step) * NUMBERS + AFTER]

    def _table(self, item: int) -> dict[str, int] | list[int]:
        """The values of a mapping by key, merged ones included; the items of a list; nothing for a scalar."""
        tables = self.tables
        pending = [item]
        while pending:
            wanted = [source for source in self._sources(pending[-1]) if source not in tables]
            if wanted and pending[-1] not in tables:
                pending.extend(wanted)
            else:
                last = pending.pop()
                tables[last] = tables.get(last) or self._new_table(last)
        return tables[item]

    def _new_table(self, item: int) -> dict[str, int] | list[int]:
        if self.kinds[item] == LIST:
            return list(self._children(item))
        table: dict[str, int] = {}
        for key in self._children(item) if self.kinds[item] == MAPPING else ():
            name = self.names[key]
            if name is not None:
                table[name] = key + 1
            for source in self._merged(key):
                table.update(self.tables[source])  # type: ignore[arg-type]  # what is merged is a mapping
        return table

    def _sources(self, item: int) -> list[int]:
        """The mappings that the merge keys of a mapping bring in."""
        if MERGE_KEY not in self.kinds or self.kinds[item] != MAPPING:
            return []
        return [source for key in self._children(item) for source in self._merged(key)]

    def _merged(self, key: int) -> list[int]:
        """The mappings that a merge key brings in, those that win last; none for another key."""
        if self.kinds[key] != MERGE_KEY:
            return []
        value = self.targets.get(key + 1, key + 1)
        sources = list(self._children(value)) if self.kinds[value] == LIST else [value]
        return [self.targets.get(source, source) for source in reversed(sources)]
