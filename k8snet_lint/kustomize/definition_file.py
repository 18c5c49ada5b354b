"""Files of `crds`: definitions of custom kinds that say which of their fields name objects or hold labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.config import Config, with_references
from k8snet_lint.kustomize.config_file import NOTHING
from k8snet_lint.kustomize.field_spec import FieldSpec, joined
from k8snet_lint.kustomize.flaw import Refused, Unsupported
from k8snet_lint.kustomize.reference_fields import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node

    Field = tuple[tuple[str, ...], Node]
    """The path of a field in an object, and what is said of it."""

MAX_DEPTH = 30
ADDS = {
    "x-kubernetes-annotation": "annotations",
    "x-kubernetes-label-selector": "common_labels",
    "x-kubernetes-identity": "prefix",
}
"""What a field may be marked with, and what that adds to."""

REFERS = "x-kubernetes-object-ref"


def definitions(root: Node) -> Config:
    """What a file adds. Raises Refused where it does not hold definitions."""
    if not root.is_mapping:
        raise Refused("a file of 'crds' holds no definitions", root)
    found = NOTHING
    for name, definition in root.items():
        if definition.value is not None and not definition.is_mapping:
            raise Refused(
                f"'{name:.60}' is no definition, as which kustomize takes what files of 'crds' hold", definition
            )
        if {"apiVersion", "kind", "metadata"} <= dict(_properties(definition)).keys():
            kind = name.rpartition(".")[2]
            for path, field in _fields(root, name, ()):
                found = _with(found, kind, path, field)
    return found


def _with(config: Config, kind: str, path: tuple[str, ...], field: Node) -> Config:
    """The configuration with what one field adds."""
    for mark, name in ADDS.items():
        if isinstance(field[mark].value, str):
            specs = joined(getattr(config, name), (FieldSpec(path, kind),), field)
            config = Config(**{**config._asdict(), name: specs})
    version, target = field[f"{REFERS}-api-version"], field[f"{REFERS}-kind"]
    if not (isinstance(version.value, str) and isinstance(target.value, str)):
        return config
    key = field[f"{REFERS}-name-key"].value
    spec = FieldSpec((*path, key if isinstance(key, str) else "name"), kind)
    pair = (Target(target.text, version=version.text), spec)
    return config._replace(references=with_references(config.references, (pair,), field))


def _fields(root: Node, name: str, path: tuple[str, ...]) -> Iterator[Field]:
    """All fields of a definition, those of the definitions that it refers to included."""
    if len(path) > MAX_DEPTH:
        raise Unsupported(f"definitions refer to each other more than {MAX_DEPTH} deep", root)
    for key, field in _properties(root[name]):
        yield (*path, key), field
        if field["$ref"].text:
            yield from _fields(root, field["$ref"].text, (*path, key))


def _properties(definition: Node) -> Iterator[tuple[str, Node]]:
    for key, schema in definition.items():
        if key.lower() == "schema":
            yield from schema["properties"].items()
