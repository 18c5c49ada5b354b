"""What policies tell apart: the labels, namespaces, port names and blocks that they ask for, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.reach.spec import AllOf, AnyOf, Block, Domain, NotOf, Pods
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snet_lint.reach.addresses import Ranges
    from k8snet_lint.reach.connections import Connections
    from k8snet_lint.reach.endpoints import Endpoint
    from k8snet_lint.reach.spec import Peer, Policy, Rule
    from k8snet_lint.selector import Selector


class Vocabulary(NamedTuple):
    """Everything that decides whether two endpoints are treated alike.

    Shapes: `labels` maps each key that a pod selector asks for to the values asked for; `namespaces` are the
    namespaces whose own policies exist; `port_names` are those of named ports; `blocks` are (version, ranges).
    """

    labels: Mapping[str, frozenset[str]]
    namespace_selectors: tuple[Selector, ...]
    namespaces: frozenset[str]
    port_names: frozenset[str]
    blocks: frozenset[tuple[int, Ranges]]
    domains: frozenset[str]
    connections: tuple[Connections, ...]

    @staticmethod
    def of(policies: Iterable[Policy]) -> Vocabulary:
        """The words of some policies."""
        selectors: dict[Selector, None] = {}
        spaces: dict[Selector, None] = {}
        own: set[str] = set()
        names: set[str] = set()
        blocks: set[tuple[int, Ranges]] = set()
        hosts: set[str] = set()
        sets: dict[Connections, None] = {}
        for policy in policies:
            for peer in _peers(policy):
                if isinstance(peer, Pods):
                    selectors[peer.pods] = None
                    if peer.namespaces is None:
                        own.add(peer.namespace)
                    else:
                        spaces[peer.namespaces] = None
                elif isinstance(peer, Block):
                    blocks.add((peer.version, peer.ranges))
                elif isinstance(peer, Domain):
                    hosts.add(peer.name)
            for rule in _rules(policy):
                for port in rule.ports:
                    if port.connections is None:
                        names.add(port.name)
                    else:
                        sets[port.connections] = None
        return Vocabulary(
            labels=_labels(selectors),
            namespace_selectors=tuple(spaces),
            namespaces=frozenset(own),
            port_names=frozenset(names),
            blocks=frozenset(blocks),
            domains=frozenset(hosts),
            connections=tuple(sets),
        )


class UnknownKeys:
    """Keys of labels that selectors ask for, of which nobody can tell whether endpoints have them."""

    def __init__(self, asked: Iterable[str]) -> None:
        self._asked = tuple(asked)
        self._starting: dict[tuple[str, ...], tuple[str, ...]] = {}

    def of(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Those that an endpoint may have."""
        prefixes = endpoint.unknown_labels
        found = self._starting.get(prefixes)
        if found is None:
            found = self._starting[prefixes] = tuple(key for key in self._asked if key.startswith(prefixes))
        return tuple(key for key in found if key not in endpoint.labels)


def _rules(policy: Policy) -> Iterator[Rule]:
    for rules in policy.rules.values():
        yield from rules


def _peers(policy: Policy) -> Iterator[Peer]:
    yield policy.subject
    if policy.also is not None:
        yield from _parts(policy.also)
    for rule in _rules(policy):
        for peer in rule.peers:
            yield from _parts(peer)


def _parts(peer: Peer) -> Iterator[Peer]:
    """What a peer is made of."""
    if isinstance(peer, (AllOf, AnyOf)):
        for each in peer.of:
            yield from _parts(each)
    elif isinstance(peer, NotOf):
        yield from _parts(peer.of)
    else:
        yield peer


def _labels(selectors: Iterable[Selector]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for selector in selectors:
        for requirement in selector.requirements:
            found.setdefault(requirement.key, set()).update(requirement.values)
    return {key: frozenset(values) for key, values in found.items()}
