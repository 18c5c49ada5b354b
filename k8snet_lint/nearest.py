"""Which known names a wrong one may have meant."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

NAMED = 10
"""How many of many things a message names."""


def edit_distance(a: str, b: str, bound: int) -> int:
    """How many letters have to be added, dropped, replaced or swapped with their neighbour to turn `a` into `b`.

    Shapes: `bound + 1` stands for anything above `bound`; the time taken is at most the length times the bound.
    The measure is optimal string alignment, of which only the diagonals within the bound are worked out.
    """
    far = bound + 1
    if abs(len(a) - len(b)) > bound:
        return far
    older: list[int] = []
    above = [j if j >= 0 else far for j in range(-bound, bound + 1)]
    for i in range(1, len(a) + 1):
        row = _next_row(a, b, i, above, older)
        if min(row) > bound and min(above) > bound:
            return far
        older, above = above, row
    return min(above[len(b) - len(a) + bound], far)


def _next_row(a: str, b: str, i: int, above: list[int], older: list[int]) -> list[int]:
    """The distances from `a[:i]` to those `b[:j]` whose `j` lies within the bound of `i`."""
    bound = len(above) // 2
    far = bound + 1
    row = [far] * len(above)
    for k in range(max(0, bound - i), min(len(row), len(b) - i + bound + 1)):
        j = i + k - bound
        if j == 0:
            row[k] = i
            continue
        best = above[k] + (a[i - 1] != b[j - 1])
        if k > 0:
            best = min(best, row[k - 1] + 1)
        if k + 1 < len(row):
            best = min(best, above[k + 1] + 1)
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            best = min(best, older[k] + 1)
        row[k] = min(best, far)
    return row


def is_near(a: str, b: str) -> bool:
    """Whether one of two different names may be a slip of the other.

    Shapes: the shorter name decides: under five letters nothing is near, from eight on two slips are allowed.
    """
    return a != b and is_within(a, b, slips_in(min(len(a), len(b))))


def slips_in(length: int) -> int:
    """How many slips a name of that length may hold."""
    return 2 if length >= 8 else 1 if length >= 5 else 0


def is_within(a: str, b: str, slips: int) -> bool:
    """Whether `edit_distance` is at most one or two, told sooner: each slip is tried where the two first differ."""
    if not slips or a == b:
        return a == b
    if abs(len(a) - len(b)) > slips:
        return False
    same = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        same += 1
    a, b = a[same:], b[same:]
    return (
        is_within(a[1:], b[1:], slips - 1)
        or is_within(a[1:], b, slips - 1)
        or is_within(a, b[1:], slips - 1)
        or (a[:2] == b[1::-1] and is_within(a[2:], b[2:], slips - 1))
    )


def nearest(word: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The known names most like `word`, the likest first; empty where none is like it.

    Upper case and underscores count as what configuration and rule ids write instead: `failOn` and `fail_on` are near
    `fail-on`. Names that hold the whole word follow those that are spelt nearly like it.
    """
    wanted = _folded(word)
    allowed = max(1, len(wanted) // 3)
    ranked = []
    for name in sorted(set(known)):
        candidate = _folded(name)
        distance = edit_distance(wanted, candidate, allowed)
        if distance <= allowed or (len(wanted) >= 3 and wanted in candidate):
            ranked.append((distance, name))
    return tuple(name for _, name in sorted(ranked)[:limit])


def _folded(name: str) -> str:
    return name.lower().replace("_", "-")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x' or 'y'?` for the end of a message, or nothing where no known name is like `word`."""
    names = [f"'{name}'" for name in nearest(word, known)]
    return f"; did you mean {listed(names)}?" if names else ""


def few(words: Collection[object]) -> tuple[str, ...]:
    """The first of some words, and how many more there are: of hundreds nobody reads each."""
    more = (f"{len(words) - NAMED:,} more",) if len(words) > NAMED else ()
    return (*map(str, islice(words, NAMED)), *more)


def listed(words: Iterable[str]) -> str:
    """`a, b or c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
