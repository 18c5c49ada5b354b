"""NetworkPolicy (networking.k8s.io/v1), read as the API server defaults it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.quoting import quoted
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.ip_block import IPBlock, WideRange, wide_ranges
from k8snet_lint.resource.port_flaws import Flaw, flaws, number_flaw, target_flaw
from k8snet_lint.resource.protocols import PROTOCOLS, protocol_of
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.engine_policy import Fault


class Direction(enum.StrEnum):
    """Which way a rule looks, seen from the selected pods (`PolicyType`)."""

    INGRESS = "Ingress"
    EGRESS = "Egress"

    @property
    def field(self) -> str:
        """The field of the spec that holds its rules."""
        return self.lower()

    @property
    def peers_field(self) -> str:
        """The field of a rule that holds its peers."""
        return "from" if self is Direction.INGRESS else "to"


class PolicyPeer(NamedTuple):
    """One entry of `from` or `to` (`NetworkPolicyPeer`).

    Shapes: a selector is None where its field is absent or null; `{}` is a Selector that matches everything.
    """

    node: Node
    pod_selector: Selector | None
    namespace_selector: Selector | None
    ip_block: Node

    @staticmethod
    def of(node: Node) -> PolicyPeer:
        return PolicyPeer(node, _selector(node["podSelector"]), _selector(node["namespaceSelector"]), node["ipBlock"])

    @property
    def is_block(self) -> bool:
        return self.ip_block.value is not None

    @property
    def selects(self) -> bool:
        """Whether it has a selector."""
        return self.pod_selector is not None or self.namespace_selector is not None

    @property
    def is_valid(self) -> bool:
        """Exactly one of an ipBlock and selectors, as the API server insists on."""
        return self.selects != self.is_block

    @property
    def block(self) -> IPBlock | None:
        """Its `ipBlock`, where it has one."""
        return IPBlock.of(self.ip_block) if self.is_block else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        return self.node.value is None or (self.node.is_mapping and all(v.value is None for _, v in self.node.items()))

    @property
    def is_every_pod(self) -> bool:
        """Whether it means all pods of all namespaces."""
        pods, namespaces = self.pod_selector, self.namespace_selector
        return self.is_valid and namespaces is not None and namespaces.is_empty and (pods is None or pods.is_empty)


class PolicyPort(NamedTuple):
    """One entry of `ports` (`NetworkPolicyPort`); `port` is None for every port of the protocol."""

    node: Node
    protocol: str
    port: int | str | None
    end_port: int | None

    @staticmethod
    def of(node: Node) -> PolicyPort:
        port = node["port"].value
        if isinstance(port, str) and port.isdecimal() and len(port) < 6:
            port = int(port)
        port = port if isinstance(port, (int, str)) and port != "" and not isinstance(port, bool) else None
        return PolicyPort(node, protocol_of(node["protocol"]), port, node["endPort"].integer)

    @property
    def protocols(self) -> tuple[str, ...]:
        """The protocols that it is for: some engines have a word for all of them."""
        return PROTOCOLS if self.protocol == "ANY" else (self.protocol,)

    @property
    def called(self) -> str:
        """Its number, or its name in quotes, for a message."""
        return quoted(self.port) if isinstance(self.port, str) else str(self.port)

    @property
    def is_every_port(self) -> bool:
        """Whether it means every port of its protocol."""
        if self.port is None:
            return True
        return isinstance(self.port, int) and self.port <= 1 and (self.end_port or 0) >= 65535

    def holds(self, number: int) -> bool:
        """Whether it means that port of its protocol; what a name stands for only pods tell."""
        if self.port is None:
            return True
        return isinstance(self.port, int) and self.port <= number <= (self.end_port or self.port)

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """What the API server rejects of its numbers and its name (`ValidateNetworkPolicyPort`)."""
        written = self.node.value.get("port") if isinstance(self.node.value, dict) else None
        if self.end_port is None and type(written) is int and 0 < written < 65536:
            return ()
        return flaws(self.node, port=_port_flaw(written), endPort=number_flaw(self.end_port))

    def __str__(self) -> str:
        last = f"-{self.end_port}" if self.end_port is not None else ""
        return f"{self.port}{last}/{self.protocol}" if self.port is not None else f"every port of {self.protocol}"


class PolicyRule(NamedTuple):
    """One rule of a direction; without peers it admits everyone, without ports every port."""

    node: Node
    direction: Direction
    peers: tuple[PolicyPeer, ...]
    ports: tuple[PolicyPort, ...]

    @staticmethod
    def of(node: Node, direction: Direction) -> PolicyRule:
        return PolicyRule(
            node=node,
            direction=direction,
            peers=tuple(PolicyPeer.of(peer) for peer in node[direction.peers_field]),
            ports=tuple(PolicyPort.of(port) for port in node["ports"]),
        )

    @property
    def blocks(self) -> tuple[IPBlock, ...]:
        """The `ipBlock`s of its peers."""
        return tuple(block for peer in self.peers if (block := peer.block) is not None)

    def wide_ranges(self, *, ipv4: int, ipv6: int) -> Iterator[WideRange]:
        """The addresses that its `ipBlock`s mean without a gap, where those are more than such prefixes hold."""
        return wide_ranges(self.blocks, ipv4=ipv4, ipv6=ipv6)

    @property
    def peers_node(self) -> Node:
        return self.node[self.direction.peers_field]

    @property
    def is_every_port(self) -> bool:
        """Whether no port is left out, of TCP and of UDP at the least."""
        if not self.ports:
            return _is_empty_list(self.node["ports"])
        return {"TCP", "UDP"} <= {port.protocol for port in self.ports if port.is_every_port}

    def allows(self, protocol: str, number: int) -> bool:
        """Whether a port is among its own, by number."""
        return self.is_every_port or any(port.protocol == protocol and port.holds(number) for port in self.ports)

    @property
    def is_everyone(self) -> bool:
        """Whether it names no peers, so that it means every pod and every address outside the cluster."""
        return (self.node.value is None or self.node.is_mapping) and _is_empty_list(self.peers_node)

    @property
    def every_pod(self) -> Node | None:
        """Where a peer says that all pods of all namespaces are meant."""
        return next((peer.node["namespaceSelector"] for peer in self.peers if peer.is_every_pod), None)

    @property
    def is_of_addresses(self) -> bool:
        """Whether its peers are addresses, all of them."""
        return bool(self.peers) and all(peer.is_block for peer in self.peers)


class NetworkPolicy(Resource):
    """A networking.k8s.io NetworkPolicy."""

    dns_rule = (
        "{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: "
        "{matchLabels: {k8s-app: kube-dns}}}], ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]}"
    )
    """A rule of its egress that lets pods ask the cluster's DNS, as one writes it."""

    @cached_property
    def pod_selector(self) -> Selector:
        return Selector.of(self.spec["podSelector"])

    @property
    def subject_node(self) -> Node:
        """Where it says whom it is for."""
        return self.spec["podSelector"]

    @cached_property
    def types(self) -> frozenset[Direction]:
        """The directions that it isolates: as written, else Ingress, and Egress where it has egress rules."""
        written = {item.text for item in self.spec["policyTypes"]}
        if self.spec["policyTypes"]:
            return frozenset(direction for direction in Direction if direction in written)
        if self.spec["egress"]:
            return frozenset(Direction)
        return frozenset((Direction.INGRESS,))

    @property
    def flaws(self) -> Iterator[Fault]:
        """What the API server rejects of it."""
        from k8snet_lint.resource.policy_flaws import flaws  # noqa: PLC0415 - it knows what a policy is

        return flaws(self)

    def rules(self, direction: Direction) -> tuple[PolicyRule, ...]:
        """The rules written for a direction, whether or not the policy isolates it."""
        return self._rules[direction]

    @cached_property
    def _rules(self) -> dict[Direction, tuple[PolicyRule, ...]]:
        return {
            direction: tuple(PolicyRule.of(node, direction) for node in self.spec[direction.field])
            for direction in Direction
        }

    @cached_property
    def effective_rules(self) -> tuple[PolicyRule, ...]:
        """The rules of the directions that the policy isolates; the API ignores the others."""
        return tuple(rule for direction in Direction if direction in self.types for rule in self.rules(direction))


def _port_flaw(port: object) -> str:
    """Why a number or a name is no port of a rule, where unlike elsewhere 0 is none either."""
    return number_flaw(0) if port == 0 and isinstance(port, int) else target_flaw(port)


def _is_empty_list(node: Node) -> bool:
    """Whether nothing is written, or a list without items; a wrong type is neither."""
    return node.value is None or node.value == []


def _selector(node: Node) -> Selector | None:
    return Selector.of(node) if node.value is not None else None
