"""Patterns of schemas, which anyone may have written, looked for in a time that the text's length bounds.

Go's engine takes as long as the text is; Rust's does too. Python's can take for ever, so that where it is all there is,
a pattern that may is not judged.
"""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Searches = Callable[[str], bool]

MOST_STEPS = 1_000_000
"""As many as Python takes in some milliseconds."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BRANCHING = re.compile(r"[*+?{|]")
_REPEATED_GROUP = re.compile(r"\)[*+{]")


def is_understood(pattern: object) -> bool:
    """Whether a pattern, which is one of Go's, means something here."""
    return isinstance(pattern, str) and _searches(pattern) is not None


def is_in(pattern: str, text: str) -> bool:
    """Whether a text holds what the pattern means, or it cannot be judged."""
    searches = _searches(pattern)
    return searches is None or searches(text)


@cache
def _searches(pattern: str) -> Searches | None:
    try:
        return _in_rust(pattern)
    except ImportError:
        return in_python(pattern)
    except ValueError:
        return None


def _in_rust(pattern: str) -> Searches:
    import jsonschema_rs  # noqa: PLC0415 - imported when the first pattern asks for it

    is_valid: Callable[[Any], bool] = jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid
    return lambda text: is_valid(_SURROGATE.sub("\ufffd", text))


def in_python(pattern: str) -> Searches | None:
    """What looks for a pattern, whose final `$` is the end of the text; None for one that is none of Python's."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a set that a later Python reads otherwise
            search = re.compile(re.sub(r"\$$", r"\\Z", pattern)).search
    except (re.error, OverflowError, RecursionError):
        return None
    branches, repeats = len(_BRANCHING.findall(pattern)), _REPEATED_GROUP.search(pattern) is not None

    def searches(text: str) -> bool:
        steps = 2.0 ** min(len(text), 99) if repeats else float(len(text) + 1) ** min(branches + 1, 50)
        return steps > MOST_STEPS or search(text) is not None

    return searches
