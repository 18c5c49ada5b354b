"""A source line as it prints, and which of its cells to mark."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.reporters.plain import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.source import Location

TAB_STOP = 4
ELLIPSIS = "…"


class Excerpt(NamedTuple):
    """What is printed of a line.

    Shapes: `offset` and `length` count terminal cells, of which wide characters take two.
    """

    text: str
    offset: int
    length: int


def excerpt(location: Location, width: int) -> Excerpt | None:
    """The location's first line, cut to `width` cells around its span; None where there is nothing to show.

    A span that goes on in later lines is marked to the end of the first one.
    """
    span = location.span
    line = location.source.line(span.start.line)
    if not line or line.isspace():
        return None
    end = span.end.column if span.end.line == span.start.line else len(line.rstrip()) + 1
    start = min(span.start.column, len(line) + 1) - 1
    return _cut(line, start, max(end - 1, start), width)


def _cut(line: str, start: int, end: int, width: int) -> Excerpt:
    """The excerpt for the characters from `start` up to `end`; its cost is bounded by `width`, not by the line."""
    near = max(0, start - width)
    pieces, edges = _cells(line[near : start + width + 1])
    start, end = start - near, min(end - near, len(pieces))
    whole = near == 0 and len(pieces) == len(line)
    if whole and edges[-1] <= width:
        return Excerpt("".join(pieces).rstrip(), edges[start], max(edges[end] - edges[start], 1))
    first = 0
    if near or edges[end] >= width:
        first = bisect_left(edges, edges[start] - width // 3)
    opening = ELLIPSIS if first or near else ""
    last = bisect_right(edges, edges[first] + width - len(opening) - 1) - 1
    closing = ELLIPSIS if last < len(pieces) or near + len(pieces) < len(line) else ""
    return Excerpt(
        text=opening + "".join(pieces[first:last]).rstrip() + closing,
        offset=len(opening) + edges[start] - edges[first],
        length=max(edges[min(end, last)] - edges[start], 1),
    )


def _cells(text: str) -> tuple[Sequence[str], Sequence[int]]:
    """What each character prints as, and the cell at which each begins, with the end of the last one."""
    if text.isascii() and text.isprintable():
        return text, range(len(text) + 1)
    pieces: list[str] = []
    edges = [0]
    for character in text:
        if character == "\t":
            wide = TAB_STOP - edges[-1] % TAB_STOP
            pieces.append(" " * wide)
        else:
            pieces.append(printable(character))
            wide = _width(pieces[-1])
        edges.append(edges[-1] + wide)
    return pieces, edges


def _width(piece: str) -> int:
    from unicodedata import category, east_asian_width  # noqa: PLC0415 - most manifests are plain ASCII

    if not piece or category(piece) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if east_asian_width(piece) in {"W", "F"} else 1
