"""Patches as kustomizations hold them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from k8snet_lint.kustomize import inset
from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from k8snet_lint.manifest import Node

    Read = Callable[[Node], Sequence[Node] | None]
    """The documents of a file that an entry names; None once what is wrong with it was noted."""


class Patch(NamedTuple):
    """One document of a patch: a list of operations, or something that looks like an object."""

    body: Node
    at: Node
    """What names it in the kustomization."""

    target: Node
    options: Node
    as_texts: bool = False
    """Whether kustomize makes texts of its labels and annotations."""

    is_noted: bool = True
    """Whether kustomize remembers what the object was called before it."""

    @property
    def is_copied(self) -> bool:
        """Whether kustomize applies a copy of it, of which it makes texts and which has the object's apiVersion."""
        return self.as_texts or self.target.is_mapping

    @property
    def is_json(self) -> bool:
        return self.body.is_list


def patch_of(entry: Node, read: Read, text: str = "patch") -> list[Patch]:
    """The patches of an entry of `patches`. Raises Refused for one that kustomize refuses."""
    own, path = entry[text], entry["path"]
    if bool(own.text.strip()) == bool(path.text):
        said = "both a patch and a path" if path.text else "neither a patch nor a path"
        raise Refused(f"an entry holds {said}", entry)
    at = path if path.text else own
    bodies = read(path) if path.text else inset.documents(own, is_trimmed=text == "patch")
    whole = bodies[0].document.source.text if path.text and bodies else own.text.lstrip()
    if whole.startswith("[") and not _is_json(whole):
        raise Refused("a patch that starts with '[' is no JSON", at)
    found = [Patch(body, at, entry["target"], entry["options"]) for body in bodies or ()]
    if bodies is not None and not found and not entry["target"].is_mapping:
        raise Refused("a patch is empty and names no target", at)
    if found and found[0].is_json:
        if not entry["target"].is_mapping:
            raise Refused("a JSON patch names no target", at)
        return found[:1]  # kustomize passes over what follows
    for patch in found:
        _check(patch)
    if entry["target"].is_mapping and sum(not patch.is_json for patch in found) > 1:
        raise Refused("several patches share one target, which is for one patch only", at)
    return found


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def json_patch_of(entry: Node, read: Read, text: str = "patch") -> list[Patch]:
    """The patches of an entry of `patchesJson6902`. Raises Refused for one that is no list of operations."""
    if not entry.at("target", "name").text:
        raise Refused("the target of a JSON patch has no name", entry["target"] or entry)
    missing: list[Node] = []

    def noted(path: Node) -> Sequence[Node] | None:
        bodies = read(path)
        missing.extend((path,) if bodies is None else ())
        return bodies

    found = [patch._replace(is_noted=False) for patch in patch_of(entry, noted, text)]
    if not missing and not (found and all(patch.is_json and patch.body for patch in found)):
        raise Refused("a JSON patch is to be a list of operations", entry)
    return found


def merge_patches(entry: Node, read: Read) -> list[Patch]:
    """The patches of an entry of `patchesStrategicMerge`: the path of a file, or the patch itself."""
    bodies = inset.documents(entry) if inset.is_one(entry) else read(entry)
    found = [Patch(body, entry, entry["target"], entry["options"], as_texts=True) for body in bodies or ()]
    if bodies is not None and not found and entry.parent is not None and len(entry.parent.value) == 1:
        raise Refused("the only patch is empty", entry)
    for patch in found:
        _check(patch)
    return found


def _check(patch: Patch) -> None:
    body = patch.body
    if not body.is_mapping or not body["kind"].text or body.at("metadata", "name").value in (None, ""):
        raise Refused("a patch names no kind or no metadata.name", patch.at)
