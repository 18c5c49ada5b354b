"""Text from untrusted manifests, made safe to print: no terminal codes, no hidden reordering of what is read."""

from __future__ import annotations

import functools
import re

_BREAKS = r"[\t-\r\x85\u2028\u2029]+"
_CONTROLS = r"\x00-\x1f\x7f-\x9f"
_INVISIBLE = r"\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"  # marks and overrides of writing direction
_SURROGATES = r"\ud800-\udfff"  # half a character: no encoding can write it


def plain(text: str) -> str:
    """The text on one line, without control characters, direction overrides and halves of characters."""
    if text.isprintable():
        return text
    return printable(_pattern(_BREAKS).sub(" ", text))


def inert(text: str) -> str:
    """The text with no line that a CI system takes for a command: GitHub's `::…`, Azure's `##vso[…` and `##[…`."""
    if "::" in text:
        text = _pattern(r"(?m)^(\s*)::(?!: )").sub(r"\1: :", text)
    return text.replace("##vso[", "## vso[").replace("##[", "## [") if "##" in text else text


def printable(text: str) -> str:
    """The text without control characters (tabs and line breaks too) and direction overrides."""
    if text.isprintable():
        return text
    whole = _pattern(f"[{_SURROGATES}]").sub("\ufffd", text)
    return _pattern(f"[{_CONTROLS}{_INVISIBLE}]").sub("", whole)


def escape_json(text: str) -> str:
    """JSON that means the same, with what a terminal would obey written as escapes.

    JSON itself escapes only the controls below U+0020. Halves of characters become U+FFFD, as many
    parsers reject even their escapes.
    """
    if text.isascii() and "\x7f" not in text:
        return text
    whole = _pattern(f"[{_SURROGATES}]").sub("\ufffd", text)
    return _pattern(rf"[\x7f-\x9f{_INVISIBLE}]").sub(lambda match: f"\\u{ord(match[0]):04x}", whole)


@functools.cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
