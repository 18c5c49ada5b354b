"""Whether intents hold, world by world, with a counterexample for each that does not."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from operator import attrgetter
from typing import TYPE_CHECKING

from k8snet_lint.cidr import without
from k8snet_lint.connectivity.ends import FORMS, End, Ends, nobody
from k8snet_lint.connectivity.held import HeldBetween
from k8snet_lint.connectivity.intents import Kind, OnUnknown, Quantifier, Selected
from k8snet_lint.connectivity.ports import all_ports
from k8snet_lint.connectivity.responsible import Place, responsible
from k8snet_lint.reach import ALL, NONE, Connections, Endpoint, EndpointKind, Protocol, Verdict
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from k8snet_lint.connectivity.analyses import Analysis
    from k8snet_lint.connectivity.intents import Intent, Who
    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.addresses import Ranges


class Status(enum.StrEnum):
    """What became of an intent; UNKNOWN is one of which the manifests do not tell."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Counterexample(NamedTuple):
    """One connection that is not as asserted, and the places that make it so."""

    source: str
    target: str
    protocol: str
    port: int
    verdict: Verdict
    wanted: Verdict
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """An intent in one world; `message` is there where the intent cannot be asked."""

    intent: Intent
    world: str
    status: Status
    counterexample: Counterexample | None = None
    message: str = ""

    @property
    def fails(self) -> bool:
        """Whether the run fails over it."""
        if self.status is Status.UNKNOWN:
            return self.intent.on_unknown is OnUnknown.FAIL
        return self.status is Status.FAILED


def verified(analyses: Sequence[Analysis], intents: Iterable[Intent]) -> tuple[Checked, ...]:
    """Every intent in every world that knows its ends, in the order of the file.

    Raises UsageError for a broken address.
    """
    worlds = [(world, reach, Ends(reach)) for world, reach in analyses]
    return tuple(checked for intent in intents for checked in _everywhere(worlds, intent))


def _everywhere(worlds: Sequence[tuple[str, Reach, Ends]], intent: Intent) -> Iterator[Checked]:
    missing = dict.fromkeys((*intent.source, *intent.target))
    results = []
    for world, reach, ends in worlds:
        sources, targets = _find(reach, ends, intent.source), _find(reach, ends, intent.target)
        for each in (*sources, *targets):
            missing.pop(each, None)
        if sources and targets:
            results.append(_Check(reach, intent, [*sources.values()], [*targets.values()]).checked(world))
    if missing:
        known = [name for _, _, ends in worlds for name in ends.known]
        said = "; ".join(
            nobody(each, "the end", known) if isinstance(each, str) else f"{each.text} are none of these manifests"
            for each in missing
        )
        yield Checked(intent, "", Status.FAILED, message=said)
    elif not results:
        yield Checked(intent, "", Status.FAILED, message=f"no world holds both ends; an end is {FORMS}")
    else:
        yield from results


def _find(reach: Reach, ends: Ends, who: Who) -> dict[str | Selected, End]:
    """The ends that this world knows."""
    found = {}
    for each in who:
        end = ends.find(each) if isinstance(each, str) else End(each.text, _selected(reach, each))
        if end is not None and end.members:
            found[each] = end
    return found


def _selected(reach: Reach, wanted: Selected) -> tuple[Endpoint, ...]:
    """The workloads that selectors mean; namespaces of which labels are not known are not among them."""
    spaces = None
    if wanted.namespaces is not None:
        spaces = frozenset(reach.graph.namespaces.matching(wanted.namespaces)[0])
    elif wanted.namespace:
        spaces = frozenset((wanted.namespace,))
    return tuple(
        each
        for each in reach.workloads
        if (spaces is None or each.namespace in spaces) and wanted.pods.matches(each.labels)
    )


class _Finding(NamedTuple):
    source: Endpoint
    target: Endpoint
    connections: Connections
    wanted: Verdict


class _Check:
    """One intent in one world."""

    def __init__(self, reach: Reach, intent: Intent, sources: list[End], targets: list[End]) -> None:
        self._reach = reach
        self._intent = intent
        self._sources = {each: None for end in sources for each in end.members}
        self._within = [end.within for end in sources if end.within is not None]
        self._into = [end.within for end in targets if end.within is not None]
        self._targets: dict[Endpoint, Connections] = {}
        for end in targets:
            for each in end.members:
                wanted = self._wanted(each, end)
                if wanted:
                    self._targets[each] = self._targets.get(each, NONE) | wanted

    def _wanted(self, endpoint: Endpoint, end: End) -> Connections:
        """The ports that the intent is about, on one endpoint."""
        if not self._intent.ports:
            meant = all_ports(endpoint, end.service)
            return ALL if meant is None else meant
        found = NONE
        for port in self._intent.ports:
            found |= port.on(endpoint, end.service, "" if port.name else "TCP")
        return found

    def checked(self, world: str) -> Checked:
        intent = self._intent
        if not self._targets:
            ports = ", ".join(port.text for port in intent.ports)
            return Checked(intent, world, Status.FAILED, message=f"no pod of the target has a port {ports or 'at all'}")
        if intent.kind is Kind.ONLY:
            status, finding = self._only()
        else:
            wanted = Verdict.ALLOWED if intent.kind is Kind.ALLOW else Verdict.DENIED
            status, finding = self._judge(self._sources, wanted, intent.quantifier)
        if finding is None or status is Status.PASSED:
            said = "" if status is Status.PASSED else "its ends are one pod, which policies do not keep from itself"
            return Checked(intent, world, status, message=said)
        return Checked(intent, world, status, self._counterexample(finding))

    def _only(self) -> tuple[Status, _Finding | None]:
        """Those named get in, and nobody else does."""
        quantifier = Quantifier.ALL if self._intent.ports else Quantifier.ANY
        first = self._judge(self._sources, Verdict.ALLOWED, quantifier)
        if first[0] is Status.FAILED:
            return first
        second = self._judge(self._others(), Verdict.DENIED, Quantifier.ALL)
        return second if second[0] is not Status.PASSED else first

    def _others(self) -> Iterator[Endpoint]:
        """Everybody whom the intent does not name.

        Traffic of nodes is not for policies to decide, and a pod outside the manifests counts where it surely gets in.
        """
        for each in self._reach.workloads:
            if each not in self._sources and not each.on_host:
                yield each
        universe = self._reach.engine.universe
        for each in universe.endpoints(universe.addresses):
            if not self._names_addresses(each):
                yield each
        (stranger,) = self._reach.any_pod
        if stranger not in self._sources and any(each.allowed for each in self._held([stranger]).parts):
            yield stranger

    def _names_addresses(self, endpoint: Endpoint) -> bool:
        """Whether the intent names all of an endpoint's addresses."""
        asked = [block for within in self._within for block in within.get(endpoint.version, ())]
        return all(any(low <= first and last <= high for low, high in asked) for first, last in endpoint.ranges)

    def _judge(
        self, sources: Iterable[Endpoint], wanted: Verdict, quantifier: Quantifier
    ) -> tuple[Status, _Finding | None]:
        """Whether pairs are as wanted, and the first that decides it otherwise."""
        held = self._held(sources)
        good, bad = (_allowed, _denied) if wanted is Verdict.ALLOWED else (_denied, _allowed)
        if quantifier is Quantifier.ANY and any(map(good, held.parts)):
            return Status.PASSED, None
        failed, unknown = held.first(bad), held.first(_unknown)
        if quantifier is Quantifier.ALL and failed is not None:
            return Status.FAILED, _Finding(*failed, wanted)
        if unknown is not None:
            return Status.UNKNOWN, _Finding(*unknown, wanted)
        if quantifier is Quantifier.ANY:
            return Status.FAILED, failed and _Finding(*failed, wanted)
        return Status.PASSED, None

    def _held(self, sources: Iterable[Endpoint]) -> HeldBetween:
        return HeldBetween(self._reach, sources, self._targets)

    def _counterexample(self, finding: _Finding) -> Counterexample:
        protocol, port = _example_port(finding)
        explanation = self._reach.why(finding.source, finding.target, protocol, port)
        return Counterexample(
            source=_example_end(finding.source, self._within if finding.source in self._sources else ()),
            target=_example_end(finding.target, self._into),
            protocol=protocol,
            port=port,
            verdict=explanation.verdict,
            wanted=finding.wanted,
            places=tuple(responsible(explanation)),
        )


_allowed, _unknown, _denied = map(attrgetter, ("allowed", "unknown", "denied"))


def _example_port(finding: _Finding) -> tuple[str, int]:
    """A port that the target declares, if there is one among them, else the first."""
    workload = finding.target.workload
    for port in workload.ports if workload is not None else ():
        known = port.number and port.protocol in {*Protocol}
        if known and port.number and finding.connections.contains(port.protocol, port.number):
            return port.protocol, port.number
    protocol, (first, _) = next(iter(finding.connections))
    return protocol.value, first


def _example_end(endpoint: Endpoint, asked: Sequence[Mapping[int, Ranges]]) -> str:
    """One address where it is a set of them: one that was asked about, if there is such a one."""
    if endpoint.kind is not EndpointKind.ADDRESSES:
        return endpoint.key
    blocks = [block for within in asked for block in within.get(endpoint.version, ())]
    outside = [left for whole in endpoint.ranges for left in without(whole, blocks)]
    inside = [left for whole in endpoint.ranges for left in without(whole, outside)]
    first, last = (inside or endpoint.ranges)[0]
    chosen = min(first + 1, last)
    return str(IPv4Address(chosen) if endpoint.version == 4 else IPv6Address(chosen))
