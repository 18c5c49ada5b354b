"""What a build of kustomizations reads, within the tree and within bounds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snet_lint.errors import Unread
from k8snet_lint.kustomize import Resources, Written
from k8snet_lint.loader.kustomization import FILE_NAMES
from k8snet_lint.loader.listing import entry_of
from k8snet_lint.loader.names import parent, shown
from k8snet_lint.loader.walk import MAX_COMPARED, File
from k8snet_lint.nearest import edit_distance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from k8snet_lint.kustomize import Entry
    from k8snet_lint.loader.listing import Listing
    from k8snet_lint.loader.scan import Scan
    from k8snet_lint.manifest import Node

MAX_CONTENT = 64 * 1024 * 1024
"""How many bytes the generators of one build may read."""


class BuildFiles:
    """Reads for one build what its kustomizations name."""

    def __init__(self, listings: Mapping[str, Listing], scan: Scan) -> None:
        self._listings = listings
        self._scan = scan
        self._room = MAX_CONTENT

    def entry(self, directory: str, name: str) -> Entry:
        """What a name leads to that stands in the kustomization of a directory."""
        return entry_of(directory, name, self._scan.tree)

    def hint(self, directory: str, name: str) -> str:
        """What lies beside a name that leads to nothing and is spelt nearly like it."""
        path = os.path.normpath(os.path.join(directory, name))
        try:
            entries = sorted(os.listdir(os.path.dirname(path)))[:MAX_COMPARED]
        except (OSError, ValueError):
            return ""
        listed = set(self._listings[directory].paths) if directory in self._listings else set()
        free = [each for each in entries if os.path.join(os.path.dirname(path), each) not in listed]
        near = _misspelt(os.path.basename(path), free)
        above = name.rpartition("/")[0]
        return f"did you mean '{above + '/' if above else ''}{near}'?" if near else ""

    def kustomization(self, directory: str) -> Written | None:
        """The kustomization of a directory; None for one that cannot be read."""
        part = self._listings.get(directory)
        return Written(*part.kustomization.written) if part else None

    def kustomization_names(self, directory: str) -> Sequence[str]:
        """The names of the files in a directory that kustomize would take for its kustomization."""
        return [name for name in FILE_NAMES if os.path.isfile(os.path.join(directory, name))]

    def shown(self, path: str) -> str:
        """The name of a path for a reader; a kustomization's directory is called as its file is."""
        part = self._listings.get(path)
        return parent(part.kustomization.file.name) if part else self._file(path).name

    def resources(self, path: str) -> Resources:
        """The objects of a file, those that no rule judges as far as others name them."""
        text = self._scan.reader.read(self._file(path), building=True)
        held = text.held
        read = {(_group(written.api_version), written.kind) for written in held.unjudged}
        unseen = frozenset(_split(name) for name in held.kinds) - read
        is_whole = text.is_whole or (text.is_parsed and len(held.problems) == len(held.unversioned))
        objects = [Written(*each) for each in (*held.objects, *held.unjudged, *held.unversioned)]
        return Resources(objects, unseen, is_whole, held.others)

    def documents(self, path: str) -> Sequence[Node] | None:
        """The documents of a patch; None where it does not parse."""
        text = self._scan.reader.patch(self._file(path))
        return text.roots if text.is_whole else None

    def content(self, path: str) -> bytes | None:
        """The bytes of a file; None where it cannot be read, or where there are too many."""
        data = self._scan.reader.content(self._file(path))
        if isinstance(data, Unread) or len(data) > self._room:
            return None
        self._room -= len(data)
        return data

    def _file(self, path: str) -> File:
        found = self._scan.tree.by_path.get(path)
        name = shown(path)
        return found or File(path, name, name)


def _misspelt(name: str, entries: Sequence[str]) -> str:
    """The entry that the name may be a slip of: its stem is spelt alike, or but for one letter in four, at most two."""
    stem = _stem(name)
    slips = min(2, len(stem) // 4)
    ranked = sorted((edit_distance(stem, _stem(each), slips), each) for each in entries)
    return ranked[0][1] if ranked and ranked[0][0] <= slips else ""


def _stem(name: str) -> str:
    return os.path.splitext(name)[0].lower()


def _group(api_version: str) -> str:
    return api_version.rpartition("/")[0]


def _split(name: str) -> tuple[str, str]:
    """Group and kind of `group/Kind`."""
    group, _, kind = name.rpartition("/")
    return group, kind
