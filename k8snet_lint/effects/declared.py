"""Traffic that objects of the set ask for, as the findings on it tell it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.graph.together import says_labels
from k8snet_lint.quoting import quoted
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.effects.mending import Denial
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource, Service, Workload


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

    Shapes: `end` is the workload whose policies deny it, in their direction: the target's (ingress) or the consumer's
    (egress).
    """

    declared: Declared
    end: Workload
    denial: Denial

    @property
    def remedy(self) -> str:
        """What lets the traffic through; where denials overrule what is allowed, no further rule does."""
        declared, target, policy = self.declared, self.declared.target, self.denial.policy
        if self.denial.overrules:
            return f"leave {declared.client} out of what this rule denies: no rule that allows counts for more"
        port = "the port" if target.number is None else target.port
        allow = f"allow {port} from {declared.client} to {target.workload.name}"
        if self.denial.rule:
            return f"{allow} in front of this rule"
        rule = f"a rule of {policy.name}" if says_labels(policy) else f"a policy for {self.end}"
        return f"{allow} by {rule}"

    @property
    def ports(self) -> Iterator[tuple[Node, str]]:
        """Where the pods that are connected to declare their ports, if they do."""
        workload = self.declared.target.workload
        if workload.declares_ports:
            yield workload.ports_node, f"the ports of {workload}"

    @property
    def lacks(self) -> str:
        """What the policies keep the end from, for a message."""
        target = self.declared.target
        if self.denial.direction is Direction.EGRESS:
            return f"{self.end} may not connect to {target.workload} on {target.port}"
        who = {Way.CALLED: "the API server", Way.SCRAPED: "anybody"}.get(self.declared.way, "it")
        return f"{self.end} does not admit {who} on {target.port}"


def grouped(blocked: Sequence[Blocked]) -> Iterator[tuple[Blocked, tuple[Blocked, ...]]]:
    """What one change of one policy mends, as the first of it and the others."""
    found: dict[tuple[object, ...], list[Blocked]] = {}
    for each in blocked:
        target = each.declared.target
        key = (each.denial.at, each.denial.direction, each.end, target.workload, target.protocol, target.number)
        found.setdefault(key, []).append(each)
    for first, *others in found.values():
        yield first, tuple(others)
