"""Scalars as they are written: what is a boolean to kubectl may be a text to kustomize, which reads YAML 1.2."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from k8snet_lint.kustomize.inset import inner_of
from k8snet_lint.kustomize.part import Part
from k8snet_lint.manifest.scalars import resolve

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node

_WORD = r"(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)"
_DAY = r"(?:\d{4}-\d\d?-\d\d?)"
_SUSPECT = re.compile(
    rf"[:\-,\[]\s+(?:&\S+\s+)?(?:{_WORD}|{_DAY})\s*(?:$|[,\]}}#])"
    rf"|\[(?:{_WORD}|{_DAY})[,\]]"
    rf"|(?:^|[\s{{,]){_WORD}\s*:(?:\s|$)",
    re.MULTILINE,
)
_WORD_END = re.compile(r"[\s,}#]")
_WHOLE = re.compile(_WORD)
_DATE = re.compile(_DAY)


def as_texts(root: Part) -> None:
    """Make texts of those booleans that kustomize takes for texts: `yes`, `off` and their like, keys too.

    A day becomes a time, but for one in an annotation.
    """
    if not _searched(inner_of(root.node).source.text) or not _is_concerned(root.plain()):
        return
    annotations = root.at("metadata", "annotations")
    pending = [root]
    while pending:
        part = pending.pop()
        if part.is_mapping:
            kept = part is annotations
            entries = {_key(key, below): _settled(below, is_note=kept) for key, below in part.fields.items()}
            part.fields.clear()
            part.fields.update(entries)
            pending.extend(part.fields.values())
        elif part.is_list:
            part.hold([_settled(item, is_note=False) for item in part.items])
            pending.extend(part.items)


def as_text(part: Part) -> str:
    """The text of a scalar as it is written: of a number, a boolean, a null, a day that was taken for a time."""
    value = part.plain()
    if value is None:
        return null_word(part.node)
    if isinstance(value, str):
        day = part.node.text
        return day if _DATE.fullmatch(day) and value == midnight(day) else value
    written = _written(part.node)
    found = resolve(written)
    is_same = isinstance(found, bool) is isinstance(value, bool) and found == value
    return written if is_same else json.dumps(value)


def resolved(text: str) -> Any:  # noqa: ANN401 - as YAML
    """What kustomize takes a plain text for: `yes` and its like stay texts."""
    found = resolve(text)
    return text if isinstance(found, bool) and _WHOLE.fullmatch(text) else found


def null_word(node: Node) -> str:
    """How a null is written, empty for one that is but left out."""
    source, (start, end) = inner_of(node).locate_key(node.path)
    line = source.line(start.line)
    if line[start.column - 1 : end.column - 1].strip("'\"") != str(node.key):
        return "null"
    rest = line[end.column - 1 :].strip().removeprefix(":").strip()
    return "" if rest[:1] in ("", "#", ",", "}") else _WORD_END.split(rest)[0]


def is_quoted(part: Part) -> bool:
    """Whether a text was first written in quotes or as a block, which kustomize keeps to whatever becomes of it."""
    node = part.before[-1] if part.before else part.node
    if not node.text or not isinstance(part.plain(), str):
        return False
    source, (start, _) = place = node.location
    return place == node.key_location or source.line(start.line)[start.column - 1 :][:1] in ("'", '"')


def is_day(value: str, node: Node) -> bool:
    """Whether a text is a day that stands without quotes."""
    return _DATE.fullmatch(value) is not None and _written(node) == value


def has_spellings(value: object) -> bool:
    """Whether YAML has more than one spelling for a value: for any but a text, and for a day."""
    return not isinstance(value, str) or _DATE.fullmatch(value) is not None


def midnight(day: str) -> str:
    """The time that a day starts; the text itself where there is no such day."""
    try:
        return f"{date(*map(int, day.split('-'))).isoformat()}T00:00:00Z"
    except ValueError:
        return day


def _key(key: str, part: Part) -> str:
    """A key that is no boolean but a word."""
    if key not in ("true", "false"):
        return key
    word = inner_of(part.node).locate_key(part.node.path).text
    return word if _WHOLE.fullmatch(word) else key


def _settled(part: Part, *, is_note: bool) -> Part:
    value = part.plain()
    if isinstance(value, bool):
        word = _written(part.node)
        return Part(part.node, word) if _WHOLE.fullmatch(word) else part
    if not is_note and isinstance(value, str) and is_day(value, part.node):
        return Part(part.node, midnight(value))
    return part


def _written(node: Node) -> str:
    """The text of a scalar on one line."""
    return inner_of(node).locate(node.path).text


def _is_concerned(value: object) -> bool:
    """Whether there is a boolean or a day anywhere in it."""
    if isinstance(value, dict):
        return any(key in ("true", "false") or _is_concerned(item) for key, item in value.items())
    if isinstance(value, list):
        return any(_is_concerned(item) for item in value)
    return isinstance(value, bool) or (isinstance(value, str) and _DATE.fullmatch(value) is not None)


@lru_cache(maxsize=64)
def _searched(text: str) -> bool:
    return _SUSPECT.search(text) is not None
