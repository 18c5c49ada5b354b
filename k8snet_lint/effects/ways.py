"""Ways from outside to the pods of a workload, as the findings on them tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.effects.openings import number_of_name, ranges_of_everyone
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.effects.mending import Denial
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Peers
    from k8snet_lint.resource import Resource, Service, ServicePort, Workload


class Entrance(NamedTuple):
    """A way from outside to a port of a workload's pods.

    Shapes: `opener` is the Ingress, route or Service that makes it; `chain` are its steps, the last one at the
    workload's ports; `via` are the peers that connect to the pods, addresses for a load balancer; `unseen` says what
    they are where they are none of the set.
    """

    opener: Resource
    service: Service
    workload: Workload
    protocol: str
    number: int
    via: Peers
    chain: tuple[tuple[Node, str], ...]
    unseen: str

    @property
    def port(self) -> str:
        """The port, for a message."""
        return f"{self.protocol} {self.number}"

    @property
    def clients(self) -> str:
        """Who connects to the pods, for a message: a controller of the set by its name."""
        if self.opener is self.service:
            return "addresses outside the cluster"
        carriers = [each.workload for each in self.via.endpoints]
        if not carriers or None in carriers:
            return self.unseen
        first, *others = dict.fromkeys(carriers)
        return f"{first} and {len(others)} more" if others else str(first)


class Way(NamedTuple):
    """From an Ingress, a route or a load balancer to a port of a Service, whatever pods that has.

    Shapes: `at` is where `opener` asks for it; `via` are the peers that connect to the pods;
    `is_public` tells that nothing keeps it off the Internet.
    """

    opener: Resource
    at: Node
    service: Service
    port: ServicePort
    via: Peers
    is_public: bool
    unseen: str = "the pods that carry its traffic"

    def entrance(self, workload: Workload, number: int) -> Entrance:
        """Its entrance to a port of a workload's pods."""
        opener, service, protocol = self.opener, self.service, self.port.protocol
        is_balancer = opener is service
        what = "is a load balancer" if is_balancer else f"sends traffic to {service}"
        return Entrance(
            opener=opener,
            service=service,
            workload=workload,
            protocol=protocol,
            number=number,
            via=self.via,
            chain=(
                (self.at, f"{opener} {what}"),
                *(ranges_of_everyone(service) if is_balancer else ()),
                (self.port.target_node, f"{service} leads port {self.port} to {protocol} {number} of {workload}"),
                *number_of_name(self.port, workload),
            ),
            unseen=self.unseen,
        )


class Closed(NamedTuple):
    """An entrance that policies surely close: the workload's own (ingress) or those of what connects to it (egress)."""

    entrance: Entrance
    denial: Denial

    @property
    def remedy(self) -> str:
        """What opens it; where denials overrule what is allowed, no further rule does."""
        way = self.entrance
        if self.denial.overrules:
            return f"leave {way.clients} out of what this rule denies"
        allow = f"allow {way.port} from {way.clients} to {way.workload.name}"
        return f"{allow} in front of this rule" if self.denial.rule else allow

    @property
    def lacks(self) -> str:
        """What the policies keep the one end from, for a message."""
        way = self.entrance
        if self.denial.direction is Direction.INGRESS:
            return f"{way.workload} admits no {way.port} from {way.clients}"
        return f"{way.clients} may not connect to {way.port} of {way.workload}"


def grouped(closed: Iterable[Closed]) -> Iterator[tuple[Closed, tuple[Closed, ...]]]:
    """What one change of one policy mends: the first of it, and one of every other object that makes such a way."""
    found: dict[tuple[object, ...], dict[Resource, Closed]] = {}
    for each in closed:
        way = each.entrance
        key = (each.denial.at, each.denial.direction, way.workload, way.protocol, way.number, way.clients)
        found.setdefault(key, {}).setdefault(way.opener, each)
    for first, *others in map(dict.values, found.values()):
        yield first, tuple(others)
