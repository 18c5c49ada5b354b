"""Comments in manifests that speak to k8snet-lint.

    type: NodePort  # k8snet-lint: ignore[service-node-port] until the gateway is there
    # k8snet-lint: ignore[rule-id, other-rule] on a line of its own, for the next line that holds more than a comment
    # k8snet-lint: ignore-file[rule-id] for the whole file; without brackets, for every rule

A comment is a `#` at the start of a line or after white space, outside quoted strings and block scalars. In a document
that is no YAML, what follows the mistake counts as being outside of both.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from k8snet_lint.nearest import did_you_mean
from k8snet_lint.record import NamedTuple
from k8snet_lint.source import Location, Position, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import yaml

    from k8snet_lint.source import Source

MARKER = "k8snet-lint:"
WHOLE_FILE = 0

_DIRECTIVE = (
    r"(?:^|(?<=\s))#+[ \t]*k8snet-lint:[ \t]*(?P<word>[^\s\[:]*)[ \t]*(?P<brackets>\[(?P<rules>[^\[\]#]*)\])?[ \t:]*"
)


class Directive(NamedTuple):
    """What one comment asks for.

    Shapes: `line` is the one it is about, or WHOLE_FILE; `rules` are ids, an empty one for every rule; `fault`
    says what is wrong with an ill-formed comment, which then has no rules.
    """

    location: Location
    line: int
    rules: tuple[str, ...]
    reason: str
    fault: str = ""


def directives(source: Source) -> Iterator[Directive]:
    """The comments of a text that speak to us."""
    lines = source.lines
    starts = [0, *(index for index, line in enumerate(lines) if index and line.startswith("---")), len(lines)]
    for start, end in pairwise(starts):
        if any(MARKER in line for line in lines[start:end]):
            yield from _of_document(source, start, lines[start:end])


def _of_document(source: Source, before: int, lines: Sequence[str]) -> Iterator[Directive]:
    """The comments of a document that stands after so many lines of the text."""
    literals = _Literals(lines)
    waiting: list[tuple[int, re.Match[str]]] = []
    for number, line in enumerate(lines, start=1):
        found = literals.first_outside(number, re.finditer(_DIRECTIVE, line)) if MARKER in line else None
        held = line.lstrip()
        if not held or held.startswith("#"):
            if found is not None:
                waiting.append((number, found))
            continue
        for written, match in waiting:
            yield _directive(source, before + written, before + number, match)
        waiting.clear()
        if found is not None:
            yield _directive(source, before + number, before + number, found)
    for written, match in waiting:
        yield _directive(source, before + written, before + written, match)


def _directive(source: Source, written: int, meant: int, match: re.Match[str]) -> Directive:
    """The directive that is written on one line and means another."""
    text = match.string.rstrip()
    start = Position(written, match.start() + 1)
    location = Location(source, Span(start, Position(written, len(text) + 1)))
    word, rules = match["word"], tuple(filter(None, map(str.strip, (match["rules"] or "").split(","))))
    reason = text[match.end() :].strip(" -")
    whole_file = word == "ignore-file"
    fault = ""
    if word not in ("ignore", "ignore-file"):
        fault = f"unknown comment '{MARKER} {word}'{did_you_mean(word, ('ignore', 'ignore-file'))}"
    elif not rules and (match["brackets"] or not whole_file):
        fault = f"the comment '{MARKER} {word}' names no rule"
    chosen = () if fault else rules or ("",)
    return Directive(location, WHOLE_FILE if whole_file else meant, chosen, reason, fault)


class _Literals:
    """Where a document holds text that is not YAML's own: quoted strings and block scalars."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._starts: list[tuple[int, int]] = []
        self._ends: list[tuple[int, int]] = []
        self._block_lines: set[int] = set()
        import yaml  # noqa: PLC0415 - most texts hold no comment of ours

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for token in yaml.scan("\n".join(lines), Loader=loader):
                if isinstance(token, yaml.ScalarToken):
                    self._add(token, lines)
        except yaml.YAMLError:
            return  # the loader reports it

    def _add(self, token: yaml.ScalarToken, lines: Sequence[str]) -> None:
        start, end = token.start_mark, token.end_mark
        if token.style in ("'", '"'):
            self._starts.append((start.line + 1, start.column))
            self._ends.append((end.line + 1, end.column))
        elif token.style in ("|", ">") and token.value.strip():
            self._block_lines.update(_block(lines, start.line + 1))

    def first_outside(self, number: int, matches: Iterator[re.Match[str]]) -> re.Match[str] | None:
        """The first match on a line that is not in a literal."""
        if number in self._block_lines:
            return None
        for match in matches:
            place = (number, match.start())
            index = bisect_right(self._starts, place) - 1
            if index < 0 or self._ends[index] <= place:
                return match
        return None


def _block(lines: Sequence[str], header: int) -> Iterator[int]:
    """The lines of the block scalar whose header is on line `header`: as far as its first line's indentation goes."""
    indentation = -1
    for number, line in enumerate(lines[header:], start=header + 1):
        held = line.lstrip(" ")
        if not held:
            continue
        if indentation < 0:
            indentation = len(line) - len(held)
        if len(line) - len(held) < indentation:
            return
        yield number
