"""Where labels and annotations go that a kustomization gives to all objects."""

from __future__ import annotations

from k8snet_lint.kustomize.field_spec import FieldSpec


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
