"""The line that most runs are given, paths and perhaps `--quiet`, read without click, which costs a run a sixth."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from k8snet_lint.cli.commands import COMMANDS, nearly
from k8snet_lint.cli.ending import answered, unheard
from k8snet_lint.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMPLETING = "_K8SNET_LINT_COMPLETE"
"""The variable by which a shell asks click for what may come next."""

QUIET = ("--quiet", "-q")

DEFAULTS: Mapping[str, Any] = {
    **dict.fromkeys(("select", "ignore", "severity", "rules", "formats", "outputs", "exclude", "crds"), ()),
    **dict.fromkeys(("preset", "fail_on", "config", "namespace", "kubernetes_version", "render", "stdin_filename")),
    **dict.fromkeys(("require_reason", "strict_inputs", "assume_complete")),
    **dict.fromkeys(("show_suppressed", "no_inline", "allow_empty", "exit_zero", "verbose", "profile"), False),
    **dict.fromkeys(("no_config", "strict_parse"), False),
    "color": "auto",
}
"""What click gives a check for the options that a line leaves out."""


def simple(arguments: Sequence[str]) -> dict[str, Any] | None:
    """What a check is given by such a line, as click would have it; None where click has to read it.

    It has to on Windows, where it is click that expands `*`.
    """
    if os.name == "nt" or COMPLETING in os.environ:
        return None
    words = arguments[1:] if arguments[:1] == ["check"] else arguments
    paths = tuple(word for word in words if word not in QUIET)
    if any(path.startswith("-") and path != "-" for path in paths) or (
        words is arguments and words and (words[0] in COMMANDS or nearly(words[0]))
    ):
        return None
    return {**DEFAULTS, "paths": paths, "quiet": len(paths) < len(words)}


def check_simply(given: dict[str, Any]) -> None:
    """Run a check and exit with its code."""
    try:
        from k8snet_lint.cli.checking import check  # noqa: PLC0415 - an interrupt is answered while it is imported too

        code = answered(lambda: check(given, ()))
    except BrokenPipeError:
        unheard()
    except KeyboardInterrupt:
        say("Aborted!")
        code = 1
    sys.exit(code)
