"""What there is in a world: its resources, found by kind, by name and by label."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, cast

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.labelled import ByLabel
from k8snet_lint.graph.namespaces import Namespaces
from k8snet_lint.graph.pods import PodIndex
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Namespace, Resource, Service, Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from typing import TypeVar

    from k8snet_lint.facts import Facts
    from k8snet_lint.manifest import Node
    from k8snet_lint.selector import Selector

    R = TypeVar("R", bound=Resource)


NO_PODS = PodIndex(())


class Examples(NamedTuple):
    """What is known of other worlds, which may be examples, tests, variants to choose from.

    Shapes: `held` are kind, namespace and name of what any of several worlds holds; `many` tells that they are too many
    to be environments, and then `units` are the names of the units of files that are in this world and not in all.
    """

    held: frozenset[tuple[type[Resource], str, str]] = frozenset()
    units: frozenset[str] = frozenset()
    many: bool = False


NONE = Examples()


class Resources:
    """The resources that one cluster gets together, each found in time that does not grow with their number.

    Helm's test hooks are left out, as nothing is deployed of them. `facts` is what is known beside the manifests, and
    `examples` what there is where the worlds are many, which is nothing to count on.
    """

    def __init__(self, resources: Iterable[Resource], facts: Facts, examples: Examples = NONE) -> None:
        self.facts = facts
        self.examples = examples
        self.resources = tuple(resource for resource in resources if "test" not in resource.hooks)
        self._by_kind: dict[type[Resource], tuple[Resource, ...]] = {}
        self._by_name: dict[type[Resource], dict[str, dict[str, tuple[Resource, ...]]]] = {}
        self._in_file: dict[tuple[type[Resource], str, str], dict[str, tuple[Resource, ...]]] = {}
        self._unfixed: dict[type[Resource], frozenset[str]] = {}

    def select(self, kind: type[R]) -> tuple[R, ...]:
        """All resources of a kind, in the order of files and documents."""
        found = self._by_kind.get(kind)
        if found is None:
            found = self._by_kind[kind] = self._of_types([each for each in self._by_type if issubclass(each, kind)])
        return cast("tuple[R, ...]", found)

    def _of_types(self, types: Collection[type[Resource]]) -> tuple[Resource, ...]:
        if len(types) == len(self._by_type):
            return self.resources
        if len(types) > 1:
            return tuple(each for each in self.resources if type(each) in types)
        return tuple(each for one in types for each in self._by_type[one])

    @cached_property
    def _by_type(self) -> Mapping[type[Resource], Sequence[Resource]]:
        found: dict[type[Resource], list[Resource]] = {}
        for each in self.resources:
            found.setdefault(type(each), []).append(each)
        return found

    def of_kinds(self, kinds: Collection[tuple[str, str]]) -> tuple[Resource, ...]:
        """All resources of some groups and kinds, which need not have a view."""
        if self._kinds_held.isdisjoint(kinds):
            return ()
        return tuple(each for each in self.resources if (each.group, each.kind) in kinds)

    @cached_property
    def _kinds_held(self) -> frozenset[tuple[str, str]]:
        return frozenset((each.group, each.kind) for each in self.resources)

    def named(self, kind: type[R], namespace: str, name: str, source: Resource | None = None) -> tuple[R, ...]:
        """The resources of that kind, namespace and name: one, or several where a name is given twice.

        Of several, the `source` of a reference means those in its own file, if there are any.
        """
        found = self._names(kind).get(name, {}).get(namespace, ())
        if source is not None and len(found) > 1:
            key = (kind, namespace, name)
            if key not in self._in_file:
                self._in_file[key] = grouped(found, lambda each: each.file)
            found = self._in_file[key].get(source.file, found)
        return cast("tuple[R, ...]", found)

    def named_anywhere(self, kind: type[R], name: str) -> tuple[R, ...]:
        """The resources of that kind and name, in whatever namespace."""
        return cast(
            "tuple[R, ...]", tuple(each for found in self._names(kind).get(name, {}).values() for each in found)
        )

    def namesakes(self, kind: type[Resource], name: str) -> tuple[tuple[Node, str], ...]:
        """Those of that name in whatever namespace, a few, and what to say of them to who looks in another in vain."""
        found = (each for each in self.named_anywhere(kind, name) if each.namespace)
        return tuple((each.name_node, f"{each} has this name, in another namespace") for each in islice(found, 3))

    def is_anywhere(self, kind: type[Resource], name: str) -> bool:
        """Whether there is a resource of that kind and name, in whatever namespace."""
        return bool(self.named_anywhere(kind, name))

    def may_move(self, kind: type[Resource], name: str) -> bool:
        """Whether the namespace of a resource of that kind and name, wherever it is, is not fixed yet."""
        unfixed = self._unfixed.get(kind)
        if unfixed is None:
            unfixed = self._unfixed[kind] = frozenset(each.name for each in self.select(kind) if not each.is_fixed)
        return name in unfixed

    def is_elsewhere(self, kind: type[Resource], namespace: str, name: str) -> bool:
        """Whether one of many worlds holds what is not among these: it is anybody's guess what goes with what."""
        return self.examples.many and (kind, namespace, name) in self.examples.held

    def is_variant(self, resource: Resource, namespace: str) -> bool:
        """Whether another world holds that resource in a namespace in which it is not among these."""
        key = type(resource), namespace, resource.name
        return key in self.examples.held and not self.named(*key)

    def in_directory(self, directory: str) -> tuple[Resource, ...]:
        """The resources whose files lie in a directory, not those below it."""
        return tuple(self._directories.get(directory, ()))

    def pods(self, namespace: str) -> PodIndex:
        """The workloads of a namespace, by their pods' labels."""
        return self._pods.get(namespace, NO_PODS)

    def labelled_anywhere(self, selector: Selector) -> Sequence[Workload]:
        """The workloads whose pods a selector means, in whatever namespace."""
        return self.all_pods.matching(selector)

    @cached_property
    def labelled_services(self) -> ByLabel:
        """The Services of every namespace, by their own labels."""
        return ByLabel(self.select(Service))

    @cached_property
    def all_pods(self) -> PodIndex:
        """The workloads of every namespace, by their pods' labels."""
        return PodIndex(self.select(Workload))

    @cached_property
    def namespaces(self) -> Namespaces:
        """Every namespace of the world and what is known of its labels."""
        return Namespaces(self.resources, self.select(Namespace), self.facts)

    def owner(self, node: Node) -> Resource | None:
        """The resource that a node is part of."""
        above: Node | None = node
        while above is not None:
            owner = self._owners.get(id(above))
            if owner is not None:
                return owner
            above = above.parent
        return None

    def is_made(self, resource: Resource) -> bool:
        """Whether a workload's pods are made by another one of the world, whose template is what its author writes."""
        return isinstance(resource, Workload) and any(
            each.kind == owner["kind"].text
            for owner in resource.metadata["ownerReferences"]
            for each in self.named(Workload, resource.namespace, owner["name"].text)
        )

    def _names(self, kind: type[Resource]) -> dict[str, dict[str, tuple[Resource, ...]]]:
        found = self._by_name.get(kind)
        if found is None:
            named = grouped(self.select(kind), lambda each: each.name)
            found = {name: grouped(each, lambda one: one.namespace) for name, each in named.items()}
            self._by_name[kind] = found
        return found

    @cached_property
    def _directories(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.directory, []).append(resource)
        return found

    @cached_property
    def _pods(self) -> dict[str, PodIndex]:
        by_namespace: dict[str, list[Workload]] = {}
        for workload in self.select(Workload):
            by_namespace.setdefault(workload.namespace, []).append(workload)
        return {namespace: PodIndex(workloads) for namespace, workloads in by_namespace.items()}

    @cached_property
    def _owners(self) -> dict[int, Resource]:
        owners: dict[int, Resource] = {}
        for resource in self.resources:
            owners.setdefault(id(resource.node), resource)
        return owners


def grouped(resources: Iterable[R], key: Callable[[R], str]) -> dict[str, tuple[R, ...]]:
    """Resources by what a key says of them, in their order."""
    found: dict[str, list[R]] = {}
    for each in resources:
        found.setdefault(key(each), []).append(each)
    return {name: tuple(group) for name, group in found.items()}
