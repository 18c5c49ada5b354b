"""Images by which one knows what a program is there for."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    "azure-npm*",
    "spiderpool-agent",
    "sriov-*",
    "install-cni",
    "cni-plugin",
    "ztunnel*",
    "metallb/speaker",
    "*metallb-speaker",
    "frr-k8s",
    # storage
    "*csi-*",
    "*-csi",
    "cephcsi",
    "node-disk-manager*",
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
    "datadoghq/agent",
    "opentelemetry-collector*",
    "netdata",
    "sysdig/agent",
    "newrelic/infrastructure*",
    "newrelic/nrsysmond",
    "oneagent",
    "tetragon",
    "kubearmor",
    "filebeat",
    "metricbeat",
    "auditbeat",
    "packetbeat",
    "elastic-agent*",
    "aws-for-fluent-bit",
    "cloudwatch-agent",
    "falcon-*sensor",
    "splunk-otel-collector",
    "pushprox-client",
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
    "envoyproxy/envoy",
    "openshift/*router",
)
"""Image repositories of what publishes Ingresses and Gateways."""

CONSOLES: Mapping[str, str] = {
    "kubernetesui/dashboard*": "the Kubernetes dashboard",
    "kubernetes-dashboard*": "the Kubernetes dashboard",
    "headlamp-k8s/headlamp": "Headlamp, a console of the cluster",
    "weaveworks/scope": "Weave Scope, a console of the cluster",
    "portainer/portainer*": "Portainer, a console of containers",
    "kubeview": "KubeView, a map of the cluster",
    "argoproj/argocli": "the Argo Workflows server",
    "adminer": "Adminer, a console of databases",
    "phpmyadmin*": "phpMyAdmin, a console of databases",
    "pgadmin4": "pgAdmin, a console of databases",
    "mongo-express": "mongo-express, a console of databases",
    "redis-commander": "Redis Commander, a console of databases",
    "redisinsight": "Redis Insight, a console of databases",
    "kafka-ui": "a console of Kafka",
    "akhq": "AKHQ, a console of Kafka",
    "apache/nifi": "Apache NiFi",
    "jupyter/*-notebook": "a Jupyter notebook",
    "jupyter/jupyterhub": "JupyterHub",
    "ollama/ollama": "Ollama, a server of language models",
    "vllm/vllm-openai": "vLLM, a server of language models",
    "rayproject/ray*": "the Ray dashboard",
    "mlflow/mlflow": "MLflow",
}
"""Image repositories of what whoever connects can command, and what that is."""

SCRAPERS = (
    *("prom/prometheus", "prometheus/prometheus", "bitnami/prometheus", "victoriametrics/vmagent"),
    *("grafana/agent", "grafana/alloy"),
)
"""Image repositories of what scrapes pods that ask for it."""


class Images:
    """Image repositories by pattern; each is looked up once, as a cluster runs the same few over and over."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._words = frozenset(each for each in patterns if "*" not in each)
        self._patterns: dict[int, list[tuple[str, str]]] = {each.count("/") + 1: [] for each in patterns}
        for pattern in patterns:
            if pattern not in self._words:
                self._patterns[pattern.count("/") + 1].append((_held(pattern), pattern))
        self._told: dict[str, bool] = {}

    def hold(self, repository: str) -> bool:
        """Whether a repository is what one of the patterns says."""
        found = self._told.get(repository)
        if found is None:
            found = self._told[repository] = self._look_up(repository)
        return found

    def _look_up(self, repository: str) -> bool:
        """Whether as many last parts of a repository as a pattern has are what it says."""
        parts = repository.split("/")
        for depth, patterns in self._patterns.items():
            last = "/".join(parts[-depth:])
            if last in self._words:
                return True
            for held, pattern in patterns:
                # A pattern takes long to make ready, and of most a repository does not even hold the longest word.
                if held in last and fnmatchcase(last, pattern):
                    return True
        return False


def _held(pattern: str) -> str:
    """The longest text that whatever a pattern means holds."""
    return "" if "[" in pattern else max(pattern.replace("?", "*").split("*"), key=len)
