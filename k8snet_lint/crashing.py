"""A rule's failure in words: what was raised, and where in the rule's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.report import Crash

if TYPE_CHECKING:
    from k8snet_lint.declare import Rule


def crash_of(rule: Rule, error: BaseException) -> Crash:
    """The failure with the innermost file:line of the rule's own code.

    It is the check's first line where the rule was not running: what it yielded cannot be used.
    """
    import traceback  # noqa: PLC0415 - only where something failed

    frames = traceback.extract_tb(error.__traceback__)
    own = [frame.lineno for frame in frames if frame.filename.replace("\\", "/") == rule.file]
    code = getattr(rule.check, "__code__", None)
    line = own[-1] if own else getattr(code, "co_firstlineno", 1)
    return Crash(rule.id, f"{rule.file}:{line}", f"{type(error).__name__}: {error}")
