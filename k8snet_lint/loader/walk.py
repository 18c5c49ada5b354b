"""From the arguments of a command line to the files below them."""

from __future__ import annotations

import os
import stat
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from k8snet_lint.cached import cached_property
from k8snet_lint.errors import Skipped, Unread
from k8snet_lint.loader.globs import compile_globs
from k8snet_lint.loader.names import joined, printable, real_path, shown
from k8snet_lint.nearest import did_you_mean
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping

    from k8snet_lint.loader.options import LoadOptions

ENDINGS = (".yaml", ".yml", ".json")
NAMES_WITHOUT_ENDING = frozenset({"Kustomization"})
MAX_COMPARED = 1000
"""How many entries of a directory are compared with the name of a missing target."""

LEFT_OUT = frozenset({"node_modules", "CVS", "_darcs"})
"""Directories of other people's files and of version control; those whose names start with a dot are left out too."""


class File(NamedTuple):
    """A file to read.

    Shapes: `path` is where it really is, all links resolved; `name` is shown, with `/`; `argument` is the shown
    name of the argument that it was found under, which is the file itself where it was given.
    """

    path: str
    name: str
    argument: str

    @property
    def directory(self) -> str:
        return self.path[: self.path.rfind(os.sep)] or os.sep

    @property
    def base(self) -> str:
        """The last part of the path."""
        return self.path[self.path.rfind(os.sep) + 1 :]

    @property
    def is_argument(self) -> bool:
        return self.name == self.argument


class Tree:
    """What lies below the arguments.

    Shapes: `files` are sorted by name; `excluded` are real paths of what a glob left out; `arguments` are the real
    paths of the arguments by their shown names.
    """

    def __init__(
        self,
        files: tuple[File, ...],
        arguments: Mapping[str, str],
        excluded: frozenset[str],
        unread: tuple[Unread, ...],
        skipped: tuple[Skipped, ...],
    ) -> None:
        self.files: Final = files
        self.arguments: Final = arguments
        self.excluded: Final = excluded
        self.unread: Final = unread
        self.skipped: Final = skipped

    @cached_property
    def by_path(self) -> dict[str, File]:
        return {file.path: file for file in self.files}

    def having(self, file: File) -> Tree:
        """The same with one more file, the last."""
        return Tree((*self.files, file), self.arguments, self.excluded, self.unread, self.skipped)


def walk(targets: Iterable[str], options: LoadOptions) -> Tree:
    """Find the files below the targets, each real file once, under the outermost target that holds it.

    A file that is itself a target is taken whatever its ending, and no glob leaves a target out.
    """
    walker = _Walker(compile_globs(options.exclude), real_path(options.directory))
    arguments = {}
    by_path = {real_path(target) if target else "": target for target in sorted(targets, reverse=True)}
    for real, target in sorted(by_path.items()):
        if not target:
            walker.unread.append(Unread("''", "an empty path names no file", "write a path, or '.' for all below"))
            continue
        arguments[shown(target)] = real
        walker.take(target, real)
    return Tree(
        files=tuple(sorted(walker.files, key=attrgetter("name"))),
        arguments=arguments,
        excluded=frozenset(walker.excluded),
        unread=tuple(walker.unread),
        skipped=tuple(
            Skipped(reason, len(names), tuple(sorted(names))) for reason, names in sorted(walker.skipped.items())
        ),
    )


class _Walker:
    def __init__(self, exclude: re.Pattern[str] | None, origin: str) -> None:
        self.exclude = exclude
        self.origin = origin
        self.files: list[File] = []
        self.unread: list[Unread] = []
        self.skipped: dict[str, list[str]] = {}
        self.excluded: set[str] = set()
        self.seen: set[str] = set()

    def take(self, target: str, real: str) -> None:
        """Add the files of one target."""
        name = shown(target)
        try:
            mode = os.stat(target).st_mode
        except (OSError, ValueError) as error:
            self._unreadable(name, error, help=_missing_help(target))
            return
        if stat.S_ISDIR(mode):
            links = self._directory(real, name, real, name)
            for path, link in sorted(links):
                self._link(path, link, real, name)
        elif stat.S_ISREG(mode):
            self._file(real, name, name)
        else:
            # A pipe that is named outright is meant to be read: `check <(helm template .)`.
            self._file(os.path.abspath(target), name, name)

    def _found(self, path: str, name: str, argument: str, *, regular: bool) -> None:
        if regular:
            self._file(path, name, argument)
        else:
            self._skip("neither file nor directory", name)

    def _file(self, path: str, name: str, argument: str) -> None:
        if path not in self.seen:
            self.seen.add(path)
            self.files.append(File(path, printable(name), argument))

    def _directory(self, path: str, name: str, root: str, argument: str) -> list[tuple[str, str]]:
        """Add what lies below a directory; gives back the links (path, name) met on the way."""
        links = []
        pending = [(path, name)]
        while pending:
            path, name = pending.pop()
            if path in self.seen:
                continue
            self.seen.add(path)
            for entry in self._entries(path, name):
                below = joined(name, entry.name)
                if entry.is_symlink():
                    links.append((entry.path, below))
                elif entry.is_dir():
                    if not self._leaves_out(entry.path, below, root, directory=True):
                        pending.append((entry.path, below))
                elif _has_manifest_name(entry.name) and not self._leaves_out(entry.path, below, root, directory=False):
                    self._found(entry.path, below, argument, regular=entry.is_file())
        return links

    def _entries(self, path: str, name: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(path) as entries:
                return [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            self._unreadable(name, error)
            return []

    def _link(self, path: str, name: str, root: str, argument: str) -> None:
        """Follow a link unless it leads out of the tree, to nothing, or to what was seen."""
        pending = [(path, name)]
        while pending:
            path, name = pending.pop()
            real = real_path(path)
            is_directory = os.path.isdir(real)
            if not is_directory and not _has_manifest_name(os.path.basename(path)):
                continue
            if not real.startswith(root.rstrip(os.sep) + os.sep) and real != root:
                self._skip("symbolic link out of the scanned directory", name)
            elif not os.path.exists(real):
                self._skip("symbolic link to nothing", name)
            elif self._leaves_out(path, name, root, directory=is_directory):
                continue
            elif is_directory:
                pending.extend(sorted(self._directory(real, name, root, argument), reverse=True))
            else:
                self._found(real, name, argument, regular=os.path.isfile(real))

    def _leaves_out(self, path: str, name: str, root: str, *, directory: bool) -> bool:
        if directory and os.path.basename(path) in LEFT_OUT:
            self._skip("installed packages or version control", name)
            return True
        if self.exclude is None:
            return False
        end = "/" if directory else ""
        for origin in (self.origin, root):
            below = path[len(origin.rstrip(os.sep)) + 1 :] if path.startswith(origin.rstrip(os.sep) + os.sep) else ""
            if below and self.exclude.fullmatch(below.replace(os.sep, "/") + end):
                self.excluded.add(path)
                self._skip("excluded", name)
                return True
        return False

    def _skip(self, reason: str, name: str) -> None:
        self.skipped.setdefault(reason, []).append(printable(name))

    def _unreadable(self, name: str, error: OSError | ValueError, help: str = "") -> None:  # noqa: A002 - Unread's word
        message = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        self.unread.append(Unread(printable(name), message[:1].lower() + message[1:], help))


def _has_manifest_name(name: str) -> bool:
    return name.lower().endswith(ENDINGS) or name in NAMES_WITHOUT_ENDING


def _missing_help(target: str) -> str:
    """The entry beside a missing target that it may have meant."""
    directory, name = os.path.split(os.path.normpath(target))
    try:
        entries = os.listdir(directory or ".")
    except (OSError, ValueError):
        return "check the path and the working directory"
    return (
        did_you_mean(name, sorted(entries)[:MAX_COMPARED]).removeprefix("; ")
        or "check the path and the working directory"
    )
