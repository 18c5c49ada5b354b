"""Namespaces, prefixes and suffixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.config import NAME
from k8snet_lint.kustomize.field_path import text_of
from k8snet_lint.kustomize.field_spec import slots
from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.kustomize.part import Part

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snet_lint.kustomize.draft import Draft, Drafts
    from k8snet_lint.kustomize.field_spec import FieldSpec
    from k8snet_lint.manifest import Node

BINDINGS = ("RoleBinding", "ClusterRoleBinding")


def set_namespace(drafts: Drafts, namespace: Node) -> None:
    """Give all namespaced objects this namespace. Raises Refused where two become one by that."""
    for draft in drafts:
        draft.remember()
        metadata = draft.root.at("metadata")
        if not draft.is_cluster_scoped and metadata is not None:
            _put(metadata, "namespace", namespace)
        if draft.kind in BINDINGS:
            _set_subjects(draft, namespace)
        for spec in drafts.config.namespace:
            if spec.selects(draft) and not _is_special(draft, spec):
                for slot in slots(draft.root, spec.path, namespace if spec.create else None):
                    _put(slot.holder, slot.key, namespace)
    drafts.changed()
    repeated = drafts.repeated()
    if repeated is not None:
        raise Refused(f"the namespace '{namespace.text}' makes two objects {repeated}", namespace)


def _is_special(draft: Draft, spec: FieldSpec) -> bool:
    """Whether a field is one that is not set for being configured: it is always set, or with a condition."""
    return (
        spec.path == ("metadata", "namespace")
        or (spec.path == ("metadata", "name") and draft.api_version != "v1")
        or (spec.path == ("subjects", "namespace") and draft.kind in BINDINGS and spec.kind in BINDINGS)
    )


def _put(holder: Part, key: str, namespace: Node) -> None:
    old = holder.fields.get(key)
    if old is not None and (old.is_mapping or old.is_list):
        raise Refused(f"'{key}' holds {old.plain()!s:.40}, expected a namespace", old.node)
    holder.fields[key] = Part(namespace, before=(old.node, *old.before) if old is not None else ())


def _set_subjects(draft: Draft, namespace: Node) -> None:
    """A binding's subject of the name `default` is the ServiceAccount that each namespace has."""
    if not draft.root.reaches(("subjects",)):
        return
    subjects = draft.root.fields["subjects"]
    for position, subject in enumerate(subjects.plain() if subjects.is_list else ()):
        if isinstance(subject, dict) and subject.get("name") == "default":
            _put(subjects.items[position], "namespace", namespace)


def add_prefix(drafts: Drafts, prefix: Node) -> None:
    """Put a prefix before the names of objects, and before what else is configured."""
    for draft in drafts:
        for spec in drafts.config.prefix if not _keeps_its_name(draft) else ():
            if spec.path == NAME.path and spec.selects(draft.original):
                draft.prefixes.append(prefix.text)
                draft.remember()
            _lengthen(draft, spec, prefix, lambda text: prefix.text + text)
    drafts.changed()


def add_suffix(drafts: Drafts, suffix: Node) -> None:
    """Put a suffix after the names of objects, and after what else is configured."""
    for draft in drafts:
        for spec in drafts.config.suffix if not _keeps_its_name(draft) else ():
            if spec.path == NAME.path and spec.selects(draft.original):
                draft.suffixes.append(suffix.text)
                draft.remember()
            _lengthen(draft, spec, suffix, lambda text: text + suffix.text)
    drafts.changed()


def _lengthen(draft: Draft, spec: FieldSpec, why: Node, longer: Callable[[str], str]) -> None:
    """Make the texts longer that a field holds; they stay where they are written."""
    if not (spec.selects(draft.original) and spec.selects(draft)):
        return
    for slot in slots(draft.root, spec.path, why if spec.create else None):
        part = slot.part or Part(why, "")
        if part.is_mapping or part.is_list:
            raise Refused(f"'{'.'.join(spec.path)}' holds {part.plain()!s:.40}, expected a text", part.node)
        slot.set(Part(part.node, longer(text_of(part)), (*part.before, why)))


def _keeps_its_name(draft: Draft) -> bool:
    """Whether an object's name is not its own to choose: it is made of what it stands for, or others count on it."""
    return draft.kind in ("CustomResourceDefinition", "Namespace") or (
        draft.kind == "APIService" and draft.group == "apiregistration.k8s.io"
    )
