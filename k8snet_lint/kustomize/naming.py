"""Namespaces, prefixes and suffixes."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.kustomize.config import NAME
from k8snet_lint.kustomize.field_path import text_of
from k8snet_lint.kustomize.field_spec import slots
from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.kustomize.part import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from k8snet_lint.kustomize.draft import Draft, Drafts
    from k8snet_lint.kustomize.field_spec import FieldSpec
    from k8snet_lint.manifest import Node

BINDINGS = ("RoleBinding", "ClusterRoleBinding")


class Subjects(enum.Enum):
    """Which subjects of a binding get the namespace: the ServiceAccount that each namespace has, all, or none."""

    DEFAULT = "defaultOnly"
    ACCOUNTS = "allServiceAccounts"
    NONE = "none"

    @classmethod
    def of(cls, written: Node) -> Subjects:
        """What a plugin says. Raises Refused for what is none of these."""
        if not written:
            return cls.DEFAULT
        found = next((each for each in cls if each.value == written.value), None)
        if found is None:
            raise Refused(f"'{written.value!s:.40}' is none of {', '.join(each.value for each in cls)}", written)
        return found

    def take_in(self, subject: object) -> bool:
        if not isinstance(subject, dict):
            return False
        if self is Subjects.DEFAULT:
            return subject.get("name") == "default"
        return self is Subjects.ACCOUNTS and subject.get("kind") == "ServiceAccount"


def set_namespace(
    drafts: Drafts,
    namespace: Node,
    specs: Sequence[FieldSpec],
    subjects: Subjects = Subjects.DEFAULT,
    *,
    is_unset_only: bool = False,
) -> None:
    """Give all namespaced objects this namespace. Raises Refused where two become one by that."""
    put = _fill if is_unset_only else _put
    for draft in drafts:
        draft.remember()
        metadata = draft.root.at("metadata")
        if not draft.is_cluster_scoped and metadata is not None:
            put(metadata, "namespace", namespace)
        if draft.kind in BINDINGS and draft.root.reaches(("subjects",)):
            bound = draft.root.fields["subjects"]
            for position, subject in enumerate(bound.plain() if bound.is_list else ()):
                if subjects.take_in(subject):
                    put(bound.items[position], "namespace", namespace)
        for spec in specs:
            if spec.selects(draft) and not _is_special(draft, spec):
                for slot in slots(draft.root, spec.path, namespace if spec.create else None):
                    put(slot.holder, slot.key, namespace)
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


def _fill(holder: Part, key: str, namespace: Node) -> None:
    old = holder.fields.get(key)
    if old is None or old.plain() in (None, ""):
        _put(holder, key, namespace)


def add_prefix(drafts: Drafts, affix: Node, specs: Sequence[FieldSpec]) -> None:
    """Put a prefix before the texts that these fields hold, names most of all."""
    for draft in drafts:
        for spec in specs if not _keeps_its_name(draft) else ():
            if _is_name(spec, draft):
                draft.prefixes.append(affix.text)
            _lengthen(draft, spec, affix, lambda text: affix.text + text)
    drafts.changed()


def add_suffix(drafts: Drafts, affix: Node, specs: Sequence[FieldSpec]) -> None:
    """Put a suffix after the texts that these fields hold, names most of all."""
    for draft in drafts:
        for spec in specs if not _keeps_its_name(draft) else ():
            if _is_name(spec, draft):
                draft.suffixes.append(affix.text)
            _lengthen(draft, spec, affix, lambda text: text + affix.text)
    drafts.changed()


def _is_name(spec: FieldSpec, draft: Draft) -> bool:
    return spec.path == NAME.path and spec.selects(draft.original)


def _lengthen(draft: Draft, spec: FieldSpec, why: Node, longer: Callable[[str], str]) -> None:
    """Make the texts longer that a field holds; they stay where they are written."""
    if not spec.selects(draft.original):
        return
    if spec.path == NAME.path:
        draft.remember()
    for slot in slots(draft.root, spec.path, why if spec.create else None) if spec.selects(draft) else ():
        part = slot.part or Part(why, "")
        if part.is_mapping or part.is_list:
            raise Refused(f"'{'.'.join(spec.path)}' holds {part.plain()!s:.40}, expected a text", part.node)
        slot.set(Part(part.node, longer(text_of(part)), (*part.before, why)))


def _keeps_its_name(draft: Draft) -> bool:
    """Whether an object's name is not its own to choose: it is made of what it stands for, or others count on it."""
    known = draft.original
    return known.kind in ("CustomResourceDefinition", "Namespace") or (
        known.kind == "APIService" and known.group == "apiregistration.k8s.io"
    )
