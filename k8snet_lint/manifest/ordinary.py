"""Event stream → dicts and lists, for documents without anchors, tags and other rarities.

Whatever this module cannot prove to be ordinary is read again, as a whole, by `rarities`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from k8snet_lint.manifest.problem import ScalarError
from k8snet_lint.manifest.scalars import KEYS, VALUES
from k8snet_lint.manifest.stream import events

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snet_lint.manifest.problem import Refused

MAX_DEPTH = 100


class Reading(NamedTuple):
    """What a text holds.

    Shapes: `line` is that of the first value, from 0; `repeats` says that some mapping holds a key twice;
    `rest` tells of what follows the document and is not part of it.
    """

    value: Any
    line: int = 0
    repeats: bool = False
    rest: Refused | None = None


class _Rarity(Exception):  # noqa: N818 - not an error, a change of road
    """Something that `rarities` knows how to read."""


def read(text: str) -> Reading:
    """The one document of a text; None is the value of an empty one.

    Raises Refused where kubectl refuses the document for its values, yaml.YAMLError where it is no YAML.
    """
    if "&" not in text and "!" not in text and "<<" not in text:
        try:
            return _ordinary(text)
        except (_Rarity, ScalarError):
            pass
    from k8snet_lint.manifest import rarities  # noqa: PLC0415 - most runs never meet one

    return rarities.read(text)


def _ordinary(text: str) -> Reading:
    get = events(text)
    get()
    if get().__class__ is StreamEndEvent:
        return Reading(None)
    event = get()
    line = event.start_mark.line
    value: Any
    if event.__class__ is MappingStartEvent:
        value = _mapping(get, MAX_DEPTH)
    elif event.__class__ is SequenceStartEvent:
        value = _sequence(get, MAX_DEPTH)
    else:
        raise _Rarity
    get()
    if get().__class__ is not StreamEndEvent:
        raise _Rarity
    return Reading(value, line)


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
