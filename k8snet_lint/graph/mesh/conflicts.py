"""Objects of a mesh that claim one host or one listener (networking.istio.io)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.istio import IstioGateway, VirtualService

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.mesh.hosts import Host, Hosts
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource
    from k8snet_lint.resource.istio import GatewayServer
    from k8snet_lint.selector import Selector

    FirstServers = dict[str, dict[str, GatewayServer]]
    """The first server of each kind, by file; the empty file stands for all."""


class SameListener(NamedTuple):
    """Two servers that one proxy cannot both have."""

    server: GatewayServer
    first: GatewayServer
    host: str


class SameHost(NamedTuple):
    """Two VirtualServices that sidecars would follow for one host."""

    at: Node
    source: VirtualService
    first: VirtualService


class MeshConflicts:
    """VirtualServices and Gateways, each held against its like."""

    def __init__(self, graph: Graph, hosts: Hosts) -> None:
        self._graph = graph
        self._hosts = hosts

    @cached_property
    def same_listener(self) -> tuple[SameListener, ...]:
        """The servers that clash with an earlier one of another Gateway for the same pods."""
        return tuple(
            clash
            for by_selector in self._listeners.values()
            for selector, servers in by_selector.items()
            for clash in _clashes(tuple(_shared(selector, by_selector)), servers)
            if self._are_rivals(clash.server.gateway, clash.first.gateway)
        )

    @cached_property
    def _listeners(self) -> dict[tuple[int | None, str], dict[Selector, list[GatewayServer]]]:
        """The servers by port and address, then by the pods that they are for."""
        found: dict[tuple[int | None, str], dict[Selector, list[GatewayServer]]] = {}
        for gateway in self._graph.select(IstioGateway):
            for server in gateway.servers:
                if server.port is not None and server.protocol:
                    selectors = found.setdefault((server.port, server.bind), {})
                    selectors.setdefault(gateway.selector, []).append(server)
        return found

    @cached_property
    def same_host(self) -> tuple[SameHost, ...]:
        """The hosts for which sidecars would have to follow two VirtualServices."""
        first: dict[Host, list[VirtualService]] = {}
        found = []
        for service in self._graph.select(VirtualService):
            for at in service.hosts if service.is_for_sidecars else ():
                others = first.setdefault(self._hosts.host(at.text, service.namespace), [])
                other = next((each for each in others if self._rivals(service, each)), None)
                if other is not None:
                    found.append(SameHost(at, service, other))
                others.append(service)
        return tuple(found)

    def go_together(self, one: Resource, other: Resource) -> bool:
        """Whether both are sure to be applied: to set namespaces, or by one file."""
        files = {each.file for each in (one, other)}
        return len(files) == 1 or bool(one.namespace and other.namespace)

    def _rivals(self, one: VirtualService, other: VirtualService) -> bool:
        return (
            (one.namespace, one.name) != (other.namespace, other.name)
            and one.shares_viewers(other)
            and not self._graph.are_alternatives(one, other)
        )

    def _are_rivals(self, one: IstioGateway, other: IstioGateway) -> bool:
        same = (one.namespace, one.name) == (other.namespace, other.name)
        return not same and not self._graph.are_alternatives(one, other)


def _shared(selector: Selector, by_selector: Mapping[Selector, list[GatewayServer]]) -> Iterator[GatewayServer]:
    """The servers of less demanding selectors, whose pods are some of these too."""
    mine = set(selector.requirements)
    for other, servers in by_selector.items():
        if mine > set(other.requirements):
            yield from servers


def _clashes(shared: Sequence[GatewayServer], servers: Sequence[GatewayServer]) -> Iterator[SameListener]:
    """One protocol a listener, and one server a TLS host; plain HTTP servers are merged."""
    hosts = {host: server for server in shared if server.is_tls for _, host in server.hosts}
    first: FirstServers = {}
    for server in shared:
        _remember(first, server)
    for server in servers:
        rival = _of_other_family(first, server)
        _remember(first, server)
        if rival is not None:
            yield SameListener(server, rival, "")
            continue
        for _, host in server.hosts if server.is_tls else ():
            other = hosts.setdefault(host, server)
            if other is not server:
                yield SameListener(server, other, host)
                break


def _remember(first: FirstServers, server: GatewayServer) -> None:
    for file in (server.node.document.source.name, ""):
        first.setdefault(file, {}).setdefault(_family(server), server)


def _of_other_family(first: FirstServers, server: GatewayServer) -> GatewayServer | None:
    """An earlier server that listens in another way, of the same file where there is one."""
    family = _family(server)
    files = (first.get(file, {}) for file in (server.node.document.source.name, ""))
    return next((each for found in files for other, each in found.items() if other != family), None)


def _family(server: GatewayServer) -> str:
    """What kind of listener it is: of one kind, servers of several Gateways are merged."""
    return "TLS" if server.is_tls else "HTTP" if server.is_http else server.protocol
