"""Numbers and names of hosts, looked up in free text."""

from __future__ import annotations

import re

HOST_NAME = r"://[a-z]|\.svc\b|\.cluster\.local\b|_HOST\b|\b[a-z][a-z0-9-]{1,62}(\.[a-z][a-z0-9-]{0,62}){0,5}:\d{2,5}\b"


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


def has_host_name(text: str) -> bool:
    """Whether something in a text reads like the name of a host: in a URL, before a port, or of the cluster."""
    return re.search(HOST_NAME, text) is not None
