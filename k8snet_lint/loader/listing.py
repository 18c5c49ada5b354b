"""What the entries of a kustomization lead to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snet_lint.kustomize import Entry, EntryKind
from k8snet_lint.loader.ignored import has_pattern, is_ignored
from k8snet_lint.loader.kustomization import FILE_NAMES
from k8snet_lint.loader.names import is_below, real_path, shown
from k8snet_lint.loader.walk import File
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.loader.kustomization import Kustomization
    from k8snet_lint.loader.walk import Tree


class Listing(NamedTuple):
    """A kustomization and what it leads to.

    Shapes: `files` hold resources; `directories` (real paths) hold kustomizations; `context` are real paths of
    files that are named for another purpose, `tools` of directories that are.
    """

    kustomization: Kustomization
    files: tuple[File, ...]
    directories: tuple[str, ...]
    context: frozenset[str]
    tools: frozenset[str]

    @property
    def paths(self) -> tuple[str, ...]:
        """Of the kustomization and its resources."""
        return (self.kustomization.file.path, *(file.path for file in self.files))


def listing(kustomization: Kustomization, tree: Tree) -> Listing:
    """Follow the entries: files below the kustomization, directories anywhere, nothing from the network.

    A file that kustomize refuses, as it lies elsewhere, is still no object of its own where it lies in the tree.
    """
    files, directories = [], []
    for name in kustomization.listed:
        kind, path = entry_of(kustomization.directory, name, tree)
        if kind is EntryKind.DIRECTORY:
            directories.append(path)
        elif kind is EntryKind.FILE or (kind is EntryKind.OUTSIDE and path in tree.by_path):
            files.append(tree.by_path.get(path) or File(path, shown(path), kustomization.file.argument))
    found = Listing(
        kustomization=kustomization,
        files=tuple(files),
        directories=tuple(directories),
        context=frozenset(),
        tools=frozenset(_path(kustomization.directory, entry) for entry in kustomization.configured),
    )
    return with_names(found, kustomization.named, tree)


def with_names(part: Listing, names: Iterable[str], tree: Tree) -> Listing:
    """The listing with the files among these names, which stand in its kustomization or in what that names."""
    paths = {_path(part.kustomization.directory, name) for name in names}
    return part._replace(context=part.context | {path for path in paths if path in tree.by_path})


def entry_of(directory: str, name: str, tree: Tree) -> Entry:
    """What a name in the kustomization of a directory leads to, all links resolved."""
    written = _path(directory, name)
    path = written if written in tree.by_path else real_path(written)
    if path in tree.by_path:
        kind = EntryKind.FILE
    elif _is_excluded(path, tree):
        kind = EntryKind.EXCLUDED
    elif _escapes(written, path, tree):
        kind = EntryKind.OUTSIDE
    elif os.path.isdir(path):
        kind = EntryKind.DIRECTORY if kustomization_file(path, tree) else EntryKind.BARE
    elif os.path.isfile(path):
        kind = EntryKind.FILE
    elif _is_remote(name):
        kind = EntryKind.REMOTE
    elif is_ignored(path, tree.arguments.values()):
        kind = EntryKind.IGNORED
    else:
        kind = EntryKind.MADE if has_pattern(path) else EntryKind.MISSING
    if kind is EntryKind.FILE and not is_below(path, directory):
        kind = EntryKind.OUTSIDE
    return Entry(kind, path)


def kustomization_file(directory: str, tree: Tree) -> File | None:
    """The kustomization of a directory; one beyond the scanned tree is found as well."""
    for name in FILE_NAMES:
        path = os.path.join(directory, name)
        file = tree.by_path.get(path)
        if file is not None:
            return file
        if os.path.isfile(path) and not _is_excluded(path, tree) and not _escapes(path, real_path(path), tree):
            return File(real_path(path), shown(path), shown(path))
    return None


def _path(directory: str, entry: str) -> str:
    """The path that an entry stands for, links not resolved."""
    return os.path.normpath(os.path.join(directory, entry))


def _escapes(written: str, path: str, tree: Tree) -> bool:
    """Whether links lead from a path below the arguments to one that is not."""
    if written == path:
        return False
    roots = tree.arguments.values()
    return any(is_below(written, root) for root in roots) and not any(is_below(path, root) for root in roots)


def _is_excluded(path: str, tree: Tree) -> bool:
    if not tree.excluded:
        return False
    while path not in tree.excluded:
        above = os.path.dirname(path)
        if above == path:
            return False
        path = above
    return True


def _is_remote(entry: str) -> bool:
    """Whether an entry that is no path here is one that kustomize would fetch."""
    return "://" in entry or "?ref=" in entry or entry.startswith(("git@", "git::", "github.com/", "gh:"))
