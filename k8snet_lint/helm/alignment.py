"""Which line of a template a rendered line most likely comes from, told by its text alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from k8snet_lint.helm.template import ACTION
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

AROUND = 3
"""How many lines before and after tell equal lines apart."""

MAX_CANDIDATES = 16
"""How many equal lines of a template are compared, so that the cost grows with the lines and not with their square."""

_KEY = re.compile(r"^\s*(?:- )*([\w./\"'-]+):(?=\s|$)")


class _Line(NamedTuple):
    """What of a line tells it from others: its key, or else all that it says, and the whole of it where no action is.

    A line of nothing but actions has no key.
    """

    key: str
    whole: str


def align(rendered: Sequence[str], template: str) -> list[int]:
    """For each rendered line the number, from 1, of a template line.

    A line that the template writes out is taken for it; among several, the one whose neighbours fit best and that
    follows soonest. What the template does not write out comes from the line before.
    """
    blank = ACTION.sub(lambda match: "\0" + "\n" * match.group().count("\n"), template)
    written = [_line(line) for line in blank.split("\n")]
    wanted = [_line(line) for line in rendered]
    places: dict[str, list[int]] = {}
    for number, line in enumerate(written):
        if line.key:
            places.setdefault(line.key, []).append(number)
    found, last = [], 0
    for number, line in enumerate(wanted):
        candidates = _near(places.get(line.key, []), last)
        if candidates:
            last = max(candidates, key=lambda at: (_likeness(wanted, number, written, at), -abs(at - last - 1)))
        found.append(last + 1)
    return found


def _line(text: str) -> _Line:
    match = _KEY.match(text)
    key = match.group(1) if match else text.strip().replace("\0", "")
    return _Line(key if key.strip("- ") or key == "---" else "", "" if "\0" in text else text.strip())


def _near(places: Sequence[int], last: int) -> Sequence[int]:
    middle = bisect_left(places, last + 1)
    return places[max(middle - MAX_CANDIDATES // 2, 0) : middle + MAX_CANDIDATES // 2]


def _likeness(wanted: Sequence[_Line], at: int, written: Sequence[_Line], line: int) -> int:
    """How many of the lines around both are alike; the lines themselves count as much as all others."""
    return sum(
        (1 if step else 2 * AROUND) * _alike(wanted[at + step], written[line + step])
        for step in range(-AROUND, AROUND + 1)
        if 0 <= at + step < len(wanted) and 0 <= line + step < len(written)
    )


def _alike(rendered: _Line, written: _Line) -> bool:
    return rendered.key == written.key != "" and written.whole in ("", rendered.whole)
