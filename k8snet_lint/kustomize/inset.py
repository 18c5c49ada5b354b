"""YAML within YAML: a patch that stands in a kustomization as a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.manifest import AsWritten, Node, ProblemCode, parse
from k8snet_lint.source import Location, Position, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.manifest import Document, Path
    from k8snet_lint.manifest.node import Located

MAX_GAP = 3
"""How many lines below its key a block of text starts at most: a header may stand on a line of its own."""


class Inset(AsWritten):
    """A document within a text of another; its places are those of the outer file.

    Where the text stands in a literal block, places are exact; of one that is folded or quoted, all are at its key.
    """

    __slots__ = ("_line", "_outer", "_shift", "inner", "source", "value")

    def __init__(self, inner: Document, outer: Node) -> None:
        self.inner = inner
        self._outer = outer
        self.source = outer.document.source
        self.value: Any = inner.value
        self._line, self._shift = _block(outer)

    @property
    def root(self) -> Node:
        return Node(self, self.value)

    def locate(self, path: Path) -> Location:
        """Where the value at `path` is written; for an absent one, its nearest written ancestor."""
        return self._outward(self.inner.locate(path))

    def locate_key(self, path: Path) -> Location:
        """Where the key (or the list item) at `path` is written; else the nearest written ancestor."""
        return self._outward(self.inner.locate_key(path))

    def _outward(self, place: Location) -> Location:
        if not self._line:
            return self._outer.location
        start, end = (
            Position(point.line + self._line - 1, point.column + self._shift)
            for point in (place.span.start, place.span.end)
        )
        return Location(self.source, Span(start, end))


def inner_of(node: Node) -> Located:
    """What a Node was read from: of a patch that stands in a text, that text itself."""
    return node.document.inner if isinstance(node.document, Inset) else node.document


def is_one(entry: Node) -> bool:
    """Whether an entry is a text that holds YAML, rather than the path of a file that does."""
    return "\n" in entry.text or entry.text.startswith("{")


def documents(text: Node, *, is_trimmed: bool = False) -> tuple[Node, ...]:
    """The documents that a text holds, without the blanks at its end if so told. Raises Refused for what is no YAML."""
    source = Source(text.document.source.name, text.text.rstrip() if is_trimmed else text.text)
    parsed = parse(source)
    for problem in parsed.problems:
        if problem.code is not ProblemCode.DUPLICATE_KEY:
            raise Refused(f"the text does not parse as YAML: {problem.message}", text)
    return tuple(Inset(document, text).root for document in parsed.documents)


def _block(outer: Node) -> tuple[int, int]:
    """The line on which a literal block's text starts and how far it is indented; no line where it is none."""
    lines = outer.text.rstrip("\n").split("\n")
    place = outer.location
    for line in range(place.span.start.line + 1, place.span.start.line + 1 + MAX_GAP):
        first = place.source.line(line)
        shift = len(first) - len(first.lstrip(" ")) - (len(lines[0]) - len(lines[0].lstrip(" ")))
        if shift >= 0 and _stand_at(lines, place.source, line, shift):
            return line, shift
    return 0, 0


def _stand_at(lines: Sequence[str], source: Source, first: int, shift: int) -> bool:
    return all(source.line(first + offset)[shift:] == line for offset, line in enumerate(lines))
