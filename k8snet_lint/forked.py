"""Work done in a process beside this one, which begins with all that this one knows."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    T = TypeVar("T")


ALONE = "K8SNET_LINT_PROCESSES"
"""Set to 1, all is done in one process."""


def can_fork() -> bool:
    """Whether this process may be divided, and a second processor is there: on Linux, with no other thread."""
    if sys.platform != "linux" or os.environ.get(ALONE) == "1" or len(os.sched_getaffinity(0)) < 2:
        return False
    threading = sys.modules.get("threading")
    return threading is None or threading.active_count() == 1


def forked(work: Callable[[], T], kept: Iterable[object]) -> Callable[[], T | None]:
    """Begin some work beside this process; what is given back waits for what comes of it, or None where it failed.

    What comes of it may refer to objects that are `kept`, which come back as themselves.
    """
    known = {id(each): each for each in kept}
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:  # there may be as many processes as the system allows
        os.close(reading)
        os.close(writing)
        return lambda: None
    if process == 0:
        os.close(reading)
        os._exit(_tell(work, writing, known))
    os.close(writing)

    def result() -> T | None:
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read()
        _, status = os.waitpid(process, 0)
        found: T | None = None if status else _told(told, known)
        return found

    return result


def _tell(work: Callable[[], object], writing: int, known: dict[int, object]) -> int:
    """Do the work and write what comes of it; gives back the process's exit code."""
    import pickle  # noqa: PLC0415 - for much work only

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj: object) -> int | None:
            return id(obj) if id(obj) in known else None

    try:
        with os.fdopen(writing, "wb") as pipe:
            Pickler(pipe, pickle.HIGHEST_PROTOCOL).dump(work())
    except BaseException:  # noqa: BLE001 - whatever it is, who waits is told that nothing came of the work
        return 1
    return 0


def _told(told: bytes, known: dict[int, object]) -> Any:  # noqa: ANN401 - what the work comes to
    import io  # noqa: PLC0415 - as above
    import pickle  # noqa: PLC0415 - as above; it reads what our own process wrote

    class Unpickler(pickle.Unpickler):
        def persistent_load(self, pid: int) -> object:
            return known[pid]

    return Unpickler(io.BytesIO(told)).load()
