"""Why one connection is allowed, denied or unknown: the chain that decides it, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from k8snet_lint.connectivity.ends import Ends, find_everywhere
from k8snet_lint.connectivity.pairs import DEFAULT_PROTOCOL, Pairs
from k8snet_lint.connectivity.ports import FORM, AskedPort
from k8snet_lint.errors import UsageError
from k8snet_lint.nearest import did_you_mean
from k8snet_lint.quoting import quoted
from k8snet_lint.reach import Verdict
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.connectivity.analyses import Analysis
    from k8snet_lint.connectivity.ends import End
    from k8snet_lint.connectivity.pairs import Pair
    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.explanation import Explanation
    from k8snet_lint.resource import Service, ServicePort


class Forwarding(NamedTuple):
    """A Service's port, which leads to the port of the pods that policies see."""

    service: Service
    port: ServicePort
    number: int


class Count(NamedTuple):
    """How many kinds of pairs have each verdict; pairs that policies cannot tell apart are one kind."""

    allowed: int
    unknown: int
    denied: int


@dataclass(frozen=True, slots=True)
class Explained:
    """The answer in one world.

    Shapes: `verdict` is that of all pairs, `explanation` of the worst of them, the first of several; `via` is the
    Service that the connection was asked about; `instead` is a Service's port in front of the pods that leads to
    another port than the one asked about, where that may be what was meant; `versions` are the verdicts by IP version,
    where addresses were asked about and one version has one verdict.
    """

    world: str
    source: End
    target: End
    verdict: Verdict
    count: Count
    explanation: Explanation
    via: Forwarding | None = None
    instead: Forwarding | None = None
    versions: tuple[tuple[int, Verdict], ...] = ()


def explained(analyses: Sequence[Analysis], source: str, target: str, port: str) -> tuple[Explained, ...]:
    """An answer for each world that knows both ends.

    Raises UsageError where an end means nobody, where no world knows both, and where the port is none of the target's.
    """
    sources, targets = find_everywhere(analyses, source, "SRC"), find_everywhere(analyses, target, "DST")
    asked = AskedPort.of(port)
    if asked.first != asked.last:
        raise UsageError(f"{quoted(port)} is a range of ports", help="ask about one port")
    found = []
    for world, reach in analyses:
        if world in sources and world in targets:
            answer = _in_world(world, reach, sources[world], targets[world], asked)
            if answer is not None:
                found.append(answer)
    if not found:
        raise UsageError(*_no_port(analyses, sources, targets, asked))
    return tuple(found)


def _in_world(world: str, reach: Reach, source: End, target: End, asked: AskedPort) -> Explained | None:
    pairs = Pairs(reach, source, target, asked)
    if not pairs.parts:
        return None
    count = Count(*map(pairs.count, (Verdict.ALLOWED, Verdict.UNKNOWN, Verdict.DENIED)))
    worst = Verdict.DENIED if count.denied else Verdict.UNKNOWN if count.unknown else Verdict.ALLOWED
    chosen = pairs.first(worst)
    by_service = target.service is not None
    explanation = reach.why(chosen.source, chosen.target, chosen.protocol, chosen.port, by_service=by_service)
    return Explained(
        world=world,
        source=source,
        target=target,
        verdict=worst if max(count) == sum(count) else Verdict.UNKNOWN,
        count=count,
        explanation=explanation,
        via=_via(target.service, chosen, asked) if target.service is not None else None,
        instead=_instead(reach, chosen, asked) if target.service is None else None,
        versions=pairs.versions,
    )


def _via(service: Service, pair: Pair, asked: AskedPort) -> Forwarding | None:
    for port in asked.of_service(service):
        if AskedPort(port.name, port.protocol, "", port.number or 0, port.number or 0).on(pair.target, service):
            return Forwarding(service, port, pair.port)
    return None


def _instead(reach: Reach, pair: Pair, asked: AskedPort) -> Forwarding | None:
    """The Service's port that was perhaps meant: it has the number asked about, but leads to another."""
    if pair.verdict is Verdict.ALLOWED or pair.target.workload is None:
        return None
    for service in Ends(reach).services_before(pair.target):
        for port in asked.of_service(service, DEFAULT_PROTOCOL):
            for _, (number, _) in asked.on(pair.target, service, DEFAULT_PROTOCOL):
                if number != pair.port:
                    return Forwarding(service, port, number)
    return None


def _no_port(
    analyses: Sequence[Analysis], sources: dict[str, End], targets: dict[str, End], asked: AskedPort
) -> tuple[str, str]:
    """What to say where the port means nothing on the target, and how to mend it."""
    worlds = [world for world, _ in analyses if world in sources and world in targets]
    if not worlds:
        return "no world holds both ends", "ask about ends that one cluster gets together"
    target = targets[worlds[0]]
    if target.service is not None:
        if not target.members:
            return f"{target.service} selects no pods of these manifests", "name the workload instead"
        names = [str(word) for port in target.service.ports for word in (port.name, port) if word]
        said = f"{target.service} has no port {quoted(asked.text)} that leads to its pods"
        return f"{said}{did_you_mean(asked.text, names)}", f"its ports are {', '.join(names) or 'none'}"
    if not target.members or not asked.name:
        return f"{quoted(target.text)} is nobody in these manifests", "name a namespace or workload that is there"
    workloads = [each.workload for each in target.members if each.workload is not None]
    names = [port.name for workload in workloads for port in workload.ports if port.name]
    said = f"no container of {quoted(target.text)} declares a port named {quoted(asked.text)}"
    return f"{said}{did_you_mean(asked.name, names)}", FORM
