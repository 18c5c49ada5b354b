"""The addresses that a Service leads to: Endpoints, EndpointSlices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.special_addresses import special

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.manifest import Node


class Endpoints(Resource):
    """A core/v1 Endpoints: the addresses of the Service of the same name."""

    @cached_property
    def special_addresses(self) -> tuple[tuple[Node, str], ...]:
        """The addresses that no Service may lead to, and what they are."""
        return tuple(_special(self.addresses))

    @property
    def service_name(self) -> str:
        return self.name

    @cached_property
    def addresses(self) -> tuple[Node, ...]:
        return tuple(
            address["ip"]
            for subset in self.node["subsets"]
            for field in ("addresses", "notReadyAddresses")
            for address in subset[field]
        )


class EndpointSlice(Resource):
    """A discovery.k8s.io EndpointSlice: some addresses of the Service that its label names."""

    @cached_property
    def service_name(self) -> str:
        return self.labels.get("kubernetes.io/service-name", "")

    @cached_property
    def addresses(self) -> tuple[Node, ...]:
        return tuple(address for endpoint in self.node["endpoints"] for address in endpoint["addresses"])

    @cached_property
    def special_addresses(self) -> tuple[tuple[Node, str], ...]:
        """The addresses that no Service may lead to, and what they are."""
        return tuple(_special(self.addresses))


def _special(addresses: Iterable[Node]) -> Iterator[tuple[Node, str]]:
    for address in addresses:
        what = special(address.text)
        if what:
            yield address, what
