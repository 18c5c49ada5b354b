"""Who can connect to whom: the answers, all from one analysis of a world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.cached import cached_property
from k8snet_lint.reach import causes
from k8snet_lint.reach.parties import Parties
from k8snet_lint.reach.rows import rows
from k8snet_lint.reach.verdict import Allowed, Cause, Reason, Reasoned, Ruling, Verdict
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.graph import Graph
    from k8snet_lint.reach.connections import Connections
    from k8snet_lint.reach.endpoints import Endpoint
    from k8snet_lint.reach.explanation import Explanation
    from k8snet_lint.reach.peers import Peers
    from k8snet_lint.reach.reasons import Reasons
    from k8snet_lint.reach.spec import Degraded
    from k8snet_lint.resource import Workload


class Rectangle(NamedTuple):
    """Connections that hold from every source to every target; `verdict` is ALLOWED or UNKNOWN."""

    sources: Peers
    targets: Peers
    connections: Connections
    verdict: Verdict


class Pair(NamedTuple):
    """Connections that hold from one endpoint to another; `verdict` is ALLOWED or UNKNOWN."""

    source: Endpoint
    target: Endpoint
    connections: Connections
    verdict: Verdict


class Reach(Parties):
    """What the policies of a world allow. Nothing is computed before it is asked for.

    Two pods of one workload are two ends: what a pod may send to itself no policy decides, and it is always allowed.
    """

    @staticmethod
    def of(graph: Graph) -> Reach:
        """The one analysis of a graph, by the network that its facts name."""
        memo = vars(graph)
        found = memo.get("_reach")
        if not isinstance(found, Reach):
            found = memo["_reach"] = Reach(graph)
        return found

    @property
    def degraded(self) -> tuple[Degraded, ...]:
        """The parts of policies that the API server rejects, and what was made of them."""
        return self.engine.degraded

    def allowed(self, source: Workload | Endpoint | Peers, target: Workload | Endpoint | Peers) -> Allowed:
        """The connections from one end to another; of sets, those that hold for every pair, and for some."""
        ports = self.engine.ports
        pairs = dict(self._class_pairs(self.peers(source), self.peers(target)))
        surely, maybe = (ports.full if pairs else 0), 0
        for masks in pairs.values():
            surely &= ports.surely(masks)
            maybe |= ports.maybe(masks)
        found: dict[Cause, None] = {}
        for pair, masks in pairs.items():
            unknown = ports.maybe(masks) & ~ports.surely(masks)
            if unknown:
                found.update(dict.fromkeys(causes.of(self.engine, *pair, unknown)))
        if len({*pairs.values()}) > 1:
            found[Cause(Reason.MEMBERS_DIFFER)] = None
        return Allowed(ports.connections(surely), ports.connections(maybe), tuple(found))

    def verdict(
        self, source: Workload | Endpoint | Peers, target: Workload | Endpoint | Peers, protocol: str, port: int
    ) -> Ruling:
        """The verdict on one connection; of sets, unknown unless it is the same for every pair."""
        held = self._held(source, target, protocol, port)
        bit = 1 << self.engine.ports.atom(protocol, port)
        doubts = dict.fromkeys(
            cause
            for pair, verdict in held.items()
            if verdict is Verdict.UNKNOWN
            for cause in causes.of(self.engine, *pair, bit)
        )
        if len({*held.values()}) > 1:
            doubts[Cause(Reason.MEMBERS_DIFFER)] = None
        return Ruling(_of_all(held), (*doubts,))

    def reasoned(
        self, source: Workload | Endpoint | Peers, target: Workload | Endpoint | Peers, protocol: str, port: int
    ) -> Reasoned:
        """The same verdict with no more than the reasons of its causes, which are found for less."""
        held = self._held(source, target, protocol, port)
        bit = 1 << self.engine.ports.atom(protocol, port)
        found = {Reason.MEMBERS_DIFFER} if len({*held.values()}) > 1 else set()
        for (one, other), verdict in held.items():
            if verdict is Verdict.UNKNOWN:
                found |= self._reasons.of(1 << one, 1 << other, bit)
        return Reasoned(_of_all(held), frozenset(found))

    @cached_property
    def _reasons(self) -> Reasons:
        from k8snet_lint.reach.reasons import Reasons  # noqa: PLC0415 - a check asks for verdicts alone

        return Reasons(self.engine)

    def _held(
        self, source: Workload | Endpoint | Peers, target: Workload | Endpoint | Peers, protocol: str, port: int
    ) -> dict[tuple[int, int], Verdict]:
        """The verdict on one connection between each two classes."""
        bit = 1 << self.engine.ports.atom(protocol, port)
        pairs = self._class_pairs(self.peers(source), self.peers(target))
        return {pair: self.engine.verdict(masks, bit) for pair, masks in pairs}

    def why(
        self,
        source: Workload | Endpoint | Peers,
        target: Workload | Endpoint | Peers,
        protocol: str,
        port: int,
        *,
        by_service: bool = False,
    ) -> Explanation:
        """What decides one connection; of sets, the first pair that is not allowed, else the first of all.

        `by_service` tells that it goes to the address of a Service in front of the target.
        Raises ValueError where one of the ends is nobody.
        """
        sources, targets = self._representatives(source), self._representatives(target)
        if not sources or not targets:
            message = "there is nobody at one end of the connection"
            raise ValueError(message)
        from k8snet_lint.reach.why import explain  # noqa: PLC0415 - a check explains nothing

        bit = 1 << self.engine.ports.atom(protocol, port)
        pairs = [(one, other) for one in sources for other in targets]
        chosen = next((pair for pair in pairs if not self._masks(*pair) & bit), pairs[0])
        return explain(self.engine, *chosen, protocol, port, by_service=by_service)

    def rectangles(self, sources: Peers | None = None, targets: Peers | None = None) -> Iterator[Rectangle]:
        """All that is allowed, or may be, between workloads and addresses, in sets; each pair and port at most once."""
        engine = self.engine
        shown, ports = engine.universe.shown, engine.ports
        wanted = self._peers(shown) if sources is None else sources
        into = self._peers(shown) if targets is None else targets
        for bits, cells in rows(engine, wanted.bits & shown, into.bits & shown):
            for masks, to in cells.items():
                surely, maybe = ports.surely(masks), ports.maybe(masks)
                for verdict, mask in ((Verdict.ALLOWED, surely), (Verdict.UNKNOWN, maybe & ~surely)):
                    if mask:
                        yield Rectangle(wanted.part(bits), into.part(to), ports.connections(mask), verdict)

    def pairs(self, sources: Peers | None = None, targets: Peers | None = None) -> Iterator[Pair]:
        """The rectangles expanded: every pair of endpoints, but a lone pod with itself."""
        for each in self.rectangles(sources, targets):
            found = each.targets.endpoints
            for source in each.sources:
                for target in found:
                    if source is not target or not source.is_lone:
                        yield Pair(source, target, each.connections, each.verdict)

    # ── inside ───────────────────────────────────────────────────────────────────────────────────────

    def _representatives(self, end: Workload | Endpoint | Peers) -> tuple[Endpoint, ...]:
        """One endpoint for each class of a set."""
        found: dict[int, Endpoint] = {}
        for each in self.peers(end):
            found.setdefault(self.engine.universe.class_of(each), each)
        return tuple(found.values())

    def _masks(self, source: Endpoint, target: Endpoint) -> int:
        """The connections between two endpoints, a pair of masks."""
        if source is target and source.is_lone:
            return self.engine.ports.full_pair
        return self.engine.pair(self.engine.universe.class_of(source), self.engine.universe.class_of(target))

    def _class_pairs(self, sources: Peers, targets: Peers) -> Iterator[tuple[tuple[int, int], int]]:
        """Each pair of classes and its pair of masks."""
        engine, into = self.engine, [*members(targets.bits)]
        for source in members(sources.bits):
            for target in into:
                itself = source == target and _are_one_pod(sources.part(1 << source), targets.part(1 << target))
                yield (source, target), engine.ports.full_pair if itself else engine.pair(source, target)


def _of_all(held: Mapping[tuple[int, int], Verdict]) -> Verdict:
    """The verdict that all pairs have, denied where there is none."""
    verdicts = {*held.values()} or {Verdict.DENIED}
    return verdicts.pop() if len(verdicts) == 1 else Verdict.UNKNOWN


def _are_one_pod(sources: Peers, targets: Peers) -> bool:
    """Whether both are the same single pod."""
    return len(sources) == 1 and sources == targets and sources.endpoints[0].is_lone
