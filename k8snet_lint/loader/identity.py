"""Which object a manifest describes, and whether two manifests describe it alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from k8snet_lint.loader.kinds import CLUSTER_SCOPED, KUSTOMIZE, group_of
from k8snet_lint.record import NamedTuple

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
    """Which object this is once its unit is applied; None for what has no name yet, and for what no API server gets.

    A namespace that overrides also renames a Namespace (kustomize's `namespace` field specs).
    """
    metadata = written.node.value.get("metadata")
    if not isinstance(metadata, dict):
        return None
    name, namespace = metadata.get("name"), metadata.get("namespace")
    if not isinstance(name, str) or not name:
        return None
    group = group_of(written.api_version)
    if group == KUSTOMIZE:
        return None
    if (group, written.kind) == ("", "Namespace") and unit.namespace_overrides:
        return Identity(group, written.kind, "", unit.namespace)
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
    for descriptions in repeated.values():
        one = descriptions[0][1]
        if any(value is not one and value != one for _, value in descriptions):
            numbers = _numbered([value for _, value in descriptions])
            yield [(place, numbers[id(value)]) for place, value in descriptions]


def _numbered(values: list[Any]) -> dict[int, int]:
    """A number for each value by its id; values share one if they are the same JSON, whatever the order of keys."""
    texts: dict[str, int] = {}
    return {
        key: texts.setdefault(json.dumps(value, sort_keys=True), len(texts))
        for key, value in {id(value): value for value in values}.items()
    }
