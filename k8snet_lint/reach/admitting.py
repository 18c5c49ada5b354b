"""Targets by the set of sources that they let in, so that what treats all sources alike is looked at once.

Many such sets are nearly the same: all sources, or all of one admin rule's, but for a few that a policy of the target's
own namespace treats otherwise. These are kept as a *base* and its exceptions: what a base leads to is the
union over all sets made of it, from which an exception takes its own part away again. That is sound because a target
lets a source in with one set of connections only, so that no other set of the same base has that part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.groups import Group
    from k8snet_lint.reach.sides import Cells


class Admitting:
    """The targets of some sources, as far as the targets' own policies go."""

    def __init__(self, engine: Engine, sources: int, targets: int) -> None:
        self._engine = engine
        self._sources = sources
        self._to: list[Cells] = []
        self._base_of: list[int] = []
        self._numbers: dict[int, int] = {}
        self._base_numbers: dict[int, int] = {}
        self._base_to: list[Cells] = []
        self._parts: dict[object, tuple[list[int], list[int]]] = {}
        for group, into, cells in _alike(engine, targets):
            for masks, bits in cells.items():
                if bits & sources:
                    self._add(group, bits & sources, masks, into)

    def _add(self, group: Group, allowed: int, masks: int, into: int) -> None:
        at = self._numbers.get(allowed)
        if at is None:
            at = self._numbers[allowed] = len(self._to)
            self._to.append({})
            self._base_of.append(self._base(group, allowed))
        cells = self._to[at]
        cells[masks] = cells.get(masks, 0) | into
        base = self._base_of[at]
        if base >= 0:
            cells = self._base_to[base]
            cells[masks] = cells.get(masks, 0) | into

    def _base(self, group: Group, allowed: int) -> int:
        """The number of a base from which a set differs by less than half of itself; -1 where there is none."""
        for base in self._candidates(group, allowed):
            if 2 * (base ^ allowed).bit_count() < allowed.bit_count():
                number = self._base_numbers.setdefault(base, len(self._base_to))
                if number == len(self._base_to):
                    self._base_to.append({})
                return number
        return -1

    def _candidates(self, group: Group, allowed: int) -> Iterator[int]:
        yield self._sources
        admin = group.key[0]
        if admin:
            if admin not in self._parts:
                self._parts[admin] = self._admin_parts(group)
            parts, part_of = self._parts[admin]
            yield parts[part_of[(allowed & -allowed).bit_length() - 1]]

    def _admin_parts(self, group: Group) -> tuple[list[int], list[int]]:
        """What the admin policies of a group part the sources into, and the part of each class."""
        parts: list[int] = []
        part_of = [0] * self._engine.universe.count
        for bits in self._engine.ingress.tier(group.key[0], group.first).values():
            for index in members(bits & self._sources):
                part_of[index] = len(parts)
            parts.append(bits & self._sources)
        return parts, part_of

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────────

    def rows(self) -> Iterator[tuple[int, int, Cells]]:
        """Sources that the same targets let in and the same policies let out, their group, and those targets."""
        based, within, without = self._holding()
        egress = self._engine.egress
        found: dict[object, list[int]] = {}
        for index in members(self._sources):
            key = tuple(tuple(held.get(index, ())) for held in (based, within, without))
            found.setdefault((egress.alike(egress.group_of[index]), key), []).append(index)
        for indices in found.values():
            bits, first = 0, indices[0]
            for index in indices:
                bits |= 1 << index
            yield (
                bits,
                egress.group_of[first],
                self._into(based.get(first, []), within.get(first, []), without.get(first, [])),
            )

    def _holding(self) -> tuple[dict[int, list[int]], dict[int, list[int]], dict[int, list[int]]]:
        """For each source the bases that hold it, the sets that do besides, those that do not though a base does."""
        based: dict[int, list[int]] = {}
        within: dict[int, list[int]] = {}
        without: dict[int, list[int]] = {}
        bases = [*self._base_numbers]
        for number, bits in enumerate(bases):
            for index in members(bits):
                based.setdefault(index, []).append(number)
        for bits, number in self._numbers.items():
            base = bases[self._base_of[number]] if self._base_of[number] >= 0 else 0
            for index in members(bits & ~base):
                within.setdefault(index, []).append(number)
            for index in members(base & ~bits):
                without.setdefault(index, []).append(number)
        return based, within, without

    def _into(self, based: list[int], within: list[int], without: list[int]) -> Cells:
        found: Cells = {}
        for base in based:
            for masks, bits in self._base_to[base].items():
                found[masks] = found.get(masks, 0) | bits
        for number in without:
            for masks, bits in self._to[number].items():
                found[masks] &= ~bits
        for number in within:
            for masks, bits in self._to[number].items():
                found[masks] = found.get(masks, 0) | bits
        return found


def _alike(engine: Engine, targets: int) -> Iterator[tuple[Group, int, Cells]]:
    """Some targets by what their policies let in: a group that tells of it, those of all groups alike, and that."""
    found: dict[int, tuple[Group, int, Cells]] = {}
    for number in sorted({engine.ingress.group_of[index] for index in members(targets)}):
        group, cells = engine.ingress.groups[number], engine.ingress.cells(number)
        first, others, _ = found.get(id(cells), (group, 0, cells))
        found[id(cells)] = first, others | group.bits & targets, cells
    yield from found.values()
