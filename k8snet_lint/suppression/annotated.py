"""Objects whose annotation suppresses, and where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.manifest import Document
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node
    from k8snet_lint.report import ResourceName


class Annotated(NamedTuple):
    """An object and its annotation.

    Shapes: `files` are the names of all that write a part of the object; `views` the units and worlds that show it so.
    """

    resource: ResourceName
    node: Node
    files: frozenset[str]
    views: frozenset[str] = frozenset()


def files_of(root: Node) -> frozenset[str]:
    """The names of the files that write a part of an object: one, or several where it is built."""
    if isinstance(root.document, Document):
        return frozenset((root.document.source.name,))
    found = set()
    pending = [root]
    while pending:
        node = pending.pop()
        found.add(node.location.source.name)
        found.add(node.key_location.source.name)
        pending.extend(below for _, below in node.items())
        pending.extend(node)
    return frozenset(found)
