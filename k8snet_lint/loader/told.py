"""Units and worlds as the configuration tells them, in place of what is discovered; and charts that are not there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snet_lint.loader.globs import covering
from k8snet_lint.loader.unit import Notice, Unit, UnitKind, World
from k8snet_lint.loader.worlds import worlds_of
from k8snet_lint.nearest import did_you_mean
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from k8snet_lint.loader.charts import Charts
    from k8snet_lint.loader.options import LoadOptions, UnitFiles, WorldUnits
    from k8snet_lint.loader.unit import Object

OTHERS = "other units"
"""What the world of those units is called that the configuration puts into none."""


class Told(NamedTuple):
    """The units and worlds that there are, and what of the configuration leads to nothing."""

    units: tuple[Unit, ...]
    worlds: tuple[World, ...]
    notices: tuple[Notice, ...] = ()


def as_told(units: Sequence[Unit], options: LoadOptions, charts: Charts | None = None) -> Told:
    """Put files into the units that the configuration names, and units into its worlds."""
    notices = [*_unmet(options, charts)] if options.render else []
    arranged = tuple(_arranged(units, options, notices)) if options.units else tuple(units)
    worlds = tuple(_worlds(arranged, options, notices)) if options.worlds else worlds_of(arranged)
    return Told(arranged, worlds, tuple(notices))


def _unmet(options: LoadOptions, charts: Charts | None) -> Iterator[Notice]:
    """The entries for charts that no chart answers to."""
    for number, entry in enumerate(options.charts):
        if charts is None or not charts.is_met(entry):
            asked = did_you_mean(entry.path, charts.names.values() if charts else ())
            yield Notice(("charts", number, "path"), f"no chart lies at '{entry.path}'{asked}")


def _arranged(units: Sequence[Unit], options: LoadOptions, notices: list[Notice]) -> Iterator[Unit]:
    """The units of which those of plain files give up what entries of the configuration take.

    What a kustomization or a chart makes stays a unit; the entry that takes its directory names it.
    """
    takes = _Takes(options)
    files: list[list[Object]] = [[] for _ in options.units]
    roots: list[list[Unit]] = [[] for _ in options.units]
    left = [kept for unit in units if (kept := _left(unit, takes, files, roots))]
    yield from left
    taken = {unit.name for unit in left}
    for number, entry in enumerate(options.units):
        made = _made(entry, files[number], roots[number], options)
        if not made:
            notices.append(Notice(("units", number), f"no manifest is in the unit '{entry.name}'"))
        for unit in made:
            name = _free(unit.name, taken)
            taken.add(name)
            yield unit._replace(name=name)


def _left(unit: Unit, takes: _Takes, files: list[list[Object]], roots: list[list[Unit]]) -> Unit | None:
    """What entries leave of a unit, and what they take of it: its objects by their files, or the whole root."""
    if unit.kind is not UnitKind.PLAIN:
        numbers = takes(unit.directory)
        for number in numbers:
            roots[number].append(unit)
        return None if numbers else unit
    kept = []
    for written in unit.objects:
        numbers = takes(written.node.document.source.name)
        for number in numbers:
            files[number].append(written)
        if not numbers:
            kept.append(written)
    return unit._replace(objects=tuple(kept)) if kept else None


def _made(entry: UnitFiles, files: Sequence[Object], roots: Sequence[Unit], options: LoadOptions) -> list[Unit]:
    """The units of an entry: one of its files, and the roots under its name."""
    namespace = entry.namespace or options.namespace
    made = [Unit(entry.name, UnitKind.PLAIN, tuple(files), namespace)] if files else []
    alone = not made and len(roots) == 1
    return [*made, *(_named(unit, entry, options, alone=alone) for unit in roots)]


class _Takes:
    """Tells which entries take a path; each path is looked at once."""

    def __init__(self, options: LoadOptions) -> None:
        self._directory = options.directory
        self._takes = [covering(entry.paths) for entry in options.units]
        self._known: dict[str, tuple[int, ...]] = {}

    def __call__(self, name: str) -> tuple[int, ...]:
        found = self._known.get(name)
        if found is None:
            below = _below(name, self._directory)
            found = self._known[name] = tuple(number for number, takes in enumerate(self._takes) if takes(below))
        return found


def _named(unit: Unit, entry: UnitFiles, options: LoadOptions, *, alone: bool) -> Unit:
    """What a root builds, under the entry's name, and in its namespace where it has none of its own."""
    gives = bool(entry.namespace) and unit.namespace in ("", options.namespace)
    return unit._replace(
        name=entry.name if alone else f"{entry.name} ({unit.name})",
        namespace=entry.namespace if gives else unit.namespace,
    )


def _worlds(units: Sequence[Unit], options: LoadOptions, notices: list[Notice]) -> Iterator[World]:
    """The worlds of the configuration, and those that the units make which are in none."""
    members = [_members(units, number, entry, options, notices) for number, entry in enumerate(options.worlds)]
    placed = set[int]().union(*members)
    rest = [unit for number, unit in enumerate(units) if number not in placed]
    alone = [number for number in members[0] if all(number in each for each in members)] if not rest else []
    shared = tuple(units[number] for number in alone)
    for entry, numbers in zip(options.worlds, members, strict=True):
        if numbers:
            yield World(entry.name, tuple(units[number] for number in numbers if number not in alone), shared)
    for world in worlds_of(rest):
        yield world._replace(name=f"{OTHERS}: {world.name}" if world.name else OTHERS)
    if rest:
        names = ", ".join(f"'{unit.name}'" for unit in rest[:3]) + (f" and {len(rest) - 3} more" if rest[3:] else "")
        notices.append(Notice(("worlds",), f"no world takes {names}, judged as '{OTHERS}'"))


def _members(
    units: Sequence[Unit], number: int, entry: WorldUnits, options: LoadOptions, notices: list[Notice]
) -> tuple[int, ...]:
    """The positions of the units that an entry takes."""
    found: set[int] = set()
    for place, pattern in enumerate(entry.units):
        takes = covering((pattern,))
        meant = {position for position, unit in enumerate(units) if _is_meant(unit, pattern, takes, options)}
        if not meant:
            asked = did_you_mean(pattern, [unit.name for unit in units])
            message = f"no unit is called '{pattern}'{asked}"
            notices.append(Notice(("worlds", number, "units", place), message))
        found |= meant
    return tuple(sorted(found))


def _is_meant(unit: Unit, pattern: str, takes: Callable[[str], bool], options: LoadOptions) -> bool:
    return unit.name == pattern or takes(unit.name) or takes(_below(unit.directory, options.directory))


def _below(name: str, directory: str) -> str:
    """A shown path relative to the configuration's directory."""
    if directory == ".":
        return name
    try:
        return os.path.relpath(name, directory).replace(os.sep, "/")
    except ValueError:  # another drive
        return name


def _free(name: str, taken: Iterable[str]) -> str:
    """The name, with a number where it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} #{number}"
    return free
