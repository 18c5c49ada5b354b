"""Services that lead to pods of different programs, and Services that are one another over again."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from k8snet_lint.graph.edges import Relation
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Service, Workload

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import ServicePort

STAND_INS = ("track", "version", "role", "slot", "color", "colour", "release-track", "variant")
"""Labels by which workloads tell that one stands for the other: canary and stable, blue and green."""

STAND_IN_NAMES = ("-canary", "-stable", "-preview", "-active", "-primary", "-blue", "-green")
"""How names of Services end that a controller leads to different pods in the course of a rollout."""

MOST = 12
"""A selector of more workloads is meant to take whatever comes."""


class Mixture(NamedTuple):
    """A port of a Service that `right` serves at port `number`, and `wrong` at `other`: None where it does not."""

    port: ServicePort
    right: Workload
    number: int | None
    wrong: Workload
    other: int | None


def mixture(graph: Graph, service: Service) -> Mixture | None:
    """The first port of a Service on which two programs that it selects do not listen alike."""
    found = graph.endpoints(service)
    if not 2 <= len(found) <= MOST:
        return None
    pods = [each for each in found if each.is_whole and not each.runs_to_completion and each.kind != "Rollout"]
    for one, other in combinations(pods, 2):
        if _are_different_programs(one, other):
            for port in service.ports:
                for right, wrong in ((one, other), (other, one)):
                    if _differs(graph, port, right, wrong):
                        served = port.number_on(wrong) if isinstance(port.target, str) else None
                        return Mixture(port, right, port.number_on(right), wrong, served)
    return None


def repeated(graph: Graph) -> Iterator[tuple[Service, Service]]:
    """Pairs of Services in one folder of which the second says nothing but the name that the first does not say."""
    seen: dict[Hashable, Service] = {}
    rollouts = frozenset(each for each in graph.select(Workload) if each.kind == "Rollout")
    for service in graph.select(Service):
        if service.selects_pods and not service.is_generated and not service.name.endswith(STAND_IN_NAMES):
            first = seen.setdefault((service.namespace, service.directory, _purpose(service)), service)
            meant = _is_meant(graph, first, rollouts) or _is_meant(graph, service, rollouts)
            if first.name != service.name and not meant and not graph.are_alternatives(first, service):
                yield first, service


def _is_meant(graph: Graph, service: Service, rollouts: frozenset[Workload]) -> bool:
    """Whether something leads to a Service by its name, or a rollout moves its pods."""
    named = graph.sources(service, Relation.ROUTES_TO) or graph.sources(service, Relation.REFERS_TO)
    return bool(named) or (bool(rollouts) and not rollouts.isdisjoint(graph.endpoints(service)))


def _differs(graph: Graph, port: ServicePort, right: Workload, wrong: Workload) -> bool:
    """Whether one declares the port, and the other does not or means another number by its name."""
    if port.target is None or not graph.declares(right, port.target, port.protocol):
        return False
    declares = graph.declares(wrong, port.target, port.protocol)
    return declares is False or (declares is True and port.number_on(right) != port.number_on(wrong))


def _are_different_programs(one: Workload, other: Workload) -> bool:
    """Whether they share no image, and no label tells that one stands for the other."""
    images = [{each.repository for each in workload.containers if each.serves} for workload in (one, other)]
    if not images[0].isdisjoint(images[1]) or one.identity == other.identity:
        return False
    return not any(
        key in one.pod_labels and key in other.pod_labels and one.pod_labels[key] != other.pod_labels[key]
        for key in STAND_INS
    )


def _purpose(service: Service) -> Hashable:
    """Everything that a Service says, but for its name, its labels and the names of its ports."""
    ports = tuple((port.number, port.target, port.protocol, port.node_port) for port in service.ports)
    rest = {key: value for key, value in service.spec.items() if key not in ("ports", "selector")}
    told = sorted((key, repr(node.value)) for key, node in rest.items() if node)
    return (service.selector, ports, tuple(told), tuple(sorted(service.annotations.items())))
