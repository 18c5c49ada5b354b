"""What changed of connections between two versions of the manifests, the riskiest first, with the lines that did it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from k8snet_lint.connectivity.edits import EditedLine, edited
from k8snet_lint.connectivity.exposed import publications
from k8snet_lint.connectivity.naming import Names, Naming
from k8snet_lint.connectivity.sides import Sides
from k8snet_lint.reach import NONE, EndpointKind
from k8snet_lint.reach.addresses import INTERNET
from k8snet_lint.reach.diff import ChangeKind, Diff, Difference, Held
from k8snet_lint.resource import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.connectivity.analyses import Analysis
    from k8snet_lint.connectivity.exposed import Publication
    from k8snet_lint.errors import Unread
    from k8snet_lint.reach import Connections, Endpoint, Reach


class Risk(enum.IntEnum):
    """How far a change reaches: within a namespace, across namespaces or to private addresses, to the world."""

    WITHIN = 1
    ACROSS = 2
    WORLD = 3


class FailOn(enum.StrEnum):
    """Which changes make a run fail: new ones to the world, any new ones, any at all."""

    WORLD = "world"
    ADDED = "added"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Changed:
    """Connections from every source to every target that are others than before.

    Shapes: `gained` are those that were surely denied, or not surely allowed, before and are so no longer; `lost` the
    other way round; `lines` are where the manifests differ that have a say; `opens` tells, for risk WORLD, whether the
    world is the source; `via` is the object that leads outside traffic there, empty for what policies decide.
    """

    kind: ChangeKind
    risk: Risk
    sources: Names
    targets: Names
    old: Held
    new: Held
    gained: Connections
    lost: Connections
    lines: tuple[EditedLine, ...]
    opens: bool = False
    via: str = ""


@dataclass(frozen=True, slots=True)
class WorldChanges:
    """The changes of one world; `note` says where a world is in one version only."""

    world: str
    changes: tuple[Changed, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of all worlds.

    Shapes: `old` and `new` are the versions as given; `unread` is what could not be read of them, `gaps` are lines
    on what was not analysed though it may matter.
    """

    old: str
    new: str
    worlds: tuple[WorldChanges, ...]
    unread: tuple[Unread, ...] = ()
    gaps: tuple[str, ...] = ()

    def fail(self, on: FailOn) -> bool:
        """Whether some change is of the kind that fails a run."""
        every = [change for world in self.worlds for change in world.changes]
        match on:
            case FailOn.ANY:
                return bool(every) or any(world.note for world in self.worlds)
            case FailOn.ADDED:
                return any(_gains(change) for change in every)
            case FailOn.WORLD:
                return any(_gains(change) and change.risk is Risk.WORLD for change in every)


def _gains(change: Changed) -> bool:
    return bool(change.gained) or (bool(change.via) and change.kind is ChangeKind.ADDED)


def changes(old: Sequence[Analysis], new: Sequence[Analysis], names: tuple[str, str]) -> Changes:
    """What differs, world by world; one unnamed world is compared with every world of the other version."""
    before, after = dict(old), dict(new)
    found = []
    for world in dict.fromkeys((*after, *before)):
        one = before.get(world) or (before.get("") if len(before) == 1 else None)
        other = after.get(world) or (after.get("") if len(after) == 1 else None)
        if one is not None and other is not None:
            if world or len(before) == len(after) == 1:
                found.append(WorldChanges(world, tuple(_sorted(_changes(one, other)))))
        elif world:
            where = names[0] if other is None else names[1]
            found.append(WorldChanges(world, (), f"this world is in {where} only"))
    return Changes(*names, tuple(found))


def _sorted(found: Iterator[Changed]) -> list[Changed]:
    """What is new before what is gone, the riskiest of each first."""
    kinds = list(ChangeKind)
    return sorted(
        found,
        key=lambda each: (
            not _gains(each),
            -each.risk,
            not each.opens,
            kinds.index(each.kind),
            each.sources,
            each.targets,
            each.via,
            str(each.gained),
            str(each.lost),
        ),
    )


def _changes(old: Reach, new: Reach) -> Iterator[Changed]:
    keys = {each.key for each in new.workloads}
    naming = Naming([*new.workloads, *(each for each in old.workloads if each.key not in keys)])
    found: dict[tuple[frozenset[Endpoint], Held, Held, tuple[EditedLine, ...]], dict[Endpoint, None]] = {}
    diff = Diff(old, new)
    sides = Sides(diff)
    for each in diff:
        lines = sides.relevant(each, tuple(line for pair in each.causes for line in edited(*pair)))
        key = (frozenset(each.targets), each.old, each.new, lines)
        found.setdefault(key, {}).update(dict.fromkeys(each.sources))
    for (targets, before, after, lines), sources in found.items():
        yield Changed(
            kind=Difference((), (), before, after, ()).kind,
            risk=_risk(tuple(sources), tuple(targets)),
            sources=naming.of(sources),
            targets=naming.of(targets),
            old=before,
            new=after,
            gained=(after.possible - before.possible) | (after.definite - before.definite),
            lost=(before.possible - after.possible) | (before.definite - after.definite),
            lines=tuple(sorted(lines, key=lambda line: (not line.is_new, line.location.sort_key))),
            opens=any(map(_is_public, sources)),
        )
    yield from _opened(sides, Naming(new.workloads))
    yield from _published(old, new)


def _opened(sides: Sides, naming: Naming) -> Iterator[Changed]:
    """Workloads that any pod, of whatever namespace, surely may connect to now or no longer, or the other way round.

    What holds for the internet as well is told of that.
    """
    found: dict[tuple[Direction, Connections, Connections, tuple[EditedLine, ...]], list[Endpoint]] = {}
    for each in sides.common:
        for direction in Direction:
            before, after = sides.with_any_pod(direction, each.key)
            out, into = sides.with_internet(direction, each.key) if before != after else (NONE, NONE)
            if (after - before) - (into - out) or (before - after) - (out - into):
                lines = tuple(line for pair in sides.causes(direction, each) for line in edited(*pair))
                found.setdefault((direction, before, after, lines), []).append(each)
    for (direction, before, after, lines), endpoints in found.items():
        peer, subjects = ("any pod of the cluster",), naming.of(endpoints)
        held = Held(before, before), Held(after, after)
        yield Changed(
            kind=Difference((), (), *held, ()).kind,
            risk=Risk.ACROSS,
            sources=peer if direction is Direction.INGRESS else subjects,
            targets=subjects if direction is Direction.INGRESS else peer,
            old=held[0],
            new=held[1],
            gained=after - before,
            lost=before - after,
            lines=lines,
        )


def _is_public(endpoint: Endpoint) -> bool:
    """Whether it holds an address of the internet: every class of addresses lies in it, or outside."""
    if endpoint.kind is EndpointKind.DOMAIN:
        return True
    if endpoint.kind is not EndpointKind.ADDRESSES:
        return False
    internet = INTERNET[endpoint.version]
    return any(low <= first <= high for first, _ in endpoint.ranges for low, high in internet)


def _risk(sources: tuple[Endpoint, ...], targets: tuple[Endpoint, ...]) -> Risk:
    every = (*sources, *targets)
    if any(map(_is_public, every)):
        return Risk.WORLD
    outside = any(each.kind is not EndpointKind.WORKLOAD for each in every)
    return Risk.ACROSS if outside or len({each.namespace for each in every}) > 1 else Risk.WITHIN


def _published(old: Reach, new: Reach) -> Iterator[Changed]:
    """Workloads that something leads outside traffic to now, or no longer."""
    before, after = _by_name(old), _by_name(new)
    for kind, had, has in ((ChangeKind.ADDED, before, after), (ChangeKind.REMOVED, after, before)):
        for (key, name), publication in has.items():
            if (key, name) not in had:
                is_new, opens = kind is ChangeKind.ADDED, not publication.is_closed
                what = f"{'leads' if is_new else 'led'} there{'' if opens else ', where policies deny it'}"
                line = EditedLine(publication.location, is_new, name, what, "")
                ends, risk = (("outside traffic",), (key,)), Risk.WORLD if opens else Risk.WITHIN
                yield Changed(kind, risk, *ends, Held(), Held(), NONE, NONE, (line,), opens=opens, via=name)


def _by_name(reach: Reach) -> Mapping[tuple[str, str], Publication]:
    return {(key, each.name): each for key, by in publications(reach) for each in by}
