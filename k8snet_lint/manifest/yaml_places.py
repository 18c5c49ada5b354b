"""Event stream → Places."""

from __future__ import annotations

import re
from array import array
from typing import Any

from yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

from k8snet_lint.manifest.places import AFTER, ALIAS, END, KEY, LIST, MAPPING, MERGE_KEY, NUMBERS, SCALAR, Places
from k8snet_lint.manifest.rarities import is_merge
from k8snet_lint.manifest.scalars import KEYS, as_key, tagged
from k8snet_lint.manifest.stream import events

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+[ \t]+")
_REST_OF_LINE = re.compile("[^\n\r\x85\u2028\u2029]*")


def read(text: str) -> Places:
    """The places of a document that was read without an error."""
    reader = _Reader(text)
    reader.get()
    reader.get()
    reader.value(reader.get(), under_key=False)
    return Places(reader.kinds, reader.numbers, reader.names, reader.targets)


class _Reader:
    """Walks the events once; recursion goes as deep as the document, which was bounded when it was read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.get = events(text)
        self.kinds = bytearray()
        self.numbers = array("I")
        self.names: list[str | None] = []
        self.targets: dict[int, int] = {}
        self.anchors: dict[str, tuple[int, Any]] = {}

    def add(self, kind: int, line: int, start: int, end: int, name: str | None = None) -> None:
        self.kinds.append(kind)
        self.names.append(name)
        self.numbers.extend((line, start, end, len(self.kinds)))

    def value(self, event: Any, *, under_key: bool) -> None:  # noqa: ANN401 - one of PyYAML's events
        kind = event.__class__
        if kind is AliasEvent:
            self.targets[len(self.kinds)] = self.anchors[event.anchor][0]
            self.add(ALIAS, event.start_mark.line, event.start_mark.column, event.end_mark.column)
            return
        if event.anchor is not None:
            self.anchors[event.anchor] = (len(self.kinds), event)
        if kind is ScalarEvent:
            self.add(SCALAR, *self.stretch(event, under_key=under_key))
        else:
            self.collection(event)

    def collection(self, event: Any) -> None:  # noqa: ANN401 - one of PyYAML's events
        item = len(self.kinds)
        line, start = event.start_mark.line, self.start(event)
        get, value = self.get, self.value
        if event.__class__ is MappingStartEvent:
            self.add(MAPPING, line, start, start)
            while (inner := get()).__class__ is not MappingEndEvent:
                self.key(inner)
                value(get(), under_key=True)
        else:
            self.add(LIST, line, start, start)
            while (inner := get()).__class__ is not SequenceEndEvent:
                value(inner, under_key=False)
        end = inner.end_mark
        if event.flow_style and end.line == line:
            self.numbers[item * NUMBERS + END] = end.column
        self.numbers[item * NUMBERS + AFTER] = len(self.kinds)

    def key(self, event: Any) -> None:  # noqa: ANN401 - one of PyYAML's events
        if event.__class__ is AliasEvent:
            named = self.anchors[event.anchor][1]
        else:
            named = event
            if event.anchor is not None:
                self.anchors[event.anchor] = (len(self.kinds), event)
        if is_merge(event):
            self.add(MERGE_KEY, *self.stretch(event, under_key=False))
        elif named.tag is not None:
            self.add(KEY, *self.stretch(event, under_key=False), as_key(tagged(named.tag, named.value), named.value))
        else:
            name = named.value if named.style else KEYS[named.value]
            self.add(KEY, *self.stretch(event, under_key=False), name)

    def stretch(self, event: Any, *, under_key: bool) -> tuple[int, int, int]:  # noqa: ANN401 - one of PyYAML's events
        """Line, start and end of what a scalar takes of its first line; nothing of it where its key says more."""
        mark, end = event.start_mark, event.end_mark
        line, start = mark.line, self.start(event) if event.anchor is not None else mark.column
        style = event.style if event.__class__ is ScalarEvent else "*"
        if under_key and (style in ("|", ">") or (not style and event.value in _NULLS)):
            return line, start, start
        if end.line == line:
            return line, start, end.column
        rest = _REST_OF_LINE.match(self.text, mark.index)
        width = len(rest[0].rstrip()) if rest else 0
        return line, start, mark.column + width

    def start(self, event: Any) -> int:  # noqa: ANN401 - one of PyYAML's events
        """The column at which a value starts after its anchor, where both stand on one line."""
        column: int = event.start_mark.column
        anchor = _ANCHOR.match(self.text, event.start_mark.index) if event.anchor is not None else None
        return column + len(anchor[0]) if anchor else column
