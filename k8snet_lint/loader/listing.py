"""What the entries of a kustomization lead to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from k8snet_lint.loader.kustomization import FILE_NAMES
from k8snet_lint.loader.names import is_below, real_path, shown
from k8snet_lint.loader.walk import File

if TYPE_CHECKING:
    from k8snet_lint.loader.kustomization import Kustomization
    from k8snet_lint.loader.walk import Tree


class Listing(NamedTuple):
    """A kustomization and what it leads to.

    Shapes: `files` hold resources; `directories` (real paths) hold kustomizations; `context` are real paths of
    files that are named for another purpose, `tools` of directories that are; `flaws` say what leads nowhere.
    """

    kustomization: Kustomization
    files: tuple[File, ...]
    directories: tuple[str, ...]
    context: frozenset[str]
    tools: frozenset[str]
    flaws: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Of the kustomization and its resources."""
        return (self.kustomization.file.path, *(file.path for file in self.files))


def listing(kustomization: Kustomization, tree: Tree) -> Listing:
    """Follow the entries: files below the kustomization, directories anywhere, nothing from the network."""
    files, directories, flaws = [], [], list(kustomization.flaws)
    for entry in kustomization.listed:
        path = _path(kustomization, entry)
        path = path if path in tree.by_path else real_path(path)
        file = tree.by_path.get(path)
        if file is None and _is_excluded(path, tree):
            flaws.append(f"'{entry}' is excluded")
        elif file is None and os.path.isdir(path):
            if kustomization_file(path, tree) is None:
                flaws.append(f"'{entry}' is a directory without a kustomization")
            else:
                directories.append(path)
        elif file is None and not os.path.isfile(path):
            flaws.append(f"'{entry}' is remote" if _is_remote(entry) else f"'{entry}' does not exist")
        elif is_below(path, kustomization.directory):
            files.append(file or File(path, shown(path), kustomization.file.argument))
        else:
            # Kustomize refuses it. If it lies in the tree, it is still no object of its own.
            flaws.append(f"'{entry}' lies outside of the kustomization's directory")
            files.extend([file] if file else [])
    named = {_path(kustomization, name) for name in kustomization.named}
    return Listing(
        kustomization=kustomization,
        files=tuple(files),
        directories=tuple(directories),
        context=frozenset(path for path in named if path in tree.by_path),
        tools=frozenset(_path(kustomization, entry) for entry in kustomization.configured),
        flaws=tuple(flaws),
    )


def kustomization_file(directory: str, tree: Tree) -> File | None:
    """The kustomization of a directory; one beyond the scanned tree is found as well."""
    for name in FILE_NAMES:
        path = os.path.join(directory, name)
        file = tree.by_path.get(path)
        if file is not None:
            return file
        if os.path.isfile(path) and not _is_excluded(path, tree):
            return File(real_path(path), shown(path), shown(path))
    return None


def _path(kustomization: Kustomization, entry: str) -> str:
    """The path that an entry stands for, links not resolved."""
    return os.path.normpath(os.path.join(kustomization.directory, entry))


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
