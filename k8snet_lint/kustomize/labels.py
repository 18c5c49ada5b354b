"""Labels and annotations that a kustomization gives to all objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.field_spec import FieldSpec, slots, split_path
from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.kustomize.part import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snet_lint.kustomize.draft import Drafts
    from k8snet_lint.manifest import Node


def _specs(create: str, *kinds: str, group: str = "", version: str = "") -> tuple[FieldSpec, ...]:
    path = tuple(create.split("/"))
    return tuple(FieldSpec(path, kind, group, version, create=True) for kind in kinds)


def _metadata(field: str, stateful: str) -> tuple[FieldSpec, ...]:
    """The labels or annotations of pod templates; `stateful` is the group that a StatefulSet has to be of."""
    return (
        *_specs(f"spec/template/metadata/{field}", "ReplicationController", version="v1"),
        *_specs(f"spec/template/metadata/{field}", "Deployment", "ReplicaSet", "DaemonSet"),
        *_specs(f"spec/template/metadata/{field}", "StatefulSet", group=stateful),
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
    *_metadata("labels", "apps"),
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

ANNOTATIONS = (FieldSpec(("metadata", "annotations"), create=True), *_metadata("annotations", ""))


def add_labels(drafts: Drafts, kustomization: Node) -> None:
    """Give all objects what `labels` and `commonLabels` say. Raises Refused for what is no text."""
    for entry in kustomization["labels"]:
        if entry["includeSelectors"].value is True:
            specs = SELECTORS
        else:
            specs = TEMPLATES if entry["includeTemplates"].value is True else OBJECTS
        add_pairs(drafts, entry["pairs"], _joined(entry["fields"], specs))
    add_pairs(drafts, kustomization["commonLabels"], SELECTORS)


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


def _joined(fields: Node, specs: Iterable[FieldSpec]) -> tuple[FieldSpec, ...]:
    """The fields that a kustomization names itself, and those of the specs that these do not stand in for."""
    joined = [_own(field) for field in fields]
    for spec in specs:
        twin = next((each for each in joined if each.stands_for(spec)), None)
        if twin is None:
            joined.append(spec)
        elif twin.create is not spec.create:
            wanted = str(spec.create).lower()
            raise Refused(
                f"'create' of '{'/'.join(spec.path)}' is to be {wanted}, as it is where all labels go", fields
            )
    return tuple(joined)


def _own(field: Node) -> FieldSpec:
    """A field that a kustomization names itself."""
    return FieldSpec(
        split_path(field["path"].text),
        field["kind"].text,
        field["group"].text,
        field["version"].text,
        create=field["create"].value is True,
    )
