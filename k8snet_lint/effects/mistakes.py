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
    from k8snet_lint.resource import PolicyPort, PolicyRule, Resource, Workload

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
    """What some policies may have wrong.

    Shapes: `ports` are by the port of the pods that is meant, without its number where no pod has the name; `peers` by
    whom they nearly mean, a workload or the name of a namespace, each with the rule that it is of.
    """

    ports: dict[Port, list[PolicyPort]]
    peers: dict[Resource | str, list[tuple[Unresolved, PolicyRule | None]]]


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
        return port in ports or any(number is None for _, number in ports)

    def _is_covered(self, end: Workload, isolating: Isolating) -> bool:
        return self._graph.isolation.absence_for(end, isolating.policies).covered

    def _closing(self, denial: Denial, others: Collection[Resource], port: Port) -> Iterator[Node]:
        ports, peers = self._suspects(denial.isolating, denial.direction)
        for written in (*ports.get(port, ()), *ports.get((port[0], None), ())):
            if not denial.near or any(at == written.node.parent for at, _ in denial.near):
                yield written.node["port"]
        nearly = (found for other in others for key in (other, other.namespace) for found in peers.get(key, ()))
        yield from dict.fromkeys(missing.at for missing, rule in nearly if rule is None or _allows(rule, port))

    def _suspects(self, isolating: Isolating, direction: Direction) -> Suspects:
        """What may be wrong in the rules of some policies for a direction."""
        key = (id(isolating), direction)
        if key not in self._known:
            found = Suspects({}, {})
            for policy in isolating.policies:
                for meant, port in self._ports.get(policy, ()):
                    if direction.field in port.node.path:
                        found.ports.setdefault(meant, []).append(port)
                for missing, rule in self._peers(policy):
                    if direction.field in missing.at.path:
                        for end in self._nearly(missing):
                            found.peers.setdefault(end, []).append((missing, rule))
            self._known[key] = isolating, found
        return self._known[key][1]

    @cached_property
    def _ports(self) -> dict[Resource, list[tuple[Port, PolicyPort]]]:
        found: dict[Resource, list[tuple[Port, PolicyPort]]] = {}
        for misnamed in self._misnamed():
            meant = misnamed.service_port.protocol, misnamed.target
            found.setdefault(misnamed.policy, []).append((meant, misnamed.port))
        for unknown in self._graph.pod_ports.unknown:
            if unknown.is_sure:
                found.setdefault(unknown.policy, []).append(((unknown.port.protocol, None), unknown.port))
        return found

    def _peers(self, policy: Resource) -> Iterator[tuple[Unresolved, PolicyRule | None]]:
        """The peers of a policy that nearly mean somebody, with the rules of NetworkPolicies that they are of."""
        rules = policy.effective_rules if isinstance(policy, NetworkPolicy) else ()
        by_place = {each.node.path: each for each in rules}
        for missing in self._graph.peers.missed.get(policy, ()):
            if missing.near:
                path = missing.at.path
                yield missing, next(filter(None, (by_place.get(path[:end]) for end in range(len(path)))), None)

    def _nearly(self, missing: Unresolved) -> set[Resource | str]:
        """What almost fits a peer: workloads, and the names of namespaces."""
        owners = filter(None, (self._graph.owner(miss.node) for miss in missing.near))
        return {each.name if isinstance(each, Namespace) else each for each in owners}


def _allows(rule: PolicyRule, port: Port) -> bool:
    """Whether a rule lets a port through, as far as that is known."""
    protocol, number = port
    return number is None or rule.allows(protocol, number) or any(isinstance(each.port, str) for each in rule.ports)
