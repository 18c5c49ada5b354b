"""Workloads that every cluster runs for its nodes or at its edge, known by the images they run."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.resource import Resource, Service, Workload

NODE_AGENTS = (
    # pod networks
    "calico/node",
    "calico/typha",
    "*calico-node",
    "tigera/operator",
    "cilium/cilium",
    "cilium/operator*",
    "cilium/cilium-envoy",
    "*flannel",
    "weave-kube",
    "weave-npc",
    "antrea-*",
    "kube-router",
    "kube-ovn",
    "ovn-kubernetes*",
    "ovn-kube*",
    "multus-cni",
    "whereabouts",
    "amazon-k8s-cni*",
    "aws-network-policy-agent",
    "azure-cni*",
    "install-cni",
    "cni-plugin",
    "metallb/speaker",
    "*metallb-speaker",
    "frr-k8s",
    # storage
    "*csi-*",
    "*-csi",
    # Kubernetes itself
    "kube-proxy*",
    "kube-apiserver*",
    "kube-controller-manager*",
    "kube-scheduler*",
    "*cloud-controller-manager*",
    "*-cloud-provider*",
    "k8s-dns-node-cache",
    "kube-vip",
    "konnectivity-agent",
    "kas-network-proxy/proxy-agent",
    # what watches the nodes
    "node-exporter",
    "node_exporter",
    "*dcgm-exporter",
    "node-problem-detector",
    "k8s-device-plugin",
    "aws-node-termination-handler",
    "kube2iam",
    "kiam",
    "gke-metadata-server",
    "spire-agent",
    "datadog/agent",
    "netdata",
    "sysdig/agent",
)
"""Image repositories, `*` for any characters; one without `/` is the last part of a repository's path."""

INGRESS_CONTROLLERS = (
    "ingress-nginx/controller*",
    "ingress-nginx-controller",
    "nginx-ingress-controller*",
    "nginx-ingress",
    "nginx-gateway-fabric",
    "traefik",
    "kubernetes-ingress",
    "haproxy-ingress*",
    "contour",
    "kubernetes-ingress-controller",
    "kong",
    "kong-gateway",
    "emissary",
    "ambassador",
    "apisix",
    "skipper",
    "envoy-gateway",
    "envoy-distroless",
    "openshift/*router",
)
"""Image repositories of what publishes Ingresses and Gateways."""

CONTROLLER_NAMES = frozenset(
    {
        "ingress-nginx",
        "nginx-ingress",
        "nginx-gateway-fabric",
        "traefik",
        "kubernetes-ingress",
        "haproxy-ingress",
        "contour",
        "kong",
        "emissary-ingress",
        "ambassador",
        "apisix",
        "istio-ingressgateway",
        "ingressgateway",
        "istio-ingress",
        "envoy-gateway",
    }
)
"""What those are called in the labels of their Services and pods."""

NAME_LABELS = ("app.kubernetes.io/name", "app", "k8s-app", "istio", "name")
GATEWAY_LABEL = "gateway.networking.k8s.io/gateway-name"


def is_node_agent(workload: Workload, more: Iterable[str] = ()) -> bool:
    """Whether the pods serve their node: one runs an image of the list, or of `more`."""
    return _runs(workload, (*NODE_AGENTS, *more))


def is_ingress_controller(workload: Workload) -> bool:
    """Whether the pods carry the traffic of Ingresses or Gateways."""
    return _runs(workload, INGRESS_CONTROLLERS) or _is_called_a_controller(workload.pod_labels)


def is_controller_service(service: Service) -> bool:
    """Whether a Service is called like one that publishes an ingress controller or a Gateway."""
    wanted = {requirement.key: value for requirement in service.selector.requirements for value in requirement.values}
    return (
        GATEWAY_LABEL in service.labels
        or GATEWAY_LABEL in wanted
        or _is_called_a_controller(service.labels)
        or _is_called_a_controller(wanted)
    )


def _is_called_a_controller(labels: dict[str, str]) -> bool:
    return any(labels.get(key) in CONTROLLER_NAMES for key in NAME_LABELS)


def _runs(workload: Workload, images: Iterable[str]) -> bool:
    patterns = tuple(images)
    return any(fnmatchcase(name, pattern) for name in _names(workload) for pattern in patterns)


def _names(workload: Workload) -> Iterator[str]:
    """The trailing parts of every image's repository: `calico/node` and `node` of `quay.io/calico/node:v3`."""
    for container in workload.containers:
        parts = repository(container.image).split("/")
        for start in range(len(parts)):
            yield "/".join(parts[start:])


def repository(image: str) -> str:
    """An image's repository, without tag and digest."""
    path, _, last = image.partition("@")[0].rpartition("/")
    return f"{path}/{last.partition(':')[0]}".lstrip("/")
