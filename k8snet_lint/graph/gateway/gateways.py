"""Gateways with all their listeners: their own, and those that ListenerSets bring (GEP-1713)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Gateway, ListenerSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import Listener, ListenerHolder, Resource
    from k8snet_lint.resource.object_ref import NamespaceScope

ENCRYPTED = frozenset({"HTTPS", "TLS"})
"""Protocols that share a port, as both go by the name that clients ask for."""


class Conflict(NamedTuple):
    """Two listeners of one Gateway that cannot both be served; `reason` is the API's: the later one loses."""

    listener: Listener
    earlier: Listener
    reason: str


class Gateways:
    """The Gateways of a world and what is merged into them."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def admits(self, scope: NamespaceScope, home: Resource, guest: Resource) -> bool | None:
        """Whether something of the guest's namespace may attach; None where that cannot be told.

        Shapes: `home` is whose scope it is. Labels of a Namespace that is not in the set are not known, nor is what a
        variable, or a word that the API does not have, stands for.
        """
        match scope.among:
            case "All" | "None":
                return scope.among == "All"
            case "Selector":
                surely, maybe = self._graph.namespaces.matching(scope.selector)
                may_be = guest.namespace in maybe or guest.awaits_namespace or not scope.goes_by_labels
                return None if may_be else guest.namespace in surely
            case "Same":
                settled = all(each.namespace and not (each.is_raw or each.awaits_namespace) for each in (home, guest))
                is_same = home.namespace == guest.namespace
                return is_same if is_same or settled else None
            case _:
                return None

    def parent(self, holder: ListenerHolder) -> Gateway | None:
        """The Gateway that serves listeners: the holder, or the one that the ListenerSet names."""
        if isinstance(holder, Gateway):
            return holder
        wanted = holder.parent if isinstance(holder, ListenerSet) else None
        if wanted is None or not wanted.is_gateway:
            return None
        found = self._graph.named(Gateway, wanted.namespace, wanted.name, holder)
        return found[-1] if found else None

    def takes(self, listener_set: ListenerSet) -> bool | None:
        """Whether its Gateway admits a ListenerSet; None where the Gateway, or a label that decides, is not known."""
        gateway = self.parent(listener_set)
        return None if gateway is None else self.admits(gateway.allowed_listeners, gateway, listener_set)

    def listeners(self, gateway: Gateway) -> Iterator[Listener]:
        """All that it serves, in the order in which they win over one another, as far as files tell."""
        yield from gateway.listeners
        for each in sorted(self._sets.get(gateway, ()), key=lambda found: (found.namespace, found.name)):
            yield from each.listeners

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Listeners that clash with an earlier one of their Gateway on one port."""
        return tuple(each for gateway in self._graph.select(Gateway) for each in self._clashing(gateway))

    def _clashing(self, gateway: Gateway) -> Iterator[Conflict]:
        by_port: dict[tuple[int, str], list[Listener]] = {}
        for listener in self.listeners(gateway):
            if listener.port is not None and listener.protocol:
                transport = "UDP" if listener.protocol == "UDP" else "TCP"
                by_port.setdefault((listener.port, transport), []).append(listener)
        for sharing in by_port.values():
            yield from _clashes(sharing)

    @cached_property
    def _sets(self) -> dict[Gateway, list[ListenerSet]]:
        found: dict[Gateway, list[ListenerSet]] = {}
        for each in self._graph.select(ListenerSet):
            gateway = self.parent(each)
            if gateway is not None and self.takes(each):
                found.setdefault(gateway, []).append(each)
        return found


def _clashes(sharing: list[Listener]) -> Iterator[Conflict]:
    """Clashes among listeners of one port, each told once, with the first that it clashes with and that serves."""
    by_host: dict[tuple[str, str], Listener] = {}
    first_of: dict[str, Listener] = {}
    for listener in sharing:
        family = "TLS" if listener.protocol in ENCRYPTED else listener.protocol
        others = [first for protocol, first in first_of.items() if protocol != family]
        host = listener.hostname if listener.goes_by_host else ""
        first = by_host.get((family, host))
        if first is not None:
            yield Conflict(listener, first, "HostnameConflict" if listener.goes_by_host else "ProtocolConflict")
        elif others and _are_known(family, others):
            yield Conflict(listener, others[0], "ProtocolConflict")
        else:
            by_host[family, host] = listener
            first_of.setdefault(family, listener)


def _are_known(family: str, others: list[Listener]) -> bool:
    """Whether the API says what the protocols mean, so that it is sure that they cannot share a port."""
    known = {"HTTP", "TLS", "HTTPS", "TCP"}
    return family in known and all(each.protocol in known for each in others)
