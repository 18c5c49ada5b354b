"""Calico's policies in the shape of the analysis, and the one order in which Calico asks policies of all kinds.

Calico turns NetworkPolicies into policies of its own, in the tier `default` at the order 1000, and those of
administrators into ones of the tiers `adminnetworkpolicy` and `baselineadminnetworkpolicy`, at their priorities
(libcalico-go, `backend/k8s/conversion`, `names`; Calico documentation, *Get started with policy tiers*).
"""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING

from k8snet_lint.facts import Cni
from k8snet_lint.graph.isolation.calico import tiers
from k8snet_lint.placeholder import is_open
from k8snet_lint.reach.connections import ALL, NONE, Connections, Protocol
from k8snet_lint.reach.policies.calico_peers import CalicoPeers, of_version
from k8snet_lint.reach.spec import AllOf, Doubt, Everyone, Policy, Ports, Rule, Stage
from k8snet_lint.reach.verdict import Reason
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction
from k8snet_lint.resource.admin_policy import Action, Tier
from k8snet_lint.resource.calico import BUILT_IN_TIERS, NETWORK_POLICY_ORDER, CalicoPolicy
from k8snet_lint.resource.calico_rule import CalicoAction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snet_lint.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.spec import Notes, Peer
    from k8snet_lint.resource.calico_rule import CalicoEntity, CalicoPort, CalicoRule

VERSION = "calico"
PROTOCOLS = frozenset(Protocol)

_ACTIONS = {
    CalicoAction.ALLOW: Action.ALLOW,
    CalicoAction.DENY: Action.DENY,
    CalicoAction.PASS: Action.PASS,
}


class Place(NamedTuple):
    """Where a policy stands: the order and name of its tier, whether that passes, and its own order and name.

    Shapes: policies of one tier that agree in `order`, and of which one has no name, go in no order that is told.
    """

    tier_order: float
    tier: str
    passes: bool
    order: float
    name: str = ""


def arranged(graph: Graph, own: Sequence[CalicoPolicy], others: Iterable[Policy], notes: Notes) -> tuple[Policy, ...]:
    """All policies in the order in which Calico asks them; `others` are those of other kinds."""
    reader, told = _Reader(graph, notes), graph.facts.cni is Cni.CALICO
    found: list[tuple[Place, Policy]] = [(_place(policy), policy) for policy in others if policy.enforced or not told]
    for each in own:
        place = reader.place(each)
        found += ((place, policy) for policy in reader.read(each))
    found.sort(key=lambda pair: pair[0])
    return tuple(_numbered(found))


def _place(policy: Policy) -> Place:
    """Where Calico puts a policy of Kubernetes."""
    name = {Tier.ADMIN: "adminnetworkpolicy", Tier.BASELINE: "baselineadminnetworkpolicy"}.get(policy.tier, "default")
    order = NETWORK_POLICY_ORDER if policy.tier is Tier.NETWORK_POLICY else float(policy.order)
    return Place(BUILT_IN_TIERS[name][0], name, BUILT_IN_TIERS[name][1], order)


def _numbered(found: Sequence[tuple[Place, Policy]]) -> Iterator[Policy]:
    """The policies with their stages and their orders within; where nothing tells an order, they share a number."""
    count = 0
    for number, (_, inside) in enumerate(groupby(found, key=lambda pair: pair[0][:2])):
        for _, level in groupby(inside, key=lambda pair: pair[0].order):
            policies = [*level]
            is_tie = not policies[0][0].name
            for place, policy in policies:
                count += not is_tie
                stage = Stage(number, place.passes)
                settles = policy.settles or (policy.tier is Tier.NETWORK_POLICY and not policy.lenient)
                yield policy._replace(stage=stage, order=count, version=VERSION, settles=settles)
            count += 1


class _Reader:
    def __init__(self, graph: Graph, notes: Notes) -> None:
        self._graph = graph
        self._notes = notes
        self._peers = CalicoPeers(graph)
        self._tiers = tiers(graph)
        self._is_sure = graph.facts.cni is Cni.CALICO or "Cilium" not in graph.engines

    def place(self, policy: CalicoPolicy) -> Place:
        """Where it stands; one of an unknown tier before the tier `default`, where such tiers usually are."""
        order, passes = self._tiers.get(policy.tier, (0.0, False))
        return Place(order, policy.tier, passes, policy.order, f"{policy.name}\0{policy.namespace}\0{policy.kind}")

    def read(self, policy: CalicoPolicy) -> Iterator[Policy]:
        """Its rules, those for some of its pods apart from those for all; the last part settles what none decides."""
        spec, peers = policy.spec, self._peers
        namespace = None if policy.is_global else policy.namespace
        subject = peers.pods(spec["selector"], namespace)
        for each in (policy.selector, policy.namespace_selector, policy.account_selector):
            if each.flaw:
                self._notes.add(policy, each.node, each.flaw, "may select any pods")
        whom = (
            peers.meant(spec["selector"], policy.selector, policy.namespace_selector, policy.account_selector),
            *self._doubts(policy),
        )
        rules = {direction: tuple(self._rules(policy, direction, namespace)) for direction in sorted(policy.types)}
        last: dict[Direction, tuple[Rule, ...]] = dict.fromkeys(rules, ())
        for direction, written in rules.items():
            if not any(own for own, _ in written):
                last[direction] = tuple(rule for _, rule in written)
                continue
            for own, among in groupby(written, key=lambda pair: pair[0]):
                also = AllOf(subject.node, whom if own is None else (*whom, own))
                parts = {direction: tuple(rule for _, rule in among)}
                yield Policy(policy, Tier.CALICO, subject, parts, also=also, enforced=self._is_sure)
        yield Policy(
            policy, Tier.CALICO, subject, last, also=AllOf(subject.node, whom), settles=True, enforced=self._is_sure
        )

    def _doubts(self, policy: CalicoPolicy) -> Iterator[Doubt]:
        if policy.tier not in self._tiers:
            yield Doubt(policy.spec["tier"], Reason.TIER, policy.tier)

    def _rules(
        self, policy: CalicoPolicy, direction: Direction, namespace: str | None
    ) -> Iterator[tuple[Peer | None, Rule]]:
        """The rules that decide, each with the part of the policy's pods that it is for, None for all of them."""
        flawed = [flaw.node.path for flaw in policy.flaws]
        for rule in policy.rules(direction):
            path = rule.node.path
            if any(each[: len(path)] == path for each in flawed):
                self._notes.add(policy, rule.node, "Calico rejects it", "the rule matches nothing")
            elif rule.action is not None and rule.action is not CalicoAction.LOG:
                ports = tuple(self._ports(rule, namespace))
                if ports:
                    yield (
                        self._own(rule, namespace),
                        Rule(rule.node, _ACTIONS[rule.action], (self._peer(rule, namespace),), ports),
                    )

    def _own(self, rule: CalicoRule, namespace: str | None) -> Peer | None:
        """A condition on the pods that the policy is for."""
        found = self._peers.entity(rule.own, namespace)
        return None if isinstance(found, Everyone) else found

    def _peer(self, rule: CalicoRule, namespace: str | None) -> Peer:
        found = [self._peers.entity(rule.peer, namespace)]
        version = rule.node["ipVersion"].integer
        if version:
            found.append(of_version(rule.node["ipVersion"], version))
        found += self._doubts_of_rule(rule)
        return found[0] if len(found) == 1 else AllOf(rule.node, tuple(found))

    def _doubts_of_rule(self, rule: CalicoRule) -> Iterator[Doubt]:
        node = rule.node
        if rule.is_http:
            yield Doubt(node["http"], Reason.REQUEST_RULES)
        if rule.source.ports or rule.source.not_ports:
            yield Doubt(node["source"], Reason.SOURCE_PORT)
        if rule.is_icmp and not rule.protocol:
            yield Doubt(node, Reason.REQUEST_RULES, "ICMP")
        if any(port.name for port in rule.destination.not_ports):
            yield Doubt(node.at("destination", "notPorts"), Reason.NAMED_PORT)

    def _ports(self, rule: CalicoRule, namespace: str | None) -> Iterator[Ports]:
        """The ports of the destination, of the protocols that are told apart here; nothing for others, such as ICMP."""
        among, end = _protocols(rule), rule.destination
        if end.service is not None and rule.direction is Direction.EGRESS:
            yield from self._service_ports(end, namespace, among)
            return
        if not among:
            return
        left = among - _numbers(end.not_ports, among)
        if not end.ports:
            yield Ports(rule.node, left)
            return
        for port in end.ports:
            name = port.node.text if is_open(port.node.text) else port.name
            if name:
                for protocol in dict.fromkeys(protocol for protocol, _ in among):
                    yield Ports(port.node, None, name, protocol)
            else:
                yield Ports(port.node, _numbers((port,), among) & left)

    def _service_ports(self, end: CalicoEntity, namespace: str | None, among: Connections) -> Iterator[Ports]:
        """The ports of the pods behind a Service; all, where the Service is not there to tell."""
        node: Node = end.node["services"]
        services = self._peers.services(end, namespace)
        if not services:
            yield Ports(node, among)
        for port in chain.from_iterable(service.ports for service in services):
            target = port.target
            if port.protocol not in PROTOCOLS:
                continue
            if isinstance(target, str):
                yield Ports(node, None, target, port.protocol)
            elif target is not None:
                yield Ports(node, Connections.port(port.protocol, target) & among)


def _protocols(rule: CalicoRule) -> Connections:
    """Every port of the protocols that a rule is for."""
    found = ALL
    if rule.protocol:
        found = Connections.of(rule.protocol) if rule.protocol in PROTOCOLS else NONE
    if rule.not_protocol in PROTOCOLS:
        found -= Connections.of(rule.not_protocol)
    return found


def _numbers(ports: Iterable[CalicoPort], among: Connections) -> Connections:
    found = NONE
    for port in ports:
        if not port.name:
            ranges = ((protocol, (port.first, port.last)) for protocol in Protocol)
            found |= Connections.from_ranges(ranges)
    return found & among
