"""Why an answer is unknown: found by going over the few policies at hand, never carried through the analysis."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, assert_never

from k8snet_lint.graph.namespaces import UNSET
from k8snet_lint.placeholder import is_open
from k8snet_lint.reach.endpoints import ANY_LABEL, EndpointKind
from k8snet_lint.reach.spec import (
    AllOf,
    AnyOf,
    Block,
    Domain,
    Doubt,
    Entities,
    Everyone,
    Nodes,
    NotOf,
    Pods,
    Unread,
)
from k8snet_lint.reach.verdict import Cause, Reason
from k8snet_lint.resource import Direction
from k8snet_lint.resource.admin_policy import Tier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.compiled import CompiledRule
    from k8snet_lint.reach.endpoints import Endpoint
    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.sequences import Selected
    from k8snet_lint.reach.sides import Side
    from k8snet_lint.reach.spec import Peer, Policy

_BY_KIND = {EndpointKind.ADDRESSES: Reason.PEER_UNREAD, EndpointKind.CONTROLLER: Reason.PEER_UNKNOWN}
"""Why it is not known whether an entity means something that is no node."""


def of(engine: Engine, source: int, target: int, mask: int) -> tuple[Cause, ...]:
    """What makes some connections between two classes unknown, each cause once."""
    found: dict[Cause, None] = {}
    for side, subject, peer in ((engine.egress, source, target), (engine.ingress, target, source)):
        pair = side.pair(subject, peer)
        unknown = engine.ports.maybe(pair) & ~engine.ports.surely(pair) & mask
        if unknown:
            found.update(dict.fromkeys(_of_side(engine, side, subject, peer, unknown)))
    reason = of_mesh(engine, target)
    cut = engine.mesh.onto(target)
    if reason is not None and engine.ports.maybe(engine.pair(source, target)) & ~engine.ports.surely(cut) & mask:
        ruling = engine.mesh.rulings[target]
        places = tuple(policy.name_node for policy in ruling.policies)
        about = engine.universe.first(target).key if ruling.outside else str(ruling.policies[0])
        found[Cause(reason, places, about)] = None
    return tuple(found)


def of_mesh(engine: Engine, target: int) -> Reason | None:
    """What a mesh leaves unknown of connections to a class, if anything."""
    ruling = engine.mesh.rulings.get(target)
    if ruling is None:
        return None
    return Reason.MESH_MEMBERSHIP if ruling.outside else Reason.MESH_AUTHORIZATION


def _of_side(engine: Engine, side: Side, subject: int, peer: int, mask: int) -> Iterator[Cause]:
    group = side.groups[side.group_of[subject]]
    if engine.universe.on_host >> peer & 1:
        places = (engine.policies[number].resource.name_node for tier in group.key for number, _ in tier)
        yield Cause(Reason.HOST_NETWORK, tuple(places))
    for tier in group.key:
        for number, certain in tier:
            if not engine.policies[number].enforced:
                yield Cause(Reason.OTHER_NETWORK, (engine.policies[number].resource.name_node,))
            if not certain:
                yield from doubts(engine, whom(engine.policies[number]), engine.universe.first(subject))
            for rule in engine.compiled[number].rules[side.direction]:
                yield from _of_rule(engine, side.direction, rule, subject, peer, mask)
    yield from of_order(engine, side, subject, peer, mask)


def whom(policy: Policy) -> Peer:
    """Whom a policy is for, as a peer."""
    return policy.subject if policy.also is None else AllOf(policy.subject.node, (policy.subject, policy.also))


def _of_rule(
    engine: Engine, direction: Direction, rule: CompiledRule, subject: int, peer: int, mask: int
) -> Iterator[Cause]:
    """The doubts about a rule that has to do with the connections."""
    if not rule.peers.maybe >> peer & 1:
        return
    destination = subject if direction is Direction.INGRESS else peer
    about = rule.numbers
    for port in rule.names:
        surely, maybe = engine.named.on(destination, port.name, port.protocol)
        about |= engine.ports.mask(maybe)
        if (surely != maybe or not engine.profile.named_ports_per_pod) and engine.ports.mask(maybe) & mask:
            yield Cause(Reason.NAMED_PORT, (port.node,), port.name)
    if about & mask and rule.rule.doubt is not None:
        places = tuple(port.node for port in rule.rule.ports)
        yield Cause(rule.rule.doubt, places if rule.rule.doubt is Reason.REQUEST_RULES else (rule.rule.node,))
    if about & mask:
        for each in rule.rule.peers:
            bounds = engine.matching.peer(each)
            if (bounds.maybe & ~bounds.surely) >> peer & 1:
                yield from doubts(engine, each, engine.universe.first(peer))


def doubts(engine: Engine, peer: Peer, endpoint: Endpoint) -> Iterator[Cause]:  # noqa: C901, PLR0912 - a kind of peer a case
    """Why it is not known whether a peer means an endpoint."""
    match peer:
        case Everyone():
            return
        case Pods():
            if endpoint.namespace is None or endpoint.unknown_labels == ANY_LABEL:
                yield Cause(Reason.PEER_UNKNOWN, (peer.node,), endpoint.key)
            else:
                yield from _namespace_doubts(engine, peer, endpoint.namespace)
                for requirement in peer.pods.requirements:
                    if requirement.is_unfinished or is_open(endpoint.labels.get(requirement.key)):
                        yield Cause(Reason.PEER_UNREAD, (peer.node,), requirement.key)
                    elif endpoint.lacks(requirement.key):
                        yield Cause(Reason.CONTROLLER_LABEL, (peer.node,), requirement.key)
        case Block():
            reason = Reason.DOMAIN_NAME if endpoint.key.startswith("domain:") else Reason.POD_ADDRESS
            yield Cause(Reason.HOST_NETWORK if endpoint.on_host else reason, (peer.node,), endpoint.key)
        case Nodes():
            yield Cause(Reason.NODE_LABELS, (peer.node,), str(peer.selector))
        case Domain():
            yield Cause(Reason.DOMAIN_NAME, (peer.node,), peer.name)
        case Entities():
            yield Cause(_BY_KIND.get(endpoint.kind, Reason.HOST_NETWORK), (peer.node,), endpoint.key)
        case Unread():
            yield Cause(Reason.PEER_UNREAD, (peer.node,), endpoint.key)
        case AllOf() | AnyOf() | NotOf() | Doubt():
            yield from _doubts_of_parts(engine, peer, endpoint)
        case _:
            assert_never(peer)


def _doubts_of_parts(engine: Engine, peer: AllOf | AnyOf | NotOf | Doubt, endpoint: Endpoint) -> Iterator[Cause]:
    """The doubts of the parts that are in doubt, where no other part decides."""
    if isinstance(peer, Doubt):
        yield Cause(peer.reason, (peer.node,), peer.detail)
        return
    index = engine.universe.class_of(endpoint)
    for each in (peer.of,) if isinstance(peer, NotOf) else peer.of:
        bounds = engine.matching.peer(each)
        if (bounds.maybe & ~bounds.surely) >> index & 1:
            yield from doubts(engine, each, endpoint)


def _namespace_doubts(engine: Engine, peer: Pods, namespace: str) -> Iterator[Cause]:
    if peer.namespaces is None:
        if namespace != peer.namespace:
            yield Cause(Reason.NAMESPACE_UNSET, (peer.node,), namespace or peer.namespace)
    elif namespace in engine.graph.namespaces.matching(peer.namespaces)[1]:
        if peer.namespaces.is_unfinished:
            yield Cause(Reason.PEER_UNREAD, (peer.node,), namespace)
        elif namespace == UNSET:
            yield Cause(Reason.NAMESPACE_UNSET, (peer.node,))
        else:
            yield Cause(Reason.NAMESPACE_LABELS, (peer.node,), namespace)


def of_order(engine: Engine, side: Side, subject: int, peer: int, mask: int) -> Iterator[Cause]:
    """Policies whose order is open and that disagree about connections."""
    admin, _, baseline, _ = key = side.groups[side.group_of[subject]].key
    for selected in (tuple(chain(*key)),) if key[3] else (admin, baseline):
        yield from _disagreeing(engine, side, selected, subject, peer, mask)


def _disagreeing(
    engine: Engine, side: Side, tier: tuple[Selected, ...], subject: int, peer: int, mask: int
) -> Iterator[Cause]:
    for place, one in enumerate(tier):
        for other in tier[place + 1 :]:
            first, second = engine.policies[one[0]], engine.policies[other[0]]
            mixed = first.version != second.version
            if not mixed and (first.order, first.stage) != (second.order, second.stage):
                continue
            if first.tier is second.tier and first.tier in (Tier.NETWORK_POLICY, Tier.CALICO):
                continue
            found, against = side.outcome(one, subject, peer), side.outcome(other, subject, peer)
            says = [(each.allow & mask, each.deny & mask, each.passed & mask) for each in (found, against)]
            if says[0] != says[1] and all(map(any, says)):
                reason = Reason.MIXED_POLICIES if mixed else Reason.PRIORITY_TIE
                yield Cause(reason, tuple(_order_node(each, mixed=mixed) for each in (first, second)))


def _order_node(policy: Policy, *, mixed: bool) -> Node:
    """Where a policy says when it is asked."""
    field = "order" if policy.tier is Tier.CALICO else "subject" if mixed else "priority"
    return policy.resource.spec[field]
