"""Ports of nodes that workloads take, and who takes one that is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Workload
from k8snet_lint.selector import labels_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import ContainerPort

EVERY_ADDRESS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - what manifests say, nothing listens here
MOST_COMPARED = 16
"""How many DaemonSets of one port are compared with: whoever has more has been told often enough."""


class HostPort(NamedTuple):
    """A port of its node that a container takes (core/v1 `ContainerPort.hostPort`)."""

    workload: Workload
    port: ContainerPort
    number: int

    @property
    def at(self) -> Node:
        """Where the number is written; on the node's network that may be `containerPort`."""
        written = self.port.node["hostPort"]
        return written if written.present else self.port.node["containerPort"]


class Conflict(NamedTuple):
    """A port that a DaemonSet takes on every node it runs on, and another workload that asks for it there."""

    asking: HostPort
    daemon: HostPort


def host_ports(workload: Workload) -> Iterator[HostPort]:
    """The ports of its node that a workload takes; on the node's network these are all that it declares."""
    for container in workload.containers:
        for port in container.ports:
            number = port.host_port or (port.number if workload.host_network else None)
            if number:
                yield HostPort(workload, port, number)


def conflicts(graph: Graph) -> Iterator[Conflict]:
    """Who can never run beside a DaemonSet, the first DaemonSet of each asked port."""
    taken: dict[tuple[int, str], list[HostPort]] = {}
    asked: list[HostPort] = []
    for workload in graph.select(Workload):
        if workload.is_verbatim and not workload.is_raw and not workload.runs_to_completion:
            for each in host_ports(workload):
                if workload.kind == "DaemonSet":
                    taken.setdefault((each.number, each.port.protocol), []).append(each)
                asked.append(each)
    for each in asked if taken else ():
        for daemon in taken.get((each.number, each.port.protocol), ())[:MOST_COMPARED]:
            if daemon.workload is each.workload:
                break  # it comes first itself: the other one is told
            if _clash(each, daemon) and not _may_be_one(graph, each.workload, daemon.workload):
                yield Conflict(each, daemon)
                break


def _may_be_one(graph: Graph, one: Workload, other: Workload) -> bool:
    """Whether a cluster gets one of the two: two forms of a workload, one that a chart and a manifest describe."""
    in_one_place = one.namespace == other.namespace or (
        one.kind == other.kind and not (one.is_fixed and other.is_fixed)
    )
    same = one.name == other.name and in_one_place
    return same or graph.are_alternatives(one, other)


def _clash(one: HostPort, other: HostPort) -> bool:
    """Whether both ask for the port at one address of nodes that are surely the same."""
    addresses = {each.port.node["hostIP"].text for each in (one, other)}
    return (len(addresses) == 1 or bool(addresses & EVERY_ADDRESS)) and _nodes(one.workload) == _nodes(other.workload)


def _nodes(workload: Workload) -> tuple[object, ...]:
    """Which nodes a workload's pods go to: what chooses them, but for the labels that every node of Linux has."""
    spec = workload.pod_spec
    labels = {
        key: value
        for key, value in labels_of(spec["nodeSelector"]).items()
        if (key.rpartition("/")[2], value) != ("os", "linux")
    }
    return sorted(labels.items()), spec.at("affinity", "nodeAffinity").value, spec["nodeName"].text
