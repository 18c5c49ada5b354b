"""Which template line wrote what Helm renders, found by rendering the chart once more with marks at the ends of lines.

A mark is a YAML comment that nobody else would write. Whatever stands before it in the result, back to the mark before,
was written by its line; that holds where the result without its marks is what the chart renders to without any.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from k8snet_lint.helm.template import stops
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Origin(NamedTuple):
    """A line of a template.

    Shapes: `file` is the template's path in the chart; `line` counts from 1.
    """

    file: str
    line: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Marks:
    """How the marks of one chart are written, and the templates that they number."""

    word: str
    files: tuple[str, ...]

    @staticmethod
    def of(templates: Mapping[str, str]) -> Marks:
        """Marks that no template holds anything like."""
        words = (f"qz{number or ''}" for number in count())
        return Marks(next(word for word in words if not _holds(templates.values(), word)), tuple(templates))

    def marked(self, file: str, text: str, *, definitions: bool) -> str:
        """A template with a mark at the end of each line that can bear one.

        With `definitions`, also in those templates that are for others to include and that have keys of their own; a
        definition without keys makes a name or a word, which others compare and cut.
        """
        number = self.files.index(file)
        parts, done = [], 0
        for stop in stops(text):
            if stop.inside and not (definitions and stop.inside == "structure"):
                continue
            mark = f" #{self.word}{number}x{stop.line}q"
            parts += [text[done : stop.end], f'{{{{"{mark}" -}}}}' if stop.trims else mark]
            done = stop.end
        return "".join([*parts, text[done:]])

    def read(self, marked: str, plain: str) -> Trace | None:
        """Where each part of a rendered text comes from; None where the marks changed more than themselves."""
        pattern = re.compile(rf" #{self.word}(\d+)x(\d+)q")
        pieces = pattern.split(marked)
        stripped, plain = "".join(pieces[::3]).rstrip(), plain.rstrip()
        if stripped != plain and stripped.count("\n") != plain.count("\n"):
            return None
        places, origins = [], []
        line = column = 0
        for text, file, number in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=False):
            breaks = text.count("\n")
            line, column = line + breaks, (len(text) - text.rfind("\n") - 1 if breaks else column + len(text))
            places.append((line, column))
            origins.append(Origin(self.files[int(file)], int(number)))
        pairs = enumerate(zip(stripped.split("\n"), plain.split("\n"), strict=True))
        return Trace(tuple(places), tuple(origins), frozenset(number for number, (one, other) in pairs if one != other))


@dataclass(frozen=True, slots=True)
class Trace:
    """The marks that were found in a rendered text.

    Shapes: `places` are lines and columns, from 0, in the text without marks, in ascending order; `changed` are the
    lines that are not as they are without marks, such as a checksum of what was marked.
    """

    places: tuple[tuple[int, int], ...]
    origins: tuple[Origin, ...]
    changed: frozenset[int]

    def origin(self, line: int, column: int) -> Origin | None:
        """The template line that wrote what starts here; None after the last mark."""
        position = bisect_right(self.places, (line, column))
        if position == len(self.places):
            return None
        return self.origins[position]._replace(exact=line not in self.changed)

    def broken(self, breaks: Mapping[int, int]) -> Trace:
        """The marks of the text in which these lines are parted at these columns."""
        ends = sorted(breaks)

        def moved(line: int, column: int) -> tuple[int, int]:
            below = line + bisect_left(ends, line)
            cut = breaks.get(line, column + 1)
            return (below + 1, column - cut) if column > cut else (below, column)

        changed = frozenset(place for line in self.changed for place in (moved(line, 0)[0], moved(line, 1 << 30)[0]))
        return Trace(tuple(moved(*place) for place in self.places), self.origins, changed)


def _holds(texts: Iterable[str], word: str) -> bool:
    return any(f"#{word}" in text for text in texts)
