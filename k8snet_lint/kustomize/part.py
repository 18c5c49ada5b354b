"""A value in the making, each part of which knows where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.manifest import Key, Node, Path

_AS_WRITTEN: Any = object()


class Part:
    """A value and the Node that writes it; untouched, it stands for all that its Node holds.

    Shapes: `before` are Nodes that had a hand in the value besides: what it took the place of, what it was made of.
    Children come into being when they are asked for, so that what nothing changes costs nothing and stays the very
    object that was read.
    """

    __slots__ = ("_children", "_value", "before", "node")

    def __init__(self, node: Node, value: Any = _AS_WRITTEN, before: tuple[Node, ...] = ()) -> None:  # noqa: ANN401 - as YAML
        self.node = node
        self.before = before
        self._value = node.value if value is _AS_WRITTEN else value
        self._children: dict[str, Part] | list[Part] | None = None

    @staticmethod
    def mapping(node: Node, fields: dict[str, Part] | None = None) -> Part:
        """A mapping that is put together, attributed to a Node."""
        part = Part(node, {})
        part._children = {} if fields is None else fields
        return part

    @property
    def is_mapping(self) -> bool:
        return isinstance(self._value, dict)

    @property
    def is_list(self) -> bool:
        return isinstance(self._value, list)

    @property
    def is_null(self) -> bool:
        return self._value is None

    @property
    def fields(self) -> dict[str, Part]:
        """The entries of a mapping, to be changed in place; of anything else, none."""
        if self._children is None and isinstance(self._value, dict):
            self._children = {key: Part(self.node[key]) for key in self._value}
        return self._children if isinstance(self._children, dict) else {}

    @property
    def items(self) -> list[Part]:
        """The items of a list, to be changed in place; of anything else, none."""
        if self._children is None and isinstance(self._value, list):
            self._children = [Part(self.node[index]) for index in range(len(self._value))]
        return self._children if isinstance(self._children, list) else []

    def hold(self, items: list[Part]) -> None:
        """Make these the items of a list."""
        self._children = items

    def become(self, other: Part) -> None:
        """Take over what another part holds, wherever this one stands: kustomize sets values in place.

        A label that it adds is one value in all places, so that what sets it in one of them sets it in all.
        """
        self.node, self.before = other.node, other.before
        self._value, self._children = other._value, other._children

    def plain(self) -> Any:  # noqa: ANN401 - as YAML
        """The value as dicts, lists and scalars."""
        if isinstance(self._children, dict):
            return {key: part.plain() for key, part in self._children.items()}
        if isinstance(self._children, list):
            return [part.plain() for part in self._children]
        return self._value

    def peek(self, path: Sequence[Key]) -> Any:  # noqa: ANN401 - as YAML
        """The plain value at a path, or None; nothing comes into being."""
        part: Part = self
        for position, key in enumerate(path):
            if part._children is None:
                return _inside(part._value, path[position:])
            below = part._below(key)
            if below is None:
                return None
            part = below
        return part.plain()

    def reaches(self, path: Sequence[Key]) -> bool:
        """Whether a path leads to something, into a list or into a scalar; nothing comes into being."""
        part: Part = self
        for position, key in enumerate(path):
            if part._children is None:
                return _leads(part._value, path[position:])
            if part.is_list:
                return bool(part._children)
            below = part._below(key)
            if below is None:
                return False
            part = below
        return True

    def text(self, *path: Key) -> str:
        """The text at a path, empty where there is none."""
        value = self.peek(path)
        return value if isinstance(value, str) else ""

    def at(self, *path: Key) -> Part | None:
        """The part at a path, None where there is none."""
        part: Part | None = self
        for key in path:
            if part is None:
                return None
            if part.is_list:
                part = part.items[key] if isinstance(key, int) and key < len(part.items) else None
            else:
                part = part.fields.get(str(key))
        return part

    def copy(self) -> Part:
        """A part of the same value and places that changes by itself."""
        twin = Part(self.node, self._value, self.before)
        if isinstance(self._children, dict):
            twin._children = {key: part.copy() for key, part in self._children.items()}
        elif isinstance(self._children, list):
            twin._children = [part.copy() for part in self._children]
        return twin

    @property
    def is_untouched(self) -> bool:
        return self._children is None and not self.before and self._value is self.node.value

    def follow(self, path: Path) -> tuple[Part, Path]:
        """The part nearest to a path, and what of the path lies within what that part's Node holds."""
        part: Part = self
        for position, key in enumerate(path):
            below = part._below(key)
            if below is None:
                return part, path[position:] if part._children is None and part._value is part.node.value else ()
            part = below
        return part, ()

    def foreign(self, depth: int) -> Iterator[Node]:
        """What other files write of the value, the topmost of each, up to `depth` levels below it."""
        children = self._children.values() if isinstance(self._children, dict) else self._children or ()
        for child in children:
            if child.node.document.source is not self.node.document.source:
                yield child.node
            elif depth > 1:
                yield from child.foreign(depth - 1)

    def _below(self, key: Key) -> Part | None:
        children = self._children
        if isinstance(children, dict):
            return children.get(key) if isinstance(key, str) else None
        if isinstance(children, list):
            return children[key] if isinstance(key, int) and -len(children) <= key < len(children) else None
        return None


def _leads(value: Any, path: Sequence[Key]) -> bool:  # noqa: ANN401 - as YAML
    for key in path:
        if isinstance(value, list):
            return bool(value)
        if not isinstance(value, dict):
            return value is not None
        if key not in value:
            return False
        value = value[key]
    return True


def _inside(value: Any, path: Sequence[Key]) -> Any:  # noqa: ANN401 - as YAML
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value
