"""Who can be asked about: workloads, namespaces, addresses, and what stands for those outside of the set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from k8snet_lint.cached import cached_property
from k8snet_lint.cidr import BITS, Cidr
from k8snet_lint.graph import NotAloneError
from k8snet_lint.reach.addresses import INTERNET
from k8snet_lint.reach.endpoints import Endpoint, EndpointKind, stranger, workload_key
from k8snet_lint.reach.engine import GATEWAY, NODES, ROUTER, STRANGER, Engine
from k8snet_lint.reach.gateways import GATEWAY_LABEL, is_gateway
from k8snet_lint.reach.peers import Peers
from k8snet_lint.reach.profile import Profile, of_graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.graph import Graph
    from k8snet_lint.resource import Ingress, Resource, Workload


class Parties:
    """The ends that connections of a world can have.

    `extra` are endpoints besides those of the manifests that questions can be about.
    """

    def __init__(self, graph: Graph, profile: Profile | None = None, extra: tuple[Endpoint, ...] = ()) -> None:
        self.graph = graph
        self.profile = profile or of_graph(graph)
        self._extra = extra
        self._carriers: dict[tuple[Workload, ...], Peers] = {}

    @cached_property
    def engine(self) -> Engine:
        """What the answers are computed from."""
        return Engine(self.graph.settled, self.profile, (self._controller, ROUTER, GATEWAY, *self._extra))

    @property
    def whole(self) -> Self:
        """Itself; asked for what hangs on all pods of the world, which a part of one refuses (`Graph.whole`)."""
        if self.graph.whole is not self.graph:
            raise NotAloneError("whole")
        return self

    @cached_property
    def workloads(self) -> Peers:
        """Every workload."""
        return self._peers(self.engine.universe.workloads, "all workloads")

    @cached_property
    def internet(self) -> Peers:
        """The public addresses, of IPv4 and of IPv6."""
        universe = self.engine.universe
        bits = 0
        for version, ranges in INTERNET.items():
            bits |= universe.addresses_in(version, ranges)
        return self._peers(bits, "internet")

    @cached_property
    def any_pod(self) -> Peers:
        """A pod outside the set, of which nothing is known: what it may do, any pod of the cluster may."""
        return self.peers(STRANGER)

    @cached_property
    def nodes(self) -> Peers:
        """A node of the cluster, of which nothing is known."""
        return self.peers(NODES)

    @cached_property
    def ingress_controller(self) -> Peers:
        """What carries the traffic of Ingresses: its pods where they are in the set, else a pod told of, else any."""
        return self._carried_by(tuple(each.workload for each in self._controllers() if each.workload))

    def carriers(self, ingress: Ingress) -> Peers:
        """The same for one Ingress: the pods of its own controller."""
        workloads = self.graph.ingress_carriers.of(ingress)
        if workloads not in self._carriers:
            self._carriers[workloads] = self._carried_by(workloads)
        return self._carriers[workloads]

    def _carried_by(self, workloads: tuple[Workload, ...]) -> Peers:
        told = self.graph.facts.ingress_controller
        if told is not None and told.cidrs:
            bits = 0
            for text in told.cidrs:
                bits |= self.addresses(text).bits
            return self._peers(bits, "ingress controller")
        found = () if told is not None else tuple(filter(None, map(self._by_workload.get, workloads)))
        return self._of_endpoints(found, "ingress controller") if found else self.peers(self._controller)

    @cached_property
    def router(self) -> Peers:
        """What carries the traffic of OpenShift Routes."""
        found = tuple(each for each in self._controllers() if each.namespace == ROUTER.namespace)
        return self._of_endpoints(found, "router") if found else self.peers(ROUTER)

    def gateway_pods(self, gateways: Iterable[Resource]) -> Peers:
        """What carries the traffic of Gateways: the pods that carry their names, else a pod somewhere."""
        names = dict.fromkeys(gateway.name for gateway in gateways)
        found = tuple(each for name in names for each in self._by_gateway.get(name, ()))
        return self._of_endpoints(found, "gateway") if found else self.peers(GATEWAY)

    def namespace(self, name: str) -> Peers:
        """The workloads of a namespace."""
        return self._of_endpoints(tuple(self._by_namespace.get(name, ())), f"{name}/")

    def addresses(self, text: str) -> Peers:
        """The addresses of a CIDR, or one address.

        Raises ValueError where the text is neither.
        """
        cidr = Cidr.of(text if "/" in text else f"{text}/{BITS[6 if ':' in text else 4]}")
        return self._peers(self.engine.universe.addresses_in(cidr.version, (cidr.range,)), text)

    def peers(self, end: Workload | Endpoint | Peers) -> Peers:
        """The endpoints that are meant: all of a workload's, or those given."""
        if isinstance(end, Peers):
            return end
        if isinstance(end, Endpoint):
            return self._of_endpoints((end,), end.key)
        found = self._by_workload.get(end)
        if found is None:
            return self.peers(GATEWAY) if is_gateway(end) else self._twin(end)
        return self._of_endpoints((found,), found.key)

    # ── inside ───────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _controller(self) -> Endpoint:
        told = self.graph.facts.ingress_controller
        if told is None or not told.namespace:
            return stranger("ingress-controller", EndpointKind.CONTROLLER)
        return Endpoint(
            EndpointKind.CONTROLLER, "ingress-controller", told.namespace, labels=told.labels, on_host=told.host_network
        )

    @cached_property
    def _by_namespace(self) -> dict[str | None, list[Endpoint]]:
        found: dict[str | None, list[Endpoint]] = {}
        for each in self.workloads:
            found.setdefault(each.namespace, []).append(each)
        return found

    @cached_property
    def _by_gateway(self) -> dict[str, list[Endpoint]]:
        """The workloads that carry the traffic of a Gateway, by its name."""
        found: dict[str, list[Endpoint]] = {}
        for each in self.workloads:
            if GATEWAY_LABEL in each.labels:
                found.setdefault(each.labels[GATEWAY_LABEL], []).append(each)
        return found

    def _controllers(self) -> Iterator[Endpoint]:
        """The workloads that carry the traffic of Ingresses, Gateways or Routes."""
        for each in self.workloads:
            if each.workload is not None and self.graph.roles.is_ingress_controller(each.workload):
                yield each

    @cached_property
    def _by_workload(self) -> dict[Workload, Endpoint]:
        """The endpoint of a workload."""
        return {each.workload: each for each in self.workloads if each.workload is not None}

    @cached_property
    def _by_key(self) -> dict[str, list[Endpoint]]:
        found: dict[str, list[Endpoint]] = {}
        for each in self.workloads:
            found.setdefault(each.key, []).append(each)
        return found

    def _twin(self, workload: Workload) -> Peers:
        """For a workload that a later description of the same object replaces: that one."""
        key = workload_key(workload)
        return self._of_endpoints(tuple(self._by_key.get(key, ())), key)

    def _peers(self, bits: int, text: str = "") -> Peers:
        return Peers(self.engine.universe, bits, None, text)

    def _of_endpoints(self, endpoints: tuple[Endpoint, ...], text: str) -> Peers:
        universe = self.engine.universe
        bits = 0
        for each in endpoints:
            bits |= 1 << universe.class_of(each)
        return Peers(universe, bits, endpoints, text)
