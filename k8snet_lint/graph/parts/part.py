"""Some resources of a world that none of the others has to do with."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.edges import Relation
from k8snet_lint.graph.graph import Graph
from k8snet_lint.graph.namespaces import Namespaces, named_by
from k8snet_lint.graph.parts.beyond import CONNECTIONS, MADE, MONITORS, MOVING, ROAMING, UNIT, NotAloneError
from k8snet_lint.graph.parts.pervasive import looks_everywhere, roams
from k8snet_lint.graph.parts.scattered import in_directory, wanting
from k8snet_lint.graph.parts.witnesses import NO_WITNESSES
from k8snet_lint.graph.releases import is_at
from k8snet_lint.resource import GatewayClass, Kustomization, Namespace, Resource
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from k8snet_lint.graph.edges import Unresolved
    from k8snet_lint.graph.mesh.mesh import Mesh
    from k8snet_lint.graph.parts.acting import Acting
    from k8snet_lint.graph.parts.around import Around
    from k8snet_lint.graph.parts.beyond import Bearing, Beyond
    from k8snet_lint.graph.parts.scattered import Mark
    from k8snet_lint.graph.parts.witnesses import Witnesses
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Workload
    from k8snet_lint.spellings import Spellings

R = TypeVar("R", bound=Resource)


class Part(Graph):
    """A graph that says of its resources what the graph of the whole world says of them.

    Raises NotAloneError where that may hang on the others: what the world tells nothing of is told once for all of it,
    and kustomizations have no names that tell them apart. `beyond` is what bears on any namespace of all else, `acting`
    what acts on every one and is not known here, and `scattered` is what several parts hold; of the `witnesses` all
    parts have, each says what it knows. `around` is what else there is, found by name and by labels.
    """

    def __init__(
        self,
        resources: Iterable[Resource],
        world: Graph,
        beyond: Beyond,
        acting: Acting,
        scattered: Collection[Mark],
        around: Around,
        witnesses: Witnesses = NO_WITNESSES,
    ) -> None:
        super().__init__(resources, world.facts, world.definitions, world.examples)
        self._beyond = beyond
        self._acting = acting
        self._scattered = scattered
        self._around = around
        self._witnesses = witnesses

    def select(self, kind: type[R]) -> tuple[R, ...]:
        """All resources of a kind, where none of these acts everywhere."""
        if self._acting.is_among(kind):
            raise NotAloneError(kind)
        return super().select(kind)

    def of_kinds(self, kinds: Collection[tuple[str, str]]) -> tuple[Resource, ...]:
        """All resources of some groups and kinds, where none of these acts everywhere."""
        if self._acting.is_among_kinds(kinds):
            raise NotAloneError(kinds)
        return super().of_kinds(kinds)

    def named_anywhere(self, kind: type[R], name: str) -> tuple[R, ...]:
        """The resources of that kind and name, in whatever namespace of the world."""
        return self._around.named(kind, name)

    def labelled_anywhere(self, selector: Selector) -> Sequence[Workload]:
        """The workloads whose pods a selector means, in whatever namespace of the world."""
        return self._around.labelled(selector)

    def is_served(self, workload: Workload) -> bool:
        """Whether a Service selects the workload's pods."""
        return super().is_served(workload) if self._is_own(workload) else self._around.is_served(workload)

    def is_singled_out(self, workload: Workload) -> bool:
        """Whether a policy is for the workload, which is one of its own, and not for all of its namespace."""
        if not self._is_own(workload):
            raise NotAloneError(workload.name)
        return super().is_singled_out(workload)

    def _is_own(self, resource: Resource) -> bool:
        return id(resource) in self._own

    @cached_property
    def _own(self) -> frozenset[int]:
        return frozenset(map(id, self.resources)) - self._witnesses.seen

    @property
    def has_mesh(self) -> bool:
        """Whether there is a service mesh, where all worlds agree in that."""
        if self._acting.has_mesh is None:
            raise NotAloneError("mesh")
        return self._acting.has_mesh

    @cached_property
    def mesh(self) -> Mesh | None:
        """The service mesh, where nothing of it may be of any namespace."""
        if self.has_mesh and self._acting.is_mesh_adrift:
            raise NotAloneError("mesh")
        return super().mesh

    @property
    def engines(self) -> frozenset[str]:
        """The engines that policies are for, where all worlds agree in these."""
        if self._acting.engines is None:
            raise NotAloneError("engines")
        return self._acting.engines

    @property
    def whole(self) -> Graph:
        """The world that it is a part of, where that is one."""
        return self._around.world

    def holding(self, pods: Selector | None, namespaces: Selector) -> Graph:
        """Itself where namespaces are named, else what tells of pods in any."""
        return self if named_by(namespaces) else self._around.holding(pods, namespaces)

    def lacking(self, namespaces: Selector) -> Graph:
        """What tells of namespaces in all of the world."""
        return self._around.lacking(namespaces)

    def has_namespace(self, selector: Selector) -> bool:
        """Whether a selector surely holds for some namespace of the world."""
        return super().has_namespace(selector) if named_by(selector) else self._around.has_namespace(selector)

    @property
    def settled(self) -> Graph:
        """Itself, where nothing of another part has a say in who connects to whom."""
        if self._is_unsettled:
            raise NotAloneError("settled")
        return self

    @property
    def monitored(self) -> Graph:
        """Itself, where no monitor looks at every namespace but those that all parts show."""
        if self._is_monitored:
            raise NotAloneError("monitored")
        return self

    @cached_property
    def _is_monitored(self) -> bool:
        own = (each for each in self.resources if not self._is_seen(each))
        return MONITORS in self._beyond.surely | self._beyond.perhaps or any(map(looks_everywhere, own))

    @cached_property
    def _is_unsettled(self) -> bool:
        beyond = self._beyond.surely | self._beyond.perhaps
        own = (each for each in self.resources if not self._is_seen(each))
        return CONNECTIONS in beyond or ROAMING in beyond or any(map(roams, own))

    @cached_property
    def namespaces(self) -> Namespaces:
        """Every namespace of the part and what is known of its labels."""
        return Namespaces(self.resources, self.select(Namespace), self.facts, self._beyond)

    def may_move(self, kind: type[Resource], name: str) -> bool:
        """Whether the namespace of a resource of that kind and name, wherever it is, is not fixed yet."""
        return super().may_move(kind, name) or self._beyond.holds((MOVING, (kind, name)))

    def supplies(self, kind: type[Resource], namespace: str, name: str) -> bool:
        """Whether something makes an object of that kind and name out of another object of the world."""
        found = super().supplies(kind, namespace, name) or self._beyond.holds((MADE, (kind, name)))
        if not found and namespace in self._witnesses.namespaces:
            raise NotAloneError(namespace)
        return found

    def covers(self, kind: type[Resource], namespace: str, source: Resource | None = None) -> bool:
        """Whether the world holds things of that kind there, and no chart is released there."""
        found = super().covers(kind, namespace, source)
        if found and namespace in self._witnesses.namespaces:
            raise NotAloneError(namespace)
        return found

    def spelt(self, kind: type[Resource], namespace: str) -> Spellings:
        """The names of all resources of a kind and namespace; who else names one there is not known here."""
        if namespace in self._witnesses.namespaces:
            raise NotAloneError(namespace)
        return super().spelt(kind, namespace)

    def unclaimed(self, kind: type[Resource], namespace: str) -> Spellings:
        """The names of the resources of a kind and namespace that no reference of the world names."""
        if namespace in self._witnesses.namespaces or any(self._is_seen(each) for each in self._of_cluster(kind)):
            raise NotAloneError(namespace)
        return super().unclaimed(kind, namespace)

    def _of_cluster(self, kind: type[Resource]) -> tuple[Resource, ...]:
        return self.select(kind) if kind.cluster_scoped else ()

    def holds_unit_at(self, path: str) -> bool:
        """Whether objects of a unit at that path of a repository are among those of the world."""

        def among(found: frozenset[Bearing]) -> bool:
            return any(sort == UNIT and is_at(path, str(name)) for sort, name in found)

        return super().holds_unit_at(path) or self._beyond.some(among, UNIT)

    def unresolved(self, relation: Relation, *kinds: type[Resource]) -> tuple[Unresolved, ...]:
        """The references that lead nowhere, where no other part has the same to tell."""
        found = super().unresolved(relation, *kinds)
        if any(self._is_missed_by_many(each) or self._may_be_scraped(each) for each in found):
            raise NotAloneError(relation)
        return found

    def _may_be_scraped(self, missing: Unresolved) -> bool:
        """Whether a monitor may mean what another part holds."""
        asked = Selector.of(missing.source.spec["selector"]) if missing.relation is Relation.SCRAPES else None
        return asked is not None and self._around.has_labelled(asked, self._own)

    def _is_missed_by_many(self, missing: Unresolved) -> bool:
        """Whether it may be of no part, and is told once for all that refer to it; some class may be named like it."""
        is_class = missing.kind == "GatewayClass"
        is_doubtful = is_class or not (missing.covered or missing.near)
        is_told_of_all = is_doubtful and wanting(missing.wanted) in self._scattered
        return is_told_of_all or (is_class and self._around.holds(GatewayClass))

    def in_directory(self, directory: str) -> tuple[Resource, ...]:
        """The resources whose files lie in a directory."""
        if in_directory(directory) in self._scattered:
            raise NotAloneError(directory)
        return super().in_directory(directory)

    def are_alternatives(self, one: Resource, other: Resource) -> bool:
        """Whether their files describe some object differently, so that hardly both are meant to be applied."""
        found = super().are_alternatives(one, other)
        together = one.directory == other.directory and in_directory(one.directory) in self._scattered
        if not found and together and one.file != other.file:
            raise NotAloneError(one.directory)
        return found

    def owner(self, node: Node) -> Resource:
        """The resource that a node is part of."""
        found = super().owner(node)
        if found is None or isinstance(found, Kustomization):
            raise NotAloneError("owner")
        return found

    def _is_seen(self, resource: Resource) -> bool:
        """Whether it is a witness, of which other parts may say otherwise."""
        return id(resource) in self._witnesses.seen
