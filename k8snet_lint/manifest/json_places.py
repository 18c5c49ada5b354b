"""JSON tokens → Places."""

from __future__ import annotations

import json
import re
from array import array

from k8snet_lint.manifest.json_text import without_lone_surrogates
from k8snet_lint.manifest.places import AFTER, END, KEY, LIST, MAPPING, NUMBERS, SCALAR, Places

# A string, number or word; the `:` that makes a key of it; what opens an object or array; what closes one.
_TOKEN = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*"|[^\s\[\]{},:"]+)(\s*:)?|([\[{])|([\]}])')
_NAME, _COLON, _OPEN, _CLOSE = range(1, 5)
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def read(text: str, start: int, end: int) -> Places:
    """The places of the JSON value that stands from `start` to `end`; lines count from that of `start`."""
    body = without_lone_surrogates(text[start:end])
    kinds, numbers, names = bytearray(), array("I"), list[str | None]()
    open_items: list[int] = []
    line, line_start = 0, -_column(text, start)
    breaks = [match.span() for match in _BREAK.finditer(body)]
    breaks.append((len(body) + 1, len(body) + 1))
    next_break = breaks[0][0]
    for match in _TOKEN.finditer(body):
        position, token = match.start(), match.lastindex
        while next_break < position:
            line_start = breaks[line][1]
            line += 1
            next_break = breaks[line][0]
        column = position - line_start
        if token == _CLOSE:
            item = open_items.pop()
            numbers[item * NUMBERS + AFTER] = len(kinds)
            if numbers[item * NUMBERS] == line:
                numbers[item * NUMBERS + END] = column + 1
            continue
        if token == _OPEN:
            open_items.append(len(kinds))
            kind, stop, name = MAPPING if match[0] == "{" else LIST, position, None
        else:
            kind, stop = SCALAR if token == _NAME else KEY, min(match.end(_NAME), next_break)
            name = _name(match[_NAME]) if kind == KEY else None
            if match[_NAME] == "null" and kinds[-1] == KEY:
                stop = position
        kinds.append(kind)
        names.append(name)
        numbers.extend((line, column, stop - line_start, len(kinds)))
    return Places(kinds, numbers, names)


def _column(text: str, start: int) -> int:
    """How far `start` is from the start of its line."""
    line_start = text.rfind("\n", 0, start) + 1
    others = (text.rfind(character, line_start, start) + 1 for character in "\r\x85\u2028\u2029")
    return start - max(line_start, *others)


def _name(token: str) -> str:
    return str(json.loads(token)) if "\\" in token else token[1:-1]
