"""Which units one cluster gets together, and which are alternatives."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from k8snet_lint.joined import Joined
from k8snet_lint.loader.identity import clashes, identify
from k8snet_lint.loader.unit import NOTE, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.loader.unit import Unit

Clash = tuple[tuple[int, frozenset[int]], ...]
"""Units that hold the same object with different content: the unit's position, the contents it gives the object."""

MAX_TRIED = 16
"""How many worlds a label is compared with, so that the cost stays linear in what clashes."""


def worlds_of(units: Sequence[Unit]) -> tuple[World, ...]:
    """Part units that clash into worlds; a unit that clashes with nothing is in every one.

    Units that clash are parted by the directory name in which their paths differ, and those of the same name go
    together. Where no one name parts all units that hang together by clashes, each makes a world of its own.
    """
    if not units:
        return ()
    labels: dict[int, str] = {}
    for group in _connected(list(_clashes(units))):
        labels.update(_labels(group, units))
    if not labels:
        return (World("", (), tuple(units)),)
    shared = tuple(unit for position, unit in enumerate(units) if position not in labels)
    own: dict[str, list[Unit]] = {}
    for position, label in sorted(labels.items()):
        own.setdefault(label, []).append(units[position])
    return tuple(World(name, tuple(members), shared) for name, members in sorted(own.items()))


def _clashes(units: Sequence[Unit]) -> Iterator[Clash]:
    """The clashes between units; what one unit holds twice is no clash of units."""
    if len(units) < 2:
        return
    held = (
        (identity, position, written.node.value)
        for position, unit in enumerate(units)
        for written in unit.objects
        if (identity := identify(written, unit)) is not None
    )
    for descriptions in clashes(held):
        contents: dict[int, set[int]] = {}
        for position, number in descriptions:
            contents.setdefault(position, set()).add(number)
        clash = tuple((position, frozenset(numbers)) for position, numbers in contents.items())
        if len({numbers for _, numbers in clash}) > 1:
            yield clash


def _connected(found: Sequence[Clash]) -> list[list[Clash]]:
    """The clashes in groups that have no unit in common."""
    joined = Joined[int]()
    for (first, _), *others in found:
        for other, _ in others:
            joined.join(first, other)
    groups: dict[int, list[Clash]] = {}
    for clash in found:
        groups.setdefault(joined.leader(clash[0][0]), []).append(clash)
    return list(groups.values())


def _labels(group: Sequence[Clash], units: Sequence[Unit]) -> Mapping[int, str]:
    """The world of each unit that hangs together with the others by clashes.

    A directory that several units apply each in their own way is parted as those are.
    """
    names = {position: units[position].name for clash in group for position, _ in clash}
    directories = {position: units[position].directory for position in names}
    appliers = {
        position: units[position].applier.partition(NOTE)[0] or directory for position, directory in directories.items()
    }
    paths = (directories, appliers, names)
    for labels in chain(*map(_directory_names, paths), (names,)):
        if all(_parts(clash, labels) for clash in group):
            break
    joint = _agreeing(group, labels)
    return {position: joint[label] for position, label in labels.items()}


def _directory_names(paths: Mapping[int, str]) -> Iterator[dict[int, str]]:
    """The names along the paths, level by level from the left; a path that is at its end keeps its last."""
    split = {position: path.split("/") for position, path in paths.items()}
    for depth in range(max(map(len, split.values()))):
        yield {position: _name(names[min(depth, len(names) - 1)]) for position, names in split.items()}


def _name(part: str) -> str:
    """A part of a path without the bracket that closes what was opened in an earlier one."""
    return part if "(" in part else part.rstrip(")")


def _parts(clash: Clash, labels: Mapping[int, str]) -> bool:
    """Whether units of the same label give the object the same content."""
    content: dict[str, frozenset[int]] = {}
    return all(content.setdefault(labels[position], held) == held for position, held in clash)


def _agreeing(group: Sequence[Clash], labels: Mapping[int, str]) -> dict[str, str]:
    """The name of the world that each label joins.

    Labels that give some object the same content, and none another, are no alternatives: a hundred applications
    that agree on their namespace stay one cluster when one more describes it differently.
    """
    contents: dict[str, dict[int, frozenset[int]]] = {}
    for number, clash in enumerate(group):
        for position, held in clash:
            contents.setdefault(labels[position], {})[number] = held
    worlds: list[tuple[list[str], dict[int, frozenset[int]]]] = []
    sharing: dict[tuple[int, frozenset[int]], list[int]] = {}
    for label in sorted(contents):
        described = contents[label]
        candidates = {world for item in described.items() for world in sharing.get(item, ())[:MAX_TRIED]}
        for candidate in sorted(candidates)[:MAX_TRIED]:
            members, known = worlds[candidate]
            if all(known.get(number, held) == held for number, held in described.items()):
                break
        else:
            candidate, members, known = len(worlds), [], {}
            worlds.append((members, known))
        members.append(label)
        for item in described.items():
            if item[0] not in known:
                known[item[0]] = item[1]
                sharing.setdefault(item, []).append(candidate)
    return {label: _joint_name(members) for members, _ in worlds for label in members}


def _joint_name(labels: Sequence[str]) -> str:
    return "+".join(labels) if len(labels) < 4 else f"{labels[0]}+{len(labels) - 1} more"
