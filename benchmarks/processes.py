"""Whole processes measured: wall time and peak memory, interleaved so that a machine's moods hit all alike."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Command = tuple[str, ...]
Name = TypeVar("Name")


class Measured(NamedTuple):
    """What a process cost.

    Shapes: `seconds` by the clock on the wall; `processor` in seconds of processor time, which other programs disturb
    less; `megabytes` of resident memory at the peak. Where the system does not tell, the latter two are 0.
    """

    seconds: float
    processor: float
    megabytes: float


def interleaved(commands: Mapping[Name, Command], rounds: int) -> dict[Name, Measured]:
    """The median cost of each command over as many rounds, each round running all of them once.

    One round before the first only warms the disk's and the interpreter's caches. Raises RuntimeError for a
    command that fails: exit codes above 1 are no findings.
    """
    costs: dict[Name, list[Measured]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            cost = run(command)
            if turn:
                costs[name].append(cost)
    return {name: Measured(*map(median, zip(*each, strict=True))) for name, each in costs.items()}


def run(command: Sequence[str]) -> Measured:
    """The cost of one run, its output thrown away."""
    before = time.perf_counter()
    process = subprocess.Popen(
        command, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    errors = process.stderr.read() if process.stderr else b""
    processor, megabytes = _wait(process)
    seconds = time.perf_counter() - before
    if process.returncode > 1:
        message = f"{' '.join(command)} exits with {process.returncode}: {errors.decode(errors='replace')[-400:]}"
        raise RuntimeError(message)
    return Measured(seconds, processor, megabytes)


def _environment() -> dict[str, str]:
    """The environment, in which Python may keep its compiled files: an installed program has them."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _wait(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Wait for the process; gives back its processor time and its peak memory, as Measured has them."""
    if sys.platform == "win32":
        process.wait()
        return 0.0, 0.0
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linux counts in KiB, macOS in bytes.
    megabytes = usage.ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1_000_000 / 1024)
    return usage.ru_utime + usage.ru_stime, megabytes
