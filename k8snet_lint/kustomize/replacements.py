"""Replacements: values that a kustomization takes from one object and puts into others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.kustomize import field_path
from k8snet_lint.kustomize.annotations import as_annotations
from k8snet_lint.kustomize.draft import NO_NAMESPACE
from k8snet_lint.kustomize.flaw import Refused, Unsupported, unknown
from k8snet_lint.kustomize.part import Part
from k8snet_lint.kustomize.target import agrees
from k8snet_lint.kustomize.words import resolved
from k8snet_lint.manifest import Node, parse
from k8snet_lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from k8snet_lint.kustomize.draft import Draft, Drafts, Id

    Read = Callable[[Node], Sequence[Node] | None]

_ID = dict.fromkeys(("group", "version", "kind", "name", "namespace"), str)
OPTIONS = {"delimiter": str, "index": int, "encoding": str, "create": bool}
SOURCE: Mapping[str, type] = {**_ID, "fieldPath": str, "options": dict}
SELECTOR: Mapping[str, type] = {**_ID, "labelSelector": str, "annotationSelector": str}
TARGET: Mapping[str, type] = {"select": dict, "reject": list, "fieldPaths": list, "options": dict}
_INSTANT = re.compile(r"\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?")

NAME = parse(Source("", '["metadata.name"]')).documents[0].root[0]
"""The field that is meant where none is named."""


def apply(drafts: Drafts, entry: Node, read: Read) -> None:
    """Do what an entry of `replacements`, or the file that it names, says. Raises Refused for what cannot be done."""
    is_strict = not entry["path"].text  # a file may hold what the kustomization may not
    for replacement in _written(entry, read):
        source, targets = replacement["source"], replacement["targets"]
        if source.value is None or not targets:
            raise Refused("a replacement is to have a source and targets", replacement)
        _check(source, SOURCE, is_strict=is_strict)
        value = _refined(_value(drafts, source), source["options"])
        for target in targets:
            _check(target, TARGET, is_strict=is_strict)
            if target["select"].value is None:
                raise Refused("a replacement does not say what to select", target)
            for selector in (target["select"], *_rejects(target)):
                _check(selector, SELECTOR, is_strict=is_strict)
            _replace(drafts, target, value)
    for draft in drafts:
        draft.identify()
        if not draft.is_named:
            raise Refused(f"the replacement leaves a {draft.kind} without a kind or a name", entry)
    drafts.changed()
    repeated = drafts.repeated()
    if repeated is not None:
        raise Refused(f"the replacement makes two objects {repeated}", entry)


def _written(entry: Node, read: Read) -> list[Node]:
    path = entry["path"]
    if not path.text:
        return [entry]
    if entry["source"].value is not None or entry["targets"]:
        raise Refused("a replacement holds both a path and what is to be replaced", entry)
    found = read(path)
    if found is None:
        return []
    if not found or not (found[0].is_mapping or found[0].is_list):
        raise Refused(f"'{path.text:.60}' holds no replacements", path)
    return list(found[0]) if found[0].is_list else [found[0]]


def _rejects(target: Node) -> list[Node]:
    return [each for each in target["reject"] if each.value is not None]


def _check(node: Node, fields: Mapping[str, type], *, is_strict: bool) -> None:
    """Refuse what is no mapping of these fields, and other fields too unless they are passed over."""
    if not node.is_mapping:
        raise Refused(f"'{node.value!s:.40}' is no mapping", node)
    for key, held in node.items():
        if key not in fields and is_strict:
            raise unknown(key, held, "a replacement", fields)
        if key in fields and held.value is not None and type(held.value) is not fields[key]:
            raise Refused(f"'{key}' of a replacement is {held.value!s:.40}, which it cannot be", held)
    if node["options"].value is not None:
        _check(node["options"], OPTIONS, is_strict=is_strict)


def _ids(draft: Draft) -> list[Id]:
    """What an object is and was called; one of the cluster counts as one of `default` here, as it is called now."""
    present = draft.id
    if present.namespace == NO_NAMESPACE:
        present = present._replace(namespace=draft.namespace or "default")
    return [present, *draft.previous]


def _is_selected(known: Id, selector: Node) -> bool:
    """Whether an id is that of a selector, whose empty fields mean any."""
    return all(selector[key].text in ("", held) for key, held in known._asdict().items())


def _value(drafts: Drafts, source: Node) -> Part:
    """The value that is to be put elsewhere."""
    found = [draft for draft in drafts if any(_is_selected(known, source) for known in _ids(draft))]
    if len(found) > 1:
        raise Refused(f"the source of a replacement may be {found[0].id} or {found[1].id}", source)
    if not found:
        if any(
            source["group"].text in ("", group) and source["kind"].text in ("", kind) for group, kind in drafts.unseen
        ):
            raise Unsupported("the source of a replacement is of a kind that is not read", source)
        raise Refused("no object is the source of a replacement", source)
    path = source["fieldPath"] if source["fieldPath"].text else NAME
    keys = field_path.keys_of(path.text)
    if found[0].holds_notes(keys):
        raise Unsupported(f"'{path.text:.80}' holds notes of kustomize's own besides", path)
    value = field_path.get(found[0].root, keys, path)
    if value is None or value.plain() in (None, {}, []):
        raise Refused(f"{found[0].id} has no '{path.text:.80}' to be put elsewhere", source["fieldPath"] or source)
    return value


def _refined(value: Part, options: Node) -> Part:
    """The piece of a value that the options of a source mean."""
    delimiter, index = options["delimiter"].text, options["index"].integer or 0
    if not delimiter:
        return value
    if value.is_mapping or value.is_list:
        raise Refused("what is to be split is no scalar", options)
    pieces = field_path.text_of(value).split(delimiter)
    if not 0 <= index < len(pieces):
        raise Refused(f"'{field_path.text_of(value):.60}' has no piece {index} between '{delimiter}'", options)
    return Part(value.node, pieces[index], value.before)


def _replace(drafts: Drafts, target: Node, value: Part) -> None:
    select, reject = target["select"], _rejects(target)
    paths = list(target["fieldPaths"]) or [NAME]
    for draft in drafts:
        ids = _ids(draft)
        if not agrees(draft, select) or not any(_is_selected(known, select) for known in ids):
            continue
        if any(_is_rejected(draft, ids, selector) for selector in reject):
            continue
        draft.hold_annotations()
        annotations = draft.root.at("metadata", "annotations")
        if annotations is not None:
            as_annotations(annotations)
        for path in paths:
            creator = target["options"] if target["options"]["create"].value is True else None
            for field in field_path.reach(draft.root, path, creator):
                field.become(_put(field, value, target["options"], path))


def _is_rejected(draft: Draft, ids: Sequence[Id], selector: Node) -> bool:
    by_labels = selector["labelSelector"].text or selector["annotationSelector"].text
    by_id = any(selector[key].text for key in _ID)
    return bool(
        (by_labels and agrees(draft, selector)) or (by_id and any(_is_selected(known, selector) for known in ids))
    )


def _put(field: Part, value: Part, options: Node, path: Node) -> Part:
    """What a field becomes: a scalar keeps its type; the line that has to change is the source's."""
    made = value.copy()
    made.before = (*value.before, field.node, *field.before)
    delimiter, index = options["delimiter"].text, options["index"].integer or 0
    if field.is_mapping or field.is_list:
        if delimiter:
            raise Refused(f"'{path.text:.80}' is no scalar that could be split", path)
        return made
    if field.is_null and field.node.value is None:
        raise Unsupported(f"a null stands at '{path.text:.80}'", path)
    if field.is_null and (value.is_mapping or value.is_list):
        return made
    text = field_path.text_of(value)
    if delimiter:
        pieces = field_path.text_of(field).split(delimiter)
        at = min(max(index, 0), len(pieces))
        pieces[at : at + (index >= 0)] = [text]
        text = delimiter.join(pieces)
    return Part(value.node, _typed(field.plain(), text, path), made.before)


def _typed(old: Any, text: str, path: Node) -> Any:  # noqa: ANN401 - as YAML
    """A text as the type of what it takes the place of; as what it says where nothing was there."""
    if isinstance(old, str):
        return text
    if _INSTANT.fullmatch(text):
        raise Unsupported(f"'{text:.40}' may be taken for a time at '{path.text:.80}'", path)
    found = resolved(text)
    if old is None or type(found) is type(old) or (isinstance(old, float) and type(found) is int):
        return found
    raise Refused(f"'{text:.40}' takes the place of {old!s:.40} at '{path.text:.80}', which is no text", path)
