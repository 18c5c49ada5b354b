"""Policies of a cluster's administrator: AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.policy import Direction
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node

PRIORITIES = range(1001)


class Action(enum.StrEnum):
    """What a rule does with the traffic it matches; ClusterNetworkPolicy writes ALLOW as `Accept`."""

    ALLOW = "Allow"
    DENY = "Deny"
    PASS = "Pass"  # noqa: S105 - a word of the API


class Tier(enum.Enum):
    """When a policy is asked, in this order; NETWORK_POLICY is the tier of the namespaced ones.

    CALICO are Calico's own, whose tiers stand before, between and behind these.
    """

    ADMIN = "Admin"
    NETWORK_POLICY = "NetworkPolicy"
    BASELINE = "Baseline"
    CALICO = "Calico"


_ACTIONS = {"Allow": Action.ALLOW, "Accept": Action.ALLOW, "Deny": Action.DENY, "Pass": Action.PASS}


class PodsOf(NamedTuple):
    """Pods by two selectors, both of which hold; one that is not written holds for everything."""

    namespaces: Selector
    pods: Selector

    @staticmethod
    def of(node: Node) -> PodsOf | None:
        """A subject's or peer's `namespaces` or `pods`; None where neither or both are written."""
        namespaces, pods = node["namespaces"], node["pods"]
        if (namespaces.value is None) == (pods.value is None):
            return None
        if namespaces.value is not None:
            return PodsOf(_selector(namespaces), Selector())
        if not pods.is_mapping:
            return PodsOf(Selector((), "pods is a mapping of namespaceSelector and podSelector"), Selector())
        namespaces = pods["namespaces"] if pods["namespaces"].present else pods["namespaceSelector"]
        return PodsOf(_selector(namespaces), Selector.of(pods["podSelector"]))


def _selector(namespaces: Node) -> Selector:
    """The selector of namespaces, which the first releases of v1alpha1 wrote one level deeper."""
    within = namespaces["namespaceSelector"]
    if not within.present and (namespaces["sameLabels"].present or namespaces["notSameLabels"].present):
        return Selector((), "sameLabels and notSameLabels compare with the subject's namespace")
    return Selector.of(within if within.present else namespaces)


class AdminPeer(NamedTuple):
    """One entry of `from` or `to`: exactly one of its fields is written, else `is_known` is false.

    Shapes: `networks` are CIDRs, `domain_names` may start with `*.`; both are empty where another field is written.
    """

    node: Node
    pods: PodsOf | None
    nodes: Selector | None
    networks: tuple[Node, ...]
    domain_names: tuple[str, ...]

    @staticmethod
    def of(node: Node) -> AdminPeer:
        nodes = node["nodes"]
        return AdminPeer(
            node=node,
            pods=PodsOf.of(node),
            nodes=Selector.of(nodes) if nodes.value is not None else None,
            networks=tuple(node["networks"]),
            domain_names=tuple(name.text for name in node["domainNames"] if name.text),
        )

    @property
    def is_known(self) -> bool:
        """Whether it says whom it means; a policy that holds one that does not is read as failing closed."""
        told = (self.pods is not None, self.nodes is not None, bool(self.networks), bool(self.domain_names))
        return sum(told) == 1


class AdminPort(NamedTuple):
    """One entry of `ports` or `protocols`.

    Shapes: `first` and `last` belong to the range and are None where they are no numbers; `name` is a container
    port's, whose protocol counts; with neither, every port of the protocol; `protocol` is empty where none is told.
    """

    node: Node
    protocol: str
    first: int | None
    last: int | None
    name: str

    @staticmethod
    def of_port(node: Node) -> AdminPort:
        """An `AdminNetworkPolicyPort` (v1alpha1)."""
        number, ports = node["portNumber"], node["portRange"]
        if number.value is not None:
            port = number["port"].integer
            return AdminPort(node, number["protocol"].text or "TCP", port, port, "")
        if ports.value is not None:
            return AdminPort(node, ports["protocol"].text or "TCP", ports["start"].integer, ports["end"].integer, "")
        return AdminPort(node, "", None, None, node["namedPort"].text)

    @staticmethod
    def of_protocol(node: Node) -> AdminPort:
        """A `ClusterNetworkPolicyProtocol` (v1alpha2)."""
        for field in ("tcp", "udp", "sctp"):
            if node[field].value is not None:
                return _destination(node, field.upper(), node[field]["destinationPort"])
        return AdminPort(node, "", None, None, node["destinationNamedPort"].text)

    @property
    def is_known(self) -> bool:
        """Whether it says which ports it means."""
        return bool(self.protocol or self.name)


def _destination(node: Node, protocol: str, port: Node) -> AdminPort:
    if port.value is None:
        return AdminPort(node, protocol, 1, 65535, "")
    number, ports = port["number"].integer, port["range"]
    if ports.value is not None:
        return AdminPort(node, protocol, ports["start"].integer, ports["end"].integer, "")
    return AdminPort(node, protocol, number, number, "")


class AdminRule(NamedTuple):
    """One rule of a direction; `action` is None for a word that is no action; no `ports` are all of them."""

    node: Node
    direction: Direction
    action: Action | None
    peers: tuple[AdminPeer, ...]
    ports: tuple[AdminPort, ...]


NAME_SERVERS = (
    "{pods: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, "
    "podSelector: {matchLabels: {k8s-app: kube-dns}}}}"
)
"""The cluster's DNS, as a peer."""


class AdminPolicy(Resource):
    """What the three kinds have in common: a tier, a subject and ordered rules."""

    cluster_scoped = True
    tier: Tier = Tier.ADMIN
    ports_field = "ports"
    dns_rule = (
        f"{{action: Allow, to: [{NAME_SERVERS}], "
        "ports: [{portNumber: {protocol: UDP, port: 53}}, {portNumber: {protocol: TCP, port: 53}}]}"
    )
    """A rule of its egress that lets pods ask the cluster's DNS, as one writes it."""

    @cached_property
    def subject(self) -> PodsOf | None:
        """The pods it is for; None where it names none, or names them in two ways."""
        return PodsOf.of(self.spec["subject"])

    @cached_property
    def priority(self) -> int | None:
        """Lower goes first; None where no number of the legal range is written."""
        written = self.spec["priority"].integer
        return written if written is not None and written in PRIORITIES else None

    def rules(self, direction: Direction) -> tuple[AdminRule, ...]:
        return self._rules[direction]

    @cached_property
    def _rules(self) -> dict[Direction, tuple[AdminRule, ...]]:
        return {
            direction: tuple(self._rule(node, direction) for node in self.spec[direction.field])
            for direction in Direction
        }

    def _rule(self, node: Node, direction: Direction) -> AdminRule:
        return AdminRule(
            node=node,
            direction=direction,
            action=_ACTIONS.get(node["action"].text),
            peers=tuple(AdminPeer.of(peer) for peer in node[direction.peers_field]),
            ports=tuple(self._port(port) for port in node[self.ports_field]),
        )

    def _port(self, node: Node) -> AdminPort:
        return AdminPort.of_port(node)


class AdminNetworkPolicy(AdminPolicy):
    """A policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy: asked before any NetworkPolicy."""


class BaselineAdminNetworkPolicy(AdminPolicy):
    """A policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy: asked for pods that no NetworkPolicy selects."""

    tier = Tier.BASELINE

    @cached_property
    def priority(self) -> int | None:
        """There is one of its kind, called `default`, so that its place needs no number."""
        return 0


class ClusterNetworkPolicy(AdminPolicy):
    """A policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy, which names its tier."""

    ports_field = "protocols"
    dns_rule = (
        f"{{action: Accept, to: [{NAME_SERVERS}], "
        "protocols: [{udp: {destinationPort: {number: 53}}}, {tcp: {destinationPort: {number: 53}}}]}"
    )

    @cached_property
    def tier(self) -> Tier:  # type: ignore[override]
        return Tier.BASELINE if self.spec["tier"].text == "Baseline" else Tier.ADMIN

    def _port(self, node: Node) -> AdminPort:
        return AdminPort.of_protocol(node)
