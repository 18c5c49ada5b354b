"""Policies that name the port of a Service, where only the port of its pods counts (API: ports apply behind DNAT)."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from k8snet_lint.bitset import members, set_of
from k8snet_lint.cached import cached_property
from k8snet_lint.effects.openings import number_of_name
from k8snet_lint.graph.chosen import Chosen
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction, EnginePolicy, NetworkPolicy, Service
from k8snet_lint.resource.protocols import PROTOCOLS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.compiled import CompiledRule
    from k8snet_lint.resource import PolicyPort, PolicyRule, ServicePort, Workload
    from k8snet_lint.resource.engine_policy import EngineRule


class Misnamed(NamedTuple):
    """A policy's port that is a Service's; `target` is what it comes to on the workload's pods."""

    policy: NetworkPolicy | EnginePolicy
    port: PolicyPort
    service: Service
    service_port: ServicePort
    workload: Workload
    target: int

    @property
    def targets(self) -> Iterator[tuple[Node, str]]:
        """Where the Service says which port of the pods it means, and the pods which number that has."""
        yield self.service_port.target_node, f"{self.service} targets {self.target}"
        yield from number_of_name(self.service_port, self.workload)


class Led(NamedTuple):
    """A Service's port that leads to a workload's pods, and what it comes to there."""

    service: Service
    service_port: ServicePort
    workload: Workload
    target: int


class Serving(NamedTuple):
    """A Service's port, and its place among all ports of Services."""

    place: int
    service: Service
    port: ServicePort


class Told(NamedTuple):
    """Which of some workloads may have a port, and in which others it leads elsewhere: a bit for each.

    Shapes: `led` tells where, by the places of these.
    """

    listening: int
    leading: int
    led: dict[int, Led]


class PolicyPorts:
    """The ports of policies held against the Services of the pods that they are ports of."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._graph = reach.graph
        self._told: dict[tuple[int, int | str | None, str], tuple[Sequence[Workload], Told]] = {}
        self._by_word: dict[int, tuple[Sequence[Workload], dict[int | str | None, list[int]]]] = {}
        self._by_workload: dict[Workload, dict[int | str | None, list[Serving]]] = {}

    def misnamed(self) -> Iterator[Misnamed]:
        """Ports that are a Service's and lead nowhere, while nothing admits what the Service targets."""
        engine = self._reach.engine
        for compiled in engine.compiled:
            policy = compiled.policy.resource
            if isinstance(policy, NetworkPolicy):
                for direction in sorted(policy.types):
                    rules = zip(policy.rules(direction), compiled.rules[direction], strict=True)
                    for rule, looked_up in rules:
                        yield from self._of_rule(policy, rule, looked_up)
            elif isinstance(policy, EnginePolicy):
                written = {each.node: each for each in policy.effective_rules}
                for looked_up in (each for found in compiled.rules.values() for each in found):
                    if looked_up.rule.node in written:
                        yield from self._of_rule(policy, written.pop(looked_up.rule.node), looked_up)

    def _of_rule(
        self, policy: NetworkPolicy | EnginePolicy, rule: PolicyRule | EngineRule, looked_up: CompiledRule
    ) -> Iterator[Misnamed]:
        wanted = [port for port in rule.ports if self._may_be(port)]
        pods = self._graph.peers.destinations(policy, rule) if wanted else None
        if pods is None or not pods.workloads:
            return
        for port in wanted:
            led = self._leading(port, pods.workloads)
            found = None if led is None else Misnamed(policy, port, *led)
            if found is not None and not self._is_admitted(looked_up, rule.direction, found):
                yield found

    def _may_be(self, port: PolicyPort) -> bool:
        single = port.port is not None and port.end_port is None and not port.flaws
        return single and port.protocol in (*PROTOCOLS, "ANY") and port.port in self._words

    def _leading(self, port: PolicyPort, workloads: Sequence[Workload]) -> Led | None:
        """The Service whose port it is; None where it is a port of some of the pods, as far as anyone knows."""
        chosen = Chosen.of(workloads)
        key = (id(chosen.among), port.port, port.protocol)
        found = self._told.get(key)
        if found is None:
            found = self._told[key] = chosen.among, self._search(port, chosen.among)
        listening, leading, led = found[1]
        if chosen.bits & listening or not chosen.bits & leading:
            return None
        return led[next(members(chosen.bits & leading))]

    def _search(self, port: PolicyPort, workloads: Sequence[Workload]) -> Told:
        listening: list[int] = []
        led: dict[int, Led] = {}
        for place in self._places(workloads).get(port.port, ()):
            told = self._of_workload(port, workloads[place])
            if isinstance(told, Led):
                led[place] = told
            elif told:
                listening.append(place)
        return Told(set_of(listening), set_of(led), led)

    def _of_workload(self, port: PolicyPort, workload: Workload) -> Led | bool:
        """Where the port leads in a workload, and else whether it is one of its own."""
        found: Led | bool = False
        for _, service, each in self._called(workload).get(port.port, ()):
            if port.protocol in (each.protocol, "ANY"):
                target = each.number_on(workload)
                if target == port.port or self._may_listen(workload, port):
                    return True
                if not found and target is not None and port.port in (each.number, each.name):
                    found = Led(service, each, workload, target)
        return found

    def _called(self, workload: Workload) -> dict[int | str | None, list[Serving]]:
        """The ports of the Services that select a workload, by each word that they go by, in their order."""
        found = self._by_workload.get(workload)
        if found is None:
            found = self._by_workload[workload] = {}
            for each in sorted(self._serving[workload].values(), key=itemgetter(0)):
                for word in {each.port.number, each.port.name, each.port.target}:
                    found.setdefault(word, []).append(each)
        return found

    def _places(self, workloads: Sequence[Workload]) -> dict[int | str | None, list[int]]:
        """Some workloads, by their places, for each word that a port of their Services goes by."""
        found = self._by_word.get(id(workloads))
        if found is None:
            places: dict[int | str | None, list[int]] = {}
            for place, workload in enumerate(workloads):
                ports = (each.port for each in self._serving.get(workload, {}).values())
                for word in dict.fromkeys(word for port in ports for word in (port.number, port.name, port.target)):
                    places.setdefault(word, []).append(place)
            found = self._by_word[id(workloads)] = workloads, places
        return found[1]

    def _may_listen(self, workload: Workload, port: PolicyPort) -> bool:
        """Whether the pods may have a port like that."""
        known = [self._graph.declares(workload, port.port or 0, each) for each in port.protocols]
        declared = next((each for each in known if each is not False), False)
        if isinstance(port.port, str):
            return declared is not False
        if declared is None and workload.is_whole and not workload.declares_ports:
            return self._graph.pod_ports.mentions(workload, port.port or 0)
        return declared is not False

    def _is_admitted(self, rule: CompiledRule, direction: Direction, found: Misnamed) -> bool:
        """Whether some policy lets through, between the same ends, what the Service targets."""
        engine = self._reach.engine
        bit = 1 << engine.ports.atom(found.service_port.protocol, found.target)
        universe, side = engine.universe, engine.side(direction)
        target = self._reach.peers(found.workload).bits
        if direction is Direction.INGRESS:
            subjects, peers = target, rule.peers.maybe & ~universe.on_host
        else:
            subjects, peers = self._subjects(found.policy), target
        return any(
            peers & bits and engine.ports.maybe(masks) & bit
            for number in side.groups_among(subjects)
            for masks, bits in side.cells(number).items()
        )

    def _subjects(self, policy: NetworkPolicy | EnginePolicy) -> int:
        bits = 0
        for workload in self._graph.subjects(policy):
            bits |= self._reach.peers(workload).bits
        return bits

    @cached_property
    def _serving(self) -> dict[Workload, dict[Hashable, Serving]]:
        """The ports of the Services that select each workload, one of those that are alike."""
        alike: dict[tuple[int, Hashable], tuple[Sequence[Workload], Serving]] = {}
        ports = ((service, port) for service in self._graph.select(Service) for port in service.ports)
        for place, (service, port) in enumerate(ports):
            workloads = self._graph.endpoints(service) if service.selects_pods else ()
            signs = (port.protocol, port.number, port.name, port.target)
            alike.setdefault((id(workloads), signs), (workloads, Serving(place, service, port)))
        found: dict[Workload, dict[Hashable, Serving]] = {}
        for (_, told), (workloads, serving) in alike.items():
            for workload in workloads:
                found.setdefault(workload, {}).setdefault(told, serving)
        return found

    @cached_property
    def _words(self) -> frozenset[int | str | None]:
        """The numbers, names and targets of all Services' ports."""
        ports = [port for service in self._graph.select(Service) for port in service.ports]
        return frozenset(word for port in ports for word in (port.number, port.name or None, port.target))
