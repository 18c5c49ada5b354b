"""Texts with parts that are generated, between `<!-- name: begin -->` and `<!-- name: end -->`."""

from __future__ import annotations


def replaced(text: str, name: str, content: str) -> str:
    """The text with `content` in place of what stands between the marks of that name.

    Raises ValueError where the marks are not there.
    """
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    start, stop = text.find(begin), text.find(end)
    if start < 0 or stop < start:
        message = f"no marks '{begin.strip()}' and '{end}'"
        raise ValueError(message)
    return f"{text[: start + len(begin)]}{content}{text[stop:]}"
