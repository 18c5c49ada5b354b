"""What a schema says of the value at a path: what is expected there, which keys it has, where a key belongs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from k8snet_lint.cached import cached_property
from k8snet_lint.nearest import listed
from k8snet_lint.quoting import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.manifest import Path

    Schema = Mapping[str, Any]
    Pattern = tuple[str, ...]

ITEM = "[]"
DEEPEST = 12
FAR = 2
LONGEST = 80

_KINDS = {
    "array": "a list",
    "object": "a mapping",
    "string": "a string",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}
_PARTS = {"Items": "item", "Properties": "key", "Length": "character"}
"""What the keywords with a least and a most count, as in `minItems`."""


class Shape:
    """A schema, to be walked along the paths of the values that it describes."""

    def __init__(self, schema: Schema) -> None:
        self._root = schema

    def at(self, path: Path) -> Schema:
        """The part that describes the value at a path; an empty one where the schema says nothing of it."""
        schema = self._resolved(self._root)
        for key in path:
            schema = self._resolved(self._below(schema, key))
        return schema

    def names(self, path: Path) -> Schema:
        """What the keys of the mapping at a path have to be."""
        return self._resolved(self.at(path).get("propertyNames", {}))

    def places_of(self, key: str, path: Path, value: object) -> tuple[str, ...]:
        """The nearest places of the schema that have a key which stands at `path` in vain, as `spec.ports[]`.

        A place counts where it is at most two keys away, lists not counted, and takes such a value.
        """
        here = tuple(ITEM if isinstance(step, int) else step for step in path)
        found = [(_steps(here, place), place) for place, schema in self._places.get(key, ()) if _takes(schema, value)]
        nearest = min((steps for steps, _ in found), default=FAR + 1)
        return tuple(spelt(place) for steps, place in found if steps == nearest <= FAR)

    @cached_property
    def _places(self) -> dict[str, list[tuple[Pattern, Schema]]]:
        """Where each key belongs, for every key of the schema."""
        places: dict[str, list[tuple[Pattern, Schema]]] = {}
        for place, schema in self._mappings(self._resolved(self._root), ()):
            for key, described in schema.get("properties", {}).items():
                places.setdefault(key, []).append((place, self._resolved(described)))
        return places

    def _mappings(self, schema: Schema, place: Pattern) -> Iterator[tuple[Pattern, Schema]]:
        if len(place) > DEEPEST:
            return
        yield place, schema
        for key, described in schema.get("properties", {}).items():
            yield from self._mappings(self._resolved(described), (*place, key))
        if isinstance(schema.get("items"), dict):
            yield from self._mappings(self._resolved(schema["items"]), (*place, ITEM))

    def _below(self, schema: Schema, key: str | int) -> object:
        below = schema.get("items") if isinstance(key, int) else schema.get("properties", {}).get(key)
        return below if isinstance(below, dict) else schema.get("additionalProperties", {})

    def _resolved(self, schema: Any) -> Schema:  # noqa: ANN401 - true and false are schemas too
        """A schema with what it refers to merged into it."""
        if not isinstance(schema, dict):
            return {}
        if "$ref" not in schema:
            return schema
        found: Any = self._root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return {**self._resolved(found), **{key: value for key, value in schema.items() if key != "$ref"}}


def expected(schema: Schema, keyword: str = "") -> str:
    """What a schema takes, in words; `keyword` is the one that rejects what is written."""
    kinds = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", ())
    kinds = [kind for kind in kinds if kind != "null"]
    if "description" in schema and not (keyword == "type" and len(kinds) == 1):
        return str(schema["description"])
    if "enum" in schema:
        return listed([_choice(choice) for choice in schema["enum"] if choice != ""] or ["an empty text"])
    words = listed(_KINDS[kind] for kind in kinds) if kinds else "another value"
    if keyword == "type" and (kinds == ["string"] or _choices(schema)):
        return f"{words}, such as [{_choices(schema)[0]}]" if _choices(schema) else words
    if keyword == "pattern" and keyword in schema:
        return f"{words} that matches {shortened(schema['pattern'], LONGEST)}"
    if keyword in ("anyOf", "oneOf") and keyword in schema:
        return f"{words} {_alternatives(schema[keyword])}"
    return words + (_bounds(schema) if keyword in schema or not keyword else " of another form")


def _choices(schema: Schema) -> Sequence[str]:
    """What each item of a list has to be one of; nothing where items are free."""
    items = schema.get("items")
    return [choice for choice in items.get("enum", ()) if isinstance(choice, str)] if isinstance(items, dict) else ()


def _choice(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value)


def _alternatives(branches: Sequence[Schema]) -> str:
    """What the branches of a choice ask for, where it is the presence of keys."""
    keys = [" and ".join(branch["required"]) for branch in branches if branch.get("required")]
    return f"with {listed(keys)}" if len(keys) == len(branches) > 0 else "of another form"


def spelt(path: Path) -> str:
    """A path as messages give it, such as `spec.ports[0]`."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
        elif key == ITEM:
            text += ITEM
        else:
            text += f"['{key}']" if "." in key or "/" in key else f".{key}"
    return text.removeprefix(".") or "the top level"


def _bounds(schema: Schema) -> str:
    """How large a value, or how many of its parts, may be."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None:
        return f" of at least {low}" if high is None else f" from {low} to {high}"
    for of_what, part in _PARTS.items():
        least, most = schema.get(f"min{of_what}") or 0, schema.get(f"max{of_what}")
        if most is None and least:
            return " that is not empty" if least == 1 else f" of at least {least} {part}s"
        if most is not None:
            amount = "exactly" if least == most else f"{least} to" if least else "at most"
            return f" of {amount} {most} {part}{'' if most == 1 else 's'}"
    return ""


def _steps(here: Pattern, there: Pattern) -> int:
    """How many keys lie between two places, up and down."""
    same = 0
    while same < min(len(here), len(there)) and here[same] == there[same]:
        same += 1
    return sum(step != ITEM for step in (*here[same:], *there[same:]))


def _takes(schema: Schema, value: object) -> bool:
    """Whether a value is of the sort that a schema asks for, as far as that helps to tell places apart."""
    kinds = schema.get("type", ())
    if isinstance(value, dict):
        return not kinds or "object" in kinds
    if isinstance(value, list):
        return not kinds or "array" in kinds
    return kinds not in ("object", "array")
