"""A document: its value, and where each part of it is written."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from k8snet_lint.manifest.node import AsWritten, Node
from k8snet_lint.record import NamedTuple
from k8snet_lint.source import Location, Position, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest.node import Path
    from k8snet_lint.manifest.places import Place, Places
    from k8snet_lint.source import Source


class Form(enum.Enum):
    """How a document was read: line by line, as any YAML, or as JSON."""

    LINES = enum.auto()
    YAML = enum.auto()
    JSON = enum.auto()


class Written(NamedTuple):
    """The stretch of a source's text that holds a document, from `start` to `end`; `line` is where it starts."""

    start: int
    end: int
    line: int
    form: Form = Form.YAML


class Document(AsWritten):
    """One YAML or JSON document of a source; read-only.

    Shapes: `value` is plain dicts with keys of type str, lists, str, int, float, bool and None; `line` is the
    number, from 1, of the line on which the value starts. Places are worked out when the first one is asked
    for, from the document's own text, and kept.
    """

    __slots__ = ("_located", "_places", "_written", "line", "source", "value")

    def __init__(self, source: Source, value: Any, line: int, written: Written) -> None:  # noqa: ANN401 - as YAML
        self.source = source
        self.value = value
        self.line = line
        self._written = written
        self._places: Places | None = None
        self._located: dict[Path, Location] | None = None

    def __repr__(self) -> str:
        return f"Document({self.source.name}:{self.line})"

    @property
    def root(self) -> Node:
        return Node(self, self.value)

    @property
    def text(self) -> str:
        """The document's own text, without the line break before a `---` that follows."""
        return self.source.text[max(self._written.start, 0) : self._written.end]

    @property
    def is_followed(self) -> bool:
        """Whether a `---` follows."""
        return self.source.text.startswith("\n---", self._written.end)

    def locate(self, path: Path) -> Location:
        """Where the value at `path` is written, on one line.

        A scalar is where it stands, quotes included, and so is a mapping or list in braces or brackets on one
        line. A block mapping or list, a block scalar and what spans several lines in braces is at its key, or at
        the first thing in it where it stands in a list. What is null or absent is at its key or the nearest
        key above; the root is at its first key. An alias is where its anchor stands.
        """
        if self._located is None:
            self._located = {}
        found = self._located.get(path)
        if found is None:
            found = self._located[path] = self._location(self._all_places().value(path))
        return found

    def locate_key(self, path: Path) -> Location:
        """Where the key at `path` is written, or the start of the list item; else the nearest key above."""
        return self._location(self._all_places().key(path))

    def repeated_keys(self) -> Iterator[tuple[str, Location, Location]]:
        """The keys that some mapping holds twice: the key, its first place, the place of the repetition."""
        for name, first, again in self._all_places().repeated():
            yield name, self._location(first), self._location(again)

    def _location(self, place: Place) -> Location:
        line = self._written.line + place.line
        return Location(self.source, Span(Position(line, place.start + 1), Position(line, place.end + 1)))

    def _all_places(self) -> Places:
        if self._places is None:
            text, (start, end, _, form) = self.source.text, self._written
            if form is Form.LINES:
                from k8snet_lint.manifest import line_places  # noqa: PLC0415 - only a finding needs a place

                self._places = line_places.read(text[start:end], self.value)
            elif form is Form.JSON:
                from k8snet_lint.manifest import json_places  # noqa: PLC0415 - as above

                self._places = json_places.read(text, start, end)
            else:
                from k8snet_lint.manifest import yaml_places  # noqa: PLC0415 - as above

                self._places = yaml_places.read(text[start:end])
        return self._places
