"""Everything that answers are computed from, built once for a world: policies, classes, atoms and both directions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.reach.compiled import Compiler
from k8snet_lint.reach.endpoints import Endpoint, EndpointKind, of_graph, stranger
from k8snet_lint.reach.matching import Matching
from k8snet_lint.reach.mesh import MeshLayer, ruling_on
from k8snet_lint.reach.named_ports import NamedPorts, cuts
from k8snet_lint.reach.policies import admin, engines, network
from k8snet_lint.reach.ports import PortAtoms
from k8snet_lint.reach.sides import Side
from k8snet_lint.reach.spec import Notes
from k8snet_lint.reach.universe import Universe
from k8snet_lint.reach.verdict import Verdict
from k8snet_lint.reach.vocabulary import Vocabulary
from k8snet_lint.resource import Direction, EnginePolicy, NetworkPolicy, Resource
from k8snet_lint.resource.admin_policy import AdminPolicy, Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeVar

    from k8snet_lint.graph import Graph
    from k8snet_lint.reach.profile import Profile
    from k8snet_lint.reach.spec import Degraded, Policy
    from k8snet_lint.resource import Workload

    R = TypeVar("R", bound=Resource)


STRANGER = stranger("any pod", EndpointKind.STRANGER)
NODES = Endpoint(EndpointKind.NODE, "nodes")
GATEWAY = stranger("gateway", EndpointKind.CONTROLLER)
ROUTER = stranger("router", EndpointKind.CONTROLLER, "openshift-ingress")
API_SERVER = stranger("api server", EndpointKind.CONTROLLER, "kube-system")

_TIERS = tuple(Tier)


class Engine:
    """The analysis of one world; `extra` are endpoints besides those of the graph that can be asked about."""

    def __init__(self, graph: Graph, profile: Profile, extra: tuple[Endpoint, ...] = ()) -> None:
        self.graph = graph
        self.profile = profile
        notes = Notes()
        self.policies = _ordered(graph, profile, notes)
        self.degraded: tuple[Degraded, ...] = tuple(notes.found)
        self.vocabulary = Vocabulary.of(self.policies)
        ordinary, named = profile.host_network_is_ordinary, bool(self.vocabulary.port_names)
        pods = of_graph(graph, host_is_ordinary=ordinary, with_ports=named, more=_labels_by(self.policies))
        others = (STRANGER, NODES, *extra)
        self.universe = Universe(graph.namespaces, self.vocabulary, pods, others, partial(ruling_on, graph))
        self.named = NamedPorts(self.universe, self.vocabulary)
        self.ports = PortAtoms(cuts(self.named, self.vocabulary))
        self.mesh = MeshLayer(graph, self.universe, self.ports)
        self.matching = Matching(graph, self.universe, self.vocabulary, profile)
        self.compiler = Compiler(self.matching, self.named, self.ports, self.universe.kept, profile)
        subjects = self.universe.workloads & self.universe.selectable
        self.compiled = tuple(self.compiler.policy(policy, subjects) for policy in self.policies)

    @cached_property
    def ingress(self) -> Side:
        """What policies let in."""
        return self._side(Direction.INGRESS)

    @cached_property
    def egress(self) -> Side:
        """What policies let out."""
        return self._side(Direction.EGRESS)

    def side(self, direction: Direction) -> Side:
        """The side of a direction."""
        return self.ingress if direction is Direction.INGRESS else self.egress

    def pair(self, source: int, target: int) -> int:
        """The pair of masks that hold from one class to another: what both directions let through, and the mesh."""
        return self.network_pair(source, target) & self.mesh.onto(target)

    def network_pair(self, source: int, target: int) -> int:
        """The same, but for the mesh: what policies of the network let through."""
        return self.egress.pair(source, target) & self.ingress.pair(target, source)

    def verdict(self, pair: int, bit: int) -> Verdict:
        """What a pair of masks says of one connection."""
        if self.ports.surely(pair) & bit:
            return Verdict.ALLOWED
        return Verdict.UNKNOWN if self.ports.maybe(pair) & bit else Verdict.DENIED

    def _side(self, direction: Direction) -> Side:
        return Side(direction, self.compiled, self.universe, self.compiler, self.ports, self.named)


def _ordered(graph: Graph, profile: Profile, notes: Notes) -> tuple[Policy, ...]:
    """Every policy, in the order of evaluation."""
    ordinary = sorted(_read(graph, profile, notes), key=lambda each: (_TIERS.index(each.tier), each.order))
    if "Calico" in graph.engines:
        from k8snet_lint.graph.isolation.calico import enforced  # noqa: PLC0415 - few repositories have such a kind
        from k8snet_lint.reach.policies import calico  # noqa: PLC0415

        own = tuple(_last(enforced(graph)))
        if own:
            return calico.arranged(graph, own, ordinary, notes)
    return tuple(ordinary)


def _labels_by(policies: Iterable[Policy]) -> Callable[[Workload], Mapping[str, str]] | None:
    """The labels that Calico puts on pods, where its policies are there to ask for them."""
    if not any(each.tier is Tier.CALICO for each in policies):
        return None
    from k8snet_lint.resource.calico import account_labels  # noqa: PLC0415 - few repositories have such a kind

    return account_labels


def _read(graph: Graph, profile: Profile, notes: Notes) -> Iterable[Policy]:
    """Every policy; where one is written twice, the last counts, as it does in a cluster."""
    for policy in _last(graph.select(NetworkPolicy)):
        yield network.read(policy, notes)
    for of_admin in _last(graph.select(AdminPolicy)):
        yield admin.read(of_admin, notes)
    for of_engine in _last(graph.select(EnginePolicy)):
        yield from engines.read(of_engine, profile, notes)


def _last(resources: Iterable[R]) -> Iterable[R]:
    found: dict[object, R] = {}
    for each in resources:
        key = (each.kind, each.namespace, each.name, id(each) if each.name.endswith("*") or not each.name else 0)
        found.pop(key, None)
        found[key] = each
    return found.values()
