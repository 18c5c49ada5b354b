"""Where transformations find what they change: kustomize's defaults, and what kustomizations add to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.field_spec import FieldSpec, joined
from k8snet_lint.kustomize.label_fields import ANNOTATIONS, SELECTORS, TEMPLATES
from k8snet_lint.kustomize.reference_fields import REFERENCES
from k8snet_lint.kustomize.variable_fields import VARIABLES
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from k8snet_lint.kustomize.reference_fields import Target
    from k8snet_lint.manifest import Node

    Specs = tuple[FieldSpec, ...]
    References = Mapping[str, Sequence[tuple[Target, FieldSpec]]]

NAME = FieldSpec(("metadata", "name"))
_IMAGES = tuple(
    FieldSpec((*path, containers, "image"), create=True)
    for path in (("spec",), ("spec", "template", "spec"))
    for containers in ("containers[]", "initContainers[]")
)
_REPLICAS = tuple(
    FieldSpec(("spec", "replicas"), kind, create=True)
    for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")
)


class Config(NamedTuple):
    """The fields that each transformation changes (`TransformerConfig`).

    Shapes: `references` are by the kind of the object that refers, of any kind where that is empty.
    """

    prefix: Specs = (NAME,)
    suffix: Specs = (NAME,)
    namespace: Specs = (
        NAME._replace(kind="Namespace", create=True),
        FieldSpec(("spec", "service", "namespace"), "APIService", "apiregistration.k8s.io", create=True),
        FieldSpec(
            ("spec", "conversion", "webhook", "clientConfig", "service", "namespace"),
            "CustomResourceDefinition",
            "apiextensions.k8s.io",
        ),
    )
    common_labels: Specs = SELECTORS
    labels: Specs = ()
    template_labels: Specs = TEMPLATES
    annotations: Specs = ANNOTATIONS
    variables: Specs = VARIABLES
    images: Specs = _IMAGES
    replicas: Specs = _REPLICAS
    references: References = REFERENCES


DEFAULT = Config()


def with_references(references: References, more: Iterable[tuple[Target, FieldSpec]], at: Node) -> References:
    """The references, and those of the others that are not among them."""
    found = {kind: list(each) for kind, each in references.items()}
    for target, spec in more:
        known = tuple(each for held in found.values() for one, each in held if one == target)
        if len(joined(known, (spec,), at)) > len(known):
            found.setdefault(spec.kind, []).append((target, spec))
    return found


def merged(one: Config, other: Config, at: Node) -> Config:
    """Two configurations in one. Raises Refused where they contradict each other."""
    if other is one or other is DEFAULT:
        return one
    specs = {
        field: joined(getattr(one, field), getattr(other, field), at)
        for field in Config._fields
        if field != "references"
    }
    pairs = (pair for held in other.references.values() for pair in held)
    return Config(**specs, references=with_references(one.references, pairs, at))
