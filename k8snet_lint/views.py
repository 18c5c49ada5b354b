"""One finding for one place, however many units and worlds show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.declare import Severity
from k8snet_lint.loader.unit import ENVIRONMENTS
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from k8snet_lint.declare import Rule
    from k8snet_lint.loader import Loaded, World
    from k8snet_lint.report import Finding
    from k8snet_lint.resource import Resource
    from k8snet_lint.source import Location


class _View(NamedTuple):
    """Where a finding shows: the world, and the unit its object is of."""

    world: str
    unit: str


Found = dict[_View, list["Finding"]]
"""The findings of each view, in the order in which rules made them."""


class Views:
    """Collects the findings of all worlds and merges those that are one in the text."""

    def __init__(self, rules: Sequence[Rule], loaded: Loaded, severities: Mapping[str, Severity]) -> None:
        self._supersedes = {rule.id: rule.supersedes for rule in rules}
        self._severities = severities
        self._worlds = len(loaded.worlds)
        self._world_order = {world.name: place for place, world in enumerate(loaded.worlds)}
        self._unit_order = {unit.name: place for place, unit in enumerate(loaded.units)}
        self._shared = {unit.name for unit in loaded.worlds[0].shared} if self._worlds > ENVIRONMENTS else set()
        self.found: Found = {}

    def add(self, worlds: Iterable[World], owner: Resource | None, finding: Finding) -> None:
        """Take a finding about a resource that these worlds hold."""
        unit = owner.unit.name if owner is not None else ""
        for world in worlds:
            self.found.setdefault(_View(world.name, unit), []).append(finding)

    def of_another(self, found: Found) -> None:
        """Take what another process has collected of the same worlds."""
        for view, findings in found.items():
            self.found.setdefault(view, []).extend(findings)

    def merged(self) -> list[Finding]:
        """The findings, each place once: the worst of its views, naming the units or worlds where not all show it.

        Of views that are as bad, the first world's first unit tells, in whichever order they were found.
        What a unit of every world shows in some of many worlds only hangs on which example lies beside it: a note.
        """
        merged: dict[tuple[str, Location, int], dict[_View, Finding]] = {}
        for view in sorted(self.found, key=self._place):
            count: dict[tuple[str, Location], int] = {}
            for finding in self._kept(self.found[view]):
                place = (finding.rule, finding.location)
                count[place] = count.get(place, 0) + 1
                merged.setdefault((*place, count[place]), {})[view] = finding
        told = self._told()
        found = (
            self._one(shown, by_chance=self._are_shared(shown) and told[rule, place] < self._worlds)
            for (rule, place, _), shown in merged.items()
        )
        return list(_joined(found))

    def _place(self, view: _View) -> tuple[int, int]:
        return self._world_order[view.world], self._unit_order.get(view.unit, -1)

    def _are_shared(self, shown: Iterable[_View]) -> bool:
        return all(view.unit in self._shared for view in shown)

    def _told(self) -> dict[tuple[str, Location], int]:
        """In how many worlds each finding of the units of every world is, whether superseded or not."""
        worlds: dict[tuple[str, Location], set[str]] = {}
        for view, findings in self.found.items():
            if view.unit in self._shared:
                for finding in findings:
                    worlds.setdefault((finding.rule, finding.location), set()).add(view.world)
        return {place: len(names) for place, names in worlds.items()}

    def _kept(self, findings: Sequence[Finding]) -> Iterator[Finding]:
        """Those that no finding supersedes: one at the same place, or that is told instead of them."""
        dropped = {
            (rule, place)
            for finding in findings
            for rule in self._supersedes.get(finding.rule, ())
            for place in _told_for(finding)
        }
        return (finding for finding in findings if (finding.rule, finding.location) not in dropped)

    def _one(self, shown: dict[_View, Finding], *, by_chance: bool) -> Finding:
        worst = max(shown.values(), key=lambda finding: (not finding.absence, finding.severity))
        if by_chance and worst.rule not in self._severities:
            worst = worst._replace(severity=Severity.NOTE)
        return worst._replace(units=self._names(shown)) if len(shown) > 1 or self._worlds > 1 else worst

    def _names(self, shown: dict[_View, Finding]) -> tuple[str, ...]:
        """The units that show it, where there are several; the worlds, where a shared unit shows it in some only."""
        units = {view.unit for view in shown}
        if len(units) > 1:
            return tuple(sorted(units))
        return tuple(sorted(view.world for view in shown)) if len(shown) < self._worlds else ()


def _told_for(finding: Finding) -> Iterator[Location]:
    """The places at which it is told instead of others; the chain of one that is not sure does not count."""
    yield finding.location
    yield from finding.instead_of
    yield from (step.location for step in finding.chain if not finding.absence)


def _joined(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, those of a rule at one place that are not sure as one: they have one cause, and fail nothing."""
    places: dict[object, list[Finding]] = {}
    for finding in findings:
        place = (finding.rule, finding.location) if finding.absence else id(finding)
        places.setdefault(place, []).append(finding)
    for first, *others in places.values():
        yield first._replace(message=f"{first.message} ({len(others)} more here)") if others else first
