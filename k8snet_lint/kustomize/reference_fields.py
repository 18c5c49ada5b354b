"""Where objects name other objects: what kustomize keeps up to date when names change (`nameReference`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.field_spec import FieldSpec
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.kustomize.draft import Id


class Target(NamedTuple):
    """The objects that a field names; an empty group and version mean any."""

    kind: str
    group: str = ""
    version: str = ""

    def selects(self, known: Id) -> bool:
        return self.kind == known.kind and self.group in ("", known.group) and self.version in ("", known.version)


PODS = {
    "Pod": "spec",
    "PodTemplate": "template/spec",
    "CronJob": "spec/jobTemplate/spec/template/spec",
    **dict.fromkeys(
        ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job", "ReplicationController"), "spec/template/spec"
    ),
}
"""Where the kinds that make pods describe them."""

_READERS = ("Pod", "PodTemplate", "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job", "CronJob")
_USERS = ("Pod", "StatefulSet", "Deployment", "ReplicationController", "CronJob", "Job", "DaemonSet")
_RBAC = "rbac.authorization.k8s.io"
_WEBHOOKS = "admissionregistration.k8s.io"

_IN_PODS = (
    (
        Target("ConfigMap", version="v1"),
        _READERS,
        (
            "volumes/configMap/name",
            "containers/env/valueFrom/configMapKeyRef/name",
            "initContainers/env/valueFrom/configMapKeyRef/name",
            "containers/envFrom/configMapRef/name",
            "initContainers/envFrom/configMapRef/name",
            "volumes/projected/sources/configMap/name",
        ),
    ),
    (
        Target("Secret", version="v1"),
        _READERS,
        (
            "volumes/secret/secretName",
            "containers/env/valueFrom/secretKeyRef/name",
            "initContainers/env/valueFrom/secretKeyRef/name",
            "containers/envFrom/secretRef/name",
            "initContainers/envFrom/secretRef/name",
            "imagePullSecrets/name",
            "volumes/projected/sources/secret/name",
        ),
    ),
    (Target("ServiceAccount", version="v1"), _USERS, ("serviceAccountName",)),
    (Target("PersistentVolumeClaim", version="v1"), _USERS, ("volumes/persistentVolumeClaim/claimName",)),
    (Target("PriorityClass", "scheduling.k8s.io", "v1"), _USERS, ("priorityClassName",)),
)

_ELSEWHERE = (
    *(
        (Target(kind), "HorizontalPodAutoscaler", "", ("spec/scaleTargetRef/name",))
        for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")
    ),
    (Target("ConfigMap", version="v1"), "Node", "", ("spec/configSource/configMap",)),
    (Target("ConfigMap", version="v1"), "Role", "", ("rules/resourceNames",)),
    (Target("ConfigMap", version="v1"), "ClusterRole", "", ("rules/resourceNames",)),
    (
        Target("ConfigMap", version="v1"),
        "Ingress",
        "",
        ("metadata/annotations/nginx.ingress.kubernetes.io~1fastcgi-params-configmap",),
    ),
    (
        Target("Secret", version="v1"),
        "Ingress",
        "",
        (
            "spec/tls/secretName",
            "metadata/annotations/ingress.kubernetes.io~1auth-secret",
            "metadata/annotations/nginx.ingress.kubernetes.io~1auth-secret",
            "metadata/annotations/nginx.ingress.kubernetes.io~1auth-tls-secret",
        ),
    ),
    (Target("Secret", version="v1"), "ServiceAccount", "", ("imagePullSecrets/name",)),
    (
        Target("Secret", version="v1"),
        "StorageClass",
        "",
        ("parameters/secretName", "parameters/adminSecretName", "parameters/userSecretName", "parameters/secretRef"),
    ),
    (Target("Secret", version="v1"), "Role", "", ("rules/resourceNames",)),
    (Target("Secret", version="v1"), "ClusterRole", "", ("rules/resourceNames",)),
    (
        Target("Secret", version="v1"),
        "Service",
        "serving.knative.dev/v1",
        ("spec/template/spec/containers/env/valueFrom/secretKeyRef/name",),
    ),
    (Target("Secret", version="v1"), "PersistentVolume", "", ("spec/azureFile/secretName",)),
    (Target("Service", version="v1"), "StatefulSet", "apps/", ("spec/serviceName",)),
    (
        Target("Service", version="v1"),
        "Ingress",
        "",
        (
            "spec/rules/http/paths/backend/serviceName",
            "spec/backend/serviceName",
            "spec/rules/http/paths/backend/service/name",
            "spec/defaultBackend/service/name",
        ),
    ),
    (Target("Service", version="v1"), "APIService", "apiregistration.k8s.io/", ("spec/service/name",)),
    (
        Target("Service", version="v1"),
        "ValidatingWebhookConfiguration",
        f"{_WEBHOOKS}/",
        ("webhooks/clientConfig/service",),
    ),
    (
        Target("Service", version="v1"),
        "MutatingWebhookConfiguration",
        f"{_WEBHOOKS}/",
        ("webhooks/clientConfig/service",),
    ),
    (Target("Role", _RBAC), "RoleBinding", f"{_RBAC}/", ("roleRef/name",)),
    (Target("ClusterRole", _RBAC), "RoleBinding", f"{_RBAC}/", ("roleRef/name",)),
    (Target("ClusterRole", _RBAC), "ClusterRoleBinding", f"{_RBAC}/", ("roleRef/name",)),
    (Target("ServiceAccount", version="v1"), "RoleBinding", f"{_RBAC}/", ("subjects",)),
    (Target("ServiceAccount", version="v1"), "ClusterRoleBinding", f"{_RBAC}/", ("subjects",)),
    (Target("PersistentVolume", version="v1"), "PersistentVolumeClaim", "", ("spec/volumeName",)),
    (Target("PersistentVolume", version="v1"), "ClusterRole", "", ("rules/resourceNames",)),
    *(
        (Target("StorageClass", "storage.k8s.io", "v1"), kind, "", (path,))
        for kind, path in (
            ("PersistentVolume", "spec/storageClassName"),
            ("PersistentVolumeClaim", "spec/storageClassName"),
            ("StatefulSet", "spec/volumeClaimTemplates/spec/storageClassName"),
        )
    ),
    (
        Target("ValidatingAdmissionPolicy", _WEBHOOKS),
        "ValidatingAdmissionPolicyBinding",
        f"{_WEBHOOKS}/",
        ("spec/policyName",),
    ),
)


def _all() -> Iterator[tuple[Target, FieldSpec]]:
    for target, kind, api_version, paths in _ELSEWHERE:
        group, _, version = api_version.partition("/")
        for path in paths:
            yield target, FieldSpec(_split(path), kind, group, version)
    for target, kinds, paths in _IN_PODS:
        for kind in kinds:
            for path in paths:
                yield target, FieldSpec(_split(f"{PODS[kind]}/{path}"), kind)


def _split(path: str) -> tuple[str, ...]:
    return tuple(key.replace("~1", "/") for key in path.split("/"))


def _by_kind() -> dict[str, list[tuple[Target, FieldSpec]]]:
    found: dict[str, list[tuple[Target, FieldSpec]]] = {}
    for target, spec in _all():
        found.setdefault(spec.kind, []).append((target, spec))
    return found


REFERENCES: Mapping[str, list[tuple[Target, FieldSpec]]] = _by_kind()
"""By the kind of the object that refers: what it names, and where."""
