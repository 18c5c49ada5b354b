"""What the API server accepts as a port's name or number (apimachinery `IsValidPortName`, `IsDNS1123Label`)."""

from __future__ import annotations

import re

LOWEST, HIGHEST = 1, 65535

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", re.ASCII)
LETTER = re.compile(r"[a-z]", re.ASCII)


def number_flaw(number: int) -> str:
    """Why a number is no port, or an empty text."""
    return "" if LOWEST <= number <= HIGHEST else f"a port is a number from {LOWEST} to {HIGHEST}"


def label_flaw(name: str) -> str:
    """Why a text is no DNS label, which a Service port's name has to be, or an empty text."""
    if len(name) > 63:
        return "a name has at most 63 characters"
    if not LABEL.fullmatch(name):
        return "a name has lower-case letters, digits and '-' between them"
    return ""


def port_name_flaw(name: str) -> str:
    """Why a text is no name of a container port, or an empty text."""
    if name.isascii() and name.isdecimal():
        return "a name has a letter, and a number stands without quotes"
    if len(name) > 15:
        return "a name has at most 15 characters"
    if not LABEL.fullmatch(name) or "--" in name:
        return "a name has lower-case letters, digits and single '-' between them"
    return "" if LETTER.search(name) else "a name has at least one letter"


def target_flaw(target: object) -> str:
    """Why a number or a name is no target port (`ValidatePortNumOrName`), or an empty text; 0 and "" mean unset."""
    if isinstance(target, str) and target:
        return port_name_flaw(target)
    if isinstance(target, int) and not isinstance(target, bool) and target:
        return number_flaw(target)
    return ""
