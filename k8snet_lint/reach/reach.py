"""Who can connect to whom: the answers, all from one analysis of a world."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from k8snet_lint.cidr import BITS, Cidr
from k8snet_lint.reach import causes
from k8snet_lint.reach.addresses import INTERNET
from k8snet_lint.reach.bits import members
from k8snet_lint.reach.endpoints import Endpoint, EndpointKind, stranger, workload_key
from k8snet_lint.reach.engine import GATEWAY, NODES, ROUTER, STRANGER, Engine
from k8snet_lint.reach.gateways import GATEWAY_LABEL, is_gateway
from k8snet_lint.reach.peers import Peers
from k8snet_lint.reach.profile import Profile, of_graph
from k8snet_lint.reach.rows import rows
from k8snet_lint.reach.verdict import Allowed, Cause, Reason, Ruling, Verdict
from k8snet_lint.reach.why import explain, is_lone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.graph import Graph
    from k8snet_lint.reach.connections import Connections
    from k8snet_lint.reach.explanation import Explanation
    from k8snet_lint.reach.spec import Degraded
    from k8snet_lint.resource import Resource, Workload


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Connections that hold from every source to every target; `verdict` is ALLOWED or UNKNOWN."""

    sources: Peers
    targets: Peers
    connections: Connections
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Pair:
    """Connections that hold from one endpoint to another; `verdict` is ALLOWED or UNKNOWN."""

    source: Endpoint
    target: Endpoint
    connections: Connections
    verdict: Verdict


class Reach:
    """What the policies of a world allow. Nothing is computed before it is asked for.

    Two pods of one workload are two ends: what a pod may send to itself no policy decides, and it is always allowed.
    `extra` are endpoints besides those of the manifests that questions can be about.
    """

    def __init__(self, graph: Graph, profile: Profile | None = None, extra: tuple[Endpoint, ...] = ()) -> None:
        self.graph = graph
        self.profile = profile or of_graph(graph)
        self._extra = extra

    @staticmethod
    def of(graph: Graph) -> Reach:
        """The one analysis of a graph, by the network that its facts name."""
        memo = vars(graph)
        found = memo.get("_reach")
        if not isinstance(found, Reach):
            found = memo["_reach"] = Reach(graph)
        return found

    @cached_property
    def engine(self) -> Engine:
        """What the answers are computed from."""
        return Engine(self.graph, self.profile, (self._controller, ROUTER, GATEWAY, *self._extra))

    @property
    def degraded(self) -> tuple[Degraded, ...]:
        """The parts of policies that the API server rejects, and what was made of them."""
        return self.engine.degraded

    # ── who can be asked about ───────────────────────────────────────────────────────────────────────

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
        found = tuple(self._controllers())
        told = self.graph.facts.ingress_controller
        if told is not None and told.cidrs:
            bits = 0
            for text in told.cidrs:
                bits |= self.addresses(text).bits
            return self._peers(bits, "ingress controller")
        if told is not None or not found:
            return self.peers(self._controller)
        return self._of_endpoints(found, "ingress controller")

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

    # ── answers ──────────────────────────────────────────────────────────────────────────────────────

    def allowed(self, source: Workload | Endpoint | Peers, target: Workload | Endpoint | Peers) -> Allowed:
        """The connections from one end to another; of sets, those that hold for every pair, and for some."""
        ports = self.engine.ports
        pairs = dict(self._class_pairs(self.peers(source), self.peers(target)))
        surely, maybe = (ports.full if pairs else 0), 0
        for masks in pairs.values():
            surely &= ports.surely(masks)
            maybe |= ports.maybe(masks)
        found: dict[Cause, None] = {}
        for pair, masks in pairs.items():
            unknown = ports.maybe(masks) & ~ports.surely(masks)
            if unknown:
                found.update(dict.fromkeys(causes.of(self.engine, *pair, unknown)))
        if len({*pairs.values()}) > 1:
            found[Cause(Reason.MEMBERS_DIFFER)] = None
        return Allowed(ports.connections(surely), ports.connections(maybe), tuple(found))

    def verdict(
        self, source: Workload | Endpoint | Peers, target: Workload | Endpoint | Peers, protocol: str, port: int
    ) -> Ruling:
        """The verdict on one connection; of sets, unknown unless it is the same for every pair."""
        ports = self.engine.ports
        bit = 1 << ports.atom(protocol, port)
        pairs = dict(self._class_pairs(self.peers(source), self.peers(target)))
        found = pairs.values()
        if found and all(ports.surely(masks) & bit for masks in found):
            return Ruling(Verdict.ALLOWED)
        if not any(ports.maybe(masks) & bit for masks in found):
            return Ruling(Verdict.DENIED)
        doubts: dict[Cause, None] = {}
        for pair, masks in pairs.items():
            if ports.maybe(masks) & ~ports.surely(masks) & bit:
                doubts.update(dict.fromkeys(causes.of(self.engine, *pair, bit)))
        if len({(ports.surely(masks) & bit, ports.maybe(masks) & bit) for masks in found}) > 1:
            doubts[Cause(Reason.MEMBERS_DIFFER)] = None
        return Ruling(Verdict.UNKNOWN, (*doubts,))

    def why(
        self,
        source: Workload | Endpoint | Peers,
        target: Workload | Endpoint | Peers,
        protocol: str,
        port: int,
        *,
        by_service: bool = False,
    ) -> Explanation:
        """What decides one connection; of sets, the first pair that is not allowed, else the first of all.

        `by_service` tells that it goes to the address of a Service in front of the target.
        Raises ValueError where one of the ends is nobody.
        """
        sources, targets = self._representatives(source), self._representatives(target)
        if not sources or not targets:
            message = "there is nobody at one end of the connection"
            raise ValueError(message)
        bit = 1 << self.engine.ports.atom(protocol, port)
        pairs = [(one, other) for one in sources for other in targets]
        chosen = next((pair for pair in pairs if not self._masks(*pair) & bit), pairs[0])
        return explain(self.engine, *chosen, protocol, port, by_service=by_service)

    def rectangles(self, sources: Peers | None = None, targets: Peers | None = None) -> Iterator[Rectangle]:
        """All that is allowed, or may be, between workloads and addresses, in sets; each pair and port at most once."""
        engine = self.engine
        shown, ports = engine.universe.shown, engine.ports
        wanted = self._peers(shown) if sources is None else sources
        into = self._peers(shown) if targets is None else targets
        for bits, cells in rows(engine, wanted.bits & shown, into.bits & shown):
            for masks, to in cells.items():
                surely, maybe = ports.surely(masks), ports.maybe(masks)
                for verdict, mask in ((Verdict.ALLOWED, surely), (Verdict.UNKNOWN, maybe & ~surely)):
                    if mask:
                        yield Rectangle(wanted.part(bits), into.part(to), ports.connections(mask), verdict)

    def pairs(self, sources: Peers | None = None, targets: Peers | None = None) -> Iterator[Pair]:
        """The rectangles expanded: every pair of endpoints, but a lone pod with itself."""
        for each in self.rectangles(sources, targets):
            found = each.targets.endpoints
            for source in each.sources:
                for target in found:
                    if source is not target or not is_lone(source):
                        yield Pair(source, target, each.connections, each.verdict)

    # ── inside ───────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _controller(self) -> Endpoint:
        told = self.graph.facts.ingress_controller
        if told is None or not told.namespace:
            return stranger("ingress-controller", EndpointKind.CONTROLLER)
        return Endpoint(
            EndpointKind.CONTROLLER, "ingress-controller", told.namespace, told.labels, (), on_host=told.host_network
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

    def _representatives(self, end: Workload | Endpoint | Peers) -> tuple[Endpoint, ...]:
        """One endpoint for each class of a set."""
        found: dict[int, Endpoint] = {}
        for each in self.peers(end):
            found.setdefault(self.engine.universe.class_of(each), each)
        return tuple(found.values())

    def _masks(self, source: Endpoint, target: Endpoint) -> int:
        """The connections between two endpoints, a pair of masks."""
        if source is target and is_lone(source):
            return self.engine.ports.full_pair
        return self.engine.pair(self.engine.universe.class_of(source), self.engine.universe.class_of(target))

    def _twin(self, workload: Workload) -> Peers:
        """For a workload that a later description of the same object replaces: that one."""
        key = workload_key(workload)
        return self._of_endpoints(tuple(each for each in self.workloads if each.key == key), key)

    def _peers(self, bits: int, text: str = "") -> Peers:
        return Peers(self.engine.universe, bits, None, text)

    def _of_endpoints(self, endpoints: tuple[Endpoint, ...], text: str) -> Peers:
        universe = self.engine.universe
        bits = 0
        for each in endpoints:
            bits |= 1 << universe.class_of(each)
        return Peers(universe, bits, endpoints, text)

    def _class_pairs(self, sources: Peers, targets: Peers) -> Iterator[tuple[tuple[int, int], int]]:
        """Each pair of classes and its pair of masks."""
        engine, into = self.engine, [*members(targets.bits)]
        for source in members(sources.bits):
            for target in into:
                itself = source == target and _are_one_pod(sources.part(1 << source), targets.part(1 << target))
                yield (source, target), engine.ports.full_pair if itself else engine.pair(source, target)


def _are_one_pod(sources: Peers, targets: Peers) -> bool:
    """Whether both are the same single pod."""
    return len(sources) == 1 and sources == targets and is_lone(sources.endpoints[0])
