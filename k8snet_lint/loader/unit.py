"""What one act applies: a unit of objects, and the world of units that one cluster gets together."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from k8snet_lint.errors import Skipped, Unread
    from k8snet_lint.kustomize import Flaw
    from k8snet_lint.manifest import InputProblem, Node
    from k8snet_lint.source import Source


ENVIRONMENTS = 3
"""Up to so many worlds are environments, each of which counts; more are examples, tests and variants to choose from."""

NOTE = " ("
"""What parts the directory in a unit's name from what tells it from others of the same directory."""

OTHER_FILES = f"{NOTE}other files)"
"""What follows a directory's name in the name of the unit of those files that its kustomization does not list."""


class Object(NamedTuple):
    """An API object as written; a typed list's item has its apiVersion and kind from the list."""

    node: Node
    api_version: str
    kind: str


EVERY_KIND = "*"
"""Stands in `Unit.patched` for any kind."""


class UnitKind(enum.Enum):
    """How a unit's objects came to be.

    PLAIN: read as they stand. BUILT: what a tool makes of them. RAW: something would build them, but did not,
    so namespaces, names and labels may still change.
    """

    PLAIN = "plain"
    BUILT = "built"
    RAW = "raw"


class Unit(NamedTuple):
    """Objects that are applied by one act.

    Shapes: `name` is the root's path as given, with `/`, and no other unit's; `namespace` is what the act gives
    to objects that name none, and with `namespace_overrides` to all namespaced ones (Kustomize's `namespace`),
    empty where it gives none, and `is_assumed` where nobody told it, as that of a chart's release; `reason` says why
    a RAW unit was not built, and `patched` which kinds its parts would change the values of; `flaws` are
    what its build met; `templates` are the directories that hold files which wait for a template engine, or values for
    a chart of elsewhere, and `unread` those that hold files which could not be read; `awaits_values` tells of a chart
    that nobody says the values of, so that it has its own;
    `applier` is the unit that holds what has this one applied, empty where nothing has.
    """

    name: str
    kind: UnitKind
    objects: tuple[Object, ...]
    namespace: str = ""
    namespace_overrides: bool = False
    reason: str = ""
    flaws: tuple[Flaw, ...] = ()
    templates: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    patched: frozenset[str] = frozenset()
    is_assumed: bool = False
    awaits_values: bool = False
    applier: str = ""

    @property
    def directory(self) -> str:
        """The directory that it is of: its name without what tells it from others of the same."""
        return self.name.partition(NOTE)[0]

    def may_patch(self, kind: str) -> bool:
        """Whether what was not built would have changed values of a kind."""
        return not self.patched.isdisjoint((EVERY_KIND, kind))

    def namespace_of(self, written: str) -> str:
        """Where an object of a namespaced kind will live that is written in this namespace, or in none."""
        return self.namespace if self.namespace and (self.namespace_overrides or not written) else written


class World(NamedTuple):
    """The units that one cluster gets together; `name` is empty where there is but one world.

    Shapes: `own` are units of this world alone; `shared` are in every world, the same tuple in each, so that
    what is computed of them can be computed once.
    """

    name: str
    own: tuple[Unit, ...]
    shared: tuple[Unit, ...] = ()

    @property
    def units(self) -> tuple[Unit, ...]:
        return self.shared + self.own


class Notice(NamedTuple):
    """What an entry of the configuration does not lead to; `path` is where the configuration holds the entry."""

    path: tuple[str | int, ...]
    message: str


class Loaded(NamedTuple):
    """All that was read.

    Shapes: `worlds` share their units; `problems` are places within files that could not be read or that
    repeat a key; `unread` are whole inputs; `skipped` are counts of what was recognised and not judged;
    `sources` are the texts that hold objects, by name; `notices` are about the configuration's charts, units and
    worlds; `definitions` are the CustomResourceDefinitions of the kinds that objects are of.
    """

    worlds: tuple[World, ...]
    units: tuple[Unit, ...]
    problems: tuple[InputProblem, ...]
    unread: tuple[Unread, ...]
    skipped: tuple[Skipped, ...]
    sources: tuple[Source, ...]
    files: int
    documents: int
    notices: tuple[Notice, ...] = ()
    definitions: tuple[Node, ...] = ()

    @property
    def raw(self) -> tuple[str, ...]:
        """The units that were not built, each with why."""
        return tuple(f"{unit.name}: {unit.reason}" for unit in self.units if unit.kind is UnitKind.RAW)
