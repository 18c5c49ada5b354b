"""By which keys the items of lists are the same item (`x-kubernetes-patch-merge-key` of the API's schemas)."""

from __future__ import annotations

from collections.abc import Mapping

from k8snet_lint.record import NamedTuple


class Shape(NamedTuple):
    """What is known of a value of the API.

    Shapes: `keys` are those of a list's items, empty for a list of scalars that is merged, None for a list that is
    replaced; `fields` are of a mapping, or of a list's items.
    """

    fields: Mapping[str, Shape]
    keys: tuple[str, ...] | None = None

    def field(self, name: str) -> Shape | None:
        return self.fields.get(name)


def _merged(*keys: str, **fields: Shape) -> Shape:
    return Shape(fields, keys)


def _of(**fields: Shape) -> Shape:
    return Shape(fields)


_METADATA = _of(finalizers=_merged(), ownerReferences=_merged("uid"))

_IN_CONTAINERS = {
    "env": _merged("name"),
    "volumeDevices": _merged("devicePath"),
    "volumeMounts": _merged("mountPath"),
}
_CONTAINERS = _merged("name", ports=_merged("containerPort", "protocol"), **_IN_CONTAINERS)

_POD = _of(
    containers=_CONTAINERS,
    initContainers=_CONTAINERS,
    ephemeralContainers=_merged("name", **_IN_CONTAINERS),
    hostAliases=_merged("ip"),
    imagePullSecrets=_merged("name"),
    topologySpreadConstraints=_merged("topologyKey", "whenUnsatisfiable"),
    volumes=_merged("name", ephemeral=_of(volumeClaimTemplate=_of(metadata=_METADATA))),
)

_OBJECT = _of(metadata=_METADATA)
_POD_TEMPLATE = _of(metadata=_METADATA, spec=_POD)
_CONDITIONS = _of(conditions=_merged("type"))
_JOB = _of(template=_POD_TEMPLATE)
_WEBHOOKS = _of(metadata=_METADATA, webhooks=_merged("name"))


_PLAIN = {
    "v1": "Binding ConfigMap Endpoints Event LimitRange PersistentVolume ResourceQuota Secret",
    "apiextensions.k8s.io/v1": "CustomResourceDefinition",
    "apiextensions.k8s.io/v1beta1": "CustomResourceDefinition",
    "autoscaling/v1": "HorizontalPodAutoscaler",
    "autoscaling/v2beta1": "HorizontalPodAutoscaler",
    "autoscaling/v2beta2": "HorizontalPodAutoscaler",
    "certificates.k8s.io/v1": "CertificateSigningRequest",
    "certificates.k8s.io/v1beta1": "CertificateSigningRequest",
    "coordination.k8s.io/v1": "Lease",
    "coordination.k8s.io/v1beta1": "Lease",
    "discovery.k8s.io/v1": "EndpointSlice",
    "discovery.k8s.io/v1beta1": "EndpointSlice",
    "events.k8s.io/v1": "Event",
    "events.k8s.io/v1beta1": "Event",
    "extensions/v1beta1": "Ingress",
    "flowcontrol.apiserver.k8s.io/v1beta1": "FlowSchema PriorityLevelConfiguration",
    "networking.k8s.io/v1": "Ingress IngressClass NetworkPolicy",
    "networking.k8s.io/v1beta1": "Ingress IngressClass",
    "node.k8s.io/v1": "RuntimeClass",
    "node.k8s.io/v1beta1": "RuntimeClass",
    "policy/v1beta1": "PodSecurityPolicy",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "rbac.authorization.k8s.io/v1beta1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "scheduling.k8s.io/v1": "PriorityClass",
    "scheduling.k8s.io/v1beta1": "PriorityClass",
    "storage.k8s.io/v1": "CSIDriver StorageClass VolumeAttachment",
    "storage.k8s.io/v1beta1": "CSIDriver CSIStorageCapacity StorageClass VolumeAttachment",
}
"""Kinds of which nothing but the metadata is merged by keys."""


def _with_pods(spec: Shape) -> Shape:
    return _of(metadata=_METADATA, spec=spec, status=_CONDITIONS)


_TEMPLATED = _with_pods(_of(template=_POD_TEMPLATE))

Shapes = Mapping[tuple[str, str], Shape]

SHAPES: Shapes = {
    **{(api_version, kind): _OBJECT for api_version, kinds in _PLAIN.items() for kind in kinds.split()},
    ("v1", "Namespace"): _of(metadata=_METADATA, status=_CONDITIONS),
    ("v1", "Node"): _of(
        metadata=_METADATA,
        spec=_of(podCIDRs=_merged()),
        status=_of(addresses=_merged("type"), conditions=_merged("type")),
    ),
    ("v1", "PersistentVolumeClaim"): _of(metadata=_METADATA, status=_CONDITIONS),
    ("v1", "Pod"): _of(metadata=_METADATA, spec=_POD, status=_of(conditions=_merged("type"), podIPs=_merged("ip"))),
    ("v1", "PodTemplate"): _of(metadata=_METADATA, template=_POD_TEMPLATE),
    ("v1", "ReplicationController"): _TEMPLATED,
    ("v1", "Service"): _of(metadata=_METADATA, spec=_of(ports=_merged("port", "protocol")), status=_CONDITIONS),
    ("v1", "ServiceAccount"): _of(metadata=_METADATA, secrets=_merged("name")),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"): _WEBHOOKS,
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"): _WEBHOOKS,
    ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration"): _WEBHOOKS,
    ("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration"): _WEBHOOKS,
    ("apiregistration.k8s.io/v1", "APIService"): _of(metadata=_METADATA, status=_CONDITIONS),
    ("apiregistration.k8s.io/v1beta1", "APIService"): _of(metadata=_METADATA, status=_CONDITIONS),
    ("apps/v1", "DaemonSet"): _TEMPLATED,
    ("apps/v1", "Deployment"): _TEMPLATED,
    ("apps/v1", "ReplicaSet"): _TEMPLATED,
    ("apps/v1", "StatefulSet"): _with_pods(
        _of(template=_POD_TEMPLATE, volumeClaimTemplates=_of(metadata=_METADATA, status=_CONDITIONS))
    ),
    ("batch/v1", "CronJob"): _of(metadata=_METADATA, spec=_of(jobTemplate=_of(metadata=_METADATA, spec=_JOB))),
    ("batch/v1", "Job"): _with_pods(_JOB),
    ("batch/v1beta1", "CronJob"): _of(metadata=_METADATA, spec=_of(jobTemplate=_of(metadata=_METADATA, spec=_JOB))),
    ("policy/v1", "PodDisruptionBudget"): _of(metadata=_METADATA, status=_CONDITIONS),
    ("policy/v1beta1", "PodDisruptionBudget"): _of(metadata=_METADATA, status=_CONDITIONS),
    ("storage.k8s.io/v1", "CSINode"): _of(metadata=_METADATA, spec=_of(drivers=_merged("name"))),
    ("storage.k8s.io/v1beta1", "CSINode"): _of(metadata=_METADATA, spec=_of(drivers=_merged("name"))),
}
"""By apiVersion and kind, as of Kubernetes 1.21, whose API kustomize 5 carries with it; others replace all lists."""
