"""Packed charts: the files of a `.tgz`, within bounds."""

from __future__ import annotations

import io
import tarfile
import zlib

MAX_BYTES = 64 << 20
"""What a chart may weigh with all in it; Helm takes 100 MiB (`MaxDecompressedChartSize`)."""

MAX_FILES = 10_000


class TooMuchError(Exception):
    """An archive holds more than it may."""


def unpack(data: bytes, room: int) -> dict[str, bytes]:
    """The regular files of an archive by their names; nothing where it is none, or would write outside of itself.

    Raises TooMuchError where it holds more than `room` bytes.
    """
    try:
        plain = zlib.decompressobj(wbits=31).decompress(data, room + 1)
    except zlib.error:
        return {}
    if len(plain) > room:
        raise TooMuchError(f"a packed subchart holds more than {room >> 20} MiB")
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            for member in archive:
                name = member.name.removeprefix("./")
                stream = archive.extractfile(member) if member.isreg() else None
                if stream is not None and _is_inside(name):
                    files[name] = stream.read()
                if len(files) > MAX_FILES:
                    raise TooMuchError(f"a packed subchart holds more than {MAX_FILES:,} files")
    except (tarfile.TarError, EOFError):
        return {}
    return files


def _is_inside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return len(parts) > 1 and not any(part in ("", ".", "..") for part in parts) and ":" not in parts[0]
