"""Traffic that settings, webhooks and monitors of the set declare, held against the policies of both its ends."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.effects import ambient
from k8snet_lint.effects.mending import Mending
from k8snet_lint.graph.mentions import Confidence
from k8snet_lint.graph.together import says_labels
from k8snet_lint.quoting import quoted
from k8snet_lint.reach.connections import FIRST, is_port
from k8snet_lint.reach.engine import API_SERVER
from k8snet_lint.reach.verdict import Verdict
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import ConfigMap, Direction, Workload
from k8snet_lint.resource.admin_policy import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snet_lint.effects.mending import Isolating
    from k8snet_lint.graph.mentions import Mention
    from k8snet_lint.graph.scrapes import Scrape
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.explanation import Decision
    from k8snet_lint.resource import Resource, Service


class Way(enum.Enum):
    """How traffic is declared: by settings, by a webhook, by a Prometheus in the set, or for one elsewhere."""

    TOLD = enum.auto()
    CALLED = enum.auto()
    SCRAPES = enum.auto()
    SCRAPED = enum.auto()


class Target(NamedTuple):
    """A port of a workload's pods, by the Service that leads there, where one does.

    Shapes: `number` is None where only an operator knows what the port's name stands for.
    """

    service: Service | None
    workload: Workload
    protocol: str
    number: int | None

    @property
    def port(self) -> str:
        """The port, for a message."""
        return "any port" if self.number is None else f"{self.protocol} {self.number}"


class Declared(NamedTuple):
    """Traffic that an object of the set asks for.

    Shapes: `consumer` is the workload that connects, or what declares it where that is no pod of the set; `at` is where
    it is declared, `said` in which words; `is_sure` tells that the consumer's own settings do.
    """

    consumer: Resource
    at: Node
    said: str
    target: Target
    way: Way
    is_sure: bool = False

    @property
    def wants(self) -> str:
        """What the consumer is to do, for a message."""
        service = self.target.service
        match self.way:
            case Way.TOLD:
                return f"is told to connect to {quoted(self.said)}"
            case Way.CALLED:
                return f"has the API server call {service}"
            case Way.SCRAPES:
                return f"is to scrape {service or self.target.workload}"
            case _:
                return f"has port {self.target.number} of {service or self.target.workload} scraped"

    @property
    def client(self) -> str:
        """Who connects, for a message."""
        return {Way.CALLED: "the API server", Way.SCRAPED: "what scrapes it"}.get(self.way, self.consumer.name)


class Blocked(NamedTuple):
    """Declared traffic that policies surely deny.

    Shapes: `end` is the workload whose policies deny it, in `direction`: the target's (ingress) or the consumer's
    (egress); `isolating` are those policies; `near` are rules that nearly allow it; `denying` is the rule that denies
    it, None where only none allows it.
    """

    declared: Declared
    direction: Direction
    end: Workload
    isolating: Isolating
    near: tuple[tuple[Node, str], ...]
    denying: Decision | None = None

    @property
    def at(self) -> Node:
        """Where to mend it."""
        return self.denying.rule if self.denying else self.isolating.at

    @property
    def policy(self) -> Resource:
        """The policy to mend."""
        return self.denying.policy if self.denying else self.isolating.policy

    @property
    def remedy(self) -> str:
        """What lets the traffic through; where denials overrule what is allowed, no further rule does."""
        declared, target = self.declared, self.declared.target
        if self.denying and self.denying.tier is Tier.NETWORK_POLICY:
            return f"leave {declared.client} out of what this rule denies: no rule that allows counts for more"
        port = "the port" if target.number is None else target.port
        allow = f"allow {port} from {declared.client} to {target.workload.name}"
        if self.denying:
            return f"{allow} in front of this rule"
        rule = f"a rule of {self.policy.name}" if says_labels(self.policy) else f"a policy for {self.end}"
        return f"{allow} by {rule}"

    @property
    def lacks(self) -> str:
        """What the policies keep the end from, for a message."""
        target = self.declared.target
        if self.direction is Direction.EGRESS:
            return f"{self.end} may not connect to {target.workload} on {target.port}"
        who = {Way.CALLED: "the API server", Way.SCRAPED: "anybody"}.get(self.declared.way, "it")
        return f"{self.end} does not admit {who} on {target.port}"


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
        self._mending = Mending(reach.engine)
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
        side = why.ingress if why.ingress.verdict is Verdict.DENIED else why.egress
        direction = side.direction
        end = target.workload if direction is Direction.INGRESS else consumer
        near = tuple(
            (miss.at, f"{miss.policy} asks for {miss.wanted} here, and there is {miss.found}")
            for side in why.blocking
            for miss in side.misses
            if miss.wanted
        )
        for each in self._because(declared, direction, end, near):
            yield each._replace(denying=side.denying)

    def _shut(self, declared: Declared) -> Iterator[Blocked]:
        yield from self._because(declared, Direction.INGRESS, declared.target.workload, ())

    def _because(
        self, declared: Declared, direction: Direction, end: Workload, near: tuple[tuple[Node, str], ...]
    ) -> Iterator[Blocked]:
        group = self._engine.side(direction).group_of[self._class_of(end)]
        isolating = self._mending.isolating(direction, group)
        if isolating is not None:
            yield Blocked(declared, direction, end, isolating, near)

    def _class_of(self, workload: Workload) -> int:
        (endpoint, *_) = self._reach.peers(workload).endpoints
        return self._engine.universe.class_of(endpoint)


def _meant(mention: Mention) -> Sequence[Service]:
    """The Service that a mention names; the last one where it is described more than once."""
    return mention.services[-1:]


def grouped(blocked: Sequence[Blocked]) -> Iterator[tuple[Blocked, tuple[Blocked, ...]]]:
    """What one change of one policy mends, as the first of it and the others."""
    found: dict[tuple[object, ...], list[Blocked]] = {}
    for each in blocked:
        target = each.declared.target
        key = (each.at, each.direction, each.end, target.workload, target.protocol, target.number)
        found.setdefault(key, []).append(each)
    for first, *others in found.values():
        yield first, tuple(others)
