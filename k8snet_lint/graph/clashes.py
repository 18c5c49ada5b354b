"""Objects that one unit describes more than once, and differently."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.loader.identity import Identity, clashes
from k8snet_lint.loader.unit import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.resource import Resource

WORD = re.compile(r"[a-z]{3,}")


def clashing(resources: Iterable[Resource]) -> Iterator[tuple[Resource, ...]]:
    """The descriptions of each such object: those that the last one, which comes last, differs from.

    Helm's hooks, which come and go, and names that the API server completes are left out.
    """
    units: dict[str, dict[int, Resource]] = {}
    for resource in resources:
        if resource.name and not resource.name.endswith("*") and not resource.hooks:
            units.setdefault(resource.unit.name, {}).setdefault(id(resource.node), resource)
    for described in units.values():
        held = ((_identity(resource), resource, resource.node.value) for resource in described.values())
        for found in clashes(held):
            last, content = found[-1]
            yield (*(resource for resource, other in found if other != content), last)


def variants(found: Iterable[tuple[Resource, ...]]) -> dict[str, set[int]]:
    """By file, the numbers of the clashes that it takes part in; files with one in common are hardly both meant."""
    by_file: dict[str, set[int]] = {}
    for number, described in enumerate(found):
        for resource in described:
            by_file.setdefault(resource.file, set()).add(number)
    return by_file


def are_variants(one: Resource, other: Resource, clashes: dict[str, set[int]]) -> bool:
    """Whether two descriptions stand in variants to choose from: files that nothing builds, and that look like it.

    Such files clash repeatedly, or their names have a word in common.
    """
    first, second = (each.file for each in (one, other))
    if first == second or not one.unit.kind is other.unit.kind is UnitKind.PLAIN:
        return False
    shared = clashes.get(first, set()) & clashes.get(second, set())
    return len(shared) > 1 or not _words(first).isdisjoint(_words(second))


def _words(path: str) -> set[str]:
    return set(WORD.findall(path.rpartition("/")[2].lower().rpartition(".")[0]))


def _identity(resource: Resource) -> Identity:
    return Identity(resource.group, resource.kind, resource.namespace, resource.name)
