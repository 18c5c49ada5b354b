"""JSON tokens → Places."""

from __future__ import annotations

import json
import re
from array import array
from typing import TYPE_CHECKING

from k8snet_lint.manifest.json_text import without_lone_surrogates
from k8snet_lint.manifest.places import AFTER, END, KEY, LIST, MAPPING, NUMBERS, SCALAR, Places

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^\s\[\]{},:"]+')
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def read(text: str, start: int, end: int) -> Places:
    """The places of the JSON value that stands from `start` to `end`; lines count from that of `start`."""
    kinds, numbers, names = bytearray(), array("I"), list[str | None]()
    open_items: list[int] = []
    at_key = False
    for token, line, column, stop in _tokens(without_lone_surrogates(text[start:end]), _column(text, start)):
        first = token[0]
        if first in "]}":
            item = open_items.pop()
            numbers[item * NUMBERS + AFTER] = len(kinds)
            if numbers[item * NUMBERS] == line:
                numbers[item * NUMBERS + END] = stop
        elif first == ",":
            at_key = kinds[open_items[-1]] == MAPPING
        elif first != ":":
            kind = MAPPING if first == "{" else LIST if first == "[" else KEY if at_key else SCALAR
            if kind in (MAPPING, LIST):
                open_items.append(len(kinds))
            kinds.append(kind)
            names.append(_name(token) if kind == KEY else None)
            without_stretch = kind in (MAPPING, LIST) or token == "null"  # noqa: S105 - no password
            numbers.extend((line, column, column if without_stretch else stop, len(kinds)))
            at_key = kind == MAPPING
    return Places(kinds, numbers, names)


def _tokens(body: str, column: int) -> Iterator[tuple[str, int, int, int]]:
    """Token, line, and the columns between which it stands; one that holds a line break ends with its first line."""
    line, line_start = 0, -column
    breaks = _BREAK.finditer(body)
    following = next(breaks, None)
    for match in _TOKEN.finditer(body):
        position = match.start()
        while following is not None and following.start() < position:
            line, line_start = line + 1, following.end()
            following = next(breaks, None)
        stop = match.end() if following is None else min(match.end(), following.start())
        yield match[0], line, position - line_start, stop - line_start


def _column(text: str, start: int) -> int:
    line_start = text.rfind("\n", 0, start) + 1
    others = (text.rfind(character, line_start, start) + 1 for character in "\r\x85\u2028\u2029")
    return start - max(line_start, *others)


def _name(token: str) -> str:
    return str(json.loads(token)) if "\\" in token else token[1:-1]
