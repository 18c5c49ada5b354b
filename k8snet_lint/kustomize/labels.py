"""Labels and annotations that a kustomization gives to all objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.field_spec import FieldSpec, slots
from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.kustomize.part import Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.kustomize.draft import Drafts
    from k8snet_lint.manifest import Node


def _specs(create: str, *kinds: str, group: str = "", version: str = "") -> tuple[FieldSpec, ...]:
    path = tuple(create.split("/"))
    return tuple(FieldSpec(path, kind, group, version, create=True) for kind in kinds)


def _metadata(field: str) -> tuple[FieldSpec, ...]:
    """The labels or annotations of pod templates."""
    return (
        *_specs(f"spec/template/metadata/{field}", "ReplicationController", version="v1"),
        *_specs(f"spec/template/metadata/{field}", "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"),
        *_specs(f"spec/template/metadata/{field}", "Job", group="batch"),
        *_specs(f"spec/jobTemplate/metadata/{field}", "CronJob", group="batch"),
        *_specs(f"spec/jobTemplate/spec/template/metadata/{field}", "CronJob", group="batch"),
    )


def _existing(kind: str, group: str, *paths: str) -> tuple[FieldSpec, ...]:
    return tuple(FieldSpec(tuple(path.split("/")), kind, group) for path in paths)


_AFFINITY = tuple(
    f"spec/template/spec/affinity/{sort}/{rest}/matchLabels"
    for sort in ("podAffinity", "podAntiAffinity")
    for rest in (
        "preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector",
        "requiredDuringSchedulingIgnoredDuringExecution/labelSelector",
    )
)
_SPREAD = "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels"

OBJECTS = (FieldSpec(("metadata", "labels"), create=True),)
TEMPLATES = (
    *OBJECTS,
    *_metadata("labels"),
    FieldSpec(("spec", "volumeClaimTemplates[]", "metadata", "labels"), "StatefulSet", "apps", create=True),
)
SELECTORS = (
    *TEMPLATES,
    *_specs("spec/selector", "Service", "ReplicationController", version="v1"),
    *_specs("spec/selector/matchLabels", "Deployment", "ReplicaSet", "DaemonSet"),
    *_specs("spec/selector/matchLabels", "StatefulSet", group="apps"),
    *_existing("Deployment", "apps", *_AFFINITY, _SPREAD),
    *_existing("StatefulSet", "apps", *_AFFINITY, _SPREAD),
    *_existing("Job", "batch", "spec/selector/matchLabels"),
    *_existing("CronJob", "batch", "spec/jobTemplate/spec/selector/matchLabels"),
    *_existing("PodDisruptionBudget", "policy", "spec/selector/matchLabels"),
    *_existing(
        "NetworkPolicy",
        "networking.k8s.io",
        "spec/podSelector/matchLabels",
        "spec/ingress/from/podSelector/matchLabels",
        "spec/egress/to/podSelector/matchLabels",
    ),
)
"""Where `commonLabels` go; a path through a list goes to each of its items."""

ANNOTATIONS = (FieldSpec(("metadata", "annotations"), create=True), *_metadata("annotations"))


def add_labels(drafts: Drafts, kustomization: Node) -> None:
    """Give all objects what `labels` and `commonLabels` say. Raises Refused for what is no text."""
    for entry in kustomization["labels"]:
        if entry["includeSelectors"].value is True:
            specs: Iterable[FieldSpec] = SELECTORS
        else:
            specs = TEMPLATES if entry["includeTemplates"].value is True else OBJECTS
        own = [_own(field) for field in entry["fields"]]
        add_pairs(drafts, entry["pairs"], [*own, *specs])
    add_pairs(drafts, kustomization["commonLabels"], SELECTORS)


def add_pairs(drafts: Drafts, pairs: Node, specs: Iterable[FieldSpec]) -> None:
    """Set the pairs of a mapping wherever the specs lead to."""
    for key, value in pairs.items():
        if not isinstance(value.value, str):
            raise Refused(f"'{key}' is set to {value.value!s:.40}, expected a text", value)
    entries = list(pairs.items())
    if not entries:
        return
    specs = tuple(dict.fromkeys(specs))
    for draft in drafts:
        for spec in specs:
            if spec.selects(draft):
                _set_pairs(draft.root, spec, pairs, entries)


def _set_pairs(root: Part, spec: FieldSpec, pairs: Node, entries: list[tuple[str, Node]]) -> None:
    for slot in slots(root, spec.path, pairs if spec.create else None):
        part = slot.part
        if part is None or (part.is_null and spec.create):
            part = Part.mapping(pairs)
            slot.set(part)
        if not part.is_mapping:
            raise Refused(f"'{'.'.join(spec.path)}' holds {part.plain()!s:.40}, expected a mapping", part.node)
        for key, value in entries:
            old = part.fields.get(key)
            part.fields[key] = Part(value, before=(old.node, *old.before) if old else ())


def _own(field: Node) -> FieldSpec:
    """A field that a kustomization names itself."""
    return FieldSpec(
        tuple(field["path"].text.split("/")),
        field["kind"].text,
        field["group"].text,
        field["version"].text,
        create=field["create"].value is True,
    )
