"""What Cilium rejects of the ports of its rules, and of what they ask for beyond ports (`PortRule.sanitize`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.nearest import is_near
from k8snet_lint.placeholder import is_open
from k8snet_lint.quoting import quoted
from k8snet_lint.resource.engine_policy import Fault
from k8snet_lint.resource.policy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.cilium import CiliumRule

WITHOUT_PORTS = ("VRRP", "IGMP", "GRE", "IPIP", "IPV6", "ESP", "AH")
"""Protocols of IP that have no ports, where Cilium is told to know them (`enable-extended-ip-protocols`)."""

PROTOCOLS = ("TCP", "UDP", "SCTP", "ANY", "ICMP", "ICMPV6", "ICMPv6", *WITHOUT_PORTS)
PARSERS = ("http", "kafka", "dns", "l7proto")
"""The kinds of rules beyond ports, of which an entry of `toPorts` has one."""

ENTRY_FIELDS = ("ports", "rules", "listener", "serverNames", "originatingTLS", "terminatingTLS")
PORT_FIELDS = ("port", "endPort", "protocol")
PARSER_FIELDS = (*PARSERS, "l7")
MOST = 40
NAME = re.compile(r"(?=.{1,15}$)([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*", re.ASCII)


def of_rule(rule: CiliumRule) -> Iterator[Fault]:
    """The flaws of every entry of `toPorts`."""
    written = rule.node["toPorts"]
    if written.value is not None and not written.is_list:
        yield Fault(written, "has toPorts that is no list", "put '- ' before each entry, which has ports")
    for entry in rule.ports:
        if not entry.is_mapping:
            yield Fault(entry, "has an entry of toPorts that is no mapping", "list ports below 'ports'")
            continue
        yield from _of_entry(entry)
        yield from _of_parsers(rule, entry)


def of_nodes(rule: CiliumRule) -> Iterator[Fault]:
    """Rules beyond ports, which policies for nodes do not have."""
    for entry in rule.ports:
        if entry["rules"]:
            what = "has rules beyond ports in a policy for nodes, which does not have them"
            yield Fault(entry["rules"], what, "leave them out")


def misspelt(node: Node, fields: tuple[str, ...]) -> Iterator[Fault]:
    """Fields that there are not, but for their spelling; they are dropped where they are not rejected."""
    for key, value in node.items():
        near = [each for each in fields if each.lower() == key.lower() or is_near(each, key)]
        if key not in fields and near and near[0] not in node.value:
            yield Fault(value, f"has a field '{key}', which there is not", f"did you mean '{near[0]}'?", at_key=True)


def _of_entry(entry: Node) -> Iterator[Fault]:
    yield from misspelt(entry, ENTRY_FIELDS)
    yield from misspelt(entry["rules"], PARSER_FIELDS)
    if entry["port"].present or entry["protocol"].present:
        what, written = "has a port right below toPorts", entry["port"] if entry["port"].present else entry["protocol"]
        yield Fault(written, what, "put it in a list under 'ports'", at_key=True)
    if len([*entry["ports"]]) > MOST:
        yield Fault(entry["ports"], f"lists more than {MOST} ports in one entry of toPorts", "make two entries of it")
    for port in entry["ports"]:
        yield from _of_port(port)


def _of_port(port: Node) -> Iterator[Fault]:
    yield from misspelt(port, PORT_FIELDS)
    number, protocol = port["port"], port["protocol"]
    if isinstance(number.value, int):
        yield Fault(
            number, f"has port {number.value}, a number, where Cilium takes text only", f'write "{number.value}"'
        )
    elif not number.text and protocol.value not in WITHOUT_PORTS:
        yield Fault(number, "has an entry of ports without a port", 'give one; "0" means every port')
    elif number.text and not (NAME.fullmatch(number.text) or _is_number(number.text) or is_open(number.text)):
        yield Fault(
            number,
            f"has port {quoted(number.text)}, which is no number up to 65535 and no name",
            'write one port, and for a range the last one as endPort: port: "80", endPort: 90',
        )
    if protocol.value is not None and protocol.value not in PROTOCOLS and not is_open(protocol.text):
        near = next((each for each in PROTOCOLS if each == protocol.text.upper()), "TCP, UDP, SCTP or ANY")
        yield Fault(protocol, f"has protocol {quoted(str(protocol.value))}, which there is not", f"write {near}")
    end = port["endPort"]
    if end.value is not None and (end.integer is None or not 0 <= end.integer <= 65535) and not is_open(end.text):
        yield Fault(end, f"has endPort {quoted(str(end.value))}", "write a number up to 65535, without quotes")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= 65535


def _of_parsers(rule: CiliumRule, entry: Node) -> Iterator[Fault]:
    rules = entry["rules"]
    if rules.value is None:
        return
    if rule.denies:
        what = "has rules beyond ports in a section that denies"
        yield Fault(rules, what, "deny the whole port, or allow less", at_key=True)
        return
    found = [key for key in PARSERS if rules[key].value is not None]
    if len(found) > 1:
        yield Fault(rules[found[1]], f"has {' and '.join(found)} rules for the same ports", "make an entry for each")
    if rules["l7"].value is not None and rules["l7proto"].value is None:
        yield Fault(rules["l7"], "has l7 without l7proto", "name the parser as l7proto")
    dns = bool(rules["dns"])
    if dns and rule.direction is Direction.INGRESS:
        yield Fault(rules["dns"], "has dns rules for ingress", "put them into a rule of egress")
    if dns and not entry["ports"]:
        yield Fault(rules["dns"], "has dns rules without a port", 'add port "53"')
    if entry["serverNames"] and found and entry["terminatingTLS"].value is None:
        yield Fault(entry["serverNames"], "has serverNames beside rules without terminatingTLS", "drop one of the two")
    for port in entry["ports"] if found else ():
        yield from _parsed_port(port, found[0], dns=dns)


def _parsed_port(port: Node, parser: str, *, dns: bool) -> Iterator[Fault]:
    """A port whose traffic is parsed."""
    if not dns and parser != "dns" and port["protocol"].value != "TCP" and not is_open(port["protocol"].text):
        found = quoted(port["protocol"].text) if port["protocol"].text else "any protocol"
        at = port["protocol"] if port["protocol"].present else port["port"]
        yield Fault(at, f"has {parser} rules for {found}, where they are for TCP alone", "write protocol: TCP")
    if port["port"].text == "0":
        yield Fault(port["port"], f"has {parser} rules for every port", "name the ports")
    first, last = port["port"].text, port["endPort"].integer
    if dns and last is not None and first.isdecimal() and last > int(first[:6]):
        yield Fault(port["endPort"], "has dns rules for a range of ports", "list single ports")
