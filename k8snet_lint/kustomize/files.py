"""What a build asks of whoever reads files."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Protocol

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.kustomize.draft import Written
    from k8snet_lint.manifest import Node


class EntryKind(enum.Enum):
    """What an entry of a kustomization leads to.

    FILE lies in or below the kustomization's directory, OUTSIDE is one that does not. BARE is a directory without a
    kustomization. REMOTE would have to be fetched; EXCLUDED is left out on demand; IGNORED is not there, and is not to
    be committed; MADE is not there either, but what it is made of is.
    """

    FILE = "file"
    DIRECTORY = "directory"
    OUTSIDE = "outside"
    BARE = "bare"
    MISSING = "missing"
    REMOTE = "remote"
    EXCLUDED = "excluded"
    IGNORED = "ignored"
    MADE = "made"


class Entry(NamedTuple):
    """What an entry leads to, and the path of it, which is the directory's for a DIRECTORY."""

    kind: EntryKind
    path: str


class Resources(NamedTuple):
    """The objects of a file.

    Shapes: `unseen` are group and kind of those that were not read; `is_whole` tells that nothing else is lost;
    `others` counts documents that are no objects.
    """

    objects: Sequence[Written]
    unseen: frozenset[tuple[str, str]] = frozenset()
    is_whole: bool = True
    others: int = 0


class Files(Protocol):
    """Reads what kustomizations name; never beyond the tree, never from the network."""

    def entry(self, directory: str, name: str) -> Entry:
        """What a name leads to that stands in the kustomization of a directory."""

    def hint(self, directory: str, name: str) -> str:
        """What a name may have meant that leads to nothing, empty where nothing is like it."""

    def kustomization(self, directory: str) -> Written | None:
        """The kustomization of a directory; None for one that cannot be read."""

    def kustomization_names(self, directory: str) -> Sequence[str]:
        """The names of the files in a directory that kustomize would take for its kustomization."""

    def shown(self, path: str) -> str:
        """The name of a path for a reader."""

    def resources(self, path: str) -> Resources:
        """The objects of a file."""

    def documents(self, path: str) -> Sequence[Node] | None:
        """The documents of a file, whatever they are; None where it does not parse."""

    def content(self, path: str) -> bytes | None:
        """The bytes of a file; None where it cannot be read."""
