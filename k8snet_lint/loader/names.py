"""The names under which files are shown."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def shown(path: str) -> str:
    """The path as a reader finds it: with `/`, relative to the working directory where it lies below, else absolute.

    `./a`, `a` and `a`'s absolute path give one name, so that reports do not depend on how an argument was spelt.
    """
    plain = os.path.normpath(path)
    if not os.path.isabs(plain) and ".." not in path.replace("\\", "/").split("/"):
        return plain.replace(os.sep, "/")
    here = os.getcwd()
    absolute = os.path.abspath(path)
    if not is_below(absolute, here):
        absolute, here = real_path(path), real_path(here)
    if not is_below(absolute, here):
        return os.path.abspath(path).replace(os.sep, "/")
    return (absolute[len(here) :].lstrip(os.sep) or ".").replace(os.sep, "/")


def is_below(path: str, directory: str) -> bool:
    """Whether a path is a directory or lies in it, both absolute and normalised."""
    return path == directory or path.startswith(directory.rstrip(os.sep) + os.sep)


def joined(directory: str, name: str) -> str:
    """The shown name of an entry of a shown directory."""
    return name if directory == "." else f"{directory.rstrip('/')}/{name}"


def parent(name: str) -> str:
    """The shown directory of a shown file or directory."""
    head, slash, _ = name.rpartition("/")
    return head or slash or "."


def above(name: str) -> Iterator[str]:
    """The shown directories that hold a shown directory or file, from the nearest."""
    while (outer := parent(name)) != name:
        yield outer
        name = outer


def printable(name: str) -> str:
    """The name as text: bytes of a file name that are no UTF-8 are replaced."""
    return name if name.isascii() else name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def real_path(path: str) -> str:
    """The path with all links resolved; one that no file can have is given back as it is."""
    try:
        return os.path.realpath(path)
    except ValueError:  # a NUL character
        return path
