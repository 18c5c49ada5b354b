"""The files of a chart's directory, within bounds, with packed subcharts in place of their archives."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from k8snet_lint.helm import helmignore
from k8snet_lint.helm.archive import MAX_BYTES, MAX_FILES, TooMuchError, unpack
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class ChartError(Exception):
    """Why a chart cannot be read."""


class ChartFile(NamedTuple):
    """A file of a chart; `name` is what it is shown as, which for one in an archive leads through it."""

    name: str
    data: bytes


def read_files(directory: str, name: str, roots: Sequence[str]) -> dict[str, ChartFile]:
    """The files below a directory that is shown as `name`, by their paths in it, with `/`.

    Links are followed as far as they stay below the real paths `roots`. Raises ChartError for what cannot be read, and
    for more than Helm itself would take.
    """
    files: dict[str, ChartFile] = {}
    size = 0
    try:
        is_left_out = _left_out(directory)
        for path, inner in _walk(directory, roots):
            if is_left_out(inner):
                continue
            with Path(path).open("rb") as stream:
                data = stream.read(MAX_BYTES - size + 1)
            files[inner] = ChartFile(f"{name}/{inner}" if name != "." else inner, data)
            size += len(data)
            check_size(len(files), size)
        _unpack_subcharts(files, MAX_BYTES - size)
    except OSError as error:
        raise ChartError(f"{error.strerror or error}") from error
    except TooMuchError as error:
        raise ChartError(str(error)) from error
    return files


def check_size(files: int, size: int) -> None:
    """Raise ChartError for more files or bytes than a chart may have."""
    if size > MAX_BYTES or files > MAX_FILES:
        raise ChartError(f"it holds more than {MAX_BYTES >> 20} MiB or {MAX_FILES:,} files")


def in_its_chart(inner: str) -> str:
    """The path of a file in the chart that it is of: in `charts/cache` for what is below that."""
    parts = inner.split("/")
    while parts[0] == "charts" and len(parts) > 2:
        del parts[:2]
    return "/".join(parts)


def _is_packed(inner: str) -> bool:
    charts, _, name = in_its_chart(inner).rpartition("/")
    return charts == "charts" and name.endswith(".tgz")


def _unpack_subcharts(files: dict[str, ChartFile], room: int) -> None:
    """Put the files of packed subcharts, those packed in them too, in place of the archives, as if they stood there."""
    packed = [inner for inner in files if _is_packed(inner)]
    for inner in packed:
        archive = files[inner]
        above = inner.rpartition("/")[0]
        members = unpack(archive.data, room)
        if members and not any(f"{above}/{name.partition('/')[0]}/Chart.yaml" in files for name in members):
            del files[inner]
            found = {f"{above}/{name}": ChartFile(f"{archive.name}/{name}", data) for name, data in members.items()}
            files.update(found)
            packed += filter(_is_packed, found)  # read on by this loop
            room -= sum(map(len, members.values()))


def _left_out(directory: str) -> Callable[[str], bool]:
    path = Path(directory, helmignore.NAME)
    return helmignore.left_out(path.read_text("utf-8", "replace") if path.is_file() else "")


def _walk(directory: str, roots: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The files below a directory, in order, with their paths in it."""
    pending = [(directory, "")]
    seen = set()
    while pending:
        path, inner = pending.pop()
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        with os.scandir(path) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            below = f"{inner}/{entry.name}".lstrip("/")
            if entry.name in (".git", "node_modules") or (entry.is_symlink() and not _stays(entry.path, roots)):
                continue
            if entry.is_dir():
                pending.append((entry.path, below))
            elif entry.is_file():
                yield entry.path, below


def _stays(path: str, roots: Sequence[str]) -> bool:
    real = os.path.realpath(path)
    return any(real.startswith(root.rstrip(os.sep) + os.sep) for root in roots)
