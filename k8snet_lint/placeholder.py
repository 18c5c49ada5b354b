"""Texts that something has still to fill in before an API server sees them."""

from __future__ import annotations

import re

_PLACEHOLDER = r"""(?x)
    [$<(\[{]{2} | \$ | [#$]\{ | \{[A-Z_]+\} | <[^<>]+> | __\w+__ | @\w+@ | %\w+%
    | (?<![A-Za-z0-9_])[A-Z]+(?:_[A-Z0-9]+)+(?![A-Za-z0-9_])"""
"""How variables are written: `${X}`, `{{ .X }}`, `<x>`, `__X__`, `@X@`, `%X%`, `((x))`, `YOUR_DOMAIN`.

Text, so that it costs nothing until something is asked.
"""


def is_open(value: object) -> bool:
    """Whether a text holds a variable or a placeholder, so that nobody knows what will stand there."""
    return isinstance(value, str) and re.search(_PLACEHOLDER, value) is not None
