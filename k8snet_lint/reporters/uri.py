"""Names of sources as URI references."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from k8snet_lint.reporters import Style

_ABSOLUTE = re.compile(r"/|[A-Za-z]:/")


def source_uri(name: str, style: Style) -> str:
    """The URI of a source: relative to the repository's root, the same however its path was given.

    Shapes: a `file` URI for an absolute path where no root is known, or on another drive than the root.
    """
    path = posixpath.normpath(_from_root(name, style) if style.root and name != "<stdin>" else name)
    if not _ABSOLUTE.match(path):
        return quote(path, errors="replace")
    return f"file:///{quote(path.lstrip('/'), safe='/:', errors='replace')}"


def _from_root(name: str, style: Style) -> str:
    path = _drive_first(name if _ABSOLUTE.match(name) else posixpath.join(style.directory or style.root, name))
    root = _drive_first(style.root)
    if path.partition("/")[0] != root.partition("/")[0]:
        return path
    return posixpath.relpath(f"/{path}", f"/{root}")


def _drive_first(path: str) -> str:
    """The path with its drive, if it has one, in upper case."""
    return path[:1].upper() + path[1:] if _ABSOLUTE.match(path) else path
