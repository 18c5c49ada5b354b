"""Whether an object is valid at a glance: what most manifests hold, seen without the engine.

Importing jsonschema-rs takes as long as a glance at a hundred objects, which it then judges in a tenth of the time. A
glance knows the keywords of the shipped schemas and the ordinary values; whatever it does not accept is for the engine.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from k8snet_lint.validation.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Schema = Mapping[str, Any]

FEW = 5
"""After as many objects of a kind the engine is worth its import."""

LONGEST = 253
"""Longer texts are the engine's: Rust's patterns take no longer than the text is."""


class Glance:
    """A shipped schema that a few objects are held to, key by key."""

    def __init__(self, schema: Schema, most: int = FEW) -> None:
        self._root = schema
        self._left = most

    def accepts(self, value: object) -> bool:
        """Whether the schema surely accepts the value without its nulls, which are nothing to the API server."""
        self._left -= 1
        return self._left >= 0 and self._takes(self._root, value)

    def _takes(self, schema: Schema, value: object) -> bool:
        if "$ref" in schema and not self._takes(self._referred(schema["$ref"]), value):
            return False
        if isinstance(value, str):
            return _is_of("string", schema) and _fits(schema, value)
        if isinstance(value, int) and not isinstance(value, bool):
            return _is_of("integer", schema) and _is_in_range(schema, value)
        return "enum" not in schema and self._takes_other(schema, value)

    def _takes_other(self, schema: Schema, value: object) -> bool:
        if isinstance(value, dict):
            return _is_of("object", schema) and self._takes_mapping(schema, value)
        if isinstance(value, list):
            return _is_of("array", schema) and self._takes_list(schema, value)
        return isinstance(value, bool) and _is_of("boolean", schema)

    def _referred(self, reference: str) -> Schema:
        found: Any = self._root
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        return cast("Schema", found)

    def _takes_mapping(self, schema: Schema, value: Mapping[Any, object]) -> bool:
        written = {key: entry for key, entry in value.items() if entry is not None}
        if len(written) < schema.get("minProperties", 0) or not written.keys() >= set(schema.get("required", ())):
            return False
        known, others, names = (
            schema.get("properties", {}),
            schema.get("additionalProperties", True),
            schema.get("propertyNames"),
        )
        for key, entry in written.items():
            below = known.get(key, others)
            if below is False or not isinstance(key, str) or (names and not self._takes(names, key)):
                return False
            if below is not True and not self._takes(below, entry):
                return False
        return True

    def _takes_list(self, schema: Schema, value: Sequence[object]) -> bool:
        items = schema.get("items", True)
        return schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)) and (
            items is True or all(self._takes(items, item) for item in value)
        )


def _is_of(kind: str, schema: Schema) -> bool:
    wanted = schema.get("type", kind)
    return wanted == kind or (kind in wanted if isinstance(wanted, list) else (wanted, kind) == ("number", "integer"))


def _fits(schema: Schema, text: str) -> bool:
    return (
        schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text))
        and ("enum" not in schema or text in schema["enum"])
        and ("format" not in schema or FORMATS[schema["format"]](text))
        and ("pattern" not in schema or (_is_ordinary(text) and _search(schema["pattern"])(text) is not None))
    )


def _is_ordinary(text: str) -> bool:
    """Whether Python finds a pattern in the text as Rust does, and as fast."""
    return len(text) <= LONGEST and text.isascii() and text.isprintable()


def _is_in_range(schema: Schema, number: int) -> bool:
    return schema.get("minimum", number) <= number <= schema.get("maximum", number) and (
        "enum" not in schema or number in schema["enum"]
    )


@cache
def _search(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern).search
