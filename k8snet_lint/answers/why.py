"""Why a connection is allowed, denied or unknown, as text and JSON: the verdict first, then the chain behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.answers.settling import settling
from k8snet_lint.answers.values import WORDS, dumped
from k8snet_lint.answers.yaml_text import flow, path_text, yaml_lines
from k8snet_lint.connectivity.advice import advice
from k8snet_lint.reach import EndpointKind, Verdict
from k8snet_lint.reach.explanation import Basis
from k8snet_lint.reporters.json_report import location_json, resource_json
from k8snet_lint.reporters.plain import plain
from k8snet_lint.resource import Direction
from k8snet_lint.resource.admin_policy import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from k8snet_lint.connectivity.advice import Advice
    from k8snet_lint.connectivity.explained import Explained, Forwarding
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Cause
    from k8snet_lint.reach.explanation import Decision, Explanation, Miss, SideExplanation

MOST_POLICIES = 8
LONGEST_LINE = 90

BASES = {
    Basis.NO_POLICY: "no policy selects it, so everything is let through",
    Basis.NOT_SELECTABLE: "no policy can select it",
    Basis.OWN_NODE: "pods accept the traffic of their own node",
    Basis.SELF: "what a pod sends to itself no policy decides",
}
"""What decides where no rule does."""

OUTSIDE = {
    EndpointKind.ADDRESSES: "addresses outside the cluster are under no policy",
    EndpointKind.DOMAIN: "addresses outside the cluster are under no policy",
    EndpointKind.NODE: "nodes are under no policy",
    EndpointKind.CONTROLLER: "it is not in the manifests, so no policy is known to select it",
    EndpointKind.STRANGER: "it is not in the manifests, so no policy is known to select it",
}
"""The same for an end that is no workload."""


def text(answers: Sequence[Explained]) -> str:
    """An answer after the other, of worlds."""
    lines: list[str] = []
    for answer in answers:
        lines += ["", *_answer(answer)] if lines else _answer(answer)
    return "".join(f"{line}\n" if line.isprintable() else f"{plain(line)}\n" for line in lines)


def _answer(answer: Explained) -> Iterator[str]:
    explanation = answer.explanation
    yield _headline(answer)
    if answer.via is not None:
        yield f"  {_forwarding(answer.via)}"
    yield from _side(explanation.egress)
    yield from _side(explanation.ingress)
    if explanation.verdict is Verdict.UNKNOWN:
        yield from _unknown(explanation.causes)
    if answer.instead is not None:
        yield from ("", f"note: {_forwarding(answer.instead)}")
        service = answer.instead.service
        name = f"{service.namespace}/Service/{service.name}"
        yield f"      policies see the pods' port; to go through the Service, ask about {name}"
    changes = tuple(advice(explanation, answer.source, answer.target))
    if changes:
        yield ""
        yield "smallest change that allows it:" if len(changes) == 1 else "smallest changes, all of them:"
    for change in changes:
        yield from _change(change)


def _headline(answer: Explained) -> str:
    found, count = answer.explanation, answer.count
    world = f"world {answer.world}: " if answer.world else ""
    of_all = sum(count)
    part = "" if max(count) == of_all else " in part"
    line = f"{world}{found.verdict}{part}: {_ends(answer)} on {found.protocol} {found.port}"
    if len(answer.versions) > 1 and len({verdict for _, verdict in answer.versions}) > 1:
        return f"{line}: {', '.join(f'{verdict} over IPv{version}' for version, verdict in answer.versions)}"
    if len(answer.versions) > 1:
        return f"{line}, over IPv4 and IPv6"
    if len({*filter(None, count)}) == 1 and max(count) == of_all:
        return line if of_all == 1 else f"{line}, and so for all {of_all} kinds of pairs that policies tell apart"
    parts = (f"{number} {word}" for number, word in zip(count, ("allowed", "unknown", "denied"), strict=True) if number)
    return f"{line}; of {of_all} kinds of pairs {', '.join(parts)}"


def _ends(answer: Explained) -> str:
    """The ends of the pair that is explained, by what was asked for where that says more."""
    names = []
    for end, endpoint in ((answer.source, answer.explanation.source), (answer.target, answer.explanation.target)):
        names.append(end.text if end.within is not None else endpoint.key)
    return " -> ".join(names)


def _forwarding(via: Forwarding) -> str:
    port = via.port
    name = f" ({port.name})" if port.name else ""
    led = f"port {port.number}{name} leads to {port.protocol} {via.number} of the pods"
    return f"{via.service} {led}  {port.target_node.location}"


def _side(side: SideExplanation) -> Iterator[str]:
    way = "leaving" if side.direction is Direction.EGRESS else "entering"
    yield ""
    yield f"{way} {_key(side)}: {side.verdict}"
    if side.basis in BASES:
        yield f"  {OUTSIDE.get(side.subject.kind, BASES[side.basis])}"
        return
    if side.basis is Basis.MESH:
        yield (
            "  the mesh lets nothing in:" if side.verdict is Verdict.DENIED else "  the mesh decides by its own rules:"
        )
        yield from _policies(side)
    deciding = [each for each in side.decisions if each.certain] or [*side.decisions]
    for each in deciding[:MOST_POLICIES]:
        yield from _decision(each)
    certain = any(each.certain and each.action is not Action.PASS for each in side.decisions)
    if side.basis in (Basis.NETWORK_POLICY, Basis.CALICO) and side.isolating and not certain:
        yield from _isolating(side)
    for miss in side.misses:
        line = _miss(miss)
        if line:
            yield line
            yield f"    {_place(miss.at)}"


def _key(side: SideExplanation) -> str:
    return side.subject.key if len(side.subject.key) < LONGEST_LINE else "those addresses"


def _isolating(side: SideExplanation) -> Iterator[str]:
    several = len(side.isolating) > 1
    who = "these policies select it" if several else "this policy selects it"
    rule = "no rule surely allows this" if side.decisions else "no rule allows this"
    yield f"  {who} for {side.direction.lower()}, and {rule}:"
    yield from _policies(side)


def _policies(side: SideExplanation) -> Iterator[str]:
    for policy in side.isolating[:MOST_POLICIES]:
        yield f"    {policy}  {policy.name_node.location}"
    if len(side.isolating) > MOST_POLICIES:
        yield f"    and {len(side.isolating) - MOST_POLICIES} more"


def _decision(each: Decision) -> Iterator[str]:
    does = {"Allow": "allows", "Deny": "denies", "Pass": "passes on"}[each.action.value]
    yield f"  {each.policy} {does if each.certain else f'perhaps {does}'} it:"
    yield f"    rule  {each.rule.location}"
    for word, node in (("peer", each.peer), ("port", each.port)):
        if node != each.rule:
            yield f"    {word}  {_place(node)}"


def _miss(miss: Miss) -> str:
    if not miss.wanted:
        return ""
    return f"  near miss: {miss.policy} asks for {miss.wanted}, and here is {miss.found}"


def _place(node: Node) -> str:
    """Where something is written, and what."""
    return f"{node.location}  {flow(node.value) if node.present else ''}".rstrip()


def _change(change: Advice) -> Iterator[str]:
    place = f" {path_text(change.at)}, {change.at.location}" if change.at is not None else ""
    yield f"  {change.act}{place}"
    yield from (f"    {line}" for line in yaml_lines(change.value))


def _unknown(causes: Sequence[Cause]) -> Iterator[str]:
    yield from ("", "unknown, because")
    for cause in causes:
        about = f" ({cause.detail})" if cause.detail else ""
        yield f"  {WORDS[cause.reason]}{about}"
        yield from (f"    {_place(node)}" for node in cause.at[:MOST_POLICIES])
        yield f"    to settle it: {settling(cause)}"


def to_json(answers: Sequence[Explained]) -> str:
    """The same, an entry a world."""
    return dumped({"answers": [_json(answer) for answer in answers]})


def _json(answer: Explained) -> dict[str, object]:
    found = answer.explanation
    return {
        "world": answer.world,
        "verdict": answer.verdict.value,
        "pairs": answer.count._asdict(),
        "explained": explanation_json(found),
        "changes": [_advice_json(each) for each in advice(found, answer.source, answer.target)],
        "via": _forwarding_json(answer.via),
        "instead": _forwarding_json(answer.instead),
    }


def explanation_json(found: Explanation) -> dict[str, object]:
    """One connection, its two directions, what is unknown and what would change it."""
    return {
        "source": found.source.key,
        "target": found.target.key,
        "protocol": found.protocol,
        "port": found.port,
        "verdict": found.verdict.value,
        "egress": _side_json(found.egress),
        "ingress": _side_json(found.ingress),
        "causes": [
            {
                "reason": cause.reason.value,
                "detail": cause.detail,
                "locations": [location_json(node.location) for node in cause.at],
                "settle": settling(cause),
            }
            for cause in found.causes
        ],
    }


def _forwarding_json(via: Forwarding | None) -> dict[str, object] | None:
    if via is None:
        return None
    return {
        "service": resource_json(via.service.identity),
        "port": via.port.number,
        "name": via.port.name,
        "target": via.number,
        "location": location_json(via.port.target_node.location),
    }


def _side_json(side: SideExplanation) -> dict[str, object]:
    return {
        "verdict": side.verdict.value,
        "basis": side.basis.value,
        "isolating": [
            {**resource_json(policy.identity), "location": location_json(policy.name_node.location)}
            for policy in side.isolating
        ],
        "rules": [
            {
                "policy": resource_json(each.policy.identity),
                "action": each.action.value,
                "certain": each.certain,
                "rule": location_json(each.rule.location),
                "peer": location_json(each.peer.location),
                "port": location_json(each.port.location),
            }
            for each in side.decisions
        ],
        "misses": [
            {
                "policy": resource_json(miss.policy.identity),
                "location": location_json(miss.at.location),
                "wanted": miss.wanted,
                "found": miss.found,
            }
            for miss in side.misses
        ],
    }


def _advice_json(change: Advice) -> dict[str, object]:
    at = change.at
    return {
        "act": change.act,
        "location": location_json(at.location) if at is not None else None,
        "path": path_text(at) if at is not None else "",
        "value": change.value,
        "yaml": "\n".join(yaml_lines(change.value)),
    }


FORMATS: Mapping[str, Callable[[Sequence[Explained]], str]] = {"text": text, "json": to_json}
