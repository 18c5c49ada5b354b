"""Resources one by one, for rules that need no other to judge one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.fields import Fields
from k8snet_lint.graph.parts.beyond import NotAloneError
from k8snet_lint.graph.resources import Resources
from k8snet_lint.graph.roles import Roles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    from k8snet_lint.facts import Facts
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource
    from k8snet_lint.validation.definitions import Definitions

    R = TypeVar("R", bound="Resource")


class Alone:
    """What a graph says of resources each by itself: a part of a world, or what worlds share.

    Raises NotAloneError for all else that a graph is asked.
    """

    def __init__(self, resources: Iterable[Resource], facts: Facts, definitions: Definitions | None = None) -> None:
        self._held = Resources(resources, facts)
        self.resources = self._held.resources
        self.facts = facts
        self.definitions = definitions

    def select(self, kind: type[R]) -> tuple[R, ...]:
        """All resources of a kind, in the order of files and documents."""
        return self._held.select(kind)

    def owner(self, node: Node) -> Resource | None:
        """The resource that a node is part of."""
        return self._held.owner(node)

    def is_made(self, resource: Resource) -> bool:
        """Whether a workload is made by another one of them."""
        return self._held.is_made(resource)

    @cached_property
    def fields(self) -> Fields:
        """What is wrong with the fields of objects, one by one."""
        return Fields(self.resources, self.definitions)

    @cached_property
    def roles(self) -> Roles:
        """Which workloads are there for the nodes or for what comes from outside, by what they run."""
        return Roles(self)  # type: ignore[arg-type]  # what else it asks is not for here

    def __getattr__(self, name: str) -> NoReturn:
        raise NotAloneError(name)
