"""Which classes of endpoints a peer means: surely, and perhaps."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, assert_never

from k8snet_lint.bitset import members, set_of
from k8snet_lint.cached import cached_property
from k8snet_lint.cidr import Cidr, merged, without
from k8snet_lint.placeholder import is_open
from k8snet_lint.reach.addresses import ASSUMED_PODS, Ranges, everything
from k8snet_lint.reach.bits import EMPTY, Bounds
from k8snet_lint.reach.endpoints import EndpointKind
from k8snet_lint.reach.spaces import Spaces
from k8snet_lint.reach.spec import (
    AllOf,
    AnyOf,
    Block,
    Domain,
    Doubt,
    Entities,
    Everyone,
    Nodes,
    NotOf,
    Pods,
    Unread,
)
from k8snet_lint.reach.vocabulary import UnknownKeys
from k8snet_lint.selector import Operator

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from k8snet_lint.graph import Graph
    from k8snet_lint.reach.profile import Profile
    from k8snet_lint.reach.spec import Peer
    from k8snet_lint.reach.universe import Universe
    from k8snet_lint.reach.vocabulary import Vocabulary
    from k8snet_lint.selector import Requirement, Selector


class Matching:
    """An index of classes by label, namespace and address; every distinct peer is looked up once."""

    def __init__(self, graph: Graph, universe: Universe, vocabulary: Vocabulary, profile: Profile) -> None:
        self._universe = universe
        self._profile = profile
        self._everyone = Bounds(universe.all, universe.all)
        self._labels = Labels(universe, vocabulary)
        pods = members(universe.selectable)
        self._spaces = Spaces(graph.namespaces, ((each, bits) for i in pods for each, bits in _namespaces(universe, i)))
        self._pod_ranges = _by_version(graph.facts.pod_cidrs)
        self._node_labels = tuple(each.labels for each in graph.of_kinds({("", "Node")}))
        self._addressed: dict[int, int] = {}
        self._unaddressed = self._hosts = 0
        self._index_addresses()
        self._memo: dict[Hashable, Bounds] = {}

    def peer(self, peer: Peer) -> Bounds:
        """The classes that a peer means."""
        if isinstance(peer, Everyone):
            return self._everyone
        key = (type(peer), *peer[1:])
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._universe.kept.bounds(self._search(peer))
        return found

    def subject(self, pods: Pods) -> Bounds:
        """The classes that a policy is for: not kept, as hardly another policy is for the same ones."""
        return self._search(pods)

    def _search(self, peer: Peer) -> Bounds:  # noqa: PLR0911 - a kind of peer a line
        match peer:
            case Everyone():
                return self._everyone
            case Pods():
                spaces = self._spaces
                inside = spaces.own(peer.namespace) if peer.namespaces is None else spaces.matching(peer.namespaces)
                return inside & self._labels.matching(peer.pods)
            case Block():
                return self._block(peer)
            case Nodes():
                return self._nodes(peer.selector)
            case Domain():
                return self._domain(peer.name)
            case Entities():
                return self._entities(peer.names)
            case Unread():
                return self._unread(pods=peer.pods)
            case AllOf() | AnyOf() | NotOf() | Doubt():
                return self._combined(peer)
            case _:
                assert_never(peer)

    def _nodes(self, selector: Selector) -> Bounds:
        """What is on nodes: surely where every node that is described is meant, not at all where none of them is."""
        met = [selector.matches(labels) for labels in self._node_labels]
        surely, maybe = bool(met) and all(met), not met or any(met)
        on_host = self._universe.on_host
        return Bounds(on_host if surely or selector.is_empty else 0, on_host if maybe or selector.is_empty else 0)

    def _combined(self, peer: AllOf | AnyOf | NotOf | Doubt) -> Bounds:
        everyone = self._universe.all
        match peer:
            case AllOf():
                return reduce(and_, map(self.peer, peer.of), self._everyone)
            case AnyOf():
                return reduce(or_, map(self.peer, peer.of), EMPTY)
            case NotOf():
                surely, maybe = self.peer(peer.of)
                return Bounds(everyone & ~maybe, everyone & ~surely)
            case Doubt():
                return Bounds(0, everyone)

    def _domain(self, name: str) -> Bounds:
        """The endpoint of the name, and any address outside."""
        surely = self._named.get(name, 0)
        return Bounds(surely, surely | self._universe.addresses)

    @cached_property
    def _named(self) -> dict[str, int]:
        """The endpoints of names, under each pattern that covers them: the name, and a star for its first labels."""
        found: dict[str, int] = {}
        for index in members(self._domains):
            name = self._universe.first(index).key.removeprefix("domain:")
            labels = name.split(".")
            for pattern in (name, *(f"*.{'.'.join(labels[place:])}" for place in range(1, len(labels)))):
                found[pattern] = found.get(pattern, 0) | 1 << index
        return found

    def _unread(self, *, pods: bool) -> Bounds:
        """Perhaps anything outside the cluster, or a node; or any pod."""
        universe = self._universe
        outside = universe.addresses | self._domains | universe.on_host
        return Bounds(0, outside | (universe.selectable if pods else 0))

    def _entities(self, names: tuple[str, ...]) -> Bounds:
        """What Cilium's entities stand for.

        Nobody can tell which node a pod is on, where the API server is, and whether a controller is a load balancer
        outside of the cluster.
        """
        universe = self._universe
        surely = maybe = 0
        if "world" in names:
            surely |= universe.addresses | self._domains
            maybe |= self._controllers
        if "cluster" in names:
            surely |= universe.selectable | universe.on_host
        if {"host", "remote-node"} <= {*names}:
            surely |= universe.on_host
        if not {"host", "remote-node", "kube-apiserver"}.isdisjoint(names):
            maybe |= universe.on_host
        if "kube-apiserver" in names:
            maybe |= universe.addresses
        if "ingress" in names:
            maybe |= self._controllers
        return Bounds(surely, surely | maybe)

    # ── addresses ────────────────────────────────────────────────────────────────────────────────────

    def _index_addresses(self) -> None:
        for index, (first, *_) in enumerate(self._universe.classes[: self._universe.address_base]):
            bit = 1 << index
            for address in first.addresses:
                atom = self._universe.atoms.of_address(*address)
                self._addressed[atom] = self._addressed.get(atom, 0) | bit
            if not first.addresses:
                if first.on_host or first.kind is EndpointKind.NODE:
                    self._hosts |= bit
                elif first.kind is not EndpointKind.DOMAIN:
                    self._unaddressed |= bit
        self._domains = self._of_kind(EndpointKind.DOMAIN)
        self._controllers = self._of_kind(EndpointKind.CONTROLLER)

    def _of_kind(self, kind: EndpointKind) -> int:
        return set_of(index for index, (first, *_) in enumerate(self._universe.classes) if first.kind is kind)

    def _block(self, block: Block) -> Bounds:
        outside = self._universe.block(block.version, block.ranges)
        whole = block.ranges == (everything(block.version),)
        named = Bounds(self._domains if whole and block.version == 4 else 0, self._domains)
        found = Bounds(outside, outside) | named
        if block.outside or not self._profile.blocks_match_pods:
            return found | Bounds(0, self._universe.selectable & ~self._universe.workloads)
        known = 0
        for atom in members(outside >> self._universe.address_base) if self._addressed else ():
            known |= self._addressed.get(atom, 0)
        pods = self._doubt(self._unaddressed, *self._pods_in(block, whole=whole))
        hosts = self._doubt(self._hosts, surely=whole and block.version == 4, maybe=True)
        return found | Bounds(known, known) | pods | hosts

    def _pods_in(self, block: Block, *, whole: bool) -> tuple[bool, bool]:
        """Whether the block surely holds the address of a pod, and whether it may."""
        ranges = self._pod_ranges.get(block.version, ()) if self._pod_ranges else ASSUMED_PODS[block.version]
        overlaps = any(a <= d and c <= b for a, b in block.ranges for c, d in ranges)
        if self._pod_ranges:
            return bool(ranges) and not any(without(each, block.ranges) for each in ranges), overlaps
        return whole and block.version == 4, overlaps

    @staticmethod
    def _doubt(bits: int, surely: bool, maybe: bool) -> Bounds:  # noqa: FBT001 - the two bounds, in their order
        return Bounds(bits if surely else 0, bits if maybe else 0)


class Labels:
    """Classes by the labels of their pods."""

    def __init__(self, universe: Universe, vocabulary: Vocabulary) -> None:
        self._all = universe.selectable
        self._kept = universe.kept
        self._having: dict[tuple[str, str], list[int]] = {}
        self._keyed: dict[str, list[int]] = {}
        doubtful: dict[str, list[int]] = {}
        unknown = UnknownKeys(vocabulary.labels)
        for index in members(self._all):
            first = universe.first(index)
            for key, value in first.labels.items():
                if key in vocabulary.labels:
                    self._having.setdefault((key, value), []).append(index)
                    self._keyed.setdefault(key, []).append(index)
            for key in unknown.of(first):
                doubtful.setdefault(key, []).append(index)
        for (key, value), indices in self._having.items():
            if is_open(value):
                doubtful.setdefault(key, []).extend(indices)
        self._doubtful = {key: set_of(indices) for key, indices in doubtful.items()}
        self._memo: dict[Requirement, int] = {}

    def matching(self, selector: Selector) -> Bounds:
        """The classes whose labels meet a selector."""
        if selector.invalid:
            return EMPTY
        return reduce(and_, map(self._meeting, selector.requirements), Bounds(self._all, self._all))

    def _meeting(self, requirement: Requirement) -> Bounds:
        having, doubtful = self._holding(requirement), self._doubtful.get(requirement.key, 0)
        if requirement.is_unfinished:
            doubtful = self._all
        if requirement.operator in (Operator.IN, Operator.EXISTS):
            return Bounds(having, having | doubtful)
        rest = self._all & ~having
        return Bounds(rest & ~doubtful, rest)

    def _holding(self, requirement: Requirement) -> int:
        """The classes that have one of the values, or the key where it is all that is asked for."""
        found = self._memo.get(requirement)
        if found is None:
            key = requirement.key
            if requirement.operator in (Operator.EXISTS, Operator.DOES_NOT_EXIST):
                indices = self._keyed.get(key, [])
            else:
                indices = [index for value in requirement.values for index in self._having.get((key, value), ())]
            found = self._memo[requirement] = self._kept.one(set_of(indices))
        return found


def _namespaces(universe: Universe, index: int) -> Iterable[tuple[str | None, int]]:
    """The namespaces of a class's endpoints, each with the class's bit."""
    return ((name, 1 << index) for name in dict.fromkeys(each.namespace for each in universe.classes[index]))


def _by_version(cidrs: Iterable[str]) -> dict[int, Ranges]:
    """The ranges of some CIDRs; what is none is left out, as its own finding says so."""
    found: dict[int, list[tuple[int, int]]] = {}
    for text in cidrs:
        try:
            cidr = Cidr.of(text)
        except ValueError:
            continue
        found.setdefault(cidr.version, []).append(cidr.range)
    return {version: merged(ranges) for version, ranges in found.items()}
