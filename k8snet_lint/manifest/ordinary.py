"""Event stream → dicts and lists, for documents without anchors, tags and other rarities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yaml.error import YAMLError
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from k8snet_lint.manifest.problem import ScalarError
from k8snet_lint.manifest.reading import MAX_DEPTH, Reading
from k8snet_lint.manifest.scalars import KEYS, VALUES
from k8snet_lint.manifest.stream import events

if TYPE_CHECKING:
    from collections.abc import Callable


class _Rarity(Exception):  # noqa: N818 - not an error, a change of road
    """Something that only `rarities` knows how to read, or to refuse."""


def read(text: str) -> Reading | None:
    """The one document of a text; None where it is not certain that it is an ordinary one.

    Raises yaml.YAMLError where the text is no YAML.
    """
    if "&" in text or "!" in text or "<<" in text:
        return None
    get = events(text)
    get()
    if get().__class__ is StreamEndEvent:
        return Reading(None)
    event = get()
    try:
        value = _collection(event, get)
    except (_Rarity, ScalarError):
        return None
    return Reading(value, event.start_mark.line) if _is_last(get) else None


def _is_last(get: Callable[[], Any]) -> bool:
    """Whether the text ends with its first document."""
    get()
    try:
        return get().__class__ is StreamEndEvent
    except YAMLError:
        return False


def _collection(event: Any, get: Callable[[], Any]) -> dict[str, Any] | list[Any]:  # noqa: ANN401 - one of PyYAML's
    if event.__class__ is MappingStartEvent:
        return _mapping(get, MAX_DEPTH)
    if event.__class__ is SequenceStartEvent:
        return _sequence(get, MAX_DEPTH)
    raise _Rarity


def _mapping(get: Callable[[], Any], room: int) -> dict[str, Any]:
    if not room:
        raise _Rarity
    keys, values = KEYS, VALUES
    mapping: dict[str, Any] = {}
    while True:
        event = get()
        if event.__class__ is not ScalarEvent:
            if event.__class__ is MappingEndEvent:
                return mapping
            raise _Rarity
        key = event.value if event.style else keys[event.value]
        if key in mapping:
            raise _Rarity
        event = get()
        kind = event.__class__
        if kind is ScalarEvent:
            mapping[key] = event.value if event.style else values[event.value]
        elif kind is MappingStartEvent:
            mapping[key] = _mapping(get, room - 1)
        elif kind is SequenceStartEvent:
            mapping[key] = _sequence(get, room - 1)
        else:
            raise _Rarity


def _sequence(get: Callable[[], Any], room: int) -> list[Any]:
    if not room:
        raise _Rarity
    values = VALUES
    sequence: list[Any] = []
    append = sequence.append
    while True:
        event = get()
        kind = event.__class__
        if kind is ScalarEvent:
            append(event.value if event.style else values[event.value])
        elif kind is MappingStartEvent:
            append(_mapping(get, room - 1))
        elif kind is SequenceStartEvent:
            append(_sequence(get, room - 1))
        elif kind is SequenceEndEvent:
            return sequence
        else:
            raise _Rarity
