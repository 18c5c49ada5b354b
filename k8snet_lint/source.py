"""Where something stands in a text: positions, spans, locations."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple


class Position(NamedTuple):
    """A point in a text: line and column count from 1, columns in code points."""

    line: int
    column: int


class Span(NamedTuple):
    """From `start` up to, and without, `end`."""

    start: Position
    end: Position


@dataclass(frozen=True)
class Source:
    """A text and the name under which a reader finds it: a path as given, with `/`, or `<stdin>`."""

    name: str
    text: str = field(repr=False, compare=False)

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
