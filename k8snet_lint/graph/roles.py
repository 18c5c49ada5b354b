"""What workloads are there for: those that clusters run for their nodes or at their edge, known by their images."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.resource import Workload

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.ports.sensitive import SensitivePorts
    from k8snet_lint.resource import ConfigMap, EnginePolicy, NetworkPolicy, Service

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

AGENT_KINDS = frozenset({("agent.k8s.elastic.co", "Agent"), ("beat.k8s.elastic.co", "Beat")})
"""Custom resources whose operator runs such an image on the nodes."""

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

NGINX_SETTINGS = frozenset({"nginx-configuration", "nginx-config", "nginx-load-balancer-microk8s-conf"})
"""What the ConfigMap of ingress-nginx is called beside names that tell."""

NAME_SERVERS = frozenset({"kube-dns", "coredns", "node-local-dns"})
"""What the cluster's name servers are called in the labels of their pods."""

NAME_LABELS = ("app.kubernetes.io/name", "app", "k8s-app", "istio", "name")
GATEWAY_LABEL = "gateway.networking.k8s.io/gateway-name"


class Roles:
    """What workloads and Services are there for, by what they run and how they are called."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._images: dict[tuple[str, ...], _Images] = {}

    def is_node_agent(self, workload: Workload, more: Iterable[str] = ()) -> bool:
        """Whether the pods serve their node: in a system namespace, or by an image of the list or of `more`.

        Windows HostProcess pods do, too: they are there to manage the node.
        """
        if workload.namespace in self._graph.facts.system_namespaces or (workload.group, workload.kind) in AGENT_KINDS:
            return True
        if self._runs_one(workload, NODE_AGENTS, (*more,)):
            return True
        return workload.host_network and workload.is_host_process

    def is_ingress_controller(self, workload: Workload) -> bool:
        """Whether the pods carry the traffic of Ingresses or Gateways."""
        return self._runs_one(workload, INGRESS_CONTROLLERS) or _is_called_a_controller(workload.pod_labels)

    def console(self, workload: Workload) -> str:
        """What it runs that whoever connects can command: a console or a server of models; empty where nothing."""
        if not self._runs_one(workload, (*CONSOLES,)):
            return ""
        return next(what for pattern, what in CONSOLES.items() if self._runs_one(workload, (pattern,)))

    def sensitive_ports(self, ignored: Collection[str]) -> SensitivePorts:
        """What pods serve that nobody outside should reach, but for some port numbers."""
        from k8snet_lint.graph.ports.sensitive import SensitivePorts  # noqa: PLC0415 - for the one rule that asks

        return SensitivePorts(self, ignored)

    def is_scraper(self, workload: Workload) -> bool:
        """Whether the pods scrape those that ask for it by annotations."""
        return self._runs_one(workload, SCRAPERS)

    def may_use_host(self, workload: Workload, more: Iterable[str] = ()) -> bool:
        """Whether the place of the pods is on the host's network: node agents and ingress controllers."""
        return self.is_node_agent(workload, more) or self.is_ingress_controller(workload)

    def are_published(self, policy: NetworkPolicy | EnginePolicy) -> bool:
        """Whether all workloads that a policy is for, and there are some, are open to the outside anyway.

        A Service opens them, by itself or behind an Ingress, or they carry what comes in by Ingresses.
        """
        subjects = self._graph.subjects(policy)
        return bool(subjects) and all(
            self._graph.is_published(each) or self.is_ingress_controller(each) for each in subjects
        )

    def publishes_controller(self, service: Service) -> bool:
        """Whether a Service is an ingress controller's or a Gateway's, by its pods or by what it is called."""
        wanted = {each.key: value for each in service.selector.requirements for value in each.values}
        return (
            GATEWAY_LABEL in {*service.labels, *wanted}
            or _is_called_a_controller(service.labels)
            or _is_called_a_controller(wanted)
            or any(each.items() <= wanted.items() for each in self._gateway_selectors)
            or self._hold_controller(self._graph.endpoints(service))
        )

    def _hold_controller(self, pods: Sequence[Workload]) -> bool:
        """Whether an ingress controller is among the pods of a Service; told once for all Services of the same pods."""
        found = self._controlled.get(pods)
        if found is None:
            found = self._controlled[pods] = any(map(self.is_ingress_controller, pods))
        return found

    @cached_property
    def _gateway_selectors(self) -> tuple[Mapping[str, str], ...]:
        """The labels by which Istio's Gateways choose the proxies that serve them."""
        if not self._graph.has_mesh:
            return ()
        from k8snet_lint.resource.istio import IstioGateway  # noqa: PLC0415 - only where there is a mesh

        found = (each.selector for each in self._graph.whole.select(IstioGateway))
        chosen = ({each.key: each.values[0] for each in selector.requirements} for selector in found)
        return tuple(filter(None, chosen))

    @cached_property
    def _controlled(self) -> dict[Sequence[Workload], bool]:
        return {}

    def configures_nginx(self, config_map: ConfigMap) -> bool:
        """Whether ingress-nginx reads its settings from a ConfigMap, by how that is called or by `--configmap`."""
        called = (config_map.name, *(config_map.labels.get(key, "") for key in NAME_LABELS))
        if any("ingress-nginx" in name or "nginx-ingress" in name for name in called):
            return True
        return config_map.name in NGINX_SETTINGS or config_map.name in self._nginx_settings

    @cached_property
    def _nginx_settings(self) -> frozenset[str]:
        """The names of the ConfigMaps that arguments of ingress controllers name."""
        return frozenset(
            argument.text.rpartition("/")[2]
            for workload in self._graph.whole.select(Workload)
            for container in workload.containers
            for field in ("args", "command")
            for argument in container.node[field]
            if argument.text.startswith("--configmap=")
        )

    def _runs_one(self, workload: Workload, images: tuple[str, ...], more: tuple[str, ...] = ()) -> bool:
        """Whether a container's image is one of those."""
        for patterns in filter(None, (images, more)):
            known = self._images.get(patterns)
            if known is None:
                known = self._images[patterns] = _Images(patterns)
            if any(known.hold(container.repository) for container in workload.containers):
                return True
        return False


class _Images:
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


def is_name_server(workload: Workload) -> bool:
    """Whether the pods answer queries for names: they say so by their label, or declare the port."""
    called = any(workload.pod_labels.get(key) in NAME_SERVERS for key in NAME_LABELS)
    return called or any(port.number in (53, 5353) and port.protocol == "UDP" for port in workload.ports)


def _is_called_a_controller(labels: dict[str, str]) -> bool:
    return any(labels.get(key) in CONTROLLER_NAMES for key in NAME_LABELS)
