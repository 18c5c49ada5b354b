"""Event stream → dicts and lists, for all of YAML: anchors, aliases, merge keys, tags, repeated keys, refusals.

Merge keys follow kubectl: a `<<` overrides the keys written before it. An alias is the very object that its anchor
stands for, so what a small text can grow to is bounded by counting.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

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

from k8snet_lint.manifest.problem import Refused, ScalarError
from k8snet_lint.manifest.reading import MAX_DEPTH, Reading
from k8snet_lint.manifest.scalars import KEYS, VALUES, Scalar, as_key, for_json, resolve, tagged
from k8snet_lint.manifest.stream import events
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_ALIASED = 100_000

_MERGE_TAG = "tag:yaml.org,2002:merge"
_BARE_TAG = re.compile(r"(?:&\S+\s+)?!\s")
_OPEN = object()


class _Anchored(NamedTuple):
    """What an anchor stands for, how many values that is, and how deep they nest."""

    value: Any
    size: int = 1
    height: int = 0


def read(text: str) -> Reading:
    """The one document of a text; None is the value of an empty one.

    Raises Refused where kubectl refuses the document for its values, yaml.YAMLError where it is no YAML.
    """
    return _Reader(text).document()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.has_bare_tags = re.search(r"!\s", text) is not None
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
            "the document ends before this, and kubectl reads no further",
            "part documents by a line that holds `---` and nothing else",
            end.line,
            end.column,
        )

    def value(self, event: Any, room: int) -> Any:  # noqa: ANN401 - YAML holds anything
        kind, anchor = event.__class__, event.anchor
        if kind is AliasEvent:
            return self.alias(event, room)
        if kind is ScalarEvent:
            scalar = self.scalar(event)
            if anchor is not None:
                self.anchors[anchor] = _Anchored(scalar)
            return scalar
        if not room:
            self.refuse_depth(event)
        nodes, least_room = self.nodes, self.least_room
        self.least_room = room
        if anchor is not None:
            self.anchors[anchor] = _Anchored(_OPEN)
        collection = self.mapping(room) if kind is MappingStartEvent else self.sequence(room)
        if anchor is not None:
            self.anchors[anchor] = _Anchored(collection, self.nodes - nodes, room - self.least_room + 1)
        self.least_room = min(self.least_room, least_room)
        return collection

    def mapping(self, room: int) -> dict[str, Any]:
        get, keys, values = self.get, KEYS, VALUES
        mapping: dict[str, Any] = {}
        event = get()
        try:
            while event.__class__ is not MappingEndEvent:
                if is_merge(event):
                    mapping.update(self.merge_source(get(), room - 1))
                    event = get()
                    continue
                if self.is_special(event):
                    key = self.key(event, room - 1)
                else:
                    key = event.value if event.style else keys[event.value]
                self.repeats = self.repeats or key in mapping
                event = get()
                if self.is_special(event):
                    mapping[key] = self.value(event, room - 1)
                else:
                    mapping[key] = event.value if event.style else values[event.value]
                event = get()
        except ScalarError as error:
            self.refuse(event, error.message, error.help)
        self.nodes += 1 + 2 * len(mapping)
        return mapping

    def sequence(self, room: int) -> list[Any]:
        get, values = self.get, VALUES
        sequence: list[Any] = []
        try:
            while (event := get()).__class__ is not SequenceEndEvent:
                if self.is_special(event):
                    sequence.append(self.value(event, room - 1))
                else:
                    sequence.append(event.value if event.style else values[event.value])
        except ScalarError as error:
            self.refuse(event, error.message, error.help)
        self.nodes += 1 + len(sequence)
        return sequence

    def is_special(self, event: Any) -> bool:  # noqa: ANN401 - one of PyYAML's events
        """Whether a value is more than a scalar without anchor and tag."""
        return (
            event.__class__ is not ScalarEvent
            or event.tag is not None
            or event.anchor is not None
            or self.has_bare_tags
        )

    def key(self, event: Any, room: int) -> str:  # noqa: ANN401 - one of PyYAML's events
        if event.__class__ is ScalarEvent:
            name: str = self.scalar(event, as_key)
            if event.anchor is not None:
                self.anchors[event.anchor] = _Anchored(self.scalar(event))
            return name
        value = self.value(event, room) if event.__class__ is AliasEvent else {}
        if isinstance(value, dict | list):
            message = "a mapping or a list stands where a key belongs"
            self.refuse(event, message, "quote the braces if they are meant as text, or write a plain key")
        return as_key(value, f"*{event.anchor}")

    def scalar(self, event: Any, finish: Callable[[Scalar, str], Any] = for_json) -> Any:  # noqa: ANN401 - as above
        text: str = event.value
        try:
            if event.tag is not None and event.tag != "!":
                return finish(tagged(event.tag, text), text)
            if event.style or event.tag == "!" or _BARE_TAG.match(self.text, event.start_mark.index):
                return text
            return finish(resolve(text), text)
        except ScalarError as error:
            self.refuse(event, error.message, error.help)

    def alias(self, event: Any, room: int) -> Any:  # noqa: ANN401 - YAML holds anything
        name = event.anchor
        if name not in self.anchors:
            self.refuse(
                event, f"the alias `*{name}` has no anchor before it", f"write `&{name}` before the value it stands for"
            )
        value, size, height = self.anchors[name]
        if value is _OPEN:
            self.refuse(event, f"the alias `*{name}` stands within its own anchor", "write the value out")
        if height > room:
            self.refuse_depth(event)
        self.least_room = min(self.least_room, room - height + 1)
        self.nodes += size
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            self.refuse(event, f"aliases stand for more than {MAX_ALIASED} values", "write fewer aliases of aliases")
        return value

    def merge_source(self, event: Any, room: int) -> dict[str, Any]:  # noqa: ANN401 - one of PyYAML's events
        """What a merge key brings in: a mapping, or of several the first that holds a key."""
        value = self.value(event, room)
        sources = value if event.__class__ is SequenceStartEvent else [value]
        merged: dict[str, Any] = {}
        for source in reversed(sources):
            if not isinstance(source, dict):
                self.refuse(
                    event, "the value of `<<` is no mapping", "write an alias of a mapping, or a list of such aliases"
                )
            merged.update(source)
        return merged

    def refuse_depth(self, event: Any) -> NoReturn:  # noqa: ANN401 - one of PyYAML's events
        self.refuse(event, f"more than {MAX_DEPTH} lists and mappings are nested", "flatten the document")

    def refuse(self, event: Any, message: str, help_: str) -> NoReturn:  # noqa: ANN401 - one of PyYAML's events
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1
        raise Refused(message, help_, start.line, start.column, width)


def is_merge(event: Any) -> bool:  # noqa: ANN401 - one of PyYAML's events
    """Whether a key is the merge key."""
    return (
        event.__class__ is ScalarEvent
        and event.value == "<<"
        and (event.tag == _MERGE_TAG or (event.tag is None and not event.style))
    )
