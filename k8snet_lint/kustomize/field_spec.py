"""Field specs: where the objects of a kind hold what a transformation changes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.kustomize.part import Part
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.kustomize.draft import Draft, Id
    from k8snet_lint.manifest import Node

_SLASH = re.compile(r"(?<!\\)/")


class FieldSpec(NamedTuple):
    """A path in the objects of a kind (`types.FieldSpec`); empty group, version and kind mean any.

    Shapes: `path` goes through lists without saying so; with `create`, what is missing on the way is made, but for
    a key that ends in `[]`, which is a list's, and makes an empty one of a null.
    """

    path: tuple[str, ...]
    kind: str = ""
    group: str = ""
    version: str = ""
    create: bool = False

    def selects(self, held: Draft | Id) -> bool:
        """Whether it means the objects of a kind."""
        return self.kind in ("", held.kind) and self.group in ("", held.group) and self.version in ("", held.version)

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


def spec_of(field: Node) -> FieldSpec:
    """A field that a kustomization or its configuration names."""
    return FieldSpec(
        split_path(field["path"].text),
        field["kind"].text,
        field["group"].text,
        field["version"].text,
        create=field["create"].value is True,
    )


def joined(specs: Iterable[FieldSpec], more: Iterable[FieldSpec], at: Node) -> tuple[FieldSpec, ...]:
    """The specs, and those of the others that none of them stands in for.

    Raises Refused where one that does differs in whether it creates its field.
    """
    found = list(specs)
    for spec in more:
        twin = next((each for each in found if each.stands_for(spec)), None)
        if twin is None:
            found.append(spec)
        elif twin.create is not spec.create:
            raise Refused(f"'{'/'.join(spec.path)}' is named twice, of which one creates it only", at)
    return tuple(found)


@lru_cache(maxsize=1024)
def _keys(path: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of a path, and those that have to be there for it to change anything."""
    keys = tuple(key.removesuffix("[]") for key in path)
    listed = next((depth for depth, key in enumerate(path, start=1) if key.endswith("[]")), len(path))
    return keys, keys[:listed]


def slots(root: Part, path: tuple[str, ...], creator: Node | None = None) -> Iterator[Slot]:
    """The entries that a path leads to; those that are missing too where there is a Node to attribute them to.

    Raises Refused where the path leads into a scalar.
    """
    keys, needed = _keys(path)
    if creator is None and not root.reaches(needed):
        return
    pending = [(root, 0)]
    while pending:
        part, depth = pending.pop()
        if part.is_list:
            pending.extend((item, depth) for item in reversed(part.items))
        elif part.is_mapping:
            if depth == len(path) - 1:
                if keys[depth] in part.fields or creator is not None:
                    yield Slot(part, keys[depth])
                continue
            below = _below(part, path[depth], creator)
            if below is not None:
                pending.append((below, depth + 1))
        elif not part.is_null:
            raise Refused(f"'{'.'.join(path[:depth])}' holds {part.plain()!s:.40}, expected a mapping", part.node)


def _below(part: Part, key: str, creator: Node | None) -> Part | None:
    """What stands at a key on the way, where it need be made."""
    plain = key.removesuffix("[]")
    below = part.fields.get(plain)
    if below is not None and not below.is_null:
        return below
    if key != plain:
        if below is not None:
            below.become(Part(below.node, []))
    elif creator is not None:
        below = part.fields[key] = Part.mapping(creator)
    return below
