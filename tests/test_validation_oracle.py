"""The shipped schemas against the official ones and those that projects ship: ours reject nothing that is right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import kubernetes_validate as oracle

from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.manifest import InputProblem, decode, parse
from k8snet_lint.validation import errors_of
from k8snet_lint.validation.shape import Shape, spelt
from k8snet_lint.validation.shipped_schemas import validator_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from k8snet_lint.manifest import Node

VERSION = "1.34"

# What the API server refuses in code, where its OpenAPI asks for nothing but a text: the fields, and the code.
STRICTER = {
    (
        "spec.rules[].http.paths[].pathType",
        "'exact'",
    ): "validateHTTPIngressPath: Exact, Prefix or ImplementationSpecific",
    ("spec.ports[].protocol", "'HTTP'"): "ValidateServicePort: TCP, UDP or SCTP",
    ("spec.ports[].protocol", "'HTTPS'"): "likewise",
    ("metadata.name", "'_'"): "ValidateNamespaceName: a DNS label; a build gives the name",
    ("metadata.labels.owner", "'kubelinter@stackrox.com'"): "ValidateLabels: no '@' in a value",
    ("metadata.labels.dev", "'kubelinter@stackrox.com'"): "likewise",
}


def test_what_the_official_schemas_accept_of_real_manifests_ours_accept(shared: Path) -> None:
    only_ours, accepted = set(), 0
    for node in _objects(shared / "corpus"):
        errors = errors_of(node, node["apiVersion"].text, node["kind"].text)
        accepted += not errors
        if errors and _accepts(node.value):
            only_ours |= {(re.sub(r"\d+", "", spelt(error.at.path)), repr(error.at.value)) for error in errors}
    assert only_ours == STRICTER.keys()
    assert accepted > 1_500


def test_no_key_of_the_definitions_that_projects_ship_is_unknown_to_ours(shared: Path) -> None:
    unknown, compared = [], 0
    for api_version, kind, schema in _definitions(shared / "corpus"):
        validator = validator_of(api_version, kind)
        if validator is not None:
            compared += 1
            unknown += [f"{kind} {spelt(path)}" for path in _unknown(schema, Shape(validator.schema), ())]
    assert unknown == []
    assert compared > 10


def _definitions(directory: Path) -> Iterator[tuple[str, str, Any]]:
    """The schemas of custom resources below a directory: apiVersion, kind and schema."""
    for path in sorted(directory.rglob("*.yaml")):
        data = path.read_bytes()
        if b"kind: CustomResourceDefinition" in data:
            source = decode(path.name, data)
            assert not isinstance(source, InputProblem)
            for document in parse(source).documents:
                spec = document.root["spec"]
                for version in spec["versions"]:
                    api_version = f"{spec['group'].text}/{version['name'].text}"
                    yield api_version, spec.at("names", "kind").text, version.at("schema", "openAPIV3Schema").value


def _unknown(schema: Any, ours: Shape, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401
    """The paths of the schema's keys that our schema would reject."""
    if not isinstance(schema, dict) or len(path) > 12 or path[:1] in (("status",), ("metadata",)):
        return
    known = ours.at(path)
    for key, below in schema.get("properties", {}).items():
        if known.get("additionalProperties") is False and key not in known["properties"]:
            yield (*path, key)
        else:
            yield from _unknown(below, ours, (*path, key))
    yield from _unknown(schema.get("items"), ours, (*path, 0))


def _objects(directory: Path) -> Iterator[Node]:
    """Every object below a directory for which a schema is shipped, each text once."""
    for below in sorted(path for path in directory.iterdir() if path.is_dir()):
        loaded = load((str(below),), LoadOptions(render=False))
        for unit in loaded.units:
            for written in unit.objects:
                if validator_of(written.api_version, written.kind):
                    yield written.node


def _accepts(value: dict[str, Any]) -> bool:
    try:
        oracle.validate(value, VERSION, strict=True)
    except (oracle.ValidationError, oracle.SchemaNotFoundError):
        return False
    return True
