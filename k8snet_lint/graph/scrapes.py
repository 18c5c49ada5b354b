"""What Prometheus is told to scrape: by ServiceMonitors, PodMonitors and the annotations `prometheus.io/scrape`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Service, Workload
from k8snet_lint.resource.operators import MONITORING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.monitors import Monitors
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource

SCRAPE, PORT = "prometheus.io/scrape", "prometheus.io/port"


class Scrape(NamedTuple):
    """A port of a workload's pods that is to be scraped.

    Shapes: `source` is the monitor, or what carries the annotation; `at` is where the port is told; `service` is None
    where pods are selected without one.
    """

    source: Resource
    at: Node
    service: Service | None
    workload: Workload
    number: int

    @property
    def is_monitor(self) -> bool:
        """Whether a Prometheus that reads monitors is to do it; annotations are for whoever likes."""
        return self.source.group == MONITORING


class Scrapes:
    """All that a world's monitors and annotations have scraped."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def monitors(self) -> Monitors:
        """What monitors select, and which of them select nothing."""
        from k8snet_lint.graph.monitors import Monitors  # noqa: PLC0415 - most worlds have none

        return Monitors(self._graph)

    def all(self) -> Iterator[Scrape]:
        """Every port that is to be scraped and is in the set."""
        for resource in self._graph.monitored.resources:
            if resource.group == MONITORING:
                yield from self._monitored(resource)
            elif isinstance(resource, Workload):
                yield from self._annotated_pods(resource)
            elif isinstance(resource, Service):
                yield from self._annotated_service(resource)

    def servers(self, scrape: Scrape) -> tuple[Workload, ...]:
        """The pods of the set that would do it: those of a Prometheus resource read monitors, others annotations."""
        return self._servers[scrape.is_monitor]

    @cached_property
    def _servers(self) -> dict[bool, tuple[Workload, ...]]:
        every = self._graph.select(Workload)
        return {True: tuple(filter(reads_monitors, every)), False: tuple(filter(self._graph.roles.is_scraper, every))}

    def _monitored(self, monitor: Resource) -> Iterator[Scrape]:
        endpoints = monitor.spec["endpoints" if monitor.kind == "ServiceMonitor" else "podMetricsEndpoints"]
        for each in self.monitors.selected(monitor) if endpoints else ():
            for endpoint in endpoints:
                if isinstance(each, Service):
                    yield from self._of_service(monitor, endpoint, each)
                elif isinstance(each, Workload):
                    yield from _of_pods(monitor, endpoint, each)

    def _of_service(self, monitor: Resource, endpoint: Node, service: Service) -> Iterator[Scrape]:
        """By the name of a Service's port, or by the pods' port (`Endpoint.port`, `targetPort`)."""
        name, target = endpoint["port"], endpoint["targetPort"]
        for port in service.ports:
            if name.text == port.name if name.text else target.value in (port.target, port.number):
                for workload in self._graph.endpoints(service):
                    number = _number(workload, port.target)
                    if number is not None:
                        yield Scrape(monitor, name if name.text else target, service, workload, number)

    def _annotated_service(self, service: Service) -> Iterator[Scrape]:
        if service.annotations.get(SCRAPE) == "true":
            at = service.annotation(PORT if PORT in service.annotations else SCRAPE)
            told = _digits(service.annotations.get(PORT, ""))
            for workload in self._graph.endpoints(service):
                numbers = [told] if told else [_number(workload, each.target) for each in service.ports[:1]]
                for number in numbers if told or len(service.ports) == 1 else ():
                    if number is not None:
                        yield Scrape(service, at, service, workload, number)

    def _annotated_pods(self, workload: Workload) -> Iterator[Scrape]:
        number = _digits(workload.pod_annotations.get(PORT, ""))
        if number and workload.pod_annotations.get(SCRAPE) == "true":
            yield Scrape(workload, workload.template.at("metadata", "annotations", PORT), None, workload, number)


def reads_monitors(resource: Resource) -> bool:
    """Whether it is a Prometheus that goes by monitors."""
    prometheus = resource.group == MONITORING and resource.kind in ("Prometheus", "PrometheusAgent")
    return prometheus and isinstance(resource, Workload)


def _of_pods(monitor: Resource, endpoint: Node, workload: Workload) -> Iterator[Scrape]:
    """By the name or number of a container's port (`PodMetricsEndpoint.port`, `portNumber`)."""
    for at in (endpoint["port"], endpoint["portNumber"]):
        number = _number(workload, at.value) if at else None
        if number is not None:
            yield Scrape(monitor, at, None, workload, number)


def _number(workload: Workload, port: object) -> int | None:
    if isinstance(port, str):
        named = workload.named_port(port, "TCP")
        return named.number if named else None
    return port if isinstance(port, int) else None


def _digits(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) < 6 else 0
    return number if number <= 65535 else 0
