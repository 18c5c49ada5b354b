"""Event stream → Places."""

from __future__ import annotations

import re
from array import array
from typing import Any

from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from k8snet_lint.manifest.places import AFTER, ALIAS, END, KEY, LIST, MAPPING, MERGE_KEY, NULLS, NUMBERS, SCALAR, Places
from k8snet_lint.manifest.rarities import is_merge
from k8snet_lint.manifest.scalars import KEYS, as_key, tagged
from k8snet_lint.manifest.stream import events

_NULL_TAG = "tag:yaml.org,2002:null"
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
            self.scalar(SCALAR, event, None, hidden=under_key and _says_nothing(event))
        elif kind is MappingStartEvent:
            self.mapping(event)
        else:
            self.sequence(event)

    def scalar(self, kind: int, event: Any, name: str | None, *, hidden: bool = False) -> None:  # noqa: ANN401 - as above
        """Add what a scalar takes of its first line, or nothing where its key says more."""
        start, end = event.start_mark, event.end_mark
        column, stop = start.column, end.column
        if event.anchor is not None:
            column = self.after_anchor(event)
        if end.line != start.line:
            rest = _REST_OF_LINE.match(self.text, start.index)
            stop = start.column + (len(rest[0].rstrip()) if rest else 0)
        if hidden:
            stop = column
        self.kinds.append(kind)
        self.names.append(name)
        self.numbers.extend((start.line, column, stop, len(self.kinds)))

    def mapping(self, event: Any) -> None:  # noqa: ANN401 - one of PyYAML's events
        get, value, scalar, keys = self.get, self.value, self.scalar, KEYS
        item = self.open(MAPPING, event)
        while (key := get()).__class__ is not MappingEndEvent:
            if key.__class__ is ScalarEvent and key.tag is None and key.anchor is None and key.value != "<<":
                scalar(KEY, key, key.value if key.style else keys[key.value])
            else:
                self.special_key(key)
            value(get(), under_key=True)
        self.close(item, event, key)

    def sequence(self, event: Any) -> None:  # noqa: ANN401 - one of PyYAML's events
        item = self.open(LIST, event)
        while (inner := self.get()).__class__ is not SequenceEndEvent:
            self.value(inner, under_key=False)
        self.close(item, event, inner)

    def open(self, kind: int, event: Any) -> int:  # noqa: ANN401 - one of PyYAML's events
        item = len(self.kinds)
        column = event.start_mark.column if event.anchor is None else self.after_anchor(event)
        self.add(kind, event.start_mark.line, column, column)
        return item

    def close(self, item: int, start: Any, end: Any) -> None:  # noqa: ANN401 - PyYAML's events
        if start.flow_style and start.start_mark.line == end.end_mark.line:
            self.numbers[item * NUMBERS + END] = end.end_mark.column
        self.numbers[item * NUMBERS + AFTER] = len(self.kinds)

    def special_key(self, event: Any) -> None:  # noqa: ANN401 - one of PyYAML's events
        """Add a key that is an alias, a merge key, or has an anchor or a tag."""
        if is_merge(event):
            self.scalar(MERGE_KEY, event, None)
            return
        kind = event.__class__
        if kind is AliasEvent:
            named = self.anchors[event.anchor][1]
            self.add(KEY, event.start_mark.line, event.start_mark.column, event.end_mark.column, _name(named))
            return
        if event.anchor is not None:
            self.anchors[event.anchor] = (len(self.kinds), event)
        self.scalar(KEY, event, _name(event))

    def after_anchor(self, event: Any) -> int:  # noqa: ANN401 - one of PyYAML's events
        """The column at which a value starts after its anchor, where both stand on one line."""
        column: int = event.start_mark.column
        anchor = _ANCHOR.match(self.text, event.start_mark.index)
        return column + len(anchor[0]) if anchor else column


def _says_nothing(event: Any) -> bool:  # noqa: ANN401 - one of PyYAML's events
    """Whether a scalar is better shown by its key: a null, or a block scalar, which starts on the next line."""
    if event.style:
        return event.style in ("|", ">") or event.tag == _NULL_TAG
    return event.value in NULLS if event.tag is None else bool(event.tag == _NULL_TAG)


def _name(event: Any) -> str:  # noqa: ANN401 - one of PyYAML's events
    text: str = event.value
    if event.tag is not None:
        return as_key(tagged(event.tag, text), text)
    return text if event.style else KEYS[text]
