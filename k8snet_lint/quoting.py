"""Values of manifests in messages."""

from __future__ import annotations

from typing import Final

MOST: Final = 60


def quoted(text: str) -> str:
    r"""The text in quotes and on one line: line breaks are shown as `\\n`, what is long is cut short."""
    shown = text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")
    return f"'{shown}'" if len(shown) <= MOST else f"'{shown[: MOST - 1]}…'"
