"""Tables as aligned text, Markdown and CSV; a cell is a list of short texts, which come from untrusted manifests."""

from __future__ import annotations

import csv
import io
from itertools import zip_longest
from typing import TYPE_CHECKING

from k8snet_lint.reporters.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Cell = tuple[str, ...]

MOST = 10
"""Of a cell with more entries, a reader sees as many and the number of the others."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_SPECIAL = frozenset("\\`*_{}[]<>()#+!|~")
_BREAK = "&#8203;"
"""A space without width, which keeps `@name`, `#1` and addresses from being made into links."""


def text_table(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Lines of aligned columns; the entries of a cell stand below each other."""
    cells = [[_entries(cell) for cell in row] for row in rows]
    widths = [
        max((len(entry) for entry in (title, *(entry for row in cells for entry in row[at]))), default=0)
        for at, title in enumerate(header)
    ]
    lines = [_line(header, widths)]
    for row in cells:
        lines += [_line(entries, widths) for entries in zip_longest(*row, fillvalue="")]
    return lines


def _entries(cell: Cell) -> list[str]:
    """What stands below each other, with a comma wherever more follows."""
    *most, last = map(plain, shortened(cell) or ("",))
    return [*(f"{entry}," for entry in most), last]


def shortened(cell: Cell) -> Cell:
    """The first entries of a cell, and how many more there are."""
    return cell if len(cell) <= MOST + 1 else (*cell[:MOST], f"and {len(cell) - MOST:,} more")


def _line(entries: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(entry.ljust(width) for entry, width in zip(entries, widths, strict=True)).rstrip()


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> list[str]:
    """Lines of a Markdown table; the entries of a cell stand below each other."""
    lines = [f"| {' | '.join(header)} |", f"|{' --- |' * len(header)}"]
    for row in rows:
        shown = ("<br>".join(map(markdown_text, shortened(cell))) for cell in row)
        lines.append(f"| {' | '.join(shown)} |")
    return lines


def markdown_text(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no mention, no link."""
    shown = "".join(f"\\{character}" if character in _SPECIAL else character for character in plain(text))
    for start, rest in (("@", ""), ("\\#", ""), (":", "//"), ("www", ".")):
        shown = shown.replace(f"{start}{rest}", f"{start}{_BREAK}{rest}")
    return shown


def csv_table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Comma separated values with the entries of a cell behind each other.

    What a spreadsheet would take for a formula gets an apostrophe in front, which makes it text.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_csv_text(" ".join(map(plain, cell))) for cell in row])
    return written.getvalue()


def _csv_text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) else text
