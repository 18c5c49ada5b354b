"""Services that settings name and that are not in the world, and how sure it is that they are missing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.edges import Absence, NearMiss
from k8snet_lint.graph.named import is_assumed
from k8snet_lint.graph.near import MOST, called_like
from k8snet_lint.graph.near import names as near_names
from k8snet_lint.graph.selection import is_name_loose
from k8snet_lint.nearest import edit_distance
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Resource, Service
from k8snet_lint.spellings import DIGITS, NO_SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.mention import Mention

EVERYWHERE = frozenset({"kubernetes", "kube-dns", "metrics-server"})
"""Services that clusters have whatever the manifests say."""


OPERATED = ("-operated", "-rw", "-ro")
"""How names of Services end that operators make of their resources, which may be another team's."""


class Missing(NamedTuple):
    """A mention of a Service that is not in the world, and how sure it is that it is missing.

    Shapes: `nearly` are names there that are nearly its own, though other references mean them.
    """

    mention: Mention
    absence: Absence
    nearly: tuple[str, ...] = ()


class MissingServices:
    """The mentions of a world that lead nowhere."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def all(self) -> tuple[Missing, ...]:
        """The mentions of Services that are not in the world, in the order of files."""
        return tuple(self._missing())

    @property
    def alike(self) -> Iterator[tuple[Missing, tuple[Missing, ...]]]:
        """Those that are surely or probably missing: the first for each Service, and the others."""
        alike: dict[tuple[str, str], list[Missing]] = {}
        for each in self.all:
            if (each.absence.covered or each.absence.near) and not each.mention.is_optional:
                alike.setdefault((each.mention.namespace, each.mention.name), []).append(each)
        return ((first, tuple(others)) for first, *others in alike.values())

    def of(self, resource: Resource) -> Sequence[Missing]:
        """Those that an object holds."""
        return self._by_source.get(resource, ())

    @cached_property
    def _by_source(self) -> dict[Resource, list[Missing]]:
        found: dict[Resource, list[Missing]] = {}
        for each in self.all:
            found.setdefault(each.mention.source, []).append(each)
        return found

    def _missing(self) -> Iterator[Missing]:
        for each in self._graph.mentions.all:
            if not each.services and not self._is_elsewhere(each):
                absence = self._absence(each)
                is_unguessed = absence.covered and not absence.near
                there = self._graph.spelt(Service, each.namespace) if is_unguessed else NO_SPELLINGS
                yield Missing(each, absence, called_like(each.name, there))

    def _absence(self, mention: Mention) -> Absence:
        graph, namespace, name = self._graph, mention.namespace, mention.name
        if is_name_loose(graph, mention.source, Service, name):
            return Absence(covered=False)
        covered = graph.covers(Service, namespace) and self._leads_mostly_inside(namespace)
        near = self._renamed(namespace, name) or near_names(
            name, graph.unclaimed(Service, namespace), partial(self._free, namespace)
        )
        return Absence(covered, near or tuple(self._in_namespace_like(mention)))

    def _in_namespace_like(self, mention: Mention) -> Iterator[NearMiss]:
        """The one Service of that name, where the namespace that is said is empty and its own but for a letter."""
        graph, namespace = self._graph, mention.namespace
        if (
            f"{mention.name}.{namespace}" not in mention.said
            or len(namespace) < 3
            or namespace in graph.namespaces.names
        ):
            return
        found = graph.named_anywhere(Service, mention.name)
        if len(found) == 1:
            home = found[0].namespace
            if edit_distance(namespace, home, 1) == 1 and namespace.translate(DIGITS) != home.translate(DIGITS):
                yield NearMiss(found[0].name_node, f"{found[0]} is in a namespace named like it")

    def _renamed(self, namespace: str, name: str) -> tuple[NearMiss, ...]:
        """The Services whose files call them so, and which the build calls otherwise, as texts are not renamed."""
        found = self._written.get((namespace, name), ())[:MOST]
        return tuple(NearMiss(each.name_node, f"{each}, as it is called once it is built") for each in found)

    @cached_property
    def _written(self) -> dict[tuple[str, str], list[Service]]:
        found: dict[tuple[str, str], list[Service]] = {}
        for service in self._graph.select(Service):
            if service.written_name != service.name:
                found.setdefault((service.namespace, service.written_name), []).append(service)
        return found

    def _leads_mostly_inside(self, namespace: str) -> bool:
        """Whether of the Services of a namespace that are named, at most one or no more are missing than there are.

        Where most are, the scanned files are a part of what is applied there, whatever else they hold.
        """
        found, missing = self._named.get(namespace, (0, 0))
        return self._graph.facts.assumed.complete or missing <= max(1, found)

    @cached_property
    def _named(self) -> dict[str, tuple[int, int]]:
        """By namespace, how many Services are named that are there, and how many that are not."""
        names: dict[str, tuple[set[str], set[str]]] = {}
        for each in self._graph.mentions.all:
            if each.services or not self._is_elsewhere(each):
                names.setdefault(each.namespace, (set(), set()))[not each.services].add(each.name)
        return {namespace: (len(there), len(missing)) for namespace, (there, missing) in names.items()}

    def _free(self, namespace: str, name: str) -> tuple[Service, ...]:
        """The Services of that name which nothing names."""
        named = self._graph.mentions.named
        return tuple(each for each in self._graph.named(Service, namespace, name) if each not in named)

    def _is_elsewhere(self, mention: Mention) -> bool:
        """Whether something other than a manifest makes the Service, or may make it."""
        facts, namespace, name = self._graph.facts, mention.namespace, mention.name
        if name in EVERYWHERE and namespace in {"default", "", *facts.system_namespaces}:
            return True
        if name.endswith(OPERATED) or is_assumed(namespace, name, facts.assumed.services):
            return True
        graph = self._graph
        return graph.supplies(Service, namespace, name) or graph.may_be_operated(namespace, name)
