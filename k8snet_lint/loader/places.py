"""Where paths of repositories lie that objects of Flux and Argo CD name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.loader.globs import compile_globs
from k8snet_lint.loader.names import is_below, real_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from k8snet_lint.loader.walk import Tree


class Places:
    """Where paths of repositories lie.

    Shapes: `roots` are where they may start: the repositories that hold the arguments, or else whatever holds them;
    where they may by chance only, as nothing says that the repository is more than what is given, is `_perhaps`.
    """

    def __init__(self, tree: Tree) -> None:
        self._arguments = tuple(tree.arguments.values())
        self._paths = {file.name: file.path for file in tree.files}
        roots: dict[str, None] = {}
        perhaps: dict[str, None] = {}
        for argument in self._arguments:
            above = [argument, *_above(argument)]
            repository = [path for path in above if os.path.exists(os.path.join(path, ".git"))]
            roots[repository[0] if repository else argument] = None
            perhaps.update(dict.fromkeys([] if repository else above[1:]))
        self._roots, self._perhaps = tuple(roots), tuple(perhaps)
        self.roots = (*self._roots, *self._perhaps)
        self._found: dict[tuple[str, str], str] = {}
        self._matching: dict[tuple[str, str], Sequence[str]] = {}
        self._inner: dict[str, dict[int, list[str]]] = {}

    def file(self, name: str) -> str:
        """The real path of the file that is shown as `name`; nothing where it is none of the tree."""
        return self._paths.get(name, "")

    def directory(self, path: str, name: str) -> str:
        """The real path of the directory below the arguments that an object in the file of that name means, or nothing.

        It starts at a repository; where none is known, any directory that holds the file may be its root.
        """
        file = self.file(name)
        key = (path, os.path.dirname(file))
        if key not in self._found:
            self._found[key] = self._directory(path, file)
        return self._found[key]

    def _directory(self, path: str, file: str) -> str:
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if not parts or ".." in parts:
            return ""
        for root in self._starts(file):
            found = real_path(os.path.join(root, *parts))
            if self._is_given(found) and os.path.isdir(found):
                return found
        return ""

    def matching(self, pattern: str, *, name: str) -> Sequence[str]:
        """The paths of directories with files below the arguments that a pattern means in the file of that name.

        A star stays within a name (Go, `path.Match`).
        """
        key = (pattern, os.path.dirname(self.file(name)))
        if key not in self._matching:
            self._matching[key] = self._matched(pattern, self.file(name))
        return self._matching[key]

    def _matched(self, pattern: str, file: str) -> Sequence[str]:
        parts = [part for part in pattern.replace("**", "*").replace("[", "[[]").split("/") if part not in ("", ".")]
        fits = compile_globs(["/" + "/".join(parts)] if parts else [])
        for root in self._starts(file):
            paths = self._below(root).get(len(parts), ())
            if found := [path for path in paths if fits and fits.fullmatch(path)]:
                return found
        return ()

    def _below(self, root: str) -> Mapping[int, Sequence[str]]:
        """The paths of the directories below a root, by their depth."""
        if root not in self._inner:
            inner = self._inner[root] = dict[int, list[str]]()
            for path in self._directories:
                if is_below(path, root) and path != root:
                    below = path[len(root) :].strip(os.sep).replace(os.sep, "/")
                    inner.setdefault(below.count("/") + 1, []).append(below)
        return self._inner[root]

    @cached_property
    def _directories(self) -> Sequence[str]:
        """The real paths of the directories below the arguments that hold files, or others which do."""
        found = {above for path in self._paths.values() for above in _above(path)}
        return sorted(path for path in found if self._is_given(path))

    def _starts(self, file: str) -> Iterable[str]:
        """Where paths may start that a file names."""
        inner = (above for above in reversed(_above(file)) if self._is_given(above))
        return (*self._roots, *inner, *self._perhaps)

    def _is_given(self, path: str) -> bool:
        return any(is_below(path, argument) for argument in self._arguments)


def _above(path: str) -> list[str]:
    """The directories that hold a path, from the nearest."""
    found = []
    while path and (above := os.path.dirname(path)) != path:
        found.append(above)
        path = above
    return found
