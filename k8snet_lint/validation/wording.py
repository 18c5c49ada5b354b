"""Values that a schema rejects, in words, and the act that mends them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snet_lint import nearest
from k8snet_lint.manifest.problem import ScalarError
from k8snet_lint.manifest.scalars import resolve
from k8snet_lint.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


SHORTEST = 3
"""Of shorter words, nearly every other is one letter away."""


LONGEST_NUMBER = 19

_PORT_KEYS = {int: "number", str: "name"}
"""What the port of an Ingress's backend calls a number and a name."""


def near(word: str, known: Iterable[object]) -> tuple[str, ...]:
    """The known words most like one; the only one where just the case differs."""
    found = nearest.nearest(word, (each for each in known if isinstance(each, str) and each))
    same = tuple(each for each in found if each.lower() == word.lower())
    return same or (found if len(word) >= SHORTEST else ())


def asked(words: Sequence[str]) -> str:
    """`; did you mean 'x'?` for the end of a message, or nothing without words."""
    return f"; did you mean {nearest.listed(map(repr, words))}?" if words else ""


def shown(path: str, value: object, schema: Mapping[str, Any], written: str) -> str:
    """What is written at a path, with the sort of value that it is where that is what is wrong."""
    if isinstance(value, dict | list):
        sort = "list" if isinstance(value, list) else "mapping"
        return f"{'a' if value else 'an empty'} {sort} as {path}"
    if not isinstance(value, str):
        return f"{path} {_plain(value)}" + (f", as YAML reads `{written}`" if written else "")
    return f"{path} {quoted(value)}" + (", a string" if schema.get("type") in ("integer", "boolean", "number") else "")


def spelt_otherwise(value: object, written: str) -> str:
    """A plain scalar as it is written, where that is not how its value is usually spelt: `no`, `010`, `1.10`."""
    if not isinstance(value, bool | int | float) or written == _plain(value):
        return ""
    try:
        return written if resolve(written) == value else ""
    except ScalarError:
        return ""


_URL = re.compile(r"[a-z]+://([^/:?#]*[a-z][^/:?#]*)(?:[/:?#].*)?")
"""A URL, of which a field for a host takes the host alone; one that is an address is no host name."""


def mended(value: object, schema: Mapping[str, Any], written: str) -> str:
    """How a value is made one that the schema takes, where that can be told from the value; else nothing."""
    kinds = schema.get("type", ())
    if type(value) in _PORT_KEYS and schema.get("properties", {}).keys() >= {*_PORT_KEYS.values()}:
        return f"write {{{_PORT_KEYS[type(value)]}: {value}}}"
    if isinstance(value, str):
        return _mended_text(value, schema)
    if (isinstance(value, bool | int) and kinds == "string") or (isinstance(value, float) and "string" in kinds):
        return f'put it in quotes: "{written or _plain(value)}"'
    if isinstance(value, dict) and kinds == "array":
        return "write a list, whose items start with '- '"
    if isinstance(value, list) and len(value) == 1 and kinds == "object":
        return "write a mapping, without '- ' before its first key"
    return ""


def _mended_text(text: str, schema: Mapping[str, Any]) -> str:
    kinds, lower = schema.get("type", ()), text.lower()
    if kinds == "array" and text and text in schema.get("items", {}).get("enum", ()):
        return f"write [{text}]"
    is_number = text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER
    if is_number and ("integer" in kinds or int(text) in schema.get("enum", ())):
        return f"write {text} without quotes"
    if "boolean" in kinds and lower in ("true", "false"):
        return f"write {lower} without quotes"
    legal = lower.replace("_", "-")
    if url := _URL.fullmatch(lower):
        legal = url[1]
    if legal != text and "pattern" in schema and re.fullmatch(schema["pattern"], legal):
        return f"write {legal}"
    return ""


def _plain(value: object) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else f"{value!r:.40}"
