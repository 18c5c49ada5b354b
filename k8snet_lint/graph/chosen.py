"""Workloads that selectors choose, as small whether they are a few or all but a few."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, overload

from k8snet_lint.bitset import members
from k8snet_lint.resource import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Chosen(Sequence[Workload]):
    """Some of many workloads, in their order: a bit for each."""

    __slots__ = ("among", "bits")

    def __init__(self, among: Sequence[Workload], bits: int) -> None:
        self.among = among
        self.bits = bits

    @staticmethod
    def of(workloads: Sequence[Workload]) -> Chosen:
        """The same workloads, all of those that there are where they were not chosen among others."""
        return workloads if isinstance(workloads, Chosen) else Chosen(workloads, (1 << len(workloads)) - 1)

    def __iter__(self) -> Iterator[Workload]:
        return map(self.among.__getitem__, members(self.bits))

    def __len__(self) -> int:
        return self.bits.bit_count()

    @overload
    def __getitem__(self, at: int) -> Workload: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Workload, ...]: ...
    def __getitem__(self, at: int | slice) -> Workload | tuple[Workload, ...]:
        if isinstance(at, slice) and at.start in (None, 0) and at.step is None and at.stop is not None and at.stop >= 0:
            return tuple(islice(self, at.stop))
        return tuple(self)[at]


def united(selected: Iterable[Iterable[Workload]], most: int) -> frozenset[Workload]:
    """What several selectors choose; no more of them are looked at than it takes to have all that there are."""
    found: set[Workload] = set()
    for each in selected:
        found.update(each)
        if len(found) == most:
            break
    return frozenset(found)
