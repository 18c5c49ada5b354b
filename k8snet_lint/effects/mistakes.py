"""Mistakes that findings of their own name, and that close ways which were to be open: one cause is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction, Namespace, NetworkPolicy, Service

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from k8snet_lint.effects.declared import Blocked
    from k8snet_lint.effects.mending import Denial, Isolating
    from k8snet_lint.effects.policy_ports import Misnamed
    from k8snet_lint.effects.ways import Closed
    from k8snet_lint.graph import Graph, Unresolved
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import PolicyPort, Resource, Workload

    Port = tuple[str, int | None]
    """A protocol, and a port of pods, None where it is not known."""


SHOWN = 3


class Shut(NamedTuple):
    """A way that a mistake closes: where somebody asks for it, what it is, and whether it is surely to be open."""

    at: Node
    what: str
    is_sure: bool


class Shutting(NamedTuple):
    """What a mistake closes, for the finding that names it: whether surely something, and the first places that ask."""

    is_sure: bool = False
    related: tuple[tuple[Node, str], ...] = ()

    @staticmethod
    def of(ways: Sequence[Shut]) -> Shutting:
        return Shutting(any(way.is_sure for way in ways), tuple((way.at, way.what) for way in ways[:SHOWN]))


class Suspects(NamedTuple):
    """What some policies may have wrong: ports with the one that is meant, where that is known, and peers."""

    ports: tuple[tuple[PolicyPort, Port | None], ...]
    peers: tuple[Unresolved, ...]


class Mistakes:
    """The ports of policies that are a Service's or nobody's, and the peers that are nearly somebody."""

    def __init__(self, graph: Graph, misnamed: Callable[[], Sequence[Misnamed]]) -> None:
        self._graph = graph
        self._misnamed = misnamed
        self._known: dict[tuple[int, Direction], tuple[Isolating, Suspects]] = {}

    def of_traffic(self, each: Blocked) -> tuple[tuple[Node, Shut], ...]:
        """The mistakes that block declared traffic, with what they block."""
        declared, target = each.declared, each.declared.target
        other = declared.consumer if each.denial.direction is Direction.INGRESS else target.workload
        sure = declared.is_sure and self._is_covered(each.end, each.denial.isolating)
        shut = Shut(declared.at, f"{declared.consumer} {declared.wants}", sure)
        return tuple((node, shut) for node in self._closing(each.denial, (other,), (target.protocol, target.number)))

    def of_entrance(self, each: Closed) -> tuple[tuple[Node, Shut], ...]:
        """The mistakes that close a way in, with what they close."""
        way = each.entrance
        clients = [end.workload for end in way.via.endpoints if end.workload is not None]
        others = clients if each.denial.direction is Direction.INGRESS else [way.workload]
        sure = not isinstance(way.opener, Service) and self._is_covered(way.workload, each.denial.isolating)
        shut = Shut(way.chain[0][0], f"{way.opener} leads there", sure)
        return tuple((node, shut) for node in self._closing(each.denial, others, (way.protocol, way.number)))

    def close(self, isolating: Isolating, port: Port) -> bool:
        """Whether they close a port of pods to everyone; a name that no pod has may have meant any."""
        ports = self._suspects(isolating, Direction.INGRESS).ports
        return any(meant is None or meant == port for _, meant in ports)

    def _is_covered(self, end: Workload, isolating: Isolating) -> bool:
        return self._graph.isolation.absence_for(end, isolating.policies).covered

    def _closing(self, denial: Denial, others: Collection[Resource], port: Port) -> Iterator[Node]:
        ports, peers = self._suspects(denial.isolating, denial.direction)
        for written, meant in ports:
            fits = written.protocol == port[0] if meant is None else meant == port
            if fits and (not denial.near or any(at == written.node.parent for at, _ in denial.near)):
                yield written.node["port"]
        for missing in peers:
            if self._nearly_means(missing, others) and _allows(missing, port):
                yield missing.at

    def _suspects(self, isolating: Isolating, direction: Direction) -> Suspects:
        """What may be wrong in the rules of some policies for a direction."""
        key = (id(isolating), direction)
        if key not in self._known:
            ports = (each for policy in isolating.policies for each in self._ports.get(policy, ()))
            peers = (each for policy in isolating.policies for each in self._graph.peers.missed.get(policy, ()))
            found = Suspects(
                tuple(each for each in ports if direction.field in each[0].node.path),
                tuple(each for each in peers if each.near and direction.field in each.at.path),
            )
            self._known[key] = isolating, found
        return self._known[key][1]

    @cached_property
    def _ports(self) -> dict[Resource, list[tuple[PolicyPort, Port | None]]]:
        found: dict[Resource, list[tuple[PolicyPort, Port | None]]] = {}
        for misnamed in self._misnamed():
            meant = misnamed.service_port.protocol, misnamed.target
            found.setdefault(misnamed.policy, []).append((misnamed.port, meant))
        for unknown in self._graph.pod_ports.unknown:
            if unknown.is_sure:
                found.setdefault(unknown.policy, []).append((unknown.port, None))
        return found

    def _nearly_means(self, missing: Unresolved, others: Collection[Resource]) -> bool:
        """Whether what almost fits a peer is one of those at the other end, or its namespace."""
        owners = [self._graph.owner(miss.node) for miss in missing.near]
        spaces = {each.name for each in owners if isinstance(each, Namespace)}
        return any(each in owners or each.namespace in spaces for each in others)


def _allows(missing: Unresolved, port: Port) -> bool:
    """Whether the rule that a peer is of lets a port through, as far as that is known."""
    (protocol, number), policy, path = port, missing.source, missing.at.path
    if number is None or not isinstance(policy, NetworkPolicy):
        return True
    rules = (each for each in policy.effective_rules if path[: len(each.node.path)] == each.node.path)
    return any(each.allows(protocol, number) or any(isinstance(p.port, str) for p in each.ports) for each in rules)
