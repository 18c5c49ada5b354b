"""Objects that one unit describes more than once, and differently; files that do so are alternatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.expression import expression
from k8snet_lint.graph.resources import Resources
from k8snet_lint.loader.identity import Identity, clashes
from k8snet_lint.loader.unit import UnitKind
from k8snet_lint.placeholder import is_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.resource import Resource

SEVERAL = 3
"""So many files of a directory that describe one object are examples or tests rather than a slip."""

TESTS = frozenset({"chainsaw.kyverno.io", "cli.kyverno.io", "kuttl.dev"})
"""The groups of objects that describe tests by steps, or by objects before and after."""

WORD = expression(r"[A-Za-z][a-z]{2,}|[A-Z]{3,}")
"""A word of a file's name, be they parted by `-` or by capitals."""


Described = tuple["Resource", ...]
"""The descriptions of an object that its unit describes differently, in order; the last one wins."""


class Clashing:
    """The clashes within units, each of which is looked at once, however many worlds hold it."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[Described, ...]] = {}

    def of(self, resources: Iterable[Resource]) -> Iterator[Described]:
        """The objects that one unit describes differently, given all that the units hold."""
        units: dict[int, list[Resource]] = {}
        for resource in resources:
            units.setdefault(id(resource.unit), []).append(resource)
        for unit, held in units.items():
            found = self._found.get(unit)
            if found is None:
                found = self._found[unit] = tuple(_clashing(held))
            yield from found


class Alternatives(Resources):
    """Resources, and which of them are hardly meant to be applied together."""

    @cached_property
    def clashing(self) -> Clashing:
        """What is known of the units that the resources are of."""
        return Clashing()

    @cached_property
    def clashes(self) -> tuple[Described, ...]:
        """The objects that one unit describes differently: their descriptions in order, of which the last one wins."""
        return tuple(self.clashing.of(self.resources))

    def are_alternatives(self, one: Resource, other: Resource) -> bool:
        """Whether their files describe some object differently, so that hardly both are meant to be applied."""
        first, second = one.file, other.file
        if first == second:
            return False
        together = one.directory == other.directory and one.directory in self._collections
        return together or not self._clashes_in(first).isdisjoint(self._clashes_in(second))

    def are_variants(self, one: Resource, other: Resource) -> bool:
        """Whether two descriptions of an object stand in variants: files that nothing builds, and that look like it.

        Such files clash repeatedly, their names have a word in common, one holds all that the other holds, or they
        are steps of a test, each of which is applied after the one before.
        """
        first, second = one.file, other.file
        if first == second or not one.unit.kind is other.unit.kind is UnitKind.PLAIN:
            return False
        shared = self._clashes_in(first) & self._clashes_in(second)
        if len(shared) > 1 or not _words(first).isdisjoint(_words(second)):
            return True
        if one.directory == other.directory and any(map(_is_of_test, self.in_directory(one.directory))):
            return True
        few, many = sorted((self._held_with(one), self._held_with(other)), key=len)
        return 1 < len(few) == len(few & many)

    def _held_with(self, described: Resource) -> set[Identity]:
        """All objects that a file describes."""
        beside = self.in_directory(described.directory)
        return {_identity(each) for each in beside if each.file == described.file}

    @cached_property
    def _collections(self) -> frozenset[str]:
        """The directories of files to choose from: several of them describe one object, each in its own way.

        A Namespace is described by everyone who has something in it.
        """
        files: dict[tuple[int, str], set[str]] = {}
        for number, described in enumerate(self.clashes):
            for resource in described if described[-1].kind != "Namespace" else ():
                files.setdefault((number, resource.directory), set()).add(resource.file)
        return frozenset(directory for (_, directory), found in files.items() if len(found) >= SEVERAL)

    def _clashes_in(self, file: str) -> set[int]:
        """The numbers of the clashes that a file takes part in."""
        return self._by_file.get(file, set())

    @cached_property
    def _by_file(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for number, described in enumerate(self.clashes):
            for resource in described:
                found.setdefault(resource.file, set()).add(number)
        return found


def _clashing(resources: Iterable[Resource]) -> Iterator[Described]:
    """The descriptions of each such object of a unit: those that the last one, which comes last, differs from.

    Helm's hooks, which come and go, names that something has still to complete, and what tests expect are left out.
    """
    described: dict[int, Resource] = {}
    for resource in resources:
        if resource.name and not (resource.name.endswith("*") or resource.hooks or resource.is_expectation):
            described.setdefault(id(resource.node), resource)
    held = ((_identity(resource), resource, resource.node.value) for resource in described.values())
    for found in clashes(held):
        last, content = found[-1]
        if not is_open(last.name):
            yield (*(resource for resource, other in found if other != content), last)


def _is_of_test(resource: Resource) -> bool:
    """Whether it says of its directory that it is a test of Chainsaw or kuttl."""
    return resource.group in TESTS or resource.is_asserted


def _words(path: str) -> set[str]:
    return {word.lower() for word in WORD.findall(path.rpartition("/")[2].rpartition(".")[0])}


def _identity(resource: Resource) -> Identity:
    return Identity(resource.group, resource.kind, resource.namespace, resource.name)
