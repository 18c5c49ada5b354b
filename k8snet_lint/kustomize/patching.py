"""Patches applied: whom they mean, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize import json_patch, merge
from k8snet_lint.kustomize.annotations import pass_through_json
from k8snet_lint.kustomize.draft import Draft, Id, Written
from k8snet_lint.kustomize.flaw import NoTarget, Refused, Unsupported
from k8snet_lint.kustomize.last_block import keep_break
from k8snet_lint.kustomize.part import Part
from k8snet_lint.kustomize.target import may_mean, selected
from k8snet_lint.kustomize.words import as_text, as_texts
from k8snet_lint.nearest import did_you_mean

if TYPE_CHECKING:
    from k8snet_lint.kustomize.draft import Drafts
    from k8snet_lint.kustomize.list_keys import Shapes
    from k8snet_lint.kustomize.patches import Patch
    from k8snet_lint.manifest import Node


READ_AT = {"copy": "from", "move": "from", "test": "path"}
"""Where operations of a JSON patch say what they read."""


def apply(drafts: Drafts, patch: Patch, shapes: Shapes) -> None:
    """Apply a patch to the objects that it means. Raises NoTarget where there are none."""
    if patch.target.is_mapping:
        meant = selected(drafts, patch.target)
        if not meant and not any(may_mean(group, kind, patch.target) for group, kind in drafts.unseen):
            raise NoTarget(_unmet(drafts, patch.target), patch.target)
    else:
        meant = _named(drafts, patch)
    gone = set()
    before = [draft.id for draft in meant]
    for position, draft in enumerate(meant):
        if patch.is_json:
            _operate(draft, patch)
        elif not _merge(draft, patch, shapes):
            gone.add(id(draft))
            continue
        draft.identify()
        if not draft.is_named:
            raise Refused(f"the patch leaves {before[position]} without a kind or a name", patch.at)
    if gone:
        drafts.keep(draft for draft in drafts if id(draft) not in gone)
    elif before != [draft.id for draft in meant]:
        drafts.changed()
    if not patch.is_json and patch.is_copied:
        _see_apart(drafts, patch)


def _see_apart(drafts: Drafts, patch: Patch) -> None:
    """See that no two objects became one by a patch."""
    repeated = drafts.repeated()
    if repeated is not None:
        raise Refused(f"the patch makes two objects {repeated}", patch.at)


def _operate(draft: Draft, patch: Patch) -> None:
    """Apply a list of operations to one object, whose values are no longer one in several places after it."""
    if patch.is_noted:
        draft.remember()
    if draft.is_tracked:
        draft.hold_annotations()
    for operation in patch.body:
        read = operation[READ_AT.get(operation["op"].text, "")]
        if read.present and draft.holds_notes(read.text.split("/")[1:]):
            raise Unsupported(f"'{read.text}' holds notes of kustomize's own besides", read)
    draft.root = draft.root.copy()
    json_patch.apply(draft.root, patch.body)
    pass_through_json(draft.root.at("metadata", "annotations"), keeps_bare=not draft.is_tracked)


def _merge(draft: Draft, patch: Patch, shapes: Shapes) -> bool:
    """Merge one patch into one object; false where that deletes it."""
    renames = patch.options["allowNameChange"].value is True
    rekinds = patch.options["allowKindChange"].value is True
    if renames or rekinds:
        draft.remember()
    body = Part(patch.body)
    as_texts(body)
    keep_break(body)
    body.fields.pop("apiVersion", None)
    if patch.is_copied:
        _make_texts(body, "labels", "annotations")
    elif renames or rekinds:
        _make_texts(body, "annotations")
    elif _drops_annotations(body):
        draft.forget()
    kept: list[tuple[str, ...]] = [("metadata", "namespace")]
    kept += [] if renames else [("metadata", "name")]
    kept += [] if rekinds else [("kind",)]
    before = [(path, part.copy() if (part := draft.root.at(*path)) is not None else None) for path in kept]
    metadata = draft.root.at("metadata")
    api_version = draft.api_version if patch.is_copied else patch.body["apiVersion"].text
    shape = shapes.get((draft.api_version, draft.kind)) or shapes.get((api_version, patch.body["kind"].text))
    draft.see_keys(patch.body)
    if not merge.apply(draft, body, shape):
        return False
    if metadata is not None:
        draft.root.fields.setdefault("metadata", Part.mapping(metadata.node))
    for path, part in before:
        _set(draft.root.at(*path[:-1]), path[-1], part)
    return True


def _set(holder: Part | None, key: str, part: Part | None) -> None:
    """Have an entry of a mapping be what it was; one that said nothing goes."""
    if holder is not None and part is not None and part.plain() not in (None, ""):
        holder.fields[key] = part
    elif holder is not None:
        holder.fields.pop(key, None)


def _drops_annotations(body: Part) -> bool:
    """Whether a patch takes away all annotations that are there."""
    metadata = body.peek(("metadata",))
    annotations = metadata.get("annotations", {}) if isinstance(metadata, dict) else {}
    return annotations is None or (isinstance(annotations, dict) and merge.DIRECTIVE in annotations)


def _make_texts(body: Part, *fields: str) -> None:
    """Make texts of all labels or annotations, nulls too, as kustomize does but with a patch that names its object.

    A null can take away no label then, but sets it to `null`.
    """
    metadata = body.fields["metadata"].fields
    for field in fields:
        pairs = metadata.get(field)
        if pairs is not None and not pairs.fields:
            del metadata[field]
        elif pairs is not None:
            for key, part in pairs.fields.items():
                pairs.fields[key] = Part(part.node, "" if part.is_mapping or part.is_list else as_text(part))


def _named(drafts: Drafts, patch: Patch) -> list[Draft]:
    """The object of the name that a patch itself bears."""
    named = Draft(Written(patch.body, patch.body["apiVersion"].text, patch.body["kind"].text))
    wanted = named.id
    found = drafts.matching(wanted)
    if len(found) > 1:
        raise Refused(f"the patch of {wanted} may mean several objects", patch.at)
    if not found and (wanted.group, wanted.kind) not in drafts.unseen:
        names = [draft.name for draft in drafts if draft.kind == wanted.kind]
        why = _beside(drafts, wanted, named.namespace)
        near = "" if why else did_you_mean(wanted.name, names).removeprefix("; ")
        raise NoTarget(f"the patch of {wanted} meets no object{why}", patch.body.at("metadata", "name"), near)
    return found


def _beside(drafts: Drafts, wanted: Id, namespace: str) -> str:
    """What differs in an object that is called the same."""
    for draft in drafts:
        known = draft.id
        if (known.kind, known.name) == (wanted.kind, wanted.name):
            if known[:2] != wanted[:2]:
                return f": the one of that name is of {draft.api_version}"
            return f": the one of that name {_named_in(draft.namespace)}, and the patch {_named_in(namespace)}"
    return ""


def _named_in(namespace: str) -> str:
    return f"names namespace {namespace}" if namespace else "names no namespace"


def _unmet(drafts: Drafts, target: Node) -> str:
    said = ", ".join(f"{key} {node.text}" for key, node in target.items() if node.text)
    names = [draft.name for draft in drafts if target["kind"].text in ("", draft.kind)]
    hint = did_you_mean(target["name"].text, names) if target["name"].text else ""
    return f"no object has {said}, so that the patch changes nothing{hint}"
