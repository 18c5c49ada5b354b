"""Field specs: where the objects of a kind hold what a transformation changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.kustomize.part import Part
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.kustomize.draft import Draft
    from k8snet_lint.manifest import Node

_SLASH = re.compile(r"(?<!\\)/")


class FieldSpec(NamedTuple):
    """A path in the objects of a kind (`types.FieldSpec`); empty group, version and kind mean any.

    Shapes: `path` goes through lists without saying so; with `create`, what is missing on the way is made, but for
    a key that ends in `[]`, which is a list's.
    """

    path: tuple[str, ...]
    kind: str = ""
    group: str = ""
    version: str = ""
    create: bool = False

    def selects(self, draft: Draft) -> bool:
        return self.kind in ("", draft.kind) and self.group in ("", draft.group) and self.version in ("", draft.version)

    def stands_for(self, other: FieldSpec) -> bool:
        """Whether kustomize leaves the other one out beside this one, though it may mean more kinds."""
        return self.path == other.path and all(
            not theirs or theirs == own
            for own, theirs in ((self.group, other.group), (self.version, other.version), (self.kind, other.kind))
        )


class Slot(NamedTuple):
    """An entry of a mapping that may be set, whether it is there or not."""

    holder: Part
    key: str

    @property
    def part(self) -> Part | None:
        return self.holder.fields.get(self.key)

    def set(self, part: Part) -> None:
        self.holder.fields[self.key] = part


def split_path(text: str) -> tuple[str, ...]:
    r"""The keys of a path as kustomize writes it: a slash within a key is `\\/`."""
    return tuple(key.replace("\\/", "/") for key in _SLASH.split(text.removeprefix("/")))


def slots(root: Part, path: tuple[str, ...], creator: Node | None = None) -> Iterator[Slot]:
    """The entries that a path leads to; those that are missing too where there is a Node to attribute them to.

    Raises Refused where the path leads into a scalar.
    """
    if creator is None and not root.reaches(path):
        return
    pending = [(root, 0)]
    while pending:
        part, depth = pending.pop()
        if part.is_list:
            pending.extend((item, depth) for item in reversed(part.items))
        elif part.is_mapping:
            key = path[depth].removesuffix("[]")
            if depth == len(path) - 1:
                if key in part.fields or creator is not None:
                    yield Slot(part, key)
                continue
            below = part.fields.get(key)
            if creator is not None and key == path[depth] and (below is None or below.is_null):
                below = part.fields[key] = Part.mapping(creator)
            if below is not None:
                pending.append((below, depth + 1))
        elif not part.is_null:
            raise Refused(f"'{'.'.join(path[:depth])}' holds {part.plain()!s:.40}, expected a mapping", part.node)
