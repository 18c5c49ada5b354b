"""What is in a world besides one of its parts, found by name and by labels wherever it is."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from k8snet_lint.cached import cached_property
from k8snet_lint.graph import near
from k8snet_lint.graph.graph import Graph
from k8snet_lint.graph.namespaces import Namespaces
from k8snet_lint.graph.parts.beyond import NotAloneError
from k8snet_lint.graph.parts.pervasive import is_homeless
from k8snet_lint.graph.parts.ties import home
from k8snet_lint.graph.resources import grouped
from k8snet_lint.resource import Namespace, Resource

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph.parts.touching import Worlds
    from k8snet_lint.resource import Workload
    from k8snet_lint.selector import Selector

R = TypeVar("R", bound=Resource)


class Held:
    """All that some worlds share, and what each has for its own; indexed once, however many there are.

    Shapes: `own` is by the number of the world.
    """

    def __init__(self, common: Iterable[Resource], own: Sequence[Iterable[Resource]], facts: Facts) -> None:
        self._holders: dict[int, set[int]] = {}
        for number, found in enumerate(own):
            for each in found:
                self._holders.setdefault(id(each), set()).add(number)
        self.common = Graph(common, facts)
        self.alone = Graph({id(each): each for found in own for each in found}.values(), facts)

    def of(self, worlds: Worlds, found: Iterable[R]) -> list[R]:
        """Those of what some worlds have for their own that one of these holds."""
        return [each for each in found if not worlds.isdisjoint(self._holders[id(each)])]

    def namespaces(self, selector: Selector) -> tuple[frozenset[str], frozenset[str]]:
        """The namespaces of what some worlds have for their own that a selector holds for, or may hold for."""
        surely, maybe = self._namespaces.matching(selector)
        return self.homes.intersection(surely), self.homes.intersection(maybe)

    @cached_property
    def relabelled(self) -> frozenset[str]:
        """The namespaces of what all share whose labels only some worlds write."""
        written = frozenset(each.name for each in self.alone.select(Namespace))
        return written.intersection(self.common.namespaces.names)

    @cached_property
    def is_adrift(self) -> bool:
        """Whether something may be in any namespace that only some worlds hold, or all share where none is named."""
        return any(map(is_homeless, self.alone.resources)) or self.common.namespaces.unset_is_default

    @cached_property
    def homes(self) -> frozenset[str]:
        """The namespaces of all that some worlds have for their own."""
        return frozenset(map(home, self.alone.resources))

    @cached_property
    def _namespaces(self) -> Namespaces:
        written = (*self.common.select(Namespace), *self.alone.select(Namespace))
        return Namespaces(self.alone.resources, written, self.alone.facts)


class Around:
    """What the worlds of a part hold; `first` is one of them.

    Raises NotAloneError where they do not all hold the same of what is asked for.
    """

    def __init__(self, held: Held, worlds: Worlds, first: Graph) -> None:
        self._held = held
        self._worlds = worlds
        self._first = first

    @property
    def world(self) -> Graph:
        """The world, where it is one."""
        if not self._is_one:
            raise NotAloneError("whole")
        return self._first

    @property
    def _is_one(self) -> bool:
        return len(self._worlds) == 1

    def holds(self, kind: type[Resource]) -> bool:
        """Whether there are resources of that kind, in some of the worlds at least."""
        return bool(self._held.common.select(kind) or self._held.alone.select(kind))

    def named(self, kind: type[R], name: str) -> tuple[R, ...]:
        """The resources of that kind and name, as `Resources.named_anywhere` gives them."""
        shared, own = (held.named_anywhere(kind, name) for held in (self._held.common, self._held.alone))
        found = grouped(self._together(shared, own), lambda each: each.namespace)
        return tuple(chain.from_iterable(found.values()))

    def labelled(self, selector: Selector) -> tuple[Workload, ...]:
        """The workloads whose pods a selector means, as `Resources.labelled_anywhere` gives them."""
        shared, own = (held.labelled_anywhere(selector) for held in (self._held.common, self._held.alone))
        return self._together(shared, own)

    def has_labelled(self, selector: Selector, among: Collection[int]) -> bool:
        """Whether pods, or Services, that are not among some resources have the labels of a selector."""
        held = self._held.common, self._held.alone
        services = (each for one in held for each in one.labelled_services.matching(selector).resources)
        pods = (each for one in held for each in one.labelled_anywhere(selector))
        return any(id(each) not in among for each in chain(services, pods))

    def is_served(self, workload: Workload) -> bool:
        """Whether a Service selects the workload's pods, where no world has anything for its own in its namespace."""
        if workload.namespace in self._held.homes:
            raise NotAloneError(workload.namespace)
        return self._held.common.is_served(workload)

    def has_namespace(self, selector: Selector) -> bool:
        """Whether a selector surely holds for some namespace."""
        if self._is_one:
            return self._first.has_namespace(selector)
        known, own = self._held.common.has_namespace(selector), self._held.namespaces(selector)[0]
        if own and not known:
            raise NotAloneError("namespaces")
        return known

    def holding(self, pods: Selector | None, namespaces: Selector) -> Graph:
        """What tells which pods two selectors mean: what all worlds share, where that is the same in each of them."""
        if self._is_one:
            return self._first
        common = self._held.common
        surely, maybe = self._held.namespaces(namespaces)
        known, doubtful = common.namespaces.matching(namespaces)
        unlike = (maybe and not doubtful) or any(
            (name in surely, name in maybe) != (name in known, name in doubtful) for name in self._held.relabelled
        )
        is_system = not surely.isdisjoint(common.facts.system_namespaces)
        found = () if pods is None else self._held.alone.labelled_anywhere(pods)
        if unlike or is_system or self._held.is_adrift or any(each.namespace in surely for each in found):
            raise NotAloneError("namespaces")
        return common

    def lacking(self, namespaces: Selector) -> Graph:
        """What tells of namespaces that a selector almost means: what all worlds share, where none adds to that."""
        if self._is_one:
            return self._first
        common, alone = self._held.common, self._held.alone
        surely, maybe = self._held.namespaces(namespaces)
        doubtful = common.namespaces.matching(namespaces)[1]
        nearly = near.namespaces(namespaces, alone.namespaces) or alone.peers.uses(namespaces)
        if surely or nearly or (maybe and not doubtful) or self._held.is_adrift or self._held.relabelled:
            raise NotAloneError("namespaces")
        return common

    def _together(self, shared: Sequence[R], own: Sequence[R]) -> tuple[R, ...]:
        mine = self._held.of(self._worlds, own)
        if not mine:
            return tuple(shared)
        if not self._is_one:
            raise NotAloneError(mine[0].name)
        return tuple(sorted((*shared, *mine), key=lambda each: self._places[id(each)]))

    @cached_property
    def _places(self) -> Mapping[int, int]:
        return {id(each): number for number, each in enumerate(self._first.resources)}
