"""The place at which a parser gave up, and the text around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from k8snet_lint.manifest.problem import Refused

_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Trouble:
    """Where a parser stopped, `mark`, and where what it was reading begins, if it told.

    Shapes: positions are (line, column), both from 0; `problem` is the parser's own word.
    """

    lines: list[str]
    mark: tuple[int, int]
    begin: tuple[int, int] | None
    problem: str

    @property
    def line(self) -> str:
        return self.lines[self.mark[0]] if self.mark[0] < len(self.lines) else ""

    @property
    def character(self) -> str:
        return self.line[self.mark[1] : self.mark[1] + 1]

    @property
    def word(self) -> str:
        """What stands at the mark, up to the next blank."""
        return self.word_at(self.mark)

    @property
    def indent(self) -> int:
        return self.indent_of(self.mark[0])

    @property
    def at_end(self) -> bool:
        """Whether nothing but blanks follows the mark."""
        return not self.line[self.mark[1] :].strip() and not any(map(str.strip, self.lines[self.mark[0] + 1 :]))

    def word_at(self, position: tuple[int, int]) -> str:
        line = self.lines[position[0]] if position[0] < len(self.lines) else ""
        return "".join(line[position[1] :].split(maxsplit=1)[:1])[:_LONGEST_WORD]

    def indent_of(self, number: int) -> int:
        line = self.lines[number]
        return len(line) - len(line.lstrip())

    def above(self) -> int | None:
        """The nearest line above that holds more than blanks and comments."""
        for number in range(self.mark[0] - 1, -1, -1):
            if self.lines[number].strip() and not self.lines[number].lstrip().startswith("#"):
                return number
        return None

    def at(self, line: int, column: int) -> Trouble:
        """The same trouble, seen at another place."""
        return replace(self, mark=(line, column), begin=(line, column))

    def refused(self, message: str, help_: str, at: tuple[int, int] | None = None, width: int = 1) -> Refused:
        """The refusal, at the mark unless told otherwise; past the end of the text, at its last line."""
        line, column = at or self.mark
        while line >= len(self.lines) or (line and column >= len(self.lines[line]) and not self.lines[line].strip()):
            line -= 1
            column = max(len(self.lines[line].rstrip()) - 1, 0)
        return Refused(message, help_, line, column, min(width, max(len(self.lines[line]) - column, 1)))
