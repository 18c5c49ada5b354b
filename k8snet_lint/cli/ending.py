"""How a run ends that cannot be gone on with."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn, TypeVar

from k8snet_lint.cli.output import say
from k8snet_lint.errors import K8snetLintError
from k8snet_lint.reporters.plain import printable

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def answered(work: Callable[[], T], *passed: type[Exception]) -> T:
    """What the work returns; an error of ours is said in our words, with exit code 2, any other exits with 3.

    `passed` are errors that are left to the caller, and so is a reader of the output that went away.
    """
    left: tuple[type[Exception], ...] = (BrokenPipeError, *passed)
    try:
        return work()
    except K8snetLintError as error:
        fail(error)
    except left:
        raise
    except Exception as error:  # noqa: BLE001 - exit code 1 would say "findings"; the error is said with its place
        crash(error)


def fail(error: K8snetLintError) -> NoReturn:
    """Say what is wrong and how to mend it, and exit with 2."""
    for line in error.message.split("\n"):
        say(f"error: {printable(line)}")
    if error.help:
        say(f"help: {printable(error.help)}")
    sys.exit(2)


def crash(error: Exception) -> NoReturn:
    """Say what failed and where in our code, and exit with 3."""
    import traceback  # noqa: PLC0415 - only where something failed

    frame = traceback.extract_tb(error.__traceback__)[-1]
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    say(f"error: k8snet-lint failed: {printable(said)} ({frame.filename}:{frame.lineno})")
    say("help: report it with the input that it fails on; nothing of this run counts")
    sys.exit(3)


def unheard() -> NoReturn:
    """Exit with 1, as click does, where nobody reads the output any longer; what is left of it goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
    sys.exit(1)
