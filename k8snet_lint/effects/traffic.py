"""Traffic that settings, webhooks and monitors of the set declare, held against the policies of both its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.effects import ambient
from k8snet_lint.effects.declared import Blocked, Declared, Target, Way
from k8snet_lint.effects.mending import Mending
from k8snet_lint.graph.mention import Confidence
from k8snet_lint.reach.connections import FIRST, is_port
from k8snet_lint.reach.engine import API_SERVER
from k8snet_lint.reach.verdict import Verdict
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import ConfigMap, Direction, Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snet_lint.graph.mention import Mention
    from k8snet_lint.graph.scrapes import Scrape
    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.explanation import SideExplanation
    from k8snet_lint.resource import Service


class Behind(NamedTuple):
    """What the ports of a Service lead to, whichever Service of the same pods that is.

    Shapes: `alike` is one target of those that policies do not tell apart, the first of all in front.
    """

    alike: tuple[Target, ...]
    workloads: frozenset[Workload]


class Traffic:
    """The declared traffic of a world."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._graph = reach.graph
        self._engine = reach.engine
        self._mending = Mending(reach)
        self._known: dict[tuple[Sequence[Workload], tuple[object, ...]], Behind] = {}

    def blocked(self) -> Iterator[Blocked]:
        """All that is surely denied."""
        for mention in self._graph.mentions.all:
            if mention.confidence is not Confidence.WEAK and not mention.is_optional:
                yield from self._told(mention)
        for scrape in self._graph.scrapes.all():
            yield from self._scraped(scrape)

    @cached_property
    def consumed(self) -> frozenset[tuple[Service, int]]:
        """The Services that the set has a consumer for, each with the port of the pods."""
        named = (
            (service, self._behind(service, each)) for each in self._graph.mentions.all for service in _meant(each)
        )
        told = ((service, target.number) for service, behind in named for target in behind.alike)
        scraped = ((each.service, each.number) for each in self._graph.scrapes.all())
        found = (*told, *scraped)
        return frozenset((service, number) for service, number in found if service is not None and number is not None)

    # ── settings, webhooks ───────────────────────────────────────────────────────────────────────────

    def _behind(self, service: Service, mention: Mention) -> Behind:
        """What a Service leads to that is named; by its only port where none is told."""
        only = service.ports[0].number if len(service.ports) == 1 else None
        wanted = only if mention.port is None else mention.port
        ports = {(each.protocol, each.target): each for each in service.ports_called(wanted) if each.number == wanted}
        key = (self._graph.endpoints(service) if service.selects_pods else (), (*ports,))
        if key not in self._known:
            led = ((each, port, port.number_on(each)) for each in key[0] for port in ports.values())
            self._known[key] = self._of(
                Target(None, workload, port.protocol, number)
                for workload, port, number in led
                if (is_port(port.protocol, number) if number is not None else not workload.containers)
            )
        return self._known[key]

    def _of(self, targets: Iterable[Target]) -> Behind:
        alike: dict[tuple[object, ...], Target] = {}
        workloads = set()
        for each in targets:
            workloads.add(each.workload)
            ports = ambient.ports(self._reach, each.workload, each.protocol, each.number or 0)
            alike.setdefault((self._class_of(each.workload), each.protocol, each.number, ports), each)
        return Behind((*alike.values(),), frozenset(workloads))

    def _told(self, mention: Mention) -> Iterator[Blocked]:
        """For a ConfigMap, only what none of those may that take settings from it: not each needs all of them.

        A full name without a port may be a certificate's, or a key to look something up by.
        """
        named = mention.port is None and mention.confidence is Confidence.DEFINITE
        for service in () if named else _meant(mention):
            targets, workloads = self._behind(service, mention)
            if targets and workloads.isdisjoint(mention.consumers):
                yield from self._told_of(mention, targets, targets[0]._replace(service=service))

    def _told_of(self, mention: Mention, targets: Sequence[Target], first: Target) -> Iterator[Blocked]:
        if mention.consumers:
            if all(self._is_denied(consumer, target) for consumer in mention.consumers for target in targets):
                is_sure = not isinstance(mention.source, ConfigMap)
                consumer = mention.consumers[0]
                declared = Declared(consumer, mention.at, mention.said, first, Way.TOLD, is_sure)
                yield from self._between(consumer, declared)
        elif mention.is_called and not any(self._lets_in(each, self._api_server) for each in targets):
            yield from self._shut(Declared(mention.source, mention.at, mention.said, first, Way.CALLED))

    # ── metrics ──────────────────────────────────────────────────────────────────────────────────────

    def _scraped(self, scrape: Scrape) -> Iterator[Blocked]:
        target = Target(scrape.service, scrape.workload, "TCP", scrape.number)
        if not is_port("TCP", scrape.number) or scrape.workload.host_network:
            return
        servers = self._graph.scrapes.servers(scrape)
        if scrape.workload in servers:
            return
        declared = Declared(scrape.source, scrape.at, "", target, Way.SCRAPED)
        if servers and all(self._is_denied(server, target) for server in servers):
            yield from self._between(servers[0], declared._replace(consumer=servers[0], way=Way.SCRAPES))
        elif not servers and not self._lets_in(target, ~self._engine.universe.on_host):
            yield from self._shut(declared)

    # ── what policies make of it ─────────────────────────────────────────────────────────────────────

    def _is_denied(self, consumer: Workload, target: Target) -> bool:
        """Whether the traffic surely is; on a port that is not known, whether all is that goes there."""
        if target.number is None:
            return self._reach.allowed(consumer, target.workload).possible.is_empty
        numbers = ambient.ports(self._reach, target.workload, target.protocol, target.number)
        rulings = (self._reach.verdict(consumer, target.workload, target.protocol, number) for number in numbers)
        return all(ruling.verdict is Verdict.DENIED for ruling in rulings)

    @property
    def _api_server(self) -> int:
        """What calls webhooks: an address, or where it is on another network, a pod that carries its connections."""
        universe = self._engine.universe
        return universe.addresses | 1 << universe.class_of(API_SERVER)

    def _lets_in(self, target: Target, wanted: int) -> bool:
        """Whether any of some classes may come in there; nodes, whose own pods always accept them, are for none."""
        engine, bit = self._engine, self._engine.ports.full
        if target.number:
            bit = ambient.atoms(self._reach, target.workload, target.protocol, target.number)
        cells = engine.ingress.cells(engine.ingress.group_of[self._class_of(target.workload)])
        return any(bits & wanted and engine.ports.maybe(masks) & bit for masks, bits in cells.items())

    def _between(self, consumer: Workload, declared: Declared) -> Iterator[Blocked]:
        target = declared.target
        why = self._reach.why(consumer, target.workload, target.protocol, target.number or FIRST)
        shut = why.ingress.verdict is Verdict.DENIED
        direction = Direction.INGRESS if shut else Direction.EGRESS
        yield from self._because(declared, direction, target.workload if shut else consumer, why.blocking)

    def _shut(self, declared: Declared) -> Iterator[Blocked]:
        yield from self._because(declared, Direction.INGRESS, declared.target.workload)

    def _because(
        self, declared: Declared, direction: Direction, end: Workload, blocking: Sequence[SideExplanation] = ()
    ) -> Iterator[Blocked]:
        denial = self._mending.denial(direction, self._class_of(end), blocking)
        if denial is not None:
            yield Blocked(declared, end, denial)

    def _class_of(self, workload: Workload) -> int:
        (endpoint, *_) = self._reach.peers(workload).endpoints
        return self._engine.universe.class_of(endpoint)


def _meant(mention: Mention) -> Sequence[Service]:
    """The Service that a mention names; the last one where it is described more than once."""
    return mention.services[-1:]
