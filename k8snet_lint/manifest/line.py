"""What a line of block style says by itself: its place, the dash and the key before it, and its value."""

from __future__ import annotations

import enum
import re

from k8snet_lint.expression import expression
from k8snet_lint.manifest.scalars import KEYS, VALUES, Scalar
from k8snet_lint.record import NamedTuple

# A plain text may hold a colon or a `#` where no blank makes them the end of a key or the start of a comment.
_PLAIN = r"(?:[A-Za-z0-9_/.+$<(=~^;\\]|[-:](?=[^ ]))(?:[^:#]++|:(?=[^ ])|(?<! )#)*"
_KEY = r"""[A-Za-z0-9_.][A-Za-z0-9_./-]{0,200}|"[^"\\]{1,200}"|'[^']{1,200}'"""
_ITEM = r"""(?:"[^"\\]*+"|'[^']*+'|-{0,2}[A-Za-z0-9_/.+$][A-Za-z0-9_/.+$=-]*+)"""
_QUOTED = r"""(?P<quoted>"[^"\\]*+"|'(?:[^']++|'')*')"""
_COLLECTION = rf"(?P<list>\[ *+(?:{_ITEM}(?: *+, *+{_ITEM})* *+)?\])|(?P<dict>\{{ *+\}})"
# What has matched is not given back, or to no avail, so that a line of any length takes a time that its length bounds.
# No group is possessive: up to 3.11.4, Python gets those wrong (gh-106052).
LINE = re.compile(
    rf"(?P<indent> *+)(?:-(?P<dashed> ++))?(?:(?P<key>{_KEY}):(?= |$) *+)?"
    rf"(?:(?P<plain>{_PLAIN})|{_QUOTED}|(?P<literal>\|-?)|{_COLLECTION})? *+(?:(?<= )#.*)?"
)
ITEM = expression(_ITEM)


class Later(enum.Enum):
    """A value that stands on the lines below: of whatever kind, or a literal text."""

    OPEN = enum.auto()
    LITERAL = enum.auto()
    STRIPPED = enum.auto()


class Line(NamedTuple):
    """A line that holds something.

    Shapes: `begin` is the column of its dash or key, from 0, and `kind` what it is part of, a list where there is a
    dash; `column` is that of the key or the item itself; `key` is None for an item that is no mapping. A value that is
    a list or a dict is to be copied before it is kept.
    """

    begin: int
    kind: type[dict[str, object] | list[object]]
    column: int
    key: str | None
    value: Scalar | list[Scalar] | dict[str, Scalar] | Later


class UncertainError(Exception):
    """Something that only the event stream can read."""


def line_of(text: str) -> Line | None:
    """What a line says; None for one that is blank or a comment.

    The text is printable. Raises UncertainError where the line alone does not tell, ScalarError for what is no value.
    """
    found = text.lstrip(" ")
    if not found or found[0] == "#":
        return None
    match = LINE.fullmatch(text)
    if match is None:
        raise UncertainError
    indent, dashed, key, plain, quoted, literal, items, empty = match.groups()
    value: Scalar | list[Scalar] | dict[str, Scalar] | Later
    if plain is not None:
        value = VALUES[plain.rstrip(" ")]
    elif quoted is not None:
        value = _unquoted(quoted)
    elif literal is not None:
        value = Later.STRIPPED if literal == "|-" else Later.LITERAL
    elif items is not None:
        value = [VALUES[item] if item[0] not in "\"'" else item[1:-1] for item in ITEM.findall(items)]
    elif empty is not None:
        value = {}
    else:
        value = Later.OPEN
    if key is None and (not dashed or value is Later.OPEN):
        raise UncertainError
    named = None if key is None else _unquoted(key) if key[0] in "\"'" else KEYS[key]
    if not dashed:
        return Line(len(indent), dict, len(indent), named, value)
    return Line(len(indent), list, len(indent) + 1 + len(dashed), named, value)


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'") if text[0] == "'" else text[1:-1]
