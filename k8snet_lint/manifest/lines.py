"""Lines → dicts and lists, for the block style in which nearly all manifests are written.

What is read here is read as the event stream reads it, several times as fast and without PyYAML; whatever is not
certain to be so (flow style beyond plain lists, anchors, tags, folded or continued texts, tabs, odd characters) is left
to the event stream. `K8SNET_LINT_LINES=0` leaves everything to it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from k8snet_lint.manifest.line import Later, Line, UncertainError, line_of
from k8snet_lint.manifest.problem import ScalarError
from k8snet_lint.manifest.reading import MAX_DEPTH, Reading
from k8snet_lint.manifest.scalars import Memo

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINES: Memo[Line | None] = Memo(line_of)
_IS_ON = os.environ.get("K8SNET_LINT_LINES") != "0"


def read(text: str) -> Reading | None:
    """The one document of a text; None where only the event stream can tell what it holds."""
    if not _IS_ON or not text.replace("\n", "").isprintable():
        return None
    try:
        return _read(text.split("\n"))
    except (UncertainError, ScalarError):
        return None


def _read(lines: Sequence[str]) -> Reading:  # noqa: C901, PLR0912 - every line passes here: calls would cost as much
    """What the lines hold; raises UncertainError.

    `top` is the innermost open collection, `column` that of its keys or dashes, `outer` are those around it. A key of
    `owner` without a value waits for the lines below: what is further in belongs to it, and items level with it.
    """
    known, first, next_number = _LINES, 0, 1
    document: dict[str, Any] = {"": None}
    outer: list[tuple[int, Any]] = []
    top: Any = None
    owner: dict[str, Any] | None = document
    waiting: Any = ""
    column = -1
    for number, text in enumerate(lines, 1):
        if number < next_number:
            continue
        line = known[text]
        if line is None:
            continue
        begin, kind, place, key, value = line
        if owner is not None:
            if begin > column or (begin == column and kind is list):
                _enter(outer, column, top)
                column, top = begin, kind()
                owner[waiting] = top
                first = first or number
            else:
                owner[waiting] = None
            owner = None
        if column != begin or top.__class__ is not kind:
            while column > begin or (column == begin and top.__class__ is not kind):
                column, top = outer.pop()
            if column != begin:
                raise UncertainError
        if kind is list and key is not None:
            _enter(outer, column, top)
            top.append({})
            column, top = place, top[-1]
        if value.__class__ is Later:
            if value is Later.OPEN:
                owner, waiting = top, key
            else:
                value, next_number = _literal(lines, number, column, is_stripped=value is Later.STRIPPED)
        elif value.__class__ is list or value.__class__ is dict:
            value = value.copy()
        if key is None:
            top.append(value)
        elif key in top:
            raise UncertainError
        else:
            top[key] = value
    if owner is not None:
        owner[waiting] = None
    return Reading(document[""], max(first - 1, 0))


def _enter(outer: list[tuple[int, Any]], column: int, top: Any) -> None:  # noqa: ANN401 - a dict or a list
    if len(outer) == MAX_DEPTH:
        raise UncertainError
    outer.append((column, top))


def _literal(lines: Sequence[str], number: int, column: int, *, is_stripped: bool) -> tuple[str, int]:
    """The literal text that starts on line `number`, below what stands at `column`, and the line that follows it."""
    end = after_literal(lines, number)
    body = lines[number:end]
    first = next((line for line in body if line.strip(" ")), "")
    indent = len(first) - len(first.lstrip(" "))
    if indent <= column or any(len(line) > indent for line in body[: body.index(first)]):
        raise UncertainError
    text = [line[indent:] for line in body]
    is_open = end == len(lines) and bool(text[-1])
    while not text[-1]:
        text.pop()
    return "\n".join(text) + ("" if is_stripped or is_open else "\n"), end + 1


def after_literal(lines: Sequence[str], number: int) -> int:
    """The index of the line that follows a literal text: the first one less indented than what stands in it first."""
    while number < len(lines) and not lines[number].strip(" "):
        number += 1
    first = lines[number] if number < len(lines) else ""
    indent = first[: len(first) - len(first.lstrip(" "))]
    while number < len(lines) and (lines[number].startswith(indent) or not lines[number].strip(" ")):
        number += 1
    return number
