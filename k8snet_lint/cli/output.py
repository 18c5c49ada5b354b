"""Where output goes: formats paired with files, colour, and bytes that are the same everywhere."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from k8snet_lint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

STDOUT = "-"


def paired(given: Sequence[tuple[str, str]], default: str) -> tuple[tuple[str, str], ...]:
    """Each format with where it goes: an output belongs to the format before it, or else to the next one.

    Shapes: `given` are `("formats", "json")` and `("outputs", "lint.json")` in the order of the command line.
    Raises UsageError for an output without a format of its own, and where two formats would mix in one place.
    """
    pairs: list[list[str]] = []
    waiting = ""
    for name, value in given:
        if name == "formats":
            pairs.append([value, waiting])
            waiting = ""
        elif pairs and not pairs[-1][1]:
            pairs[-1][1] = value
        elif waiting or pairs:
            raise UsageError(f"'--output {value}' follows no '--format' of its own", help="give each format its output")
        else:
            waiting = value
    if not pairs:
        pairs.append([default, waiting])
    found = tuple((form, place or STDOUT) for form, place in pairs)
    places = [place for _, place in found]
    for place in places:
        if places.count(place) > 1:
            where = "standard output" if place == STDOUT else f"'{place}'"
            raise UsageError(
                f"two formats would mix in {where}", help="give each its own --output, - for standard output"
            )
    return found


def write(text: str, place: str) -> None:
    r"""Write UTF-8 with `\\n` line breaks to a file or to standard output.

    Raises UsageError where the file cannot be written.
    """
    data = text.encode("utf-8", "replace")
    try:
        if place != STDOUT:
            from pathlib import Path  # noqa: PLC0415 - most runs write to standard output

            Path(place).write_bytes(data)
        elif sys.stdout is not None:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        where = "standard output" if place == STDOUT else f"'{place}'"
        message = f"cannot write {where}: {error.strerror}"
        raise UsageError(message, help="name a file in a directory that exists") from error


def say(line: str) -> None:
    """Write a line to standard error, if there is one."""
    if sys.stderr is not None:
        sys.stderr.write(f"{line}\n")


def wants_color(choice: str, place: str) -> bool:
    """Whether to colour: `--color`, then FORCE_COLOR, NO_COLOR and CLICOLOR_FORCE, then what the terminal is."""
    if choice != "auto":
        return choice == "always"
    if place != STDOUT:
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("CLICOLOR_FORCE", "0") != "0":
        return True
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
