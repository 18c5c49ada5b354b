"""Lines → Places, for a document that was read line by line: its value tells what each line is part of."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from k8snet_lint.manifest.line import ITEM, LINE
from k8snet_lint.manifest.lines import after_literal
from k8snet_lint.manifest.places import AFTER, KEY, LIST, MAPPING, NULLS, NUMBERS, SCALAR, Places

if TYPE_CHECKING:
    import re


def read(text: str, value: Any) -> Places:  # noqa: ANN401 - what the text holds
    """The places of a document that was read line by line as `value`."""
    reader = _Reader(text.split("\n"))
    reader.below(value)
    return Places(reader.kinds, reader.numbers, reader.names)


class _Reader:
    """Goes through the lines once, along the value that they hold.

    Shapes: `at` is the index of the next line, `line` that of the current one and `match` what it says.
    """

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = self.line = 0
        self.match: re.Match[str] | None = None
        self.kinds = bytearray()
        self.numbers = array("I")
        self.names: list[str | None] = []

    def next_line(self) -> re.Match[str]:
        """What the next line that says something says."""
        while True:
            self.line, text = self.at, self.lines[self.at].lstrip(" ")
            self.at += 1
            match = LINE.fullmatch(self.lines[self.line]) if text and text[0] != "#" else None
            if match is not None:
                return match

    def add(self, kind: int, start: int, end: int, name: str | None = None) -> int:
        """One more item, a stretch of the current line; gives back its number."""
        self.kinds.append(kind)
        self.names.append(name)
        self.numbers.extend((self.line, start, end, len(self.kinds)))
        return len(self.kinds) - 1

    def close(self, item: int) -> None:
        self.numbers[item * NUMBERS + AFTER] = len(self.kinds)

    def below(self, value: Any) -> None:  # noqa: ANN401 - as above
        """A value that the lines below hold, each key or item of it on a line of its own; a null takes none."""
        if isinstance(value, dict):
            self.mapping(value, None)
        elif isinstance(value, list):
            item = self.add(LIST, 0, 0)
            for inner in value:
                match = self.next_line()
                if match["key"] is not None:
                    self.mapping(inner, match)
                else:
                    self.beside(match, inner, under_key=False)
            self.close(item)
        else:
            self.add(SCALAR, 0, 0)

    def mapping(self, value: dict[str, Any], match: re.Match[str] | None) -> None:
        """A mapping, whose first line is the current one where `match` is given."""
        item = self.add(MAPPING, 0, 0)
        for key, inner in value.items():
            written = match or self.next_line()
            match = None
            self.add(KEY, *written.span("key"), key)
            self.beside(written, inner, under_key=True)
        self.close(item)

    def beside(self, match: re.Match[str], value: Any, *, under_key: bool) -> None:  # noqa: ANN401 - as above
        """A value that stands on the current line, or starts there."""
        kind = match.lastgroup
        if kind == "plain":
            start, text = match.start(kind), match[kind].rstrip(" ")
            self.add(SCALAR, start, start if under_key and text in NULLS else start + len(text))
        elif kind == "quoted":
            self.add(SCALAR, *match.span(kind))
        elif kind == "literal":
            start = match.start(kind)
            self.add(SCALAR, start, start if under_key else len(match.string.rstrip()))
            self.at = after_literal(self.lines, self.at)
        elif kind == "list":
            item = self.add(LIST, *match.span(kind))
            for inner in ITEM.finditer(match.string, match.start(kind) + 1, match.end(kind) - 1):
                self.add(SCALAR, *inner.span())
            self.close(item)
        elif kind == "dict":
            self.add(MAPPING, *match.span(kind))
        else:
            self.below(value)
