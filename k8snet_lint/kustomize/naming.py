"""Namespaces, prefixes and suffixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.field_spec import FieldSpec, slots
from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.kustomize.part import Part

if TYPE_CHECKING:
    from k8snet_lint.kustomize.draft import Draft, Drafts
    from k8snet_lint.manifest import Node

NAMESPACES = (
    FieldSpec(("metadata", "name"), "Namespace", create=True),
    FieldSpec(("spec", "service", "namespace"), "APIService", "apiregistration.k8s.io", create=True),
    FieldSpec(
        ("spec", "conversion", "webhook", "clientConfig", "service", "namespace"),
        "CustomResourceDefinition",
        "apiextensions.k8s.io",
    ),
)
"""What kustomize's `namespace` sets besides `metadata.namespace`."""

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
        for spec in NAMESPACES:
            if spec.selects(draft):
                for slot in slots(draft.root, spec.path, namespace if spec.create else None):
                    _put(slot.holder, slot.key, namespace)
    drafts.changed()
    repeated = drafts.repeated()
    if repeated is not None:
        raise Refused(f"the namespace '{namespace.text}' makes two objects {repeated}", namespace)


def _put(holder: Part, key: str, namespace: Node) -> None:
    old = holder.fields.get(key)
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
    """Put a prefix before the names of objects."""
    for draft in drafts:
        if not _keeps_its_name(draft):
            draft.prefixes.append(prefix.text)
            draft.remember()
            draft.rename(prefix.text + draft.name, prefix)
    drafts.changed()


def add_suffix(drafts: Drafts, suffix: Node) -> None:
    """Put a suffix after the names of objects."""
    for draft in drafts:
        if not _keeps_its_name(draft):
            draft.suffixes.append(suffix.text)
            draft.remember()
            draft.rename(draft.name + suffix.text, suffix)
    drafts.changed()


def _keeps_its_name(draft: Draft) -> bool:
    """Whether an object's name is not its own to choose: it is made of what it stands for, or others count on it."""
    return draft.kind in ("CustomResourceDefinition", "Namespace") or (
        draft.kind == "APIService" and draft.group == "apiregistration.k8s.io"
    )
