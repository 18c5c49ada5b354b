"""A version of the manifests as people name it: a path, a git revision, or `REVISION:path`."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path, PurePosixPath

from k8snet_lint.errors import UsageError
from k8snet_lint.quoting import quoted
from k8snet_lint.record import NamedTuple

NEITHER = "name a file, a directory, a git revision, or REVISION:path"


class Version(NamedTuple):
    """What a name means.

    Shapes: `revision` is empty for what stands in the file system; `path` is relative to the working directory.
    """

    text: str
    revision: str
    path: str


def versions(old: str, new: str) -> tuple[Version, Version]:
    """Both versions; a bare revision is read at the path that the other one names.

    Raises UsageError for what is neither a path nor a revision.
    """
    one, other = _version(old), _version(new)
    return _at(one, other), _at(other, one)


def _version(text: str) -> Version:
    if Path(text).exists():
        return Version(text, "", text)
    revision, colon, path = text.partition(":")
    if not revision or revision.startswith("-") or not _object(f"{revision}^{{commit}}"):
        raise UsageError(f"{quoted(text)} is neither a path nor a git revision", help=NEITHER)
    return Version(text, revision, path or "." if colon else "")


def _at(version: Version, other: Version) -> Version:
    if version.path:
        return version
    return version._replace(path=(other.path if not other.revision else "") or ".")


def extract(version: Version, directory: Path) -> str:
    """Write a revision's files below a directory, where the working directory has them; the path to read there.

    Only regular files are written, each below the directory whatever its name says. Raises UsageError where the
    revision holds nothing at the path.
    """
    path = os.path.relpath(version.path).replace(os.sep, "/") if Path(version.path).is_absolute() else version.path
    path = os.path.normpath(path).replace(os.sep, "/")
    found = _object(f"{version.revision}:{path}" if path.startswith("..") else f"{version.revision}:./{path}")
    if not found:
        raise UsageError(f"revision {quoted(version.revision)} holds nothing at {quoted(path)}", help=NEITHER)
    inside = "/".join(part for part in path.split("/") if part not in ("..", "."))
    if _git("cat-file", "-t", found).strip() == b"blob":
        target = directory / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_git("cat-file", "blob", found))
    else:
        _unpack(_git("archive", "--format=tar", found, at_top=True), directory / inside)
    return inside or "."


def _unpack(archive: bytes, directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as tar:
        for member in tar:
            parts = PurePosixPath(member.name).parts
            stream = tar.extractfile(member) if member.isfile() else None
            if stream is None or not parts or any(part in ("..", "/") or ":" in part or "\\" in part for part in parts):
                continue
            target = directory.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(stream.read())


def _object(name: str) -> str:
    """The hash of a git object; empty where there is none of that name."""
    try:
        return _git("rev-parse", "--verify", "--quiet", "--end-of-options", name).decode("ascii").strip()
    except UsageError:
        return ""


def _git(*arguments: str, at_top: bool = False) -> bytes:
    """What git prints. Raises UsageError where it cannot be run or fails."""
    git = shutil.which("git")
    if git is None:
        raise UsageError("git is not installed", help="compare two directories instead")
    try:
        top = (
            _run(git, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").rstrip("\n") if at_top else "."
        )
        return _run(git, "-C", top, *arguments)
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise UsageError(f"git {arguments[0]} failed: {said}", help=NEITHER) from error


def _run(*command: str) -> bytes:
    return subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 - git, and never a shell
