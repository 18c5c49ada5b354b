"""A value of a document, and the path to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.source import Location, Source

Key = str | int
Path = tuple[Key, ...]


class Located(Protocol):
    """What can tell where a path of it is written: a document of a file, or a built one."""

    @property
    def source(self) -> Source: ...

    def locate(self, path: Path) -> Location:
        """Where the value at `path` is written; for an absent one, its nearest written ancestor."""

    def locate_key(self, path: Path) -> Location:
        """Where the key (or the list item) at `path` is written."""

    def related(self, path: Path) -> tuple[tuple[Location, str], ...]:
        """The further places that had a hand in the value at `path`, with a word on each."""

    def parts(self, path: Path) -> tuple[Location, ...]:
        """Where other files write parts of the mapping or the list at `path`."""


_new = object.__new__


class AsWritten:
    """For documents that nothing built: what is written is all there is to a value."""

    __slots__ = ()

    def related(self, path: Path) -> tuple[tuple[Location, str], ...]:  # noqa: ARG002 - as Located has it
        """No further places."""
        return ()

    def parts(self, path: Path) -> tuple[Location, ...]:  # noqa: ARG002 - as Located has it
        """All of it is written in one place."""
        return ()


class Node:
    """A value and the path to it; read-only.

    `value` is what is written, `None` where nothing is; `present` tells the two apart. A Node is
    false when it is absent, null or empty. Children are reached by `node["key"]` and `node[0]`, which
    never fail: a missing child is an absent Node that still has a location.
    """

    __slots__ = ("document", "key", "parent", "present", "value")

    def __init__(
        self,
        document: Located,
        value: Any,  # noqa: ANN401 - whatever YAML holds
        parent: Node | None = None,
        key: Key = "",
        *,
        present: bool = True,
    ) -> None:
        self.document = document
        self.value = value
        self.parent = parent
        self.key = key
        self.present = present

    def __getitem__(self, key: Key) -> Node:
        value = self.value
        child = _new(Node)  # rules ask for fifty children an object, and a call of __init__ takes as long again
        child.document = self.document
        child.parent = self
        if isinstance(value, dict):
            child.present = key in value
            child.value = value[key] if child.present else None
            child.key = key
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            child.present = True
            child.value = value[key]
            child.key = key % len(value)
        else:
            child.present = False
            child.value = None
            child.key = key
        return child

    def __iter__(self) -> Iterator[Node]:
        """The items of a list; nothing where the value is no list."""
        if isinstance(self.value, list):
            for index, item in enumerate(self.value):
                yield Node(self.document, item, self, index)

    def items(self) -> Iterator[tuple[str, Node]]:
        """The entries of a mapping; nothing where the value is no mapping."""
        if isinstance(self.value, dict):
            for key, item in self.value.items():
                yield key, Node(self.document, item, self, key)

    def at(self, *path: Key) -> Node:
        """The descendant at `path`, absent or not."""
        node = self
        for key in path:
            node = node[key]
        return node

    def __bool__(self) -> bool:
        return self.value is not None and self.value not in ({}, [], "")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.document is other.document and self.path == other.path

    def __hash__(self) -> int:
        return hash((id(self.document), self.path))

    def __repr__(self) -> str:
        return f"Node({'/'.join(map(str, self.path))}: {self.value!r:.40})"

    @property
    def text(self) -> str:
        """The value if it is a string, else an empty one."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def integer(self) -> int | None:
        """The value if it is a whole number, else None."""
        return self.value if isinstance(self.value, int) and not isinstance(self.value, bool) else None

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, list)

    @property
    def path(self) -> Path:
        """Keys and list positions from the document's root."""
        keys: list[Key] = []
        node = self
        while node.parent is not None:
            keys.append(node.key)
            node = node.parent
        return tuple(reversed(keys))

    @property
    def location(self) -> Location:
        """Where the value is written; for an absent or null one, the nearest key that is. Computed anew."""
        return self.document.locate(self.path)

    @property
    def key_location(self) -> Location:
        """Where the key is written under which the value stands. Computed anew."""
        return self.document.locate_key(self.path)

    @property
    def related(self) -> tuple[tuple[Location, str], ...]:
        """Where the value was built: the further places that had a hand in it, such as a base or a rendered text."""
        return self.document.related(self.path)

    @property
    def parts(self) -> tuple[Location, ...]:
        """Where other files write parts of the mapping or the list, such as a patch; none where one writes it all."""
        return self.document.parts(self.path)
