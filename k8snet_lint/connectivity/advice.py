"""The smallest edit that lets a denied direction through, written so that it opens no more than was asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cidr import Cidr
from k8snet_lint.reach import EndpointKind, Verdict
from k8snet_lint.reach.explanation import EditKind
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import NetworkPolicy
from k8snet_lint.selector import NAME_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.connectivity.ends import End
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Endpoint
    from k8snet_lint.reach.addresses import Ranges
    from k8snet_lint.reach.explanation import Edit, Explanation, SideExplanation

ITEMS = frozenset({EditKind.ADD_PORT, EditKind.ADD_PEER, EditKind.ADD_RULE, EditKind.ALLOW_BEFORE})

_WORDS = {
    EditKind.ADD_PORT: "add to",
    EditKind.ADD_LABEL: "label the pods, at",
    EditKind.ADD_NAMESPACE_LABEL: "label the namespace, at",
    EditKind.ADD_NAMESPACE_SELECTOR: "add to the peer",
    EditKind.ADD_PEER: "add to",
    EditKind.ADD_RULE: "add to",
    EditKind.ALLOW_BEFORE: "put in front of",
}


class Advice(NamedTuple):
    """An edit.

    Shapes: `act` says what to do with `at`; `at` is None for an object of its own; `value` is what to write.
    """

    act: str
    at: Node | None
    value: object


def advice(explanation: Explanation, source: End, target: End) -> Iterator[Advice]:
    """An edit for each direction that denies the connection; all of them together allow it."""
    for side in explanation.sides:
        if side.verdict is Verdict.DENIED and side.misses:
            from_source = side.subject is explanation.source and side is explanation.egress
            peer, asked = (explanation.target, target) if from_source else (explanation.source, source)
            yield _of_side(side, peer, asked)


def _of_side(side: SideExplanation, peer: Endpoint, asked: End) -> Advice:
    """The smallest edit; a rule that would be for every pod of the namespace gets a policy of its own instead."""
    edits = [miss.change for miss in side.misses]
    small = next((edit for edit in edits if edit.kind is not EditKind.ADD_RULE), None)
    if small is not None:
        return _written(small, side, peer, asked)
    for miss in side.misses:
        if isinstance(miss.policy, NetworkPolicy) and miss.policy.spec["podSelector"]:
            return _written(miss.change, side, peer, asked)
    return _policy(_written(edits[0], side, peer, asked), side.subject, side)


def _written(edit: Edit, side: SideExplanation, peer: Endpoint, asked: End) -> Advice:
    value = _narrowed(edit.value, side.subject.namespace, _block(peer, asked.within))
    if edit.kind is EditKind.ADD_NAMESPACE_SELECTOR:
        value = {"namespaceSelector": value}
    return Advice(_WORDS[edit.kind], edit.at, [value] if edit.kind in ITEMS else value)


def _policy(rule: Advice, subject: Endpoint, side: SideExplanation) -> Advice:
    """A NetworkPolicy for the pods at this end alone."""
    name = subject.key.rpartition("/")[2]
    metadata = {
        "name": f"{name}-{side.direction.field}",
        **({"namespace": subject.namespace} if subject.namespace else {}),
    }
    spec = {
        "podSelector": {"matchLabels": subject.lasting_labels},
        "policyTypes": [side.direction.value],
        side.direction.field: rule.value,
    }
    made = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}
    return Advice("add a policy", None, made)


def _block(peer: Endpoint, within: Mapping[int, Ranges] | None) -> str:
    """The block that was asked about; all of a version where that is the internet."""
    if peer.kind is not EndpointKind.ADDRESSES:
        return ""
    ranges = (within or {}).get(peer.version, ())
    if len(ranges) == 1:
        first, last = ranges[0]
        free = (last - first).bit_length()
        return str(Cidr(peer.version, first, (32 if peer.version == 4 else 128) - free))
    return "0.0.0.0/0" if peer.version == 4 else "::/0"


def _narrowed(value: object, namespace: str | None, block: str) -> object:
    """The rule with the block in place of any, and without a selector of the policy's own namespace."""
    if isinstance(value, list):
        return [_narrowed(each, namespace, block) for each in value]
    if not isinstance(value, dict):
        return value
    own = {"matchLabels": {NAME_LABEL: namespace}}
    found = {key: _narrowed(each, namespace, block) for key, each in value.items()}
    if found.get("namespaceSelector") == own and "podSelector" in found and "subject" not in found:
        del found["namespaceSelector"]
    if block:
        found.update({key: block if key == "cidr" else [block] for key in ("cidr", "networks") if key in found})
    return found
