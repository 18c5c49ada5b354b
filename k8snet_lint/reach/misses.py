"""Rules that nearly allow a connection, and the smallest edit that makes one do so."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Protocol

from k8snet_lint.reach.endpoints import EndpointKind
from k8snet_lint.reach.explanation import Basis, Edit, EditKind, Miss
from k8snet_lint.reach.spec import Pods
from k8snet_lint.resource import NetworkPolicy
from k8snet_lint.resource.admin_policy import Action, Tier
from k8snet_lint.selector import NAME_LABEL, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.compiled import CompiledRule
    from k8snet_lint.reach.endpoints import Endpoint
    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.explanation import Decision
    from k8snet_lint.reach.spec import Policy, Ports
    from k8snet_lint.resource import Direction
    from k8snet_lint.selector import Requirement, Selector

MOST = 5
"""More near misses than this help nobody."""

LOOKED_THROUGH = 50
"""Of hundreds of policies for the same pods, of rules and of peers, as many are searched for near misses."""

NO_LABEL = "no label"

NAMING = frozenset({"name", "ns", "namespace"})
"""Labels that say which namespace it is, as the one that every namespace has does: no other is to carry its name."""

_SIZE = {kind: size for size, kind in enumerate(EditKind)}


class Asked(Protocol):
    """One direction of a connection, as it is being explained."""

    engine: Engine
    direction: Direction
    subject: Endpoint
    peer: Endpoint
    protocol: str
    port: int

    def names_port(self, ports: Ports) -> bool: ...
    def matches_peer(self, rule: CompiledRule) -> bool: ...
    def selecting(self, tier: Tier) -> Iterator[tuple[Policy, tuple[CompiledRule, ...]]]: ...


def near(asked: Asked, basis: Basis, decisions: tuple[Decision, ...]) -> Iterator[Miss]:
    """The near misses of a direction that does not surely allow, those with the smallest edits first."""
    if basis in (Basis.ADMIN, Basis.BASELINE):
        yield from _overruled(asked, decisions)
        return
    if any(each.action is Action.DENY for each in decisions):
        return
    found: list[Miss] = []
    for policy, rules in islice(asked.selecting(Tier.NETWORK_POLICY), LOOKED_THROUGH):
        for rule in rules[:LOOKED_THROUGH] if isinstance(policy.resource, NetworkPolicy) else ():
            found += _of_rule(asked, policy, rule)
        found.append(_no_rule(asked, policy))
    found.sort(key=lambda miss: _SIZE[miss.change.kind])
    yield from found[:MOST]


def _overruled(asked: Asked, decisions: tuple[Decision, ...]) -> Iterator[Miss]:
    """Rules of administrators that deny: only a rule in front of them helps."""
    for each in decisions:
        if each.action is Action.DENY:
            value = {"action": _allow(each), **_rule_for(asked, admin=True)}
            change = Edit(EditKind.ALLOW_BEFORE, each.rule, value)
            yield Miss(each.policy, each.rule, "", f"{each.action}", change)
            return


def _allow(decision: Decision) -> str:
    return "Accept" if decision.policy.kind == "ClusterNetworkPolicy" else "Allow"


def _of_rule(asked: Asked, policy: Policy, rule: CompiledRule) -> Iterator[Miss]:
    port_fits = any(map(asked.names_port, rule.rule.ports))
    if asked.matches_peer(rule) and not port_fits:
        written = rule.rule.node["ports"]
        named = (each.name if each.connections is None else str(each.connections) for each in rule.rule.ports)
        wanted = ", ".join(named)
        change = Edit(EditKind.ADD_PORT, written, {"port": asked.port, "protocol": asked.protocol})
        yield Miss(policy.resource, written, wanted, f"{asked.protocol} {asked.port}", change)
    elif port_fits and asked.peer.is_pod:
        for peer in rule.rule.peers[:LOOKED_THROUGH]:
            if isinstance(peer, Pods):
                miss = _of_peer(asked, policy, peer)
                if miss is not None:
                    yield _harmless(asked, rule, peer, miss)


def _harmless(asked: Asked, rule: CompiledRule, peer: Pods, miss: Miss) -> Miss:
    """The miss with one more peer as its edit, where the small one takes away something else.

    A label of another value is what other selectors go by, the workload's own among them; a namespace with the name of
    another passes for it; and a peer with a namespaceSelector no longer means the pods of its own namespace.
    """
    relabels = miss.change.kind is not EditKind.ADD_NAMESPACE_SELECTOR and not miss.found.startswith(NO_LABEL)
    if not relabels and not _is_of_another(asked, miss) and not _means_its_own(asked, peer, miss):
        return miss
    written = rule.rule.node[asked.direction.peers_field]
    return miss._replace(change=Edit(EditKind.ADD_PEER, written, _peer_for(asked.peer, admin=False)))


def _is_of_another(asked: Asked, miss: Miss) -> bool:
    """Whether an edit would give a namespace the name of another one."""
    labels = miss.change.value if miss.change.kind is EditKind.ADD_NAMESPACE_LABEL else None
    return isinstance(labels, dict) and any(
        key in NAMING and value != asked.peer.namespace for key, value in labels.items()
    )


def _means_its_own(asked: Asked, peer: Pods, miss: Miss) -> bool:
    """Whether an edit would turn a peer from pods of its own namespace to those of another one."""
    pods = asked.engine.graph.pods(peer.namespace)
    return miss.change.kind is EditKind.ADD_NAMESPACE_SELECTOR and bool(pods.matching(peer.pods))


def _of_peer(asked: Asked, policy: Policy, peer: Pods) -> Miss | None:
    """A peer that asks for one label more than there is, or for the same pods elsewhere."""
    endpoint, spaces = asked.peer, asked.engine.graph.namespaces
    namespace = endpoint.namespace
    if namespace is None:
        return None
    pods_fit = peer.pods.matches(endpoint.labels)
    if peer.namespaces is None:
        if namespace == peer.namespace:
            return _label(policy, peer, peer.pods, endpoint.labels, _template_labels(endpoint))
        return _elsewhere(policy, peer, namespace) if pods_fit else None
    fits = namespace in spaces.matching(peer.namespaces)[0]
    if fits:
        return _label(policy, peer, peer.pods, endpoint.labels, _template_labels(endpoint))
    if not pods_fit:
        return None
    written = spaces.written.get(namespace)
    at = written.metadata["labels"] if written is not None else None
    return _label(policy, peer, peer.namespaces, spaces.labels(namespace), at, EditKind.ADD_NAMESPACE_LABEL)


def _template_labels(endpoint: Endpoint) -> Node | None:
    return endpoint.workload.template.at("metadata", "labels") if endpoint.workload is not None else None


def _label(
    policy: Policy,
    peer: Pods,
    selector: Selector,
    labels: Mapping[str, str],
    at: Node | None,
    kind: EditKind = EditKind.ADD_LABEL,
) -> Miss | None:
    """One label that is missing or differs, where all others fit."""
    failing = [each for each in selector.requirements if not each.admits(labels)]
    if len(failing) != 1 or failing[0].key == NAME_LABEL:
        return None
    (wanted,) = failing
    value = _value(wanted)
    if value is None:
        return None
    found = f"{wanted.key}={labels[wanted.key]}" if wanted.key in labels else f"{NO_LABEL} {wanted.key}"
    change = Edit(kind, at if at is not None else peer.node, {wanted.key: value})
    return Miss(policy.resource, peer.node, str(wanted), found, change)


def _value(requirement: Requirement) -> str | None:
    """A value with which a label meets a condition."""
    if requirement.operator is Operator.IN:
        return requirement.values[0]
    return "" if requirement.operator is Operator.EXISTS else None


def _elsewhere(policy: Policy, peer: Pods, namespace: str) -> Miss:
    """The labels fit, but a podSelector alone means pods of the policy's own namespace."""
    change = Edit(EditKind.ADD_NAMESPACE_SELECTOR, peer.node, _by_name(namespace))
    return Miss(policy.resource, peer.node, f"namespace {peer.namespace}", f"namespace {namespace}", change)


def _no_rule(asked: Asked, policy: Policy) -> Miss:
    written = policy.resource.spec[asked.direction.field]
    change = Edit(EditKind.ADD_RULE, written, _rule_for(asked, admin=False))
    return Miss(policy.resource, written, "", "no rule", change)


def _rule_for(asked: Asked, *, admin: bool) -> dict[str, object]:
    """A rule that allows exactly the connection, as far as labels tell its other end."""
    ports: dict[str, object] = {"port": asked.port, "protocol": asked.protocol}
    key, port = ("ports", {"portNumber": ports} if admin else ports)
    return {asked.direction.peers_field: [_peer_for(asked.peer, admin=admin)], key: [port]}


def _peer_for(endpoint: Endpoint, *, admin: bool) -> dict[str, object]:
    if endpoint.kind is EndpointKind.ADDRESSES:
        text = _a_block(endpoint)
        return {"networks": [text]} if admin else {"ipBlock": {"cidr": text}}
    if endpoint.kind is EndpointKind.CONTROLLER and not endpoint.namespace:
        unknown: dict[str, object] = {"namespaceSelector": _by_name(f"<namespace of the {endpoint.key}>")}
        return {"pods": {**unknown, "podSelector": {}}} if admin else unknown
    labels = {"matchLabels": endpoint.lasting_labels}
    pods: dict[str, object] = {
        "namespaceSelector": _by_name(endpoint.namespace) if endpoint.namespace else {},
        "podSelector": labels,
    }
    return {"pods": pods} if admin else pods


def _by_name(namespace: str) -> dict[str, object]:
    return {"matchLabels": {NAME_LABEL: namespace}}


def _a_block(endpoint: Endpoint) -> str:
    """A CIDR within the endpoint's addresses that starts where they do."""
    from ipaddress import IPv4Address, IPv6Address, summarize_address_range  # noqa: PLC0415 - beside the only use

    kind = IPv4Address if endpoint.version == 4 else IPv6Address
    first, last = endpoint.ranges[0]
    return str(next(iter(summarize_address_range(kind(first), kind(last)))))
