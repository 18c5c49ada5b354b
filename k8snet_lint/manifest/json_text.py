"""JSON text → values: one object, or several in a row (NDJSON, concatenated)."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.expression import expression
from k8snet_lint.manifest.reading import MAX_DEPTH
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK = expression(r"[ \t\n\r]*")


class JsonValue(NamedTuple):
    """A value and its place in the text; `repeats` says that some object in it holds a key twice."""

    value: Any
    start: int
    end: int
    repeats: bool


def read(text: str) -> Iterator[JsonValue]:
    """The values of a JSON text, in order.

    Raises json.JSONDecodeError where it is no JSON, and ValueError or RecursionError where it is JSON of a kind
    that is left to the reader of YAML: numbers beyond all range, NaN, nesting too deep.
    """
    text = without_lone_surrogates(text)
    repeats = False

    def an_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeats
        value = dict(pairs)
        if len(value) != len(pairs):
            repeats = True
        return value

    decoder = json.JSONDecoder(
        object_pairs_hook=an_object,
        parse_float=_number,
        parse_int=_integer,
        parse_constant=_no_number,
    )
    position = _skip_blank(text, 0)
    while position < len(text):
        repeats = False
        value, end = decoder.raw_decode(text, position)
        _check_depth(value)
        yield JsonValue(value, position, end, repeats)
        position = _skip_blank(text, end)


def without_lone_surrogates(text: str) -> str:
    r"""The text with U+FFFD for each escaped half of a surrogate pair, as Go reads it; no place in it moves."""
    if r"\ud" not in text and r"\uD" not in text:
        return text
    pair_or_half = r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(\\u[dD][89a-fA-F]..)|\\."
    return re.sub(pair_or_half, lambda match: r"\ufffd" if match[1] else match[0], text, flags=re.DOTALL)


def _skip_blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _integer(text: str) -> int | float:
    if len(text) < 19:
        return int(text)
    return int(text) if len(text) <= 20 and -(2**63) <= int(text) < 2**64 else _number(text)


def _number(text: str) -> int | float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(text)
    return int(value) if value.is_integer() and abs(value) < 2**63 else value


def _no_number(text: str) -> float:
    raise ValueError(text)


def _check_depth(value: object) -> None:
    """Raise ValueError where more than MAX_DEPTH objects and arrays are nested."""
    level: list[Any] = [value] if isinstance(value, dict | list) else []
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise ValueError(depth)
        level = [
            child
            for item in level
            for child in (item.values() if item.__class__ is dict else item)
            if child.__class__ is dict or child.__class__ is list
        ]
