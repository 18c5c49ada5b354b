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

_SIZES = (
    ("minimum", "maximum", ""),
    ("minItems", "maxItems", "item"),
    ("minProperties", "maxProperties", "key"),
    ("minLength", "maxLength", "character"),
)
"""The keywords that limit a value from below and from above, and what they count, if not the value itself."""

_KINDS = {
    "array": "a list",
    "object": "a mapping",
    "string": "a string",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}


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
    return words + (_bounds(schema, keyword) if keyword in schema or not keyword else " of another form")


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


def _bounds(schema: Schema, keyword: str) -> str:
    """What a schema says of size: the limits that `keyword` is one of, or else the first ones that there are."""
    for least, most, part in sorted(_SIZES, key=lambda each: keyword not in each):
        low, high = schema.get(least), schema.get(most)
        if part and (low or high is not None):
            return _amount(low or 0, high, part, is_too_long=keyword == most)
        if not part and (low is not None or high is not None):
            either = f" of at least {low}" if low is not None else f" of at most {high}"
            return either if low is None or high is None else f" from {low} to {high}"
    return ""


def _amount(low: int, high: int | None, part: str, *, is_too_long: bool) -> str:
    if high == 0:
        return " that is empty"
    if low == 1 and high != 1 and not is_too_long:
        return " that is not empty"
    last = low if high is None else high
    how = "at least" if high is None else "exactly" if low == high else f"{low} to" if low else "at most"
    return f" of {how} {last} {part}{'' if last == 1 else 's'}"


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
