"""Ports as people write them: a number, a range or a name, and perhaps a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.errors import UsageError
from k8snet_lint.nearest import listed
from k8snet_lint.quoting import quoted
from k8snet_lint.reach import NONE, Connections, Protocol
from k8snet_lint.reach.connections import FIRST, LAST
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.reach import Endpoint
    from k8snet_lint.resource import Service, ServicePort

FORM = "write PORT or PORT/PROTOCOL: 8080, 53/UDP, 8000-8100 or the name of a port"


class AskedPort(NamedTuple):
    """A port that is asked about.

    Shapes: `protocol` is empty where none is written; `name` is empty for a number; `first` to `last` are numbers.
    """

    text: str
    protocol: str
    name: str
    first: int
    last: int

    @staticmethod
    def of(text: str) -> AskedPort:
        """The port that is written.

        Raises UsageError where it is none.
        """
        port, slash, protocol = text.partition("/")
        known = protocol.upper()
        if slash and known not in {*Protocol}:
            raise UsageError(f"the protocol of {quoted(text)} is none of {listed(Protocol)}", help=FORM)
        first, dash, last = port.partition("-")
        if _is_number(first) and (not dash or _is_number(last)):
            low, high = int(first), int(last or first)
            if not FIRST <= low <= high <= LAST:
                raise UsageError(f"the port {quoted(text)} is not within {FIRST}-{LAST}", help=FORM)
            return AskedPort(text, known, "", low, high)
        if not port or not port.replace("-", "").isalnum() or len(port) > 63:
            raise UsageError(f"{quoted(text)} is no port", help=FORM)
        return AskedPort(text, known, port, 0, 0)

    def numbers(self, default: str = "") -> Connections:
        """The ports meant by number; of every protocol where none is written and none is the default."""
        protocols = filter(None, [self.protocol or default]) if self.protocol or default else Protocol
        return Connections.from_ranges((protocol, (self.first, self.last)) for protocol in protocols)

    def on(self, endpoint: Endpoint, service: Service | None = None, default: str = "") -> Connections:
        """What it comes to on the pods of an endpoint, asked of them or of a Service in front of them."""
        if service is not None:
            return self._behind(endpoint, service, default)
        if not self.name:
            return self.numbers(default)
        workload = endpoint.workload
        declared = workload.ports if workload is not None else ()
        return Connections.from_ranges(
            (port.protocol, (port.number, port.number))
            for port in declared
            if port.name == self.name and port.number and self.protocol in ("", port.protocol)
        )

    def _behind(self, endpoint: Endpoint, service: Service, default: str) -> Connections:
        found = NONE
        for port in self.of_service(service, default):
            number = port.number_on(endpoint.workload) if endpoint.workload is not None else None
            if number is not None and FIRST <= number <= LAST:
                found |= Connections.port(port.protocol, number)
        return found

    def of_service(self, service: Service, default: str = "") -> Iterator[ServicePort]:
        """The ports of a Service that are meant."""
        for port in service.ports:
            fits = port.name == self.name if self.name else self.first <= (port.number or 0) <= self.last
            if fits and port.protocol in ({*Protocol} & ({self.protocol or default} - {""} or {*Protocol})):
                yield port


def all_ports(endpoint: Endpoint, service: Service | None) -> Connections | None:
    """What a Service leads to on an endpoint; None, which means every port, where no Service is asked about."""
    if service is None:
        return None
    found = NONE
    for port in service.ports:
        number = port.number_on(endpoint.workload) if endpoint.workload is not None else None
        if number is not None and port.protocol in {*Protocol} and FIRST <= number <= LAST:
            found |= Connections.port(port.protocol, number)
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 7
