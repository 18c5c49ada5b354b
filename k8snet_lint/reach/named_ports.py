"""Named ports: which number a name stands for on each destination (API: resolved per pod)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.placeholder import is_open
from k8snet_lint.reach.connections import ALL, NONE, Connections, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.reach.universe import Universe
    from k8snet_lint.reach.vocabulary import Vocabulary
    from k8snet_lint.resource.container import ContainerPort

Resolved = tuple[Connections, Connections]
"""What a name surely stands for, and what it may stand for."""

NOTHING: Resolved = (NONE, NONE)


class NamedPorts:
    """Names of container ports, looked up on classes of endpoints."""

    def __init__(self, universe: Universe, vocabulary: Vocabulary) -> None:
        self._universe = universe
        self._names = vocabulary.port_names
        self._holders: dict[str, list[int]] = {}
        self._known: dict[tuple[int, str, str], Resolved] = {}
        self._by_name: dict[int, dict[str, list[ContainerPort]]] = {}
        self._open = [i for i in members(universe.selectable) if not universe.first(i).whole] if self._names else []
        if self._names:
            for index in members(universe.selectable | universe.on_host):
                for name in {port.name for port in universe.first(index).ports} & self._names:
                    self._holders.setdefault(name, []).append(index)

    def numbers(self) -> Iterator[Connections]:
        """Every port that a name stands for anywhere."""
        for index in dict.fromkeys(index for holders in self._holders.values() for index in holders):
            for port in self._universe.first(index).ports:
                if port.number and port.protocol in Protocol.__members__:
                    yield Connections.port(port.protocol, port.number)

    def on(self, index: int, name: str, protocol: str) -> Resolved:
        """What a name stands for on one class; any port, perhaps, where containers, or the port, are not known yet."""
        key = (index, name, protocol)
        if key not in self._known:
            self._known[key] = self._resolved(*key)
        return self._known[key]

    def _resolved(self, index: int, name: str, protocol: str) -> Resolved:
        first = self._universe.first(index)
        found = NONE
        for port in self._called(index, name):
            fits = protocol in ("", port.protocol)
            if fits and port.number and port.protocol in Protocol.__members__:
                found |= Connections.port(port.protocol, port.number)
        is_told = not is_open(name) and (first.whole or not first.is_pod)
        if found or is_told:
            return found, found
        return NONE, Connections.of(protocol) if protocol else ALL

    def _called(self, index: int, name: str) -> Sequence[ContainerPort]:
        """The ports of one class that have a name."""
        found = self._by_name.get(index)
        if found is None:
            found = self._by_name[index] = {}
            for port in self._universe.first(index).ports:
                found.setdefault(port.name, []).append(port)
        return found.get(name, ())

    def everywhere(self, name: str, protocol: str, *, per_pod: bool) -> dict[Resolved, int]:
        """What a name stands for on all classes, those left out on which it stands for nothing.

        Where a network does not look at each pod (`per_pod`), a name with several numbers is any of them.
        """
        found: dict[Resolved, int] = {}
        maybe = members(self._universe.all) if is_open(name) else self._open
        for index in sorted({*self._holders.get(name, ()), *maybe}):
            resolved = self.on(index, name, protocol)
            if resolved != NOTHING:
                found[resolved] = found.get(resolved, 0) | 1 << index
        known = {surely for surely, _ in found if surely}
        if per_pod or len(known) < 2:
            return found
        either = NONE
        for each in known:
            either |= each
        bits = 0
        for each_bits in found.values():
            bits |= each_bits
        return {(NONE, either): bits}

    def signature(self, index: int) -> tuple[tuple[str, str, int], ...]:
        """What tells two classes apart as far as names of ports go."""
        first = self._universe.first(index)
        ports = tuple((p.name, p.protocol, p.number or 0) for p in first.ports if p.name in self._names)
        return ports if first.whole else (*ports, ("", "", 0))


def cuts(ports: NamedPorts, vocabulary: Vocabulary) -> Iterator[Connections]:
    """Every set of ports that policies name, by number or by name."""
    yield from vocabulary.connections
    yield from ports.numbers()
