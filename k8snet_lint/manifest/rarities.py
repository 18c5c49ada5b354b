"""Event stream → dicts and lists for all of YAML: anchors, aliases, merge keys, tags, repeated keys; and what is refused.

Merge keys follow kubectl: a `<<` overrides the keys written before it. An alias is the very object that its anchor
stands for, so what a small text can grow to is bounded by counting.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple, NoReturn

from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from k8snet_lint.manifest.events import MAX_DEPTH, Reading
from k8snet_lint.manifest.problem import Refused, ScalarError
from k8snet_lint.manifest.scalars import KEYS, as_key, for_json, resolve, tagged
from k8snet_lint.manifest.stream import events

MAX_ALIASED = 100_000

_MERGE_TAG = "tag:yaml.org,2002:merge"
_OPEN = object()


class _Anchored(NamedTuple):
    """What an anchor stands for, how many values that is, and how deep they nest."""

    value: Any
    size: int = 0
    height: int = 0


def read(text: str) -> Reading:
    """The one document of a text; None is the value of an empty one.

    Raises Refused where kubectl refuses the document for its values, yaml.YAMLError where it is no YAML.
    """
    return _Reader(text).document()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.get = events(text)
        self.anchors: dict[str, _Anchored] = {}
        self.nodes = 0
        self.aliased = 0
        self.least_room = MAX_DEPTH
        self.repeats = False

    def document(self) -> Reading:
        self.get()
        if self.get().__class__ is StreamEndEvent:
            return Reading(None)
        event = self.get()
        value = self.value(event, MAX_DEPTH)
        return Reading(value, event.start_mark.line, self.repeats, self.rest())

    def rest(self) -> Refused | None:
        """What follows the document in the same text: kubectl reads no further."""
        end = self.get().end_mark
        try:
            event = self.get()
        except MarkedYAMLError as error:
            end = error.problem_mark or end
        else:
            if event.__class__ is StreamEndEvent:
                return None
            end = event.start_mark
        return Refused(
            "the document has ended above, and kubectl does not read on",
            "part documents by a line that holds `---` and nothing else",
            end.line,
            end.column,
        )

    def value(self, event: Any, room: int) -> Any:  # noqa: ANN401 - YAML holds anything
        if event.__class__ is AliasEvent:
            return self.alias(event, room)
        nodes, least_room = self.nodes, self.least_room
        self.nodes += 1
        self.least_room = room
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(_OPEN)
        value: Any
        if event.__class__ is ScalarEvent:
            value = self.scalar(event)
        elif not room:
            self.refuse_depth(event)
        else:
            value = self.mapping(room) if event.__class__ is MappingStartEvent else self.sequence(room)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(value, self.nodes - nodes, room - self.least_room)
        self.least_room = min(self.least_room, least_room)
        return value

    def mapping(self, room: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        written: set[str] = set()
        while (event := self.get()).__class__ is not MappingEndEvent:
            if is_merge(event):
                self.merge(mapping, self.get(), room - 1)
                continue
            key = self.key(event, room - 1)
            self.repeats = self.repeats or key in written
            written.add(key)
            mapping[key] = self.value(self.get(), room - 1)
        return mapping

    def sequence(self, room: int) -> list[Any]:
        sequence: list[Any] = []
        while (event := self.get()).__class__ is not SequenceEndEvent:
            sequence.append(self.value(event, room - 1))
        return sequence

    def key(self, event: Any, room: int) -> str:  # noqa: ANN401 - one of PyYAML's events
        if event.__class__ in (MappingStartEvent, SequenceStartEvent):
            what = "mapping" if event.__class__ is MappingStartEvent else "list"
            help_ = "quote the braces if they are meant as text" if event.flow_style else "write a text before the `:`"
            self.refuse(event, f"a {what} stands where a key belongs", help_)
        if event.__class__ is ScalarEvent and event.tag is None and event.anchor is None:
            self.nodes += 1
            return event.value if event.style else self.guarded(event, KEYS.__getitem__, event.value)
        value = self.value(event, room)
        if isinstance(value, dict | list):
            self.refuse(event, f"the alias `*{event.anchor}` stands where a key belongs", "write the key as a text")
        return self.guarded(event, as_key, value, getattr(event, "value", ""))

    def scalar(self, event: Any) -> Any:  # noqa: ANN401 - one of PyYAML's events
        text: str = event.value
        if event.tag is not None and event.tag != "!":
            return self.guarded(event, lambda: for_json(tagged(event.tag, text), text))
        if event.style or self.is_bare_tag(event):
            return text
        return self.guarded(event, lambda: for_json(resolve(text), text))

    def is_bare_tag(self, event: Any) -> bool:  # noqa: ANN401 - one of PyYAML's events
        """Whether the scalar carries the tag `!`, which libyaml drops and which makes a string of anything."""
        if event.tag == "!":
            return True
        start = event.start_mark.index
        return re.compile(r"(?:&\S+\s+)?!\s").match(self.text, start) is not None

    def alias(self, event: Any, room: int) -> Any:  # noqa: ANN401 - YAML holds anything
        name = event.anchor
        if name not in self.anchors:
            self.refuse(event, f"the alias `*{name}` has no anchor before it", f"write `&{name}` before the value it stands for")
        value, size, height = self.anchors[name]
        if value is _OPEN:
            self.refuse(event, f"the alias `*{name}` stands within its own anchor", "write the value out")
        if height > room:
            self.refuse_depth(event)
        self.least_room = min(self.least_room, room - height)
        self.nodes += size
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            self.refuse(event, f"aliases stand for more than {MAX_ALIASED} values", "write fewer aliases of aliases")
        return value

    def merge(self, mapping: dict[str, Any], event: Any, room: int) -> None:  # noqa: ANN401 - one of PyYAML's events
        value = self.value(event, room)
        sources = value if event.__class__ is SequenceStartEvent else [value]
        if not all(isinstance(source, dict) for source in sources):
            self.refuse(event, "the value of `<<` is no mapping", "write an alias of a mapping, or a list of such aliases")
        for source in reversed(sources):
            mapping.update(source)

    def guarded(self, event: Any, function: Any, *arguments: Any) -> Any:  # noqa: ANN401 - passes everything through
        try:
            return function(*arguments)
        except ScalarError as error:
            self.refuse(event, error.message, error.help)

    def refuse_depth(self, event: Any) -> NoReturn:  # noqa: ANN401 - one of PyYAML's events
        self.refuse(event, f"more than {MAX_DEPTH} lists and mappings are nested", "flatten the document")

    def refuse(self, event: Any, message: str, help_: str) -> NoReturn:  # noqa: ANN401 - one of PyYAML's events
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1
        raise Refused(message, help_, start.line, start.column, width)


def is_merge(event: Any) -> bool:  # noqa: ANN401 - one of PyYAML's events
    return (
        event.__class__ is ScalarEvent
        and event.value == "<<"
        and (event.tag == _MERGE_TAG or (event.tag is None and not event.style))
    )
