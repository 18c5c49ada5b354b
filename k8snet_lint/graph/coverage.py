"""What part of the world was scanned, so that "wrong" can be told from "not in these files"."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.clashes import Alternatives
from k8snet_lint.graph.edges import Absence
from k8snet_lint.graph.names import Names
from k8snet_lint.graph.namespaces import UNSET
from k8snet_lint.graph.references import names_wanted
from k8snet_lint.graph.releases import is_at, released
from k8snet_lint.graph.resources import NONE
from k8snet_lint.loader.names import above
from k8snet_lint.loader.unit import UnitKind
from k8snet_lint.resource import ConfigMap, Resource, Secret, Service, operated
from k8snet_lint.resource.secret_makers import EVERYWHERE, config_map_made, secrets_made
from k8snet_lint.resource.service_makers import may_make_services
from k8snet_lint.selector import Operator
from k8snet_lint.spellings import NO_SPELLINGS, spellings_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph.resources import Examples
    from k8snet_lint.selector import Selector
    from k8snet_lint.spellings import Spellings


class Coverage(Alternatives):
    """Resources, and what else would be among them if it existed."""

    def __init__(self, resources: Iterable[Resource], facts: Facts, examples: Examples = NONE) -> None:
        super().__init__(resources, facts, examples)
        self._not_covered: dict[type[Resource], Names] = {}

    def covers(self, kind: type[Resource], namespace: str, source: Resource | None = None) -> bool:
        """Whether the world holds things of that kind there, so that one that `source` misses is really missing.

        A template beside the source that waits for its engine may make what is missed, and so may a chart of elsewhere
        whose values lie there, or that is released into the namespace. A file there that could not be read may hold it.
        Files that name no namespace go to the same one only where they lie together: in one directory, or below it.
        One of many alternatives is an example or a test, whose surroundings are none of the other files: it has to
        hold things of that kind itself.
        Secrets, cluster-scoped kinds and system namespaces are filled by so many hands that they are never covered,
        unless the user says that nothing lives outside (`assume.complete`).
        """
        if self.facts.assumed.complete:
            return True
        elsewhere = kind is Secret or kind.cluster_scoped or namespace in self.facts.system_namespaces
        if elsewhere or (kind, namespace) not in self._covered or namespace in self._released:
            return False
        if source is not None and (source.is_beside_templates or source.is_beside_unread):
            return False
        if source is not None and source.unit.name in self.examples.units:
            return (source.unit.name, kind, namespace) in self._covered_by_examples
        if namespace or source is None or source.unit.kind is not UnitKind.PLAIN:
            return True
        return self._lie_together(kind, source.directory)

    def is_filled_elsewhere(self, source: Resource) -> bool:
        """Whether a chart of elsewhere, or a template beside the source, may bring anything to its namespace."""
        return source.is_beside_templates or (source.namespace in self._released and not self.facts.assumed.complete)

    def covers_all(self, kind: type[Resource], namespaces: Collection[str], source: Resource) -> bool:
        """Whether it does so in each of some namespaces."""
        if isinstance(namespaces, Names) and UNSET not in namespaces and not self.facts.assumed.complete:
            unknown = source.is_beside_templates or source.is_beside_unread
            return not unknown and not namespaces & self._uncovered(kind)
        return all(self.covers(kind, name, source) for name in namespaces)

    def _uncovered(self, kind: type[Resource]) -> Names:
        found = self._not_covered.get(kind)
        if found is None:
            names = (name for name in self.namespaces.names if not self.covers(kind, name))
            found = self._not_covered[kind] = self.namespaces.of(names)
        return found

    def absence(self, kind: type[Resource], namespace: str) -> Absence:
        """How sure it is that something of that kind, missed there, is missing."""
        return Absence(self.covers(kind, namespace))

    def supplies(self, kind: type[Resource], namespace: str, name: str) -> bool:
        """Whether something makes an object of that kind and name out of another object of the world."""
        names, patterns = self._supplied.get((kind, namespace), ((), ()))
        if name in names or any(fnmatchcase(name, pattern) for pattern in patterns):
            return True
        if kind is Service and any(f"{name}-".startswith(f"{each}-") for each in self._released.get(namespace, ())):
            return True
        if kind is ConfigMap:
            return name in self._config_maps_made
        return kind is Secret and not self._secrets_made.isdisjoint(((namespace, name), (EVERYWHERE, name)))

    def makes(self, kind: type[Resource], namespace: str) -> bool:
        """Whether an operator makes objects of that kind there, with labels of its own choice."""
        return (kind, namespace) in self._operated

    def may_be_operated(self, namespace: str, name: str) -> bool:
        """Whether a Service of that name may be an operator's: it goes on from the name of a custom resource there."""
        return any(namespace in homes for homes in self._homes_of(name))

    def may_operate(self, namespaces: Collection[str], wanted: Selector) -> bool:
        """Whether an operator may make what a selector means in some namespaces.

        Operators put the name of a custom resource, or what goes on from it, into a label of all that they make of it.
        """
        told = (value for each in wanted.requirements if each.operator is Operator.IN for value in each.values)
        return any(home in namespaces for value in told for homes in self._homes_of(value) for home in homes)

    def unclaimed(self, kind: type[Resource], namespace: str) -> Spellings:
        """The names of the resources of a kind and namespace that no reference of the world names."""
        return self._unclaimed.get((kind, namespace), NO_SPELLINGS)

    @cached_property
    def _covered(self) -> frozenset[tuple[type[Resource], str]]:
        return frozenset((type(resource), resource.namespace) for resource in self.resources)

    @cached_property
    def _covered_by_examples(self) -> frozenset[tuple[str, type[Resource], str]]:
        own = (resource for resource in self.resources if resource.unit.name in self.examples.units)
        return frozenset((resource.unit.name, type(resource), resource.namespace) for resource in own)

    @cached_property
    def _released(self) -> dict[str, tuple[str, ...]]:
        return released(self.resources, self.holds_unit_at)

    def holds_unit_at(self, path: str) -> bool:
        """Whether objects of a unit at that path of a repository are among the resources."""
        return any(is_at(path, unit) for unit in self._units)

    @cached_property
    def _units(self) -> frozenset[str]:
        return frozenset(each.unit.name for each in self.resources)

    def _lie_together(self, kind: type[Resource], directory: str) -> bool:
        holding, outer = self._unset.get(kind, (set(), set()))
        return directory in outer or not holding.isdisjoint((directory, *above(directory)))

    @cached_property
    def _unset(self) -> dict[type[Resource], tuple[set[str], set[str]]]:
        """The directories that hold things of each kind in no namespace, and those above them."""
        found: dict[type[Resource], tuple[set[str], set[str]]] = {}
        for resource in self.resources:
            if not resource.namespace:
                holding, outer = found.setdefault(type(resource), (set(), set()))
                directory = resource.directory
                if directory not in holding:
                    holding.add(directory)
                    outer.update(above(directory))
        return found

    @cached_property
    def _operated(self) -> dict[tuple[type[Resource], str], list[str]]:
        supplied: dict[tuple[type[Resource], str], list[str]] = {}
        for resource in self.resources:
            made = operated(resource)
            if made is not None:
                for kind, names in ((Service, made.services), (Secret, made.secrets)):
                    if names:
                        supplied.setdefault((kind, resource.namespace), []).extend(names)
        return supplied

    @cached_property
    def _supplied(self) -> dict[tuple[type[Resource], str], tuple[Collection[str], Collection[str]]]:
        """The same, names apart from patterns."""
        return {
            key: ({*names}, [name for name in dict.fromkeys(names) if not {*"*?["}.isdisjoint(name)])
            for key, names in self._operated.items()
        }

    def _homes_of(self, name: str) -> Iterator[Collection[str]]:
        """The namespaces of custom resources whose name a name goes on from."""
        parts = name.split("-")
        return (self._homes.get("-".join(parts[:count]), ()) for count in range(1, len(parts) + 1))

    @cached_property
    def _homes(self) -> dict[str, set[str]]:
        """The namespaces of the custom resources of each name, which operators build the names of theirs upon."""
        found: dict[str, set[str]] = {}
        for each in self.resources:
            if may_make_services(each):
                found.setdefault(each.name, set()).add(each.namespace)
        return found

    @cached_property
    def _secrets_made(self) -> frozenset[tuple[str, str]]:
        return frozenset(made for resource in self.resources for made in secrets_made(resource))

    @cached_property
    def _config_maps_made(self) -> frozenset[str]:
        return frozenset(filter(None, map(config_map_made, self.resources)))

    @cached_property
    def _unclaimed(self) -> Mapping[tuple[type[Resource], str], Spellings]:
        claimed = {name for resource in self.resources for name in names_wanted(resource)}
        every = ((type(each), each.namespace, each.name) for each in self.resources)
        return spellings_by(
            ((kind, namespace), name) for kind, namespace, name in every if (kind, namespace, name) not in claimed
        )

    def spelt(self, kind: type[Resource], namespace: str) -> Spellings:
        """The names of all resources of a kind and namespace."""
        return self._spelt.get((kind, namespace), NO_SPELLINGS)

    @cached_property
    def _spelt(self) -> Mapping[tuple[type[Resource], str], Spellings]:
        return spellings_by(((type(each), each.namespace), each.name) for each in self.resources)
