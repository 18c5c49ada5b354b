"""Files that generators read: as a whole, or line by line, each value with the place where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.manifest import AsWritten, Node
from k8snet_lint.source import Location, Position, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Path

BOM = "\ufeff"


class Content(AsWritten):
    """A file as a document: a path of no key leads to its first line, one of a line's number to what that line sets.

    Shapes: `value` is the text, None where the bytes are none.
    """

    __slots__ = ("data", "source", "value")

    def __init__(self, name: str, data: bytes) -> None:
        self.data = data
        self.value: str | None
        try:
            self.value = data.decode()
        except UnicodeDecodeError:
            self.value = None
        self.source = Source(name, (self.value or "").removeprefix(BOM))

    @property
    def root(self) -> Node:
        return Node(self, self.value)

    def settings(self) -> Iterator[tuple[str, Node]]:
        """The keys and values of an env file's lines; a line without `=` sets nothing."""
        root = self.root
        for number, line in enumerate(self.source.text.split("\n"), start=1):
            written = line.removesuffix("\r").lstrip()
            if written and written[0] not in "#=":
                key, _, value = written.partition("=")
                yield key, Node(self, value, root, number)

    def locate(self, path: Path) -> Location:
        """Where a line's value is written, or its key where it sets nothing."""
        return self._span(path, after=True)

    def locate_key(self, path: Path) -> Location:
        """Where a line's key is written."""
        return self._span(path, after=False)

    def _span(self, path: Path, *, after: bool) -> Location:
        number = path[0] if path and isinstance(path[0], int) else 1
        line = self.source.line(number)
        start, end = len(line) - len(line.lstrip()), len(line)
        equals = line.find("=") if path else -1
        if equals >= 0 and after and line[equals + 1 :]:
            start = equals + 1
        elif equals >= 0:
            end = equals
        return Location(self.source, Span(Position(number, start + 1 if path else 1), Position(number, end + 1)))
