"""What lies in one directory: policies whose namespace differs from it, or that its kustomization passes over."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from k8snet_lint.loader.unit import UnitKind
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Kustomization, Namespace, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.graph.resources import Resources
    from k8snet_lint.resource import Resource

ENOUGH = 3
"""Fewer policies than these are no majority and one that differs."""


EXAMPLES = frozenset({"example", "examples", "doc", "docs", "sample", "samples", "test", "tests", "testdata"})
"""Directories below which files are there to be read or tried, not to be applied."""


class Stray(NamedTuple):
    """A policy in another namespace than what lies beside it: `home` is theirs, `witness` one of them."""

    policy: NetworkPolicy
    home: str
    witness: Resource


def strays(world: Resources) -> Iterator[Stray]:
    """Each directory's policy that alone names another namespace than all that lies in its directory."""
    for directory in dict.fromkeys(policy.directory for policy in world.select(NetworkPolicy)):
        found = _stray(directory, world.in_directory(directory))
        if found is not None:
            yield found


def _stray(directory: str, resources: Sequence[Resource]) -> Stray | None:
    """The policy of a directory, given all that lies in it, whose namespace nothing else there shares."""
    lives = [(each, _lives_in(each)) for each in resources]
    spaces = Counter(space for _, space in lives if space)
    policies = [each for each in resources if isinstance(each, NetworkPolicy)]
    odd = [each for each in policies if spaces[each.namespace] == 1]
    if len(odd) != 1 or odd[0].is_raw or odd[0].is_generated or odd[0].awaits_namespace:
        return None
    if not all(each.namespace for each in policies):
        return None
    homes = {space for space in spaces if space != odd[0].namespace}
    named = {each.name for each in resources if isinstance(each, Namespace)}
    called = directory.rpartition("/")[2]
    if len(homes) == 1 and (len(policies) >= ENOUGH or named == homes == {called}):
        (home,) = homes
        return Stray(odd[0], home, next(each for each, space in lives if space == home))
    return None


def _lives_in(resource: Resource) -> str:
    return resource.name if isinstance(resource, Namespace) else resource.namespace


class Orphan(NamedTuple):
    """A policy in a file that no kustomization lists, and the one beside it that lists others."""

    policy: Resource
    kustomization: Kustomization


def orphans(world: Resources) -> Iterator[Orphan]:
    """The first policy of each file that a kustomization of its directory passes over."""
    policies = [each for each in world.resources if each.kind.endswith("NetworkPolicy")]
    beside = {
        directory: [each for each in world.in_directory(directory) if isinstance(each, Kustomization)]
        for directory in {policy.directory for policy in policies}
    }
    seen: set[str] = set()
    for policy in policies:
        found = beside[policy.directory]
        if found and policy.file not in seen and _is_passed_over(policy, found):
            seen.add(policy.file)
            yield Orphan(policy, found[0])


def _is_passed_over(policy: Resource, beside: Sequence[Kustomization]) -> bool:
    directory, _, file = policy.file.rpartition("/")
    shown = not EXAMPLES.isdisjoint(directory.lower().split("/"))
    if policy.unit.kind is not UnitKind.PLAIN or shown or any(each.names(file) for each in beside):
        return False
    return any(entry.endswith((".yaml", ".yml", ".json")) for each in beside for entry in each.listed)
