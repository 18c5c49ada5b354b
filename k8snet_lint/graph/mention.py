"""A Service that an object names as a host, and how sure it is that it does."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource, Service, Workload
    from k8snet_lint.resource.hosts import NamedHost

PLACEHOLDERS = frozenset(
    {
        *(
            "localhost",
            "host",
            "hostname",
            "address",
            "addr",
            "server",
            "domain",
            "name",
            "example",
            "port",
            "url",
            "ip",
        ),
        *("user", "username", "password", "root", "none", "null", "true", "false", "nobody", "tcp", "udp", "http"),
        *("https", "all", "any", "docker", "self", "target", "service", "endpoint", "node", "proxy", "foo", "bar"),
    }
)
"""Words that stand for a host, or before a number, without being one; a Service may be called so all the same."""


class Confidence(enum.IntEnum):
    """How sure it is that a text names a Service: by its full name; in a URL or as one that exists; by its looks."""

    WEAK = 1
    LIKELY = 2
    DEFINITE = 3


class Mention(NamedTuple):
    """A Service that an object names as a host.

    Shapes: `services` are those of that namespace and name, empty where there are none; `port` is a number or None
    where none is told; `said` is how it is written; `consumers` are the workloads that are told, empty where it is the
    API server or nobody; `is_pod` tells that a single pod behind a headless Service is
    meant, `is_called` that the API server connects.
    """

    source: Resource
    at: Node
    namespace: str
    name: str
    port: int | None
    said: str
    confidence: Confidence
    services: tuple[Service, ...]
    consumers: tuple[Workload, ...] = ()
    is_port_implied: bool = False
    is_optional: bool = False
    is_pod: bool = False
    is_called: bool = False


class Place(NamedTuple):
    """A Service's namespace and name, and how a host says so (DNS-Based Service Discovery of Kubernetes)."""

    namespace: str
    name: str
    is_pod: bool = False
    is_full: bool = False


class Meant(NamedTuple):
    """The Services of one namespace and name, several where it is given twice, and what they offer together.

    Shapes: `ports` are numbers, None for a port without one; `is_sure` tells that no other port can be meant.
    """

    services: tuple[Service, ...]
    ports: frozenset[int | None]
    is_sure: bool

    @classmethod
    def of(cls, services: tuple[Service, ...]) -> Meant:
        """What these Services offer."""
        ports = frozenset(port.number for service in services for port in service.ports)
        return cls(services, ports, bool(services) and None not in ports and all(map(_is_plain, services)))


def is_placeholder(host: NamedHost, place: Place, meant: Meant) -> bool:
    """Whether a word only stands for a host: no Service is called so that a URL, or one of its ports, would mean."""
    if place.is_full or host.name.partition(".")[0] not in PLACEHOLDERS:
        return False
    return not meant.services or not (host.scheme or host.port in meant.ports)


def confidence_of(host: NamedHost, place: Place, meant: Meant) -> Confidence | None:
    """How sure it is that a host is a Service; None where it reads like something else."""
    if place.is_full:
        return Confidence.DEFINITE
    if meant.services:
        likely = host.is_meant or (host.port in meant.ports and not host.is_own)
        return Confidence.LIKELY if likely else Confidence.WEAK
    if host.port is None or host.is_implied or host.is_bare or not host.is_meant:
        return None
    return Confidence.LIKELY if host.scheme else Confidence.WEAK


def _is_plain(service: Service) -> bool:
    """Whether a Service offers its own ports and no other, as far as its manifest goes."""
    return bool(service.ports) and not (service.is_headless or service.is_external_name or service.is_raw)
