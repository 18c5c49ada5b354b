"""Rules of Calico's policies (projectcalico.org/v3 `Rule`, `EntityRule`)."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.calico_parser import SelectorError, parse
from k8snet_lint.calico_selector import Everything
from k8snet_lint.cidr import BITS, Cidr
from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.policy import Direction

if TYPE_CHECKING:
    from k8snet_lint.calico_selector import Expression
    from k8snet_lint.manifest import Node

A_TEXT = "a selector is a text, such as app == 'web'"

PROTOCOLS = {"tcp": "TCP", "udp": "UDP", "sctp": "SCTP", "icmp": "ICMP", "icmpv6": "ICMPv6", "udplite": "UDPLite"}
NUMBERS = {1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6", 132: "SCTP", 136: "UDPLite"}
WITH_PORTS = ("TCP", "UDP", "SCTP")

LAST = 65535

DEFAULT_TIER = "default"
DEFAULT_TIER_ORDER = 1_000_000.0
"""Where the tier of that name stands (`DefaultTierOrder`)."""

ACCOUNT = "projectcalico.org/serviceaccount"
NAMESPACE = "projectcalico.org/namespace"
ORCHESTRATOR = "projectcalico.org/orchestrator"
NAME = "projectcalico.org/name"
"""Labels that Calico itself gives: the first three to pods, the last to namespaces and service accounts."""

OF_NAMESPACE, OF_ACCOUNT = "pcns.", "pcsa."
"""Before the labels of a pod's namespace and service account, where they stand among its own."""


class CalicoAction(enum.StrEnum):
    """What a rule does with the traffic that it matches; after LOG the next rule is asked."""

    ALLOW = "Allow"
    DENY = "Deny"
    LOG = "Log"
    PASS = "Pass"  # noqa: S105 - a word of the API


class CalicoSelector(NamedTuple):
    """A selector where it is written.

    Shapes: `expression` is None for what is none; `flaw` then says why, and is empty for a variable that something
    fills in later.
    """

    node: Node
    expression: Expression | None
    flaw: str = ""

    @staticmethod
    def of(node: Node) -> CalicoSelector:
        if node.value is None:
            return CalicoSelector(node, Everything())
        if not isinstance(node.value, str):
            return CalicoSelector(node, None, A_TEXT)
        try:
            return CalicoSelector(node, parse(node.text))
        except SelectorError as error:
            return CalicoSelector(node, None, "" if is_open(node.text) else str(error))

    @property
    def is_written(self) -> bool:
        """Whether it says anything; an empty text does not."""
        return bool(self.node.value)

    @property
    def is_everything(self) -> bool:
        return self.expression == Everything()

    def __str__(self) -> str:
        return str(self.expression) if self.expression is not None else str(self.node.value)


class WrittenNet(NamedTuple):
    """A block of addresses, or one address, where it is written.

    Shapes: `cidr` is None for what is neither; `flaw` then says why, and is empty for a variable.
    """

    node: Node
    cidr: Cidr | None
    flaw: str = ""

    @staticmethod
    def of(node: Node) -> WrittenNet:
        text = node.text
        if text and "/" not in text:
            text = f"{text}/{BITS[6 if ':' in text else 4]}"
        try:
            return WrittenNet(node, Cidr.of(text))
        except ValueError as error:
            return WrittenNet(node, None, "" if is_open(text) else str(error))


class CalicoPort(NamedTuple):
    """A port by number, a range `80:90`, or the name that a pod gives one; `flaw` says why it is none of these."""

    node: Node
    first: int
    last: int
    name: str
    flaw: str

    @staticmethod
    def of(node: Node) -> CalicoPort:
        value = node.value
        if isinstance(value, int) and not isinstance(value, bool):
            return CalicoPort(node, value, value, "", _range_flaw(value, value))
        text = node.text
        low, colon, high = text.partition(":")
        if low.isascii() and low.isdecimal() and len(low) < 6 and (not colon or (high.isdecimal() and len(high) < 6)):
            first, last = int(low), int(high or low)
            return CalicoPort(node, first, last, "", _range_flaw(first, last))
        if text and text.isascii() and text.replace("-", "").replace(".", "").replace("_", "").isalnum():
            return CalicoPort(node, 0, 0, text, "")
        flaw = "" if is_open(text) else "a port is a number, a range such as 8000:8080, or a port's name"
        return CalicoPort(node, 0, 0, "", flaw)


class CalicoEntity(NamedTuple):
    """One end of a rule: everything that is written holds.

    Shapes: `account_names` are of service accounts; `service` is (namespace, name), None where none is named;
    `beyond` are further conditions, of editions that know more, which cannot be judged.
    """

    node: Node
    selector: CalicoSelector
    not_selector: CalicoSelector
    namespace_selector: CalicoSelector
    nets: tuple[WrittenNet, ...]
    not_nets: tuple[WrittenNet, ...]
    ports: tuple[CalicoPort, ...]
    not_ports: tuple[CalicoPort, ...]
    account_names: tuple[str, ...]
    account_selector: CalicoSelector
    service: tuple[str, str] | None
    beyond: bool

    @staticmethod
    def of(node: Node) -> CalicoEntity:
        accounts, services = node["serviceAccounts"], node["services"]
        return CalicoEntity(
            node=node,
            selector=CalicoSelector.of(node["selector"]),
            not_selector=CalicoSelector.of(node["notSelector"]),
            namespace_selector=CalicoSelector.of(node["namespaceSelector"]),
            nets=tuple(map(WrittenNet.of, node["nets"])),
            not_nets=tuple(map(WrittenNet.of, node["notNets"])),
            ports=tuple(map(CalicoPort.of, node["ports"])),
            not_ports=tuple(map(CalicoPort.of, node["notPorts"])),
            account_names=tuple(name.text for name in accounts["names"] if name.text),
            account_selector=CalicoSelector.of(accounts["selector"]),
            service=(services["namespace"].text, services["name"].text) if services.value is not None else None,
            beyond=bool(node["domains"]),
        )

    @property
    def selectors(self) -> tuple[CalicoSelector, ...]:
        return self.namespace_selector, self.selector, self.not_selector, self.account_selector

    @property
    def is_anyone(self) -> bool:
        """Whether it leaves nobody and no port out."""
        return not any(self.node.value.values()) if self.node.is_mapping else self.node.value is None


class CalicoRule(NamedTuple):
    """One rule.

    Shapes: `action` is None for a word that is none; `protocol` is a name of ours (`TCP`), a number's text, or empty
    where every protocol is meant; `peer` is the other end, `own` the end of the pods that the policy is for.
    """

    node: Node
    direction: Direction
    action: CalicoAction | None
    protocol: str
    not_protocol: str
    source: CalicoEntity
    destination: CalicoEntity

    @staticmethod
    def of(node: Node, direction: Direction) -> CalicoRule:
        action = node["action"].text
        return CalicoRule(
            node=node,
            direction=direction,
            action=CalicoAction(action) if action in _ACTIONS else None,
            protocol=protocol_name(node["protocol"]),
            not_protocol=protocol_name(node["notProtocol"]),
            source=CalicoEntity.of(node["source"]),
            destination=CalicoEntity.of(node["destination"]),
        )

    @property
    def peer(self) -> CalicoEntity:
        return self.source if self.direction is Direction.INGRESS else self.destination

    @property
    def own(self) -> CalicoEntity:
        return self.destination if self.direction is Direction.INGRESS else self.source

    @property
    def is_icmp(self) -> bool:
        return self.node["icmp"].value is not None or self.node["notICMP"].value is not None

    @property
    def is_http(self) -> bool:
        """Whether it looks into requests, which only a proxy can (application layer policy)."""
        return self.node["http"].value is not None

    @property
    def is_sweeping(self) -> bool:
        """Whether it decides about everything, so that no rule after it is asked."""
        if self.action is None or self.action is CalicoAction.LOG:
            return False
        conditions = ("protocol", "notProtocol", "icmp", "notICMP", "ipVersion", "http")
        return not any(self.node[key] for key in conditions) and self.source.is_anyone and self.destination.is_anyone


_ACTIONS = frozenset(CalicoAction)


def protocol_name(node: Node) -> str:
    """A protocol as it is usually written; a number that has no name here, and a word that is none, as they are."""
    if node.integer is not None:
        return NUMBERS.get(node.integer, str(node.integer))
    return PROTOCOLS.get(node.text.lower(), node.text)


def _range_flaw(first: int, last: int) -> str:
    if first > last:
        return f"the range ends before it starts, at {last}"
    return "" if first >= 0 and last <= LAST else f"a port is a number up to {LAST}"
