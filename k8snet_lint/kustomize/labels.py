"""Labels and annotations that a kustomization gives to all objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.field_spec import joined, slots, spec_of
from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.kustomize.label_fields import OBJECTS
from k8snet_lint.kustomize.part import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snet_lint.kustomize.draft import Drafts
    from k8snet_lint.kustomize.field_spec import FieldSpec
    from k8snet_lint.manifest import Node


def add_labels(drafts: Drafts, entry: Node) -> None:
    """Give all objects what an entry of `labels` says. Raises Refused for what is no text."""
    config = drafts.config
    if entry["includeSelectors"].value is True:
        specs = config.common_labels
    else:
        specs = (*(config.template_labels if entry["includeTemplates"].value is True else ()), *OBJECTS)
    own = tuple(spec_of(field) for field in entry["fields"])
    add_pairs(drafts, entry["pairs"], joined(own, (*config.labels, *specs), entry["fields"]))


def add_pairs(drafts: Drafts, pairs: Node, specs: Iterable[FieldSpec]) -> None:
    """Set the pairs of a mapping wherever the specs lead to."""
    for key, value in pairs.items():
        if not isinstance(value.value, str):
            raise Refused(f"'{key}' is set to {value.value!s:.40}, expected a text", value)
    entries = list(pairs.items())
    if not entries:
        return
    for draft in drafts:
        added = {key: Part(value) for key, value in entries}
        for spec in specs:
            if spec.selects(draft):
                _set_pairs(draft.root, spec, pairs, added)


def _set_pairs(root: Part, spec: FieldSpec, pairs: Node, added: Mapping[str, Part]) -> None:
    for slot in slots(root, spec.path, pairs if spec.create else None):
        part = slot.part
        if part is None or (part.is_null and spec.create):
            part = Part.mapping(pairs)
            slot.set(part)
        if not part.is_mapping:
            raise Refused(f"'{'.'.join(spec.path)}' holds {part.plain()!s:.40}, expected a mapping", part.node)
        for key, new in added.items():
            old = part.fields.setdefault(key, new)
            if old.node is not new.node:
                old.become(Part(new.node, before=(old.node, *old.before)))
