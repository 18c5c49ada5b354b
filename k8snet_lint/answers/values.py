"""What all answers about connections write alike: connections and places in JSON, verdicts and reasons in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from k8snet_lint.reach import Connections, Protocol, Reason, Verdict
from k8snet_lint.reporters.json_report import location_json
from k8snet_lint.reporters.plain import escape_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.connectivity.analyses import Flawed

VERSION = 1

WORDS = {
    Reason.NAMESPACE_LABELS: "the labels of a namespace are not known",
    Reason.NAMESPACE_UNSET: "an object names no namespace",
    Reason.CONTROLLER_LABEL: "a controller sets a label that a selector asks for",
    Reason.POD_ADDRESS: "an address block may hold the pods' addresses",
    Reason.HOST_NETWORK: "traffic of a node, which its own pods accept",
    Reason.NODE_LABELS: "the labels of nodes are not known",
    Reason.MESH_AUTHORIZATION: "a mesh's authorization decides",
    Reason.MESH_MEMBERSHIP: "nothing tells whether the pods are in the mesh",
    Reason.PEER_UNKNOWN: "the pods at one end are not in the manifests",
    Reason.NAMED_PORT: "a port's name may stand for another number",
    Reason.PRIORITY_TIE: "two policies of one priority disagree",
    Reason.MIXED_POLICIES: "policies of two API versions disagree",
    Reason.DOMAIN_NAME: "an address may be that of a host name",
    Reason.SOURCE_ADDRESS: "the source's address may be replaced on the way",
    Reason.HAIRPIN: "a pod that comes back to itself through a Service is let through by some networks only",
    Reason.PEER_UNREAD: "something outside the policy tells whom a peer means",
    Reason.REQUEST_RULES: "rules beyond ports decide on each request",
    Reason.AUTHENTICATION: "both ends have to prove who they are",
    Reason.OTHER_NETWORK: "the policy is one of another network",
    Reason.SERVICE_ACCOUNT: "the labels of service accounts are not known",
    Reason.SOURCE_PORT: "a rule is for some ports of the source only",
    Reason.TIER: "the order of a policy's tier is not known",
    Reason.MEMBERS_DIFFER: "it holds for some of the set only",
}
"""Every reason in a few words."""

Value = dict[str, object]


def dumped(value: Value) -> str:
    """The text of a JSON answer."""
    return escape_json(json.dumps({"version": VERSION, **value}, indent=2, ensure_ascii=False)) + "\n"


def connections_json(connections: Connections) -> dict[str, list[list[int]]]:
    """The ranges of ports of each protocol, both ends of a range included."""
    found = {protocol.value: [list(ports) for ports in connections.ranges(protocol)] for protocol in Protocol}
    return {protocol: ranges for protocol, ranges in found.items() if ranges}


def connections_cell(connections: Connections) -> tuple[str, ...]:
    """The ports in words, a protocol each; every port of a protocol is said to be."""
    if connections.is_everything:
        return ("all",)
    return tuple(part if " " in part else f"{part} all" for part in str(connections).split("; "))


def connections_text(connections: Connections) -> str:
    """The ports in words, on one line."""
    return "; ".join(connections_cell(connections))


def verdict_cell(verdict: Verdict, reasons: Iterable[str]) -> tuple[str, ...]:
    """The verdict, and for an unknown one why."""
    if verdict is not Verdict.UNKNOWN:
        return (verdict.value,)
    said = tuple(WORDS[Reason(reason)] for reason in reasons)
    return (f"unknown: {said[0]}", *said[1:]) if said else ("unknown",)


def flawed_json(flawed: Iterable[Flawed]) -> list[Value]:
    """What the API server rejects of policies."""
    return [
        {
            "policy": each.policy,
            "location": location_json(each.location),
            "message": each.message,
            "effect": each.effect,
        }
        for each in flawed
    ]


def flawed_lines(flawed: Iterable[Flawed]) -> list[str]:
    """The same, a line each."""
    return [f"note: {each.location}: {each.policy}: {each.message}; {each.effect}" for each in flawed]
