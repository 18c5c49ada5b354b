"""Which sections hold a kind that nobody wants, told without parsing them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.manifest.split import has_unusual_breaks

if TYPE_CHECKING:
    from collections.abc import Callable

# A line at column 0 that is no comment, and whether an indented line follows, which may go on with its value.
_OUTLINE = re.compile(r"\n([^ \n\r#][^\n]*)(\s*\n[ \t])?")
_VALUE = re.compile(r"""[ ]+(["']?)([A-Za-z][\w./-]*)\1\s*(?:\s#.*)?""")


def unwanted(text: str, wanted: Callable[[str, str], bool]) -> tuple[str, str] | None:
    """Group and kind of the one document in a section, if it is certain and not wanted; else None: parse it.

    It is certain only where the document is a block mapping at column 0, each of whose lines there is `key:` or a
    list item, with one `apiVersion:` and one `kind:` of one word. `text` starts as a Section's does.
    """
    kind = _word_after("\nkind:", text)
    version = _word_after("\napiVersion:", text) if kind else ""
    if not version:
        return None
    group = version.rpartition("/")[0]
    return None if wanted(group, kind) or not _is_certain(text) else (group, kind)


def _word_after(key: str, text: str) -> str:
    """The one word after the first such key; nothing where something else stands there, or no such key."""
    start = text.find(key)
    if start < 0:
        return ""
    start += len(key)
    end = text.find("\n", start)
    word = _VALUE.fullmatch(text, start, len(text) if end < 0 else end)
    return word[2] if word else ""


def _is_certain(text: str) -> bool:
    if has_unusual_breaks(text):
        return False
    seen: set[str] = set()
    for line, goes_on in _OUTLINE.findall(text):
        name, colon, rest = line.partition(":")
        if not colon or not name.isidentifier() or rest[:1] not in " \r":
            if seen and line[:2] in ("- ", "-"):
                continue
            return False
        if name in ("kind", "apiVersion") and (name in seen or goes_on):
            return False
        seen.add(name)
    first = re.search(r"^[^\S\n]*[^\s#]", text, re.MULTILINE)
    return first is not None and first.end() - first.start() == 1
