"""Every endpoint that an answer can be about, in classes that all policies treat alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import members, set_of
from k8snet_lint.cached import cached_property
from k8snet_lint.reach.addresses import AddressAtoms, text_of
from k8snet_lint.reach.bits import Kept
from k8snet_lint.reach.endpoints import Endpoint, EndpointKind, domains
from k8snet_lint.reach.spaces import SpaceClasses
from k8snet_lint.reach.vocabulary import UnknownKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from k8snet_lint.graph import Namespaces
    from k8snet_lint.reach.addresses import Ranges
    from k8snet_lint.reach.vocabulary import Vocabulary

OTHER = "\0other"
"""Stands for every value of a label that no selector asks for."""


class Universe:
    """Endpoints, and the classes they fall into; a set of classes is bits of an integer.

    Shapes: workloads come first (`workloads` bits), then single endpoints, then address classes (from `address_base`).
    `selectable` are pods that selectors can mean, `on_host` what has the address of a node; `apart` tells what else
    keeps endpoints apart. `kept` holds the sets of classes that are not let go.
    """

    def __init__(
        self,
        namespaces: Namespaces,
        vocabulary: Vocabulary,
        pods: Iterable[Endpoint],
        others: Iterable[Endpoint],
        apart: Callable[[Endpoint], Hashable],
    ) -> None:
        self.kept = Kept()
        self.atoms = AddressAtoms(vocabulary.blocks)
        self.classes: list[tuple[Endpoint, ...]] = []
        self._class_of: dict[Endpoint, int] = {}
        self._group(pods, Signatures(namespaces, vocabulary, self.atoms), apart)
        self.workloads = (1 << len(self.classes)) - 1
        for endpoint in (*others, *domains(vocabulary.domains)):
            self._class_of[endpoint] = len(self.classes)
            self.classes.append((endpoint,))
        self.address_base = len(self.classes)
        for version, ranges in self.atoms.classes:
            endpoint = addresses_of(version, ranges)
            self._class_of[endpoint] = len(self.classes)
            self.classes.append((endpoint,))
        self.count = len(self.classes)
        self.all = (1 << self.count) - 1
        self.addresses = self.all >> self.address_base << self.address_base
        first = [found[0] for found in self.classes]
        self.selectable = set_of(i for i, each in enumerate(first) if each.is_pod and not each.on_host)
        self.on_host = set_of(i for i, each in enumerate(first) if each.on_host or each.kind is EndpointKind.NODE)
        self.shown = (
            self.workloads
            | self.addresses
            | set_of(i for i, each in enumerate(first) if each.kind is EndpointKind.DOMAIN)
        )

    def _group(self, pods: Iterable[Endpoint], signatures: Signatures, apart: Callable[[Endpoint], Hashable]) -> None:
        found: dict[Hashable, list[Endpoint]] = {}
        for endpoint in pods:
            found.setdefault((signatures.of(endpoint), apart(endpoint)), []).append(endpoint)
        for index, endpoints in enumerate(found.values()):
            self.classes.append(tuple(endpoints))
            for endpoint in endpoints:
                self._class_of[endpoint] = index

    def class_of(self, endpoint: Endpoint) -> int:
        """The number of an endpoint's class."""
        return self._class_of[endpoint]

    def addresses_in(self, version: int, ranges: Ranges) -> int:
        """The address classes that hold an address of the ranges."""
        return self.atoms.overlapping(version, ranges) << self.address_base

    def block(self, version: int, ranges: Ranges) -> int:
        """The address classes of a block that a policy names."""
        return self.atoms.of_block(version, ranges) << self.address_base

    def endpoints(self, bits: int) -> tuple[Endpoint, ...]:
        """All endpoints of some classes."""
        return tuple(endpoint for index in members(bits) for endpoint in self.classes[index])

    def size(self, bits: int) -> int:
        """How many endpoints some classes have."""
        return sum((bits & sized).bit_count() << power for power, sized in enumerate(self._sized))

    @cached_property
    def _sized(self) -> tuple[int, ...]:
        """The classes whose size, written in binary, has a one, for each digit."""
        sizes = [len(endpoints) for endpoints in self.classes]
        digits = range(max(sizes).bit_length())
        return tuple(set_of(i for i, size in enumerate(sizes) if size >> digit & 1) for digit in digits)

    def first(self, index: int) -> Endpoint:
        """One endpoint of a class, which stands for all of them."""
        return self.classes[index][0]


class Signatures:
    """What tells workloads apart, as far as any policy can."""

    def __init__(self, namespaces: Namespaces, vocabulary: Vocabulary, atoms: AddressAtoms) -> None:
        self._spaces = SpaceClasses(namespaces, vocabulary)
        self._vocabulary = vocabulary
        self._unknown = UnknownKeys(vocabulary.labels)
        self._atoms = atoms

    def of(self, endpoint: Endpoint) -> Hashable:
        """Equal for endpoints of one class."""
        labels, asked = endpoint.labels, self._vocabulary.labels
        names = self._vocabulary.port_names
        return (
            self._spaces.key(endpoint.namespace or ""),
            frozenset((k, v if v in asked[k] else OTHER) for k, v in labels.items() if k in asked),
            self._unknown.of(endpoint),
            tuple((p.name, p.protocol, p.number) for p in endpoint.ports if p.name in names) if names else (),
            endpoint.whole or not names,
            endpoint.on_host,
            frozenset(self._atoms.of_address(*address) for address in endpoint.addresses),
        )


def addresses_of(version: int, ranges: Ranges) -> Endpoint:
    """The endpoint of some addresses outside the cluster."""
    key = ", ".join(text_of(version, each) for each in ranges)
    return Endpoint(EndpointKind.ADDRESSES, key, version=version, ranges=ranges)
