"""Numbers looked up in free text."""

from __future__ import annotations


def has_number(text: str, number: int) -> bool:
    """Whether the number stands in the text without a digit on either side of it."""
    digits = str(number)
    start = text.find(digits)
    while start >= 0:
        end = start + len(digits)
        if not text[max(start - 1, 0) : start].isdigit() and not text[end : end + 1].isdigit():
            return True
        start = text.find(digits, end)
    return False
