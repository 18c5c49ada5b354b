"""File patterns as .gitignore has them, without negation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ANY_DIRECTORIES = "(?:[^/]+/)*"


def compile_globs(globs: Iterable[str]) -> re.Pattern[str] | None:
    """One expression whose `fullmatch` accepts the paths that a glob names; None for no globs.

    A glob without a slash, or with one at its end only, names an entry at any depth; any other is anchored. `*` and
    `?` stay within a path segment, `**` spans segments, a slash at the end admits directories only.

    Shapes: paths are relative, with `/`; a directory ends in `/`. Raises UsageError for a glob that is none.
    """
    patterns = [_expression(glob) for glob in globs]
    return re.compile("|".join(patterns)) if patterns else None


def covering(globs: Iterable[str]) -> Callable[[str], bool]:
    """Whether a glob matches a file or a directory above it. Raises UsageError for a glob that is none."""
    matches = compile_globs(globs)

    def covers(path: str) -> bool:
        ends = [end for end, letter in enumerate(path) if letter == "/"]
        return matches is not None and any(
            matches.fullmatch(part) for part in (*(path[: end + 1] for end in ends), path)
        )

    return covers


def _expression(glob: str) -> str:
    body = glob.strip("/").removeprefix("./")
    if not body:
        raise UsageError(f"'{glob}' names no file", help="write a name such as 'charts', or a path such as 'test/**'")
    anchored = "/" in glob.rstrip("/")
    *above, last = re.sub(r"(?:\*\*/)+", "**/", body).split("/")
    first, *middle = _runs(above)
    parts = [first if anchored else _ANY_DIRECTORIES, *map(_first_of, middle[:-1])]
    parts += [_ANY_DIRECTORIES + run for run in middle[-1:]]
    parts.append(".+" if last == "**" else _segment(last) + ("/" if glob.endswith("/") else "/?"))
    expression = "".join(parts)
    try:
        re.compile(expression)
    except re.error as error:
        raise UsageError(
            f"'{glob}' is no file pattern: {error}", help="put a literal '[' into brackets: '[[]'"
        ) from error
    return expression


def _runs(segments: Iterable[str]) -> list[str]:
    """The expressions for what stands before, between and after the `**`; each matches paths of one depth."""
    runs = [""]
    for segment in segments:
        if segment == "**":
            runs.append("")
        else:
            runs[-1] += _segment(segment) + "/"
    return runs


def _first_of(run: str) -> str:
    """The expression for a run at any depth, taken where it comes first, for good, as `_segment` does."""
    return f"(?>(?:[^/]+/)*?{run})"


def _segment(segment: str) -> str:
    """The expression for one path segment: `*`, `?` and `[…]` as in a shell.

    What stands between two stars is taken where it comes first, for good: that loses nothing, and keeps a hostile
    glob from trying every combination.
    """
    first, *rest = _pieces(segment)
    if not rest:
        return first
    *middle, last = rest
    return first + "".join(f"(?>[^/]*?{piece})" for piece in middle if piece) + f"[^/]*{last}"


def _pieces(segment: str) -> list[str]:
    """The expressions for what stands before, between and after the stars; each matches texts of one length."""
    pieces = [""]
    position = 0
    while position < len(segment):
        letter = segment[position]
        position += 1
        if letter == "*":
            pieces.append("")
        elif letter == "?":
            pieces[-1] += "[^/]"
        elif letter == "[" and (end := segment.find("]", position + 1)) > 0:
            inner = segment[position:end].replace("\\", "\\\\").replace("[", "\\[")
            pieces[-1] += f"[^/{inner[1:]}]" if inner[0] in "!^" else f"[{inner}]"
            position = end + 1
        else:
            pieces[-1] += re.escape(letter)
    return pieces
