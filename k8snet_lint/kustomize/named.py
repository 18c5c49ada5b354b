"""The files that a kustomization names besides its resources: patches, configurations, what generators read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize import inset
from k8snet_lint.kustomize.content import Content
from k8snet_lint.kustomize.files import EntryKind
from k8snet_lint.kustomize.flaw import FlawCode
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.kustomize.building import Build
    from k8snet_lint.manifest import Node


class Named(NamedTuple):
    """Reads the files that the kustomization of a directory names, and notes what is wrong with them."""

    run: Build
    directory: str

    def documents(self, entry: Node) -> Sequence[Node] | None:
        """The documents of the file that an entry names."""
        path = self._path(entry, entry.text)
        found = self.run.files.documents(path) if path else None
        if path and found is None:
            self.run.flaw(FlawCode.UNREADABLE, entry, f"'{self.run.files.shown(path)}' could not be read in full")
        return found

    def written(self, entry: Node) -> Sequence[Node]:
        """The documents that an entry holds, or those of the file that it names."""
        return inset.documents(entry) if inset.is_one(entry) else self.documents(entry) or ()

    def content(self, name: str, entry: Node) -> Content:
        """The file of a name that stands in an entry; an empty one where there is none to be read."""
        path = self._path(entry, name)
        data = self.run.files.content(path) if path else None
        shown = self.run.files.shown(path) if path else name
        if path and data is None:
            self.run.flaw(FlawCode.UNREADABLE, entry, f"'{shown}' could not be read")
        return Content(shown, data or b"")

    def _path(self, entry: Node, name: str) -> str:
        """The path of a file that an entry names; empty where it leads to none."""
        found = self.run.files.entry(self.directory, name)
        if found.kind is EntryKind.FILE:
            return found.path
        if found.kind in (EntryKind.DIRECTORY, EntryKind.BARE):
            self.run.flaw(FlawCode.INVALID, entry, f"'{name}' is a directory, expected a file")
        else:
            self.run.nowhere(entry, self.directory, name, found.kind)
        return ""
