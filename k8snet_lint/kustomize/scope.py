"""Which kinds kustomize takes for cluster-scoped: those it knows to be; all others it takes for namespaced."""

from __future__ import annotations

CLUSTER_SCOPED = frozenset(
    f"{api_version} {kind}"
    for api_version, kinds in (
        ("v1", "ComponentStatus Namespace Node PersistentVolume"),
        ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration"),
        ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition"),
        ("apiregistration.k8s.io/v1", "APIService"),
        ("apiregistration.k8s.io/v1beta1", "APIService"),
        ("certificates.k8s.io/v1", "CertificateSigningRequest"),
        ("certificates.k8s.io/v1beta1", "CertificateSigningRequest"),
        ("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema PriorityLevelConfiguration"),
        ("networking.k8s.io/v1", "IngressClass"),
        ("networking.k8s.io/v1beta1", "IngressClass"),
        ("node.k8s.io/v1", "RuntimeClass"),
        ("node.k8s.io/v1beta1", "RuntimeClass"),
        ("policy/v1beta1", "PodSecurityPolicy"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole ClusterRoleBinding"),
        ("rbac.authorization.k8s.io/v1beta1", "ClusterRole ClusterRoleBinding"),
        ("scheduling.k8s.io/v1", "PriorityClass"),
        ("scheduling.k8s.io/v1beta1", "PriorityClass"),
        ("storage.k8s.io/v1", "CSIDriver CSINode StorageClass VolumeAttachment"),
        ("storage.k8s.io/v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment"),
    )
    for kind in kinds.split()
)
"""As `apiVersion Kind`: the built-in kinds of Kubernetes 1.21, whose API kustomize 5 carries with it."""


def is_cluster_scoped(api_version: str, kind: str) -> bool:
    """Whether kustomize leaves an object's namespace alone."""
    return f"{api_version} {kind}" in CLUSTER_SCOPED
