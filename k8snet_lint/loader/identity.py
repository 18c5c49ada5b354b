"""Which object a manifest describes, and whether two manifests describe it alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from k8snet_lint.loader.kinds import CLUSTER_SCOPED, group_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.loader.unit import Object, Unit

Place = TypeVar("Place")


class Identity(NamedTuple):
    """What an API server knows an object by; the version is how it is written, not which it is."""

    group: str
    kind: str
    namespace: str
    name: str


def identify(written: Object, unit: Unit) -> Identity | None:
    """Which object this is once its unit is applied; None for one that has no name yet, as with `generateName`."""
    metadata = written.node.value.get("metadata")
    if not isinstance(metadata, dict):
        return None
    name, namespace = metadata.get("name"), metadata.get("namespace")
    if not isinstance(name, str) or not name:
        return None
    group = group_of(written.api_version)
    if (group, written.kind) in CLUSTER_SCOPED:
        return Identity(group, written.kind, "", name)
    return Identity(group, written.kind, unit.namespace_of(namespace if isinstance(namespace, str) else ""), name)


def clashes(held: Iterable[tuple[Identity, Place, Any]]) -> Iterator[list[tuple[Place, int]]]:
    """The objects that are described in more than one way: where, and a number that equal descriptions share.

    Shapes: `held` tells of each description the object, a place, and the content. Contents are compared only
    where an object is described repeatedly, so that the cost grows with what is held.
    """
    first: dict[Identity, tuple[Place, Any]] = {}
    repeated: dict[Identity, list[tuple[Place, Any]]] = {}
    for identity, place, value in held:
        description = (place, value)
        earlier = first.setdefault(identity, description)
        if earlier is not description:
            repeated.setdefault(identity, [earlier]).append(description)
    contents = _Contents()
    for descriptions in repeated.values():
        clash = [(place, contents.number(value)) for place, value in descriptions]
        if any(number != clash[0][1] for _, number in clash):
            yield clash


class _Contents:
    """Tells contents apart; looks at each value once, however often an alias repeats it.

    Whoever asks keeps the values alive, so that no id is given twice.
    """

    def __init__(self) -> None:
        self._known: dict[int, int] = {}
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:  # noqa: ANN401 - whatever YAML holds
        """A number that equal values share, and no others; the order of a mapping's keys does not count."""
        pending = [value]
        while pending:
            inner = pending[-1]
            parts = _containers(inner)
            unknown = [part for part in parts if id(part) not in self._known]
            pending.extend(unknown)
            if not unknown:
                self._known[id(inner)] = self._shallow(inner)
                pending.pop()
        return self._known[id(value)]

    def _shallow(self, value: Any) -> int:  # noqa: ANN401 - as above
        """The number of a value whose containers all have theirs."""
        content: Any
        if isinstance(value, dict):
            content = frozenset((key, self._part(item)) for key, item in value.items())
        elif isinstance(value, list):
            content = tuple([self._part(item) for item in value])
        else:
            return self._part(value)
        return self._numbers.setdefault(content, len(self._numbers))

    def _part(self, value: Any) -> int:  # noqa: ANN401 - as above
        if isinstance(value, dict | list):
            return self._known[id(value)]
        return self._numbers.setdefault((type(value), value), len(self._numbers))


def _containers(value: Any) -> list[Any]:  # noqa: ANN401 - as above
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, dict | list)]
