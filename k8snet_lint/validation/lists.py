"""Lists of custom resources in which nothing may stand twice: sets, and maps by some keys of their items.

Source: Kubernetes documentation, *Custom Resources*, `x-kubernetes-list-type`; apiextensions `ValidateListSetsAndMaps`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from k8snet_lint.placeholder import is_open
from k8snet_lint.quoting import quoted
from k8snet_lint.record import NamedTuple
from k8snet_lint.validation.fields import FieldError, without_nulls
from k8snet_lint.validation.parts import defaulted, parts, values
from k8snet_lint.validation.shape import spelt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node, Path


class UniqueList(NamedTuple):
    """A list in a schema: `keys` are those that tell its items apart, none where the whole items do."""

    place: tuple[str, ...]
    keys: tuple[str, ...]


class UniqueLists(NamedTuple):
    """Those of a schema, which is there for the defaults that count before they do."""

    lists: tuple[UniqueList, ...]
    schema: Any

    @staticmethod
    def of(schema: object) -> UniqueLists:
        return UniqueLists(tuple(_lists(schema)), schema)

    def repeated(self, root: Node) -> tuple[FieldError, ...]:
        """The items that an object holds a second time."""
        if not self.lists:
            return ()
        value = defaulted(without_nulls(root.value), self.schema)
        return tuple(
            error
            for each in self.lists
            for path, items in values(value, each.place)
            if isinstance(items, list)
            for error in _repeated(root, path, items, each.keys)
        )


def _lists(schema: object) -> Iterator[UniqueList]:
    for place, each in parts(schema):
        sort, keys = each.get("x-kubernetes-list-type"), each.get("x-kubernetes-list-map-keys")
        if sort == "set":
            yield UniqueList(place, ())
        elif sort == "map" and isinstance(keys, list) and keys and all(isinstance(key, str) for key in keys):
            yield UniqueList(place, tuple(keys))


def _repeated(root: Node, path: Path, items: list[Any], keys: tuple[str, ...]) -> Iterator[FieldError]:
    seen = set()
    for index, item in enumerate(items):
        told = {key: item.get(key) for key in keys} if keys and isinstance(item, dict) else item
        text = json.dumps(told, sort_keys=True, default=str)
        if text in seen and not is_open(text):
            yield _twice(root.at(*path, index), told, keys)
        seen.add(text)


def _twice(node: Node, told: Any, keys: tuple[str, ...]) -> FieldError:  # noqa: ANN401 - whatever YAML holds
    where = spelt(node.path[:-1])
    if not keys:
        return FieldError(node, f"{quoted(str(told))} twice in {where}, which is a set", "delete one of the two")
    by = ", ".join(f"{key} {quoted(str(told[key]))}" for key in keys)
    what = f"two items with {by} in {where}, which is a map by {' and '.join(keys)}"
    return FieldError(node[keys[0]], what, f"give each item {' and '.join(keys)} of its own")
