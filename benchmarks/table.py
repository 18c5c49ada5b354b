"""Figures with what they must and aim to be, as a Markdown table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Figure(NamedTuple):
    """One measured figure.

    Shapes: `must` and `aim` are upper bounds in the figure's unit, 0 where there is none; `note` sets it in relation.
    """

    name: str
    value: float
    unit: str
    must: float = 0
    aim: float = 0
    note: str = ""

    @property
    def verdict(self) -> str:
        """Which of its bounds it keeps."""
        if not self.must:
            return ""
        if self.value <= self.aim:
            return "aim"
        return "must" if self.value <= self.must else "**missed**"


def table(figures: Iterable[Figure]) -> Iterator[str]:
    """The lines of a table, a figure a line."""
    yield "| figure | measured | must | aim | meets | in relation |"
    yield "|---|---|---|---|---|---|"
    for each in figures:
        bounds = (_written(bound, each.unit) if bound else "" for bound in (each.must, each.aim))
        cells = (each.name, _written(each.value, each.unit), *bounds, each.verdict, each.note)
        yield f"| {' | '.join(cells)} |"


def _written(value: float, unit: str) -> str:
    digits = 0 if unit in ("ms", "MB") else 2
    return f"{value:.{digits}f} {unit}"
