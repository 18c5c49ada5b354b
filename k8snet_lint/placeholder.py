"""Texts that something has still to fill in before an API server sees them."""

from __future__ import annotations

import re

_PLACEHOLDER = r"""(?x)
    ^\(.*\)$ | [$<(\[{]{2} | \$ | [#$]\{ | \{[A-Z_]+\} | <[^<>]+> | __\w+__ | @\w+@ | %\w+% | ^\.{3,}$ | ^\*\*.+\*\*$
    | (?<![A-Za-z0-9_])(?:[A-Z]+(?:[_ ][A-Z0-9]+)+ | REPLACEME | CHANGEME | TODO | FIXME | XXX+)(?![A-Za-z0-9_])"""
"""How variables are written: `${X}`, `{{ .X }}`, `<x>`, `__X__`, `@X@`, `%X%`, `((x))`, `YOUR_DOMAIN`,
`YOUR DOMAIN`, `(x)`, `**x**`, `...`.

Text, so that it costs nothing until something is asked.
"""

_PLAIN = "[a-z0-9][a-z0-9./:, -]*"
"""How most names, hosts and numbers look, none of which is a placeholder: told in half the time."""


def is_open(value: object) -> bool:
    """Whether a text holds a variable or a placeholder, so that nobody knows what will stand there.

    `[YOUR_DOMAIN]` is one too, though YAML reads it as a list.
    """
    if isinstance(value, list):
        return len(value) == 1 and isinstance(value[0], str) and is_open(value[0])
    if not isinstance(value, str) or re.fullmatch(_PLAIN, value):
        return False
    return re.search(_PLACEHOLDER, value) is not None
