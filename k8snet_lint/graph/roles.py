"""What workloads are there for: those that clusters run for their nodes or at their edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.images import CONSOLES, INGRESS_CONTROLLERS, NODE_AGENTS, SCRAPERS, Images
from k8snet_lint.resource import Workload

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.ports.sensitive import SensitivePorts
    from k8snet_lint.resource import ConfigMap, EnginePolicy, NetworkPolicy, Service

AGENT_KINDS = frozenset({("agent.k8s.elastic.co", "Agent"), ("beat.k8s.elastic.co", "Beat")})
"""Custom resources whose operator runs such an image on the nodes."""

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
        self._images: dict[tuple[str, ...], Images] = {}

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
                known = self._images[patterns] = Images(patterns)
            if any(known.hold(container.repository) for container in workload.containers):
                return True
        return False


def is_name_server(workload: Workload) -> bool:
    """Whether the pods answer queries for names: they say so by their label, or declare the port."""
    called = any(workload.pod_labels.get(key) in NAME_SERVERS for key in NAME_LABELS)
    return called or any(port.number in (53, 5353) and port.protocol == "UDP" for port in workload.ports)


def _is_called_a_controller(labels: dict[str, str]) -> bool:
    return any(labels.get(key) in CONTROLLER_NAMES for key in NAME_LABELS)
