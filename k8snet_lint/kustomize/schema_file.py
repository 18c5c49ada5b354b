"""The schema that `openapi` names, which takes the place of the one that kustomize carries with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from k8snet_lint.kustomize.flaw import Refused, Unsupported
from k8snet_lint.kustomize.list_keys import Shape

if TYPE_CHECKING:
    from k8snet_lint.kustomize.list_keys import Shapes
    from k8snet_lint.manifest import Node

    Schema = dict[str, Any]

KINDS = "x-kubernetes-group-version-kind"
STRATEGY = "x-kubernetes-patch-strategy"
KEYS = "x-kubernetes-list-map-keys"
KEY = "x-kubernetes-patch-merge-key"
MAX_REFERENCES = 20
"""How often a schema may refer to another one in its stead."""


def shapes(root: Node) -> Shapes:
    """What the schema says of each kind, by apiVersion and kind. Raises Refused where it is none."""
    definitions = root["definitions"].value or {}
    if not root.is_mapping or not isinstance(definitions, dict):
        raise Refused("what 'openapi' names is no schema", root)
    if root["paths"]:
        raise Unsupported("openapi not applied", root)  # paths tell which kinds live in no namespace
    found = {}
    for definition in definitions.values():
        for kind in _list(definition.get(KINDS)) if isinstance(definition, dict) else ():
            group, version = (_text(kind, key) for key in ("group", "version"))
            found[f"{group}/{version}" if group else version, _text(kind, "kind")] = _shape(definition, definitions)
    return found


class Fields(Mapping[str, Shape]):
    """The fields of a schema, each worked out when it is asked for, since schemas may hold themselves."""

    def __init__(self, schema: Schema, definitions: Schema) -> None:
        self._properties = schema.get("properties") or {}
        self._others = schema.get("additionalProperties")
        self._definitions = definitions

    def __getitem__(self, name: str) -> Shape:
        schema = self._properties.get(name, self._others)
        if not isinstance(schema, dict):
            raise KeyError(name)
        return _shape(schema, self._definitions)

    def __iter__(self) -> Iterator[str]:
        return iter(self._properties)

    def __len__(self) -> int:
        return len(self._properties)


def _shape(schema: Schema, definitions: Schema) -> Shape:
    schema = _resolved(schema, definitions)
    if schema.get("type") not in ("array", ["array"]):
        return Shape(Fields(schema, definitions))
    items = schema.get("items")
    item = _resolved(items, definitions) if isinstance(items, dict) else {}
    return Shape(Fields(item, definitions), _keys(schema))


def _keys(schema: Schema) -> tuple[str, ...] | None:
    """By which keys the items of a list are the same item; None where the list is replaced."""
    if "merge" not in _text(schema, STRATEGY) or not isinstance(schema.get("items"), dict):
        return None
    keys = _list(schema.get(KEYS)) or [schema.get(KEY)]
    return tuple(key for key in keys if isinstance(key, str))


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    for _ in range(MAX_REFERENCES):
        name = _text(schema, "$ref").rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        if not name:
            break
        found = definitions.get(name)
        schema = found if isinstance(found, dict) else {}
    return schema


def _text(held: object, key: str) -> str:
    value = held.get(key) if isinstance(held, dict) else None
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
