"""Where something stands in a text: positions, spans, locations."""

from __future__ import annotations

from typing import Final

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple


class Position(NamedTuple):
    """A point in a text: line and column count from 1, columns in code points."""

    line: int
    column: int


class Span(NamedTuple):
    """From `start` up to, and without, `end`."""

    start: Position
    end: Position


class Source:
    """A text and the name under which a reader finds it: a path as given, with `/`, or `<stdin>`."""

    def __init__(self, name: str, text: str) -> None:
        self.name: Final = name
        self.text: Final = text

    def __eq__(self, other: object) -> bool:
        """Two of one name are the same input: a run reads each once."""
        return self is other or (isinstance(other, Source) and self.name == other.name)

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"Source(name={self.name!r})"

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The text's lines as YAML counts them, without their line breaks."""
        text = self.text.replace("\r\n", "\n").replace("\r", "\n")
        for other in "\x85\u2028\u2029":
            text = text.replace(other, "\n")
        return tuple(text.split("\n"))

    def line(self, number: int) -> str:
        """Line `number` (from 1), or an empty text past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


class Location(NamedTuple):
    """A span of a source."""

    source: Source
    span: Span

    def __str__(self) -> str:
        return f"{self.source.name}:{self.span.start.line}:{self.span.start.column}"

    @property
    def text(self) -> str:
        """What is written there, if that is on one line; else an empty text."""
        start, end = self.span
        return self.source.line(start.line)[start.column - 1 : end.column - 1] if start.line == end.line else ""

    @property
    def sort_key(self) -> tuple[str, Span]:
        """Orders locations by file, then by place."""
        return (self.source.name, self.span)
