"""Where kustomize looks for `$(NAME)` of its variables (`varReference`)."""

from __future__ import annotations

from k8snet_lint.kustomize.field_spec import FieldSpec

_PODS = {
    "Pod": "spec",
    "CronJob": "spec/jobTemplate/spec/template/spec",
    **dict.fromkeys(("Deployment", "DaemonSet", "ReplicaSet", "StatefulSet", "Job"), "spec/template/spec"),
}
_IN_CONTAINERS = ("args", "command", "env/value", "volumeMounts/mountPath")

_PATHS = (
    *(
        (kind, f"{path}/{sort}/{field}")
        for kind, path in _PODS.items()
        for sort in ("containers", "initContainers")
        for field in _IN_CONTAINERS
    ),
    *((kind, f"{path}/volumes/nfs/server") for kind, path in _PODS.items() if kind not in ("CronJob", "StatefulSet")),
    ("CronJob", "spec/jobTemplate/spec/template/volumes/nfs/server"),
    ("StatefulSet", "spec/volumeClaimTemplates/spec/nfs/server"),
    ("Deployment", "spec/template/metadata/annotations"),
    ("Ingress", "spec/rules/host"),
    ("Ingress", "spec/tls/hosts"),
    ("Ingress", "spec/tls/secretName"),
    ("PersistentVolume", "spec/nfs/server"),
    ("Service", "spec/ports/port"),
    ("Service", "spec/ports/targetPort"),
    ("", "metadata/labels"),
    ("", "metadata/annotations"),
)

VARIABLES = tuple(FieldSpec(tuple(path.split("/")), kind) for kind, path in _PATHS)
"""The fields of each kind, of any where that is empty."""
