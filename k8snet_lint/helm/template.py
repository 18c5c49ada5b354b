"""The text of a Go template: its actions, and where a mark changes nothing but itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ACTION = re.compile(
    r"""\{\{-?\s*/\*(?: [^*{]++ | \*(?!/) | \{(?!\{/\*) )*\*/\s*-?\}\}
      | \{\{ (?: "(?:\\.|[^"\\\n]++)*" | `[^`]*+` | '(?:\\.|[^'\\\n]++)*' | [^"`'{}]++ | \{(?!\{) | \}(?!\}) )* \}\}""",
    re.DOTALL | re.VERBOSE,
)
"""One action, comments among them; text in quotes may hold what else would end it (text/template, lex.go).

No alternative runs past another start, and each starts with other characters, so that text in which nothing ends is
read in linear time. No group is possessive: up to 3.11.4, Python gets those wrong (gh-106052).
"""

_WORD = re.compile(r"\{\{-?\s*(\w+)")
_STRUCTURE = re.compile(r"^[ \t]*(?:- )?[\w./\"'-]+:(?:\s|$)", re.MULTILINE)
_OPENING = frozenset({"if", "range", "with", "define", "block"})
_SILENT = re.compile(r"\{\{-?\s*(?:(?:if|else|end|range|with|define|block|break|continue)\b|/\*|\$\w*\s*:?=)")


class Action(NamedTuple):
    """An action's place in the text; `word` is what it starts with where that is a word.

    Shapes: `writes` unless it only says what others write, or sets a variable.
    """

    start: int
    end: int
    word: str
    writes: bool


class Stop(NamedTuple):
    """A place that a mark can stand at, for what its line writes before.

    Shapes: `line` counts from 1, the first line of an action that ends here; `end` is where the mark goes; `trims`
    where an action before it eats the white space that follows; `inside` of what: the file's own output is
    `""`, else a definition, `structure` where it has keys of its own, else `scalar`.
    """

    end: int
    line: int
    trims: bool
    inside: str


def actions(text: str) -> list[Action]:
    """The actions of a template in their order."""
    found = []
    for match in ACTION.finditer(text):
        word = _WORD.match(match.group())
        writes = _SILENT.match(match.group()) is None
        found.append(Action(match.start(), match.end(), word.group(1) if word else "", writes))
    return found


def stops(text: str) -> list[Stop]:
    """Where marks can stand.

    That is after each line that holds anything and ends outside of an action, and before an action that starts a line
    of its own (`nindent`), as what it includes may have marks itself.
    """
    found = actions(text)
    definitions = _definitions(text, found)
    places = dict((*_before_breaks(text, found), *_line_ends(text, found)))
    after = {action.end for action in found if text.endswith("-}}", 0, action.end)}
    bodies = [one.body for one in definitions]

    def inside(end: int) -> str:
        position = bisect_right(bodies, (end, len(text))) - 1
        return definitions[position].sort if position >= 0 and end <= bodies[position][1] else ""

    return [Stop(end, line, end in after, inside(end)) for end, line in sorted(places.items())]


def _line_ends(text: str, found: Sequence[Action]) -> Iterator[tuple[int, int]]:
    """The ends of lines without the white space there, and the lines' numbers."""
    position, start, begun = 0, 0, 0
    for number, written in enumerate(text.split("\n"), start=1):
        stop = start + len(written)
        while position < len(found) and found[position].end <= stop:
            position += 1
        begun = begun or number
        if position == len(found) or found[position].start >= stop:
            last = found[position - 1].end if position else 0
            if written.strip():
                yield max(start + len(written.rstrip()), min(last, stop)), begun
            begun = 0
        start = stop + 1


def _before_breaks(text: str, found: Sequence[Action]) -> Iterator[tuple[int, int]]:
    """The ends of what stands on a line before an action that starts a new one, and the lines' numbers."""
    start, line = 0, 1
    for action in found:
        line += text.count("\n", start, action.start)
        start = max(text.rfind("\n", start, action.start) + 1, start)
        before = text[start : action.start].rstrip() if "nindent" in text[action.start : action.end] else ""
        if before:
            yield start + len(before), line


def definitions_in(text: str) -> str:
    """What of a template defines templates for others, without any output of its own."""
    return "".join(text[one.start : one.end] for one in _definitions(text, actions(text)))


class _Definition(NamedTuple):
    """A `define` with its `end`; `body` is from where to where what it defines goes."""

    start: int
    end: int
    body: tuple[int, int]
    sort: str


def _definitions(text: str, found: list[Action]) -> list[_Definition]:
    """The templates that the text defines, from first to last, without those in one another."""
    definitions = []
    blocks: list[Action] = []
    for action in found:
        if action.word in _OPENING:
            blocks.append(action)
        elif action.word == "end" and blocks:
            opening = blocks.pop()
            if opening.word == "define" and not blocks:
                body = (opening.end, action.start)
                sort = "structure" if _STRUCTURE.search(ACTION.sub("x", text[slice(*body)])) else "scalar"
                definitions.append(_Definition(opening.start, action.end, body, sort))
    return definitions
