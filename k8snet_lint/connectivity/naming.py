"""Sets of endpoints in few words: those that a question takes, so that an answer can be asked about further."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, summarize_address_range
from typing import TYPE_CHECKING

from k8snet_lint.cidr import merged, without
from k8snet_lint.reach import EndpointKind
from k8snet_lint.reach.addresses import INTERNET, everything

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snet_lint.reach import Endpoint
    from k8snet_lint.reach.addresses import Ranges

ALL_WORKLOADS = "all workloads"
ANY_ADDRESS = "any address"
WITHOUT_NAMESPACE = "workloads without namespace"
MOST_BLOCKS = 8
"""More CIDRs than this are harder to read than the ranges that they come to."""

_EVERYTHING = {4: (everything(4),), 6: (everything(6),)}
_WHOLE = {4: "0.0.0.0/0", 6: "::/0"}

Names = tuple[str, ...]


class Naming:
    """Names sets of a world's endpoints: `shop/` stands for all workloads of a namespace."""

    def __init__(self, workloads: Iterable[Endpoint]) -> None:
        self.namespaces: dict[str, tuple[str, ...]] = {}
        self._counts: dict[str, int] = {}
        keys: dict[str, dict[str, None]] = {}
        for each in workloads:
            space = each.namespace or ""
            keys.setdefault(space, {})[each.key] = None
            self._counts[space] = self._counts.get(space, 0) + 1
        self.namespaces = {space: tuple(sorted(found)) for space, found in sorted(keys.items())}
        self._count = sum(self._counts.values())

    def of(self, endpoints: Iterable[Endpoint], within: Mapping[int, Ranges] | None = None) -> Names:
        """The names of a set, workloads first; addresses as far as they lie `within` what was asked about."""
        spaces: dict[str, list[Endpoint]] = {}
        others: list[str] = []
        addresses: dict[int, list[tuple[int, int]]] = {}
        for each in endpoints:
            if each.kind is EndpointKind.WORKLOAD:
                spaces.setdefault(each.namespace or "", []).append(each)
            elif each.kind is EndpointKind.ADDRESSES:
                addresses.setdefault(each.version, []).extend(each.ranges)
            else:
                others.append(each.key)
        known = {version: _clipped(merged(ranges), version, within) for version, ranges in sorted(addresses.items())}
        return (*self._workloads(spaces), *sorted(others), *address_names(known))

    def _workloads(self, spaces: Mapping[str, list[Endpoint]]) -> Names:
        if self._count > 1 and sum(map(len, spaces.values())) == self._count:
            return (ALL_WORKLOADS,)
        found: list[str] = []
        for space, endpoints in sorted(spaces.items()):
            if len(endpoints) == self._counts[space] > 1:
                found.append(f"{space}/" if space else WITHOUT_NAMESPACE)
            else:
                found += sorted({each.key for each in endpoints})
        return tuple(found)


def _clipped(ranges: Ranges, version: int, within: Mapping[int, Ranges] | None) -> Ranges:
    """The part of some ranges that lies within others."""
    if within is None:
        return ranges
    asked = within.get(version, ())
    holes = without(everything(version), asked) if asked else _EVERYTHING[version]
    return merged(left for whole in ranges for left in without(whole, holes))


def address_names(ranges: Mapping[int, Ranges]) -> Names:
    """Addresses as `any address`, `internet`, blocks, a block with exceptions, or ranges: what is shortest."""
    held = {version: found for version, found in ranges.items() if found}
    if held == _EVERYTHING:
        return (ANY_ADDRESS,)
    if held == INTERNET:
        return ("internet",)
    return tuple(name for version, found in sorted(held.items()) for name in _of_version(version, found))


def _of_version(version: int, ranges: Ranges) -> Names:
    if ranges == _EVERYTHING[version]:
        return (_WHOLE[version],)
    if ranges == INTERNET[version]:
        return (f"internet (IPv{version})",)
    if ranges == merged(left for whole in _EVERYTHING[version] for left in without(whole, INTERNET[version])):
        return (f"private IPv{version} addresses",)
    inside, outside = _blocks(version, ranges), _blocks(version, without(everything(version), ranges))
    if len(outside) < len(inside) and len(outside) <= MOST_BLOCKS:
        return (f"{_WHOLE[version]} except {', '.join(outside)}",)
    if len(inside) <= MOST_BLOCKS:
        return inside
    address = IPv4Address if version == 4 else IPv6Address
    return tuple(f"{address(first)}-{address(last)}" for first, last in ranges)


def _blocks(version: int, ranges: Ranges) -> Names:
    if version == 4:
        found = [block for a, b in ranges for block in summarize_address_range(IPv4Address(a), IPv4Address(b))]
        return tuple(str(each.network_address) if each.prefixlen == 32 else str(each) for each in found)
    six = [block for a, b in ranges for block in summarize_address_range(IPv6Address(a), IPv6Address(b))]
    return tuple(str(each.network_address) if each.prefixlen == 128 else str(each) for each in six)
