"""`.helmignore`: what lies in a chart's directory and is none of the chart (Helm, `internal/ignore`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = ".helmignore"

_PART = re.compile(r"\\.|\[(\^?)((?:\\.|[^\]\\])+)\]|.")
_LETTER = re.compile(r"\\(.)|([^-])")


class _Rule(NamedTuple):
    """A line; one that is negated leaves out all that it does not name, directories too."""

    pattern: re.Pattern[str]
    is_path: bool
    is_for_directories: bool
    is_negated: bool

    def leaves_out(self, path: str, *, is_directory: bool) -> bool:
        fits = self.pattern.fullmatch(path if self.is_path else path.rpartition("/")[2]) is not None
        names = fits and (is_directory or not self.is_for_directories)
        return names is not self.is_negated


def left_out(text: str) -> Callable[[str], bool]:
    """Whether a `.helmignore` of this text leaves out the file at a path in the chart; none where Helm refuses it.

    It leaves out itself: Helm would go by it again, and in subcharts that were packed.
    """
    rules = _rules(text)

    def is_left_out(path: str) -> bool:
        above = [path[:end] for end, letter in enumerate(path) if letter == "/"]
        return bool(rules) and (
            path == NAME
            or any(rule.leaves_out(path, is_directory=False) for rule in rules)
            or any(rule.leaves_out(each, is_directory=True) for each in above for rule in rules)
        )

    return is_left_out


def _rules(text: str) -> list[_Rule]:
    lines = [line.strip() for line in text.removeprefix("\ufeff").split("\n")]
    lines = [line for line in lines if line and not line.startswith("#")]
    try:
        return [] if any("**" in line for line in lines) else [_rule(line) for line in lines]
    except re.error:
        return []


def _rule(line: str) -> _Rule:
    pattern = line.removeprefix("!")
    named = pattern.removesuffix("/")
    return _Rule(
        re.compile(_PART.sub(_regular, named.removeprefix("/"))),
        is_path="/" in named,
        is_for_directories=named != pattern,
        is_negated=pattern != line,
    )


def _regular(part: re.Match[str]) -> str:
    """The regular expression of a part of a pattern, as Go's `filepath.Match` reads it. Raises re.error for none."""
    if part[0] == "[":
        message = "a bracket is not closed"
        raise re.error(message)
    if part[2]:
        return f"[{part[1]}{_LETTER.sub(lambda letter: re.escape(letter[1] or letter[2]), part[2])}]"
    return {"*": "[^/]*", "?": "[^/]"}.get(part[0], re.escape(part[0][-1]))
