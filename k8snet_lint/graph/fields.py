"""What is wrong with the fields of a world's objects, by the schemas that we ship and by definitions at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.graph.misplaced_keys import MisplacedKey
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource
    from k8snet_lint.validation.definitions import Definitions
    from k8snet_lint.validation.fields import FieldError


def defined(roots: Sequence[Node]) -> Definitions | None:
    """The definitions whose roots these are; None without any, as most trees hold none that is needed."""
    if not roots:
        return None
    from k8snet_lint.validation.definitions import Definitions  # noqa: PLC0415 - as said

    return Definitions(roots)


class Fields:
    """Judges each object once, however many views there are of it."""

    def __init__(self, resources: Sequence[Resource], definitions: Definitions | None) -> None:
        self._resources = resources
        self._definitions = definitions

    @property
    def invalid(self) -> Iterator[tuple[Resource, FieldError]]:
        """What our schemas reject; of objects whose definition is at hand, only what no definition speaks of."""
        for resource in self._each():
            defined = self._is_defined(resource)
            for error in resource.field_errors:
                if not defined or error.at.path[:1] == ("metadata",):
                    yield resource, error

    @property
    def undefined(self) -> Iterator[tuple[Resource, Node, FieldError]]:
        """What the definitions at hand reject, each with the root of its definition."""
        for resource in self._each() if self._definitions else ():
            if self._definitions and self._is_defined(resource):
                root, errors = self._definitions.errors(resource.node, resource.api_version, resource.kind)
                yield from ((resource, root, error) for error in errors if not resource.is_excused(error))

    @property
    def misplaced(self) -> Iterator[MisplacedKey]:
        """The annotations that are written as labels, and the other way round."""
        from k8snet_lint.graph.misplaced_keys import misplaced  # noqa: PLC0415 - for the one rule that asks

        return misplaced(self._resources)

    @property
    def unjudged(self) -> tuple[str, ...]:
        """The kinds that definitions have rules for which nothing here can judge."""
        return self._definitions.unjudged if self._definitions else ()

    def _each(self) -> Iterator[Resource]:
        judged = None
        for resource in self._resources:
            if resource.node is not judged:
                judged = resource.node
                yield resource

    def _is_defined(self, resource: Resource) -> bool:
        return self._definitions is not None and self._definitions.covers(resource.api_version, resource.kind)
