"""Images and replica counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.kustomize.field_spec import Slot, slots
from k8snet_lint.kustomize.flaw import NoTarget, Refused
from k8snet_lint.kustomize.part import Part
from k8snet_lint.kustomize.target import compiled
from k8snet_lint.kustomize.words import is_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.kustomize.draft import Draft, Drafts
    from k8snet_lint.kustomize.field_spec import FieldSpec
    from k8snet_lint.manifest import Node

LISTS = ("containers", "initContainers")
_TAG = re.compile(r"(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?")


def set_replicas(drafts: Drafts, entry: Node, specs: Sequence[FieldSpec]) -> None:
    """Set the replica count of the workloads of a name. Raises NoTarget where there is none."""
    name, count = entry["name"].text, entry["count"]
    if count.integer is None:
        raise Refused(f"'{count.value!s:.40}' is no count of replicas", count if count.present else entry)
    found = False
    for draft in drafts:
        ids = [known for known in (draft.id, *draft.previous) if known.name == name]
        for spec in specs if ids else ():
            if any(spec.selects(known) for known in ids):
                found = True
                _set_count(draft, spec, count)
    if not found:
        raise NoTarget(f"no workload is called '{name}' to set its count of replicas", entry)


def _set_count(draft: Draft, spec: FieldSpec, count: Node) -> None:
    for slot in slots(draft.root, spec.path, count if spec.create else None) if spec.selects(draft) else ():
        old = slot.part
        if old is not None and (old.is_mapping or old.is_list):
            raise Refused(f"'{'.'.join(spec.path)}' holds {old.plain()!s:.40}, expected a count", old.node)
        text = count.value if old is None or not is_quoted(old) else str(count.value)
        slot.set(Part(count, text, (old.node, *old.before) if old is not None else ()))


def set_images(drafts: Drafts, entry: Node, specs: Sequence[FieldSpec]) -> None:
    """Give the containers of an image another name, tag or digest."""
    named = entry["name"]
    if not named.text:
        return
    # Kustomize puts `^` before the name: a star repeats that, and so lets the name start anywhere.
    pattern = compiled(f".{named.text}" if named.text.startswith("*") else named.text, named)
    for draft in drafts:
        if draft.kind == "CustomResourceDefinition":
            continue
        if _mentions(draft.root.plain()):
            for container in _containers(draft.root):
                _set_image(Slot(container, "image"), entry, pattern)
        for spec in specs:  # so that those of a pod are set twice, which shows in a suffix
            if spec.selects(draft):
                for slot in slots(draft.root, spec.path):
                    _set_image(slot, entry, pattern)


def _set_image(slot: Slot, entry: Node, pattern: re.Pattern[str]) -> None:
    image, named = slot.part, entry["name"]
    text = image.plain() if image is not None else None
    if image is not None and (image.is_mapping or image.is_list):
        raise Refused(f"'image' holds {text!s:.40}, expected a text", image.node)
    if image is not None and isinstance(text, str) and _is_meant(text, named.text, pattern):
        changed, by = _changed(text, entry)
        if changed != text or (by is not None and image.node != by):
            slot.set(Part(by or named, changed, (image.node, *image.before)))


def _mentions(value: object) -> bool:
    """Whether there are containers anywhere in it."""
    if isinstance(value, dict):
        return any(
            (key in LISTS and isinstance(item, list)) or (isinstance(item, dict | list) and _mentions(item))
            for key, item in value.items()
        )
    return isinstance(value, list) and any(_mentions(item) for item in value)


def _containers(root: Part) -> Iterator[Part]:
    """All containers with an image that stand in a list of containers, wherever in the object."""
    pending = [root]
    while pending:
        part = pending.pop()
        if part.is_mapping:
            for key, below in part.fields.items():
                if key in LISTS and below.is_list:
                    yield from (item for item in below.items if item.is_mapping and item.reaches(("image",)))
                elif below.is_mapping or below.is_list:
                    pending.append(below)
        else:
            pending.extend(part.items)


def _is_meant(image: str, name: str, pattern: re.Pattern[str]) -> bool:
    """Whether an image is that of the name, with any tag and digest."""
    if image.startswith(name) and _TAG.fullmatch(image, len(name)):
        return True
    match = pattern.match(image[:512])
    return match is not None and _TAG.fullmatch(image, match.end()) is not None


def _changed(image: str, entry: Node) -> tuple[str, Node | None]:
    """The image's new text, and what says so, if anything does."""
    name, tag, digest = _split(image)
    name = entry["newName"].text or name
    new_tag, new_digest, suffix = (entry[key].text for key in ("newTag", "digest", "tagSuffix"))
    if new_tag or new_digest:
        tag, digest = new_tag, new_digest
    elif suffix:
        tag, digest = tag + suffix, ""
    by = next((entry[key] for key in _sayers(entry) if entry[key].text), None)
    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else ""), by


def _sayers(entry: Node) -> tuple[str, ...]:
    """The fields that may say what becomes of an image, the most telling first."""
    replaced = entry["newTag"].text or entry["digest"].text
    return ("digest", "newTag", "newName") if replaced else ("tagSuffix", "newName")


def _split(image: str) -> tuple[str, str, str]:
    """Name, tag and digest; a colon in the registry's address is no tag's."""
    path = image.find("/")
    name, at, digest = image.partition("@")
    colon = name.find(":", max(path, 0))
    if colon < 0:
        return name, "", digest if at else ""
    return name[:colon], name[colon + 1 :], digest
