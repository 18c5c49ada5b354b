"""What is known of kinds before their objects are read: which matter, and which live in no namespace."""

from __future__ import annotations

KUSTOMIZE = "kustomize.config.k8s.io"
"""The group of kustomizations, which no API server gets."""

GITOPS = ("kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/", "argoproj.io/")
"""How the apiVersion of what applies paths of a repository starts; Argo's workflows and rollouts among them."""

DEFINITION = ("apiextensions.k8s.io", "CustomResourceDefinition")
"""What defines kinds; read only where an object of such a kind is at hand (`loader.definitions`)."""

UNREAD_GROUPS = frozenset(
    {
        "rbac.authorization.k8s.io",  # who may call the API, not who reaches whom
        "authorization.openshift.io",
        "storage.k8s.io",  # disks and their drivers
        "snapshot.storage.k8s.io",
        "scheduling.k8s.io",  # which pod goes first
        "coordination.k8s.io",  # leases: state, not configuration
        "events.k8s.io",
        "metrics.k8s.io",
        "node.k8s.io",  # container runtimes
        "flowcontrol.apiserver.k8s.io",  # requests to the API server itself
    }
)
"""API groups none of whose kinds a networking rule, schema or reference reads."""

UNREAD_KINDS = frozenset(
    {
        DEFINITION,  # often most of the bytes
        ("", "ServiceAccount"),  # workloads name one; policies of the core API do not
        ("", "PersistentVolume"),
        ("", "PersistentVolumeClaim"),
        ("", "LimitRange"),  # sizes and counts
        ("", "ResourceQuota"),
        ("", "Event"),
        ("", "ComponentStatus"),
        ("", "PodTemplate"),  # makes no pods
        ("apps", "ControllerRevision"),  # history
        ("policy", "PodDisruptionBudget"),  # how many pods may go at once
        ("monitoring.coreos.com", "PrometheusRule"),  # alerts; monitors are read, they name ports
        ("integreatly.org", "GrafanaDashboard"),
        ("grafana.integreatly.org", "GrafanaDashboard"),
    }
)
"""Further kinds of that sort, as (group, kind)."""

NAMED_BY_OTHERS = frozenset(
    {
        ("", "ServiceAccount"),
        ("", "PersistentVolume"),
        ("", "PersistentVolumeClaim"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("storage.k8s.io", "StorageClass"),
    }
)
"""Kinds of that sort whose names stand in objects that are read, so that a build has to know them."""

CLUSTER_SCOPED = frozenset(
    {
        ("", "Namespace"),
        ("", "Node"),
        ("", "PersistentVolume"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "APIService"),
        ("certificates.k8s.io", "CertificateSigningRequest"),
        ("cert-manager.io", "ClusterIssuer"),
        ("cilium.io", "CiliumClusterwideNetworkPolicy"),
        ("cilium.io", "CiliumLoadBalancerIPPool"),
        ("cilium.io", "CiliumNode"),
        ("crd.projectcalico.org", "GlobalNetworkPolicy"),
        ("crd.projectcalico.org", "GlobalNetworkSet"),
        ("crd.projectcalico.org", "StagedGlobalNetworkPolicy"),
        ("crd.projectcalico.org", "Tier"),
        ("gateway.networking.k8s.io", "GatewayClass"),
        ("networking.k8s.io", "IngressClass"),
        ("networking.k8s.io", "IPAddress"),
        ("networking.k8s.io", "ServiceCIDR"),
        ("policy", "PodSecurityPolicy"),
        ("policy.networking.k8s.io", "AdminNetworkPolicy"),
        ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"),
        ("policy.networking.k8s.io", "ClusterNetworkPolicy"),
        ("projectcalico.org", "GlobalNetworkPolicy"),
        ("projectcalico.org", "GlobalNetworkSet"),
        ("projectcalico.org", "StagedGlobalNetworkPolicy"),
        ("projectcalico.org", "Tier"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("storage.k8s.io", "CSIDriver"),
        ("storage.k8s.io", "StorageClass"),
        ("storage.k8s.io", "VolumeAttachment"),
    }
)
"""Kinds that live in no namespace, as (group, kind); all others are taken for namespaced, as kustomize does."""


BUILT_IN = frozenset(
    {
        *(kind for group, kind in UNREAD_KINDS | CLUSTER_SCOPED if "." not in group or group.endswith(".k8s.io")),
        "ConfigMap",
        "CronJob",
        "DaemonSet",
        "Deployment",
        "EndpointSlice",
        "Endpoints",
        "HorizontalPodAutoscaler",
        "Ingress",
        "Job",
        "NetworkPolicy",
        "Pod",
        "ReplicaSet",
        "ReplicationController",
        "Role",
        "RoleBinding",
        "Secret",
        "Service",
        "StatefulSet",
    }
)
"""Names of kinds that the API server itself has, or the networking projects of Kubernetes."""


def wanted(group: str, kind: str) -> bool:
    """Whether objects of a kind matter to networking; what is unknown does."""
    return group not in UNREAD_GROUPS and (group, kind) not in UNREAD_KINDS


def built(group: str, kind: str) -> bool:
    """Whether a build has to know objects of a kind, which is what matters and what that refers to."""
    return wanted(group, kind) or (group, kind) in NAMED_BY_OTHERS


def group_of(api_version: str) -> str:
    """The API group, empty for the core API."""
    return api_version.rpartition("/")[0]
