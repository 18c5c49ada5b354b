"""What Helm rendered, each value at the place in the template that wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.helm.alignment import align
from k8snet_lint.helm.marks import Origin
from k8snet_lint.helm.template import ACTION, actions
from k8snet_lint.manifest import Node
from k8snet_lint.record import NamedTuple
from k8snet_lint.source import Location, Position, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.helm.chart import Chart
    from k8snet_lint.helm.marks import Trace
    from k8snet_lint.helm.template import Action
    from k8snet_lint.helm.values import Given
    from k8snet_lint.manifest import Document, Path

HERE = "what Helm renders"
APPROXIMATELY = "what Helm renders; where the template writes it is told by its text alone"
VALUE = "where the value is given"

_VALUES = re.compile(r"\$?\.Values((?:\.\w+)+)")
_FOLLOWING = re.compile(r"[\"']?:\s*(\{\{.*)")
"""What makes the value of a key that stands before it."""


class Place(NamedTuple):
    """A place in a template; `is_exact` where Helm itself led to it."""

    location: Location
    is_exact: bool


@dataclass(frozen=True)
class Rendered:
    """One template's text as rendered.

    Shapes: `source` is the rendered text, under a name of its own; `path` is the template's in the chart; `given` tells
    where its values are from; without `trace`, places are approximate.
    """

    source: Source
    path: str
    chart: Chart
    trace: Trace | None
    given: Given

    @property
    def template(self) -> Source:
        """The template's text."""
        return self._source(self.path)

    def place(self, location: Location) -> Place:
        """The place in a template that wrote what stands at a place of the rendered text."""
        start, end = location.span
        origin = self._origin(start.line - 1, start.column - 1)
        template = self._source(origin.file)
        before = self.source.line(start.line)[: start.column - 1].strip()
        text = self.source.line(start.line)[start.column - 1 : end.column - 1]
        first, last = _columns(template.line(origin.line), before, text)
        span = Span(Position(origin.line, first + 1), Position(origin.line, last + 1))
        return Place(Location(template, span), origin.exact)

    def value_places(self, location: Location) -> tuple[Location, ...]:
        """Where the values files give the one value that this place of the template uses."""
        start, end = location.span
        line = location.source.line(start.line)
        written = line[start.column - 1 : end.column - 1]
        follows = _FOLLOWING.match(line, end.column - 1)
        used = set(_VALUES.findall(written if "{{" in written or follows is None else follows[1]))
        if len(used) != 1:
            return ()
        place = self.given.place(used.pop()[1:].split("."))
        return (place,) if place else ()

    def _origin(self, line: int, column: int) -> Origin:
        traced = self.trace.origin(line, column) if self.trace else None
        if traced is not None and traced.exact:
            return traced
        aligned = self._aligned
        return traced or Origin(self.path, aligned[min(line, len(aligned) - 1)], exact=False)

    @cached_property
    def _aligned(self) -> Sequence[int]:
        return align(self.source.lines, self.template.text)

    def _source(self, path: str) -> Source:
        source = self.chart.source(path)
        return source if source is not None else Source(path, "")


class RenderedDocument:
    """A rendered document whose places are in the templates; see `Located`."""

    __slots__ = ("_document", "_rendered")

    def __init__(self, document: Document, rendered: Rendered) -> None:
        self._document = document
        self._rendered = rendered

    def __repr__(self) -> str:
        return f"RenderedDocument({self._document!r})"

    @property
    def source(self) -> Source:
        """The template."""
        return self._rendered.template

    @property
    def root(self) -> Node:
        return Node(self, self._document.value)

    def locate(self, path: Path) -> Location:
        """Where a template writes the value at `path`."""
        return self._rendered.place(self._document.locate(path)).location

    def locate_key(self, path: Path) -> Location:
        """Where a template writes the key at `path`."""
        return self._rendered.place(self._document.locate_key(path)).location

    def is_exact(self, path: Path) -> bool:
        """Whether `locate` is led by Helm itself, and not by likeness."""
        return self._rendered.place(self._document.locate(path)).is_exact

    def related(self, path: Path) -> tuple[tuple[Location, str], ...]:
        """The further places that the value at `path` comes from, with a word on each."""
        written = self._document.locate(path)
        place = self._rendered.place(written)
        values = ((location, VALUE) for location in self._rendered.value_places(place.location))
        return (*values, (written, HERE if place.is_exact else APPROXIMATELY))

    def parts(self, path: Path) -> tuple[Location, ...]:  # noqa: ARG002 - as Located has it
        """One template writes it all."""
        return ()


def _columns(line: str, before: str, text: str) -> tuple[int, int]:
    """From where to where a template line writes `text`, which follows `before` as rendered; counted from 0."""
    found = actions(line)
    plain = ACTION.sub(lambda match: "\0" * len(match.group()), line)
    if (at := plain.find(before)) >= 0:
        start = _past_silent(line, at + len(before), found)
        if text and plain.startswith(text, start):
            return start, start + len(text)
        for action in found:
            if action.writes and action.end > start:
                return action.start, action.end
    if text and (at := plain.find(text)) >= 0:
        return at, at + len(text)
    if len(found) == 1:
        return found[0].start, found[0].end
    whole = line.strip()
    return line.find(whole), line.find(whole) + len(whole)


def _past_silent(line: str, start: int, found: Sequence[Action]) -> int:
    """Where something is written first, from a column on: past white space and actions that write nothing."""
    starts = {action.start: action for action in found if not action.writes}
    while True:
        start += len(line[start:]) - len(line[start:].lstrip())
        if start not in starts:
            return start
        start = starts[start].end
