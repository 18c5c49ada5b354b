"""The parts of a definition's schema, and the values in an object that each of them speaks of."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Path

    Place = tuple[str, ...]
    Schema = dict[str, Any]

DEEPEST = 60
_ALL = "*"
"""In a place: every item of a list, every entry of a map."""


def parts(schema: object, place: Place = ()) -> Iterator[tuple[Place, Schema]]:
    """A schema and all below it, each with its place."""
    if not isinstance(schema, dict) or len(place) > DEEPEST:
        return
    yield place, schema
    properties = schema.get("properties")
    for key, below in properties.items() if isinstance(properties, dict) else ():
        yield from parts(below, (*place, str(key)))
    yield from parts(schema.get("items"), (*place, _ALL))
    yield from parts(schema.get("additionalProperties"), (*place, _ALL))


def values(value: object, place: Place, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The values at a place of the schema, each with its path."""
    if not place:
        yield path, value
    elif place[0] == _ALL and isinstance(value, list):
        for index, item in enumerate(value):
            yield from values(item, place[1:], (*path, index))
    elif place[0] == _ALL and isinstance(value, dict):
        for key, entry in value.items():
            yield from values(entry, place[1:], (*path, key))
    elif isinstance(value, dict) and place[0] in value:
        yield from values(value[place[0]], place[1:], (*path, place[0]))


def defaulted(value: Any, schema: object) -> Any:  # noqa: ANN401 - whatever YAML holds
    """The value with the defaults of its schema, as the API server sets them before it judges."""
    if not isinstance(schema, dict):
        return value
    if isinstance(value, list):
        return [defaulted(item, schema.get("items")) for item in value]
    if not isinstance(value, dict):
        return value
    properties, others = schema.get("properties"), schema.get("additionalProperties")
    known = properties if isinstance(properties, dict) else {}
    missing = {
        key: copy.deepcopy(each["default"])
        for key, each in known.items()
        if isinstance(each, dict) and "default" in each and key not in value
    }
    return {key: defaulted(entry, known.get(key, others)) for key, entry in {**value, **missing}.items()}
