"""Addresses that belong to the cluster itself: of its pods, of its Services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.cidr import BITS, Cidr
from k8snet_lint.resource import Service

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.graph.resources import Resources

_LISTS = ("clusterIPs", "externalIPs")


class Addresses:
    """What the configuration says of pods' and Services' networks, and the addresses that Services ask for."""

    def __init__(self, graph: Resources) -> None:
        self._graph = graph

    def service_of(self, block: Cidr) -> Service | None:
        """The Service whose own address a block of one address is (`clusterIP`, `clusterIPs`, `externalIPs`)."""
        return self._services.get((block.version, block.first)) if block.prefix == BITS[block.version] else None

    def network_of(self, block: Cidr) -> str:
        """The network of the cluster that a block lies in, for a message; empty where none is known to hold it."""
        return next((what for what, network in self._networks if network.contains(block)), "")

    @cached_property
    def _networks(self) -> tuple[tuple[str, Cidr], ...]:
        facts = self._graph.facts
        return (
            *((f"the Services' network {cidr}", cidr) for cidr in _cidrs(facts.service_cidrs)),
            *((f"the pods' network {cidr}", cidr) for cidr in _cidrs(facts.pod_cidrs)),
        )

    @cached_property
    def _services(self) -> dict[tuple[int, int], Service]:
        return {
            (cidr.version, cidr.first): service
            for service in self._graph.select(Service)
            for cidr in addresses_of(service)
        }


def addresses_of(service: Service) -> Iterator[Cidr]:
    """The addresses that a Service asks for."""
    written = (service.spec["clusterIP"].text, *(each.text for field in _LISTS for each in service.spec[field]))
    return _cidrs(f"{text}/{128 if ':' in text else 32}" for text in written if text not in ("", "None"))


def _cidrs(texts: Iterable[str]) -> Iterator[Cidr]:
    for text in texts:
        try:
            yield Cidr.of(text)
        except ValueError:  # whoever wrote it is told elsewhere: by the configuration, or by the API's own rules
            continue
