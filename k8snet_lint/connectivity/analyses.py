"""The analysis of every world of what was loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph import Graph
from k8snet_lint.reach import Reach
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from k8snet_lint.facts import Facts
    from k8snet_lint.loader import Loaded
    from k8snet_lint.source import Location


class Analysis(NamedTuple):
    """One world's analysis; `world` is empty where there is but one."""

    world: str
    reach: Reach


class Flawed(NamedTuple):
    """A part of a policy that the API server rejects, and what the analysis makes of it."""

    policy: str
    location: Location
    message: str
    effect: str


def analyses(loaded: Loaded, facts: Facts) -> tuple[Analysis, ...]:
    """One for each world, in their order; nothing is computed before it is asked for."""
    graphs = Graph.of_worlds(loaded.worlds, facts)
    return tuple(Analysis(world.name, Reach.of(graph)) for world, graph in zip(loaded.worlds, graphs, strict=True))


def flawed(reach: Reach) -> tuple[Flawed, ...]:
    """What the analysis could not take as it is written, in the order of files."""
    found = {Flawed(str(each.resource), each.at.location, each.message, each.effect) for each in reach.degraded}
    return tuple(sorted(found, key=lambda each: (each.location.sort_key, each.message)))
