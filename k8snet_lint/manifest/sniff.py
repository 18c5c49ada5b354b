"""What a section's kind is, without parsing it."""

from __future__ import annotations

import re

from k8snet_lint.manifest.split import has_unusual_breaks

# A line at column 0, and whether a line that is indented follows, which may continue its value.
_OUTLINE = re.compile(r"\n([^ \n\r#][^\n]*)(\s*\n[ \t])?")
_BEFORE = re.compile(r"(?:[ \t\r]*(?:#[^\n]*)?\n)*")
_WORD = re.compile(r"([A-Za-z][\w./-]*)[ \t\r]*(?:[ \t]#.*)?")


def sniff(text: str) -> tuple[str, str] | None:
    """Group and kind of the one document in a section; None where that takes parsing.

    It is certain only where the document is a block mapping at column 0, each of whose lines there is
    `key:` or a list item, with one `kind:` of one plain word. `text` starts as a Section's does.
    """
    first = _BEFORE.match(text).end()
    if text[first : first + 1] in " \t" or has_unusual_breaks(text):
        return None
    found: dict[str, str] = {}
    for line, indented in _OUTLINE.findall(text):
        name, colon, rest = line.partition(":")
        if not colon or not name.isidentifier() or rest[:1] not in " \r":
            if found and line[:2] in ("- ", "-"):
                continue
            return None
        if name in ("kind", "apiVersion"):
            word = _WORD.fullmatch(rest.lstrip(" "))
            if word is None or indented or name in found:
                return None
            found[name] = word[1]
        else:
            found.setdefault("", "")
    if "kind" not in found:
        return None
    return found.get("apiVersion", "").rpartition("/")[0], found["kind"]
