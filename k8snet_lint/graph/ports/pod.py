"""Which ports pods are known to serve, as far as manifests can tell: declaring one is optional (core/v1 `ports`)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.chosen import Chosen
from k8snet_lint.graph.edges import Relation
from k8snet_lint.graph.ports.declared import PROXY_PORTS, DeclaredPorts
from k8snet_lint.graph.sidecar_sets import SidecarSets
from k8snet_lint.nearest import nearest
from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import ConfigMap, Service
from k8snet_lint.resource.protocols import PROTOCOLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.ports.unknown import UnknownPort
    from k8snet_lint.resource import Handler, Workload

FEW = 4
"""What so many workloads declare is looked up as fast as it is remembered."""

MANY = 100
"""Of more ports that nothing targets, some number is always like the one that is asked for."""


class Declaring(NamedTuple):
    """Who of some workloads declares a port: `lacking` are those that do not, among which Jobs do not count.

    Shapes: `all_lack` tells that there are others than Jobs, and none of them declares it.
    """

    lacking: Sequence[Workload]
    all_lack: bool
    some_declare: bool
    some_unknown: bool


class PodPorts:
    """The ports of a world's pods: declared, mentioned, targeted by Services."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._targeted: dict[Workload, frozenset[int | str | None]] = {}
        self._free: dict[tuple[Workload, ...], frozenset[str]] = {}
        self._declared: dict[int, tuple[Sequence[Workload], DeclaredPorts]] = {}

    def declares(self, workload: Workload, port: int | str, protocol: str) -> bool | None:
        """Whether the pods declare a port of that number or name and protocol; None where that cannot be told.

        Nothing can be told of a protocol that Kubernetes does not know, nor of a port of a mesh's proxy, nor of a name
        where containers are added to the template, unless it is told which or it nearly is the name of a port. A number
        cannot be told either where nothing is declared, or where a probe, an argument, a variable, an annotation or a
        ConfigMap of the pods mentions it.
        """
        if protocol not in PROTOCOLS:
            return None
        if workload.declares(port, protocol):
            return True
        if port in PROXY_PORTS:
            return None
        if isinstance(port, str):
            lacks = not is_open(port) and (workload.is_whole or workload.nearly_declares(port))
        else:
            lacks = workload.tells_numbers and not _is_probed(workload, port) and not self.mentions(workload, port)
        return False if lacks and not self.sidecar_sets.may_add(workload, port, protocol) else None

    def declaring(self, workloads: Sequence[Workload], port: int | str, protocol: str) -> Declaring:
        """Who of the workloads declares a port."""
        if len(workloads) <= FEW:
            return self._told(workloads, port, protocol)
        chosen = Chosen.of(workloads)
        ports = self._of(chosen.among)
        declaring, lacking = ports.told(port, protocol)
        judged = chosen.bits & ~ports.ending
        return Declaring(
            lacking=Chosen(chosen.among, judged & lacking),
            all_lack=bool(judged) and not judged & ~lacking,
            some_declare=bool(chosen.bits & declaring),
            some_unknown=bool(chosen.bits & ~(declaring | lacking)),
        )

    @cached_property
    def sidecar_sets(self) -> SidecarSets:
        """What is added to pods when they are created."""
        return SidecarSets(self._graph)

    def _told(self, workloads: Sequence[Workload], port: int | str, protocol: str) -> Declaring:
        told = [self.declares(each, port, protocol) for each in workloads]
        judged = [(each, known) for each, known in zip(workloads, told, strict=True) if not each.runs_to_completion]
        lacking = tuple(each for each, known in judged if known is False)
        return Declaring(lacking, bool(judged) and len(lacking) == len(judged), True in told, None in told)

    def _of(self, workloads: Sequence[Workload]) -> DeclaredPorts:
        found = self._declared.get(id(workloads))
        if found is None:
            found = self._declared[id(workloads)] = (
                workloads,
                DeclaredPorts(workloads, self._numbers, self.sidecar_sets.may_add if self.sidecar_sets else None),
            )
        return found[1]

    def _numbers(self, workload: Workload) -> Iterator[str]:
        """The numbers that a workload mentions, its ConfigMaps do, or probes call."""
        yield from workload.numbers
        for config_map in self._config_maps(workload):
            yield from config_map.numbers
        for container in workload.containers:
            yield from (str(handler.port.integer) for handler in container.handlers)

    def mentions(self, workload: Workload, number: int) -> bool:
        """Whether the template, or a ConfigMap that it reads, holds the number as a word of its own."""
        return str(number) in workload.numbers or any(
            str(number) in config_map.numbers for config_map in self._config_maps(workload)
        )

    def _config_maps(self, workload: Workload) -> Iterator[ConfigMap]:
        for name in _config_maps(workload):
            yield from self._graph.named(ConfigMap, workload.namespace, name)

    def unexplained_calls(self, workload: Workload) -> Iterator[Handler]:
        """Probes and hooks that call a number which nothing else tells of, though the pods declare ports."""
        if not workload.calls or not workload.tells_numbers:
            return
        called = [(handler, handler.port.integer) for _, handler in workload.calls]
        times, declared = Counter(number for _, number in called), {port.number for port in workload.ports}
        for handler, number in called:
            is_told = number in declared or number in self._targets(workload) or times[number] > 1
            if number and not is_told and not self.mentions(workload, number):
                yield handler

    @property
    def unknown(self) -> Iterator[UnknownPort]:
        """Ports of policies that the pods they are ports of do not have."""
        if not self._graph.policies:
            return iter(())
        from k8snet_lint.graph.ports.unknown import unknown_ports  # noqa: PLC0415 - only where there are policies

        return unknown_ports(self._graph)

    def like(self, workloads: tuple[Workload, ...], number: int) -> int | None:
        """The declared port that no Service of the pods targets and whose number is a slip of the pen away.

        None where there are so many that one of them always is.
        """
        if workloads not in self._free:
            self._free[workloads] = frozenset(
                str(port.number)
                for workload in workloads
                for port in workload.ports
                if port.number is not None and self._targets(workload).isdisjoint((port.number, port.name))
            )
        free = self._free[workloads]
        return next(map(int, nearest(str(number), free)), None) if len(free) <= MANY else None

    def _targets(self, workload: Workload) -> frozenset[int | str | None]:
        """The numbers and names that Services target in the pods."""
        found = self._targeted.get(workload)
        if found is None:
            sources = (edge.source for edge in self._graph.sources(workload, Relation.SELECTS, Service))
            services = (source for source in sources if isinstance(source, Service))
            found = self._targeted[workload] = frozenset(port.target for each in services for port in each.ports)
        return found


def _is_probed(workload: Workload, number: int) -> bool:
    return any(handler.port.integer == number for each in workload.containers for handler in each.handlers)


def _config_maps(workload: Workload) -> Iterator[str]:
    """The names of the ConfigMaps that the pods mount or read their environment from."""
    for volume in workload.pod_spec["volumes"]:
        yield volume.at("configMap", "name").text
        for source in volume.at("projected", "sources"):
            yield source.at("configMap", "name").text
    for container in workload.containers:
        for source in container.node["envFrom"]:
            yield source.at("configMapRef", "name").text
        for variable in container.node["env"]:
            yield variable.at("valueFrom", "configMapKeyRef", "name").text
