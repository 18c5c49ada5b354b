"""NetworkPolicy (networking.k8s.io/v1), read as the API server defaults it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from k8snet_lint.resource.base import Resource
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node


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


@dataclass(frozen=True, slots=True)
class PolicyPeer:
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
    def cidr(self) -> str:
        return self.ip_block["cidr"].text

    @property
    def excepts(self) -> tuple[str, ...]:
        return tuple(item.text for item in self.ip_block["except"])

    @property
    def is_valid(self) -> bool:
        """Exactly one of an ipBlock and selectors, as the API server insists on."""
        selects = self.pod_selector is not None or self.namespace_selector is not None
        return selects != bool(self.ip_block)


@dataclass(frozen=True, slots=True)
class PolicyPort:
    """One entry of `ports` (`NetworkPolicyPort`); `port` is None for every port of the protocol."""

    node: Node
    protocol: str
    port: int | str | None
    end_port: int | None

    @staticmethod
    def of(node: Node) -> PolicyPort:
        port = node["port"].value
        if isinstance(port, str) and port.isdecimal():
            port = int(port)
        port = port if isinstance(port, (int, str)) and port != "" and not isinstance(port, bool) else None
        return PolicyPort(node, node["protocol"].text or "TCP", port, node["endPort"].integer)


@dataclass(frozen=True, slots=True)
class PolicyRule:
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


class NetworkPolicy(Resource):
    """A networking.k8s.io NetworkPolicy."""

    @cached_property
    def pod_selector(self) -> Selector:
        return Selector.of(self.spec["podSelector"])

    @cached_property
    def types(self) -> frozenset[Direction]:
        """The directions that it isolates: as written, else Ingress, and Egress where it has egress rules."""
        written = {item.text for item in self.spec["policyTypes"]}
        if self.spec["policyTypes"]:
            return frozenset(direction for direction in Direction if direction in written)
        if self.spec["egress"]:
            return frozenset(Direction)
        return frozenset((Direction.INGRESS,))

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


def _selector(node: Node) -> Selector | None:
    return Selector.of(node) if node.value is not None else None
