"""Values of manifests in messages."""

from __future__ import annotations

from typing import Final

MOST: Final = 60
MOST_OF_A_NAME: Final = 253
"""The length of the longest name that the API server takes (RFC 1123 subdomain)."""

MOST_OF_A_MESSAGE: Final = 4_000
"""More than any message takes that names what a cluster could hold."""


def quoted(text: str) -> str:
    r"""The text in quotes and on one line: line breaks are shown as `\\n`, what is long is cut short."""
    shown = text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")
    return f"'{shown}'" if len(shown) <= MOST else f"'{shown[: MOST - 1]}…'"


def shortened(text: str, most: int = MOST_OF_A_NAME) -> str:
    """The text as it is, cut short where it is too long to be a name."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
