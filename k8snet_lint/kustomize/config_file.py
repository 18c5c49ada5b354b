"""Files of `configurations`, which name further fields that transformations change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.config import Config, with_references
from k8snet_lint.kustomize.field_spec import spec_of
from k8snet_lint.kustomize.fields import SPEC
from k8snet_lint.kustomize.flaw import Refused, unknown
from k8snet_lint.kustomize.reference_fields import Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.kustomize.field_spec import FieldSpec
    from k8snet_lint.manifest import Node

REFERENCES = "nameReference"
FIELDS = {
    "namePrefix": "prefix",
    "nameSuffix": "suffix",
    "namespace": "namespace",
    "commonLabels": "common_labels",
    "labels": "labels",
    "templateLabels": "template_labels",
    "commonAnnotations": "annotations",
    "varReference": "variables",
    "images": "images",
    "replicas": "replicas",
}
"""The fields of such a file, and what each adds to."""

NOTHING = Config(**dict.fromkeys(FIELDS.values(), ()), references={})


def configuration(root: Node) -> Config:
    """What a file adds. Raises Refused for what kustomize refuses."""
    _check(root, (*FIELDS, REFERENCES))
    specs = {FIELDS[key]: tuple(map(_spec, _entries(node))) for key, node in root.items() if key in FIELDS}
    references = with_references({}, _references(root[REFERENCES]), root)
    return NOTHING._replace(**specs, references=references)


def _references(listed: Node) -> Iterator[tuple[Target, FieldSpec]]:
    for entry in _entries(listed):
        _check(entry, ("kind", "group", "version", "fieldSpecs"))
        target = Target(entry["kind"].text, entry["group"].text, entry["version"].text)
        yield from ((target, _spec(field)) for field in _entries(entry["fieldSpecs"]))


def _spec(field: Node) -> FieldSpec:
    _check(field, SPEC)
    return spec_of(field)


def _entries(node: Node) -> Iterable[Node]:
    if node.value is not None and not node.is_list:
        raise Refused(f"'{node.key}' of a configuration is no list", node)
    return node


def _check(node: Node, fields: Iterable[str]) -> None:
    """Refuse what is no mapping of these fields."""
    if node.value is not None and not node.is_mapping:
        raise Refused(f"'{node.value!s:.40}' is no mapping", node)
    for key, held in node.items():
        if key not in fields:
            raise unknown(key, held, "a configuration", fields)
