"""Host names of the Gateway API: `*.` in front stands for one label or more, an empty name for every host."""

from __future__ import annotations


def meets(one: str, other: str) -> bool:
    """Whether some host fits both."""
    return not one or not other or holds(one, other) or holds(other, one)


def holds(pattern: str, host: str) -> bool:
    """Whether a pattern means every host that the other one, a name or a pattern, means."""
    if not pattern or pattern == host:
        return True
    return pattern.startswith("*.") and host.endswith(pattern[1:]) and host != pattern[1:]


def common(one: str, other: str) -> str:
    """The hosts that fit both; to be asked only where the two meet."""
    return other if holds(one, other) else one
