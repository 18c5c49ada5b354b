"""A built object, which tells of each of its values where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snet_lint.kustomize.annotations import as_annotations
from k8snet_lint.kustomize.draft import Written
from k8snet_lint.manifest import Node

if TYPE_CHECKING:
    from k8snet_lint.kustomize.draft import Draft
    from k8snet_lint.kustomize.part import Part
    from k8snet_lint.manifest import Path
    from k8snet_lint.source import Location, Source


DEPTH = 2
"""How far below a value parts of it are looked for: the fields of a list's items, no further."""
RULES = ("ingress", "egress")
DEPTH_OF_RULES = 6
"""How far below the rules of a policy: a port, or a label that a peer is selected by."""
HAND = "had a hand in this value, which is built"


class BuiltDocument:
    """What a kustomization makes of an object; read-only.

    A value is written where the line stands that has to change: in the resource, or in the patch or the
    kustomization that set it last. A name with a prefix is written where the resource names it.
    """

    __slots__ = ("_root", "value")

    def __init__(self, root: Part, value: Any) -> None:  # noqa: ANN401 - as YAML
        self._root = root
        self.value = value

    def __repr__(self) -> str:
        return f"BuiltDocument({self._root.node.location})"

    @property
    def source(self) -> Source:
        """The text that holds the object as such: a resource's, or the kustomization that generates it."""
        return self._root.node.document.source

    def locate(self, path: Path) -> Location:
        """Where the value at `path` is written; for an absent one, its nearest written ancestor."""
        part, rest = self._root.follow(path)
        return part.node.at(*rest).location

    def locate_key(self, path: Path) -> Location:
        """Where the key (or the list item) at `path` is written; for an absent one, its nearest written ancestor."""
        part, rest = self._root.follow(path)
        return part.node.at(*rest).key_location

    def origins(self, path: Path) -> tuple[Location, ...]:
        """The further places that had a hand in the value at `path`: what a patch changed, what gave a prefix."""
        part, rest = self._root.follow(path)
        if rest:
            return ()
        primary = part.node.location
        found = (node.location for node in part.before)
        return tuple(dict.fromkeys(location for location in found if location != primary))

    def related(self, path: Path) -> tuple[tuple[Location, str], ...]:
        """The same places, each with a word on it."""
        return tuple((location, HAND) for location in self.origins(path))

    def parts(self, path: Path) -> tuple[Location, ...]:
        """Where other files write parts of the mapping or the list at `path`: the topmost of each."""
        part, rest = self._root.follow(path)
        depth = DEPTH_OF_RULES if path and path[-1] in RULES else DEPTH
        return () if rest else tuple(dict.fromkeys(node.location for node in part.foreign(depth)))


def finished(draft: Draft) -> Written:
    """The object of a draft: the very one that was read where nothing changed it."""
    root = draft.root
    annotations = root.peek(("metadata", "annotations"))
    if root.reaches(("metadata", "annotations")) and not (annotations and isinstance(annotations, dict)):
        root.fields["metadata"].fields.pop("annotations", None)
    elif isinstance(annotations, dict) and not all(isinstance(value, str) for value in annotations.values()):
        as_annotations(root.fields["metadata"].fields["annotations"])
    if root.is_untouched:
        return Written(root.node, draft.api_version, draft.kind)
    value = root.plain()
    return Written(Node(BuiltDocument(root, value), value), draft.api_version, draft.kind)
