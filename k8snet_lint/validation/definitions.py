"""Custom resources against the CustomResourceDefinitions that are at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snet_lint.record import NamedTuple
from k8snet_lint.validation.cel import broken_rules, is_installed, rules_of
from k8snet_lint.validation.fields import field_errors
from k8snet_lint.validation.lists import UniqueLists
from k8snet_lint.validation.structural import json_schema
from k8snet_lint.validation.validator import SchemaValidator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snet_lint.manifest import Node
    from k8snet_lint.validation.cel import Rules
    from k8snet_lint.validation.fields import FieldError


class Definition(NamedTuple):
    """One version of one kind: the definition's root, what judges the shape, and the rules in CEL."""

    root: Node
    validator: SchemaValidator
    lists: UniqueLists
    rules: Rules

    def errors(self, node: Node) -> tuple[FieldError, ...]:
        """What is wrong with an object; its rules are judged where its shape is right."""
        return field_errors(node, self.validator) or (*self.lists.repeated(node), *broken_rules(node, self.rules))


class Definitions:
    """The definitions of a run by the apiVersion and kind that they define; schemas are made ready when asked for."""

    def __init__(self, roots: Iterable[Node] = ()) -> None:
        self._versions: dict[tuple[str, str], list[tuple[Node, object]]] = {}
        self._ready: dict[tuple[str, str], tuple[Definition, ...]] = {}
        self._judged: dict[int, tuple[Node, Node, tuple[FieldError, ...]]] = {}
        for root in roots:
            for api_version, kind, schema in _versions(root):
                self._versions.setdefault((api_version, kind), []).append((root, schema))

    def covers(self, api_version: str, kind: str) -> bool:
        """Whether a definition says what objects of that version and kind hold."""
        return (api_version, kind) in self._versions

    def errors(self, node: Node, api_version: str, kind: str) -> tuple[Node, tuple[FieldError, ...]]:
        """What is wrong with an object of a kind that is covered, and the root of the definition that says so.

        Where a tree holds a kind's definition more than once, any of them may be the one that the cluster has: what one
        accepts is right, else the first one speaks.
        """
        judged = self._judged.get(id(node))
        if judged is None:
            found = []
            for definition in self._of(api_version, kind):
                errors = definition.errors(node)
                found.append((definition.root, errors))
                if not errors:
                    break
            judged = self._judged[id(node)] = node, *(found[0] if found[-1][1] else found[-1])
        return judged[1:]

    @property
    def unjudged(self) -> tuple[str, ...]:
        """The kinds whose rules in CEL nothing can judge, since what evaluates them is not installed."""
        if not self._versions or is_installed():
            return ()
        return tuple(sorted({kind for (_, kind), ready in self._ready.items() if any(each.rules for each in ready)}))

    def _of(self, api_version: str, kind: str) -> tuple[Definition, ...]:
        ready = self._ready.get((api_version, kind))
        if ready is None:
            versions = self._versions.get((api_version, kind), ())
            ready = tuple(
                Definition(root, _validator(json_schema(schema)), UniqueLists.of(schema), rules_of(schema))
                for root, schema in versions
            )
            self._ready[api_version, kind] = ready
        return ready


def _validator(schema: dict[str, Any]) -> SchemaValidator:
    """What judges by a schema; by one that is none, which no API server would have taken, everything is right."""
    try:
        return SchemaValidator(schema)
    except ValueError:
        return SchemaValidator({})


def _versions(root: Node) -> Iterator[tuple[str, str, object]]:
    """The served versions that a definition has a schema for, and what of it holds where an object is applied."""
    spec = root["spec"]
    group, kind = spec["group"].text, spec.at("names", "kind").text
    for version in spec["versions"]:
        schema = version.at("schema", "openAPIV3Schema")
        if schema.is_mapping and version["served"].value is not False and version["name"].text:
            has_status = version.at("subresources", "status").is_mapping
            applied = _without_status(schema.value) if has_status else schema.value
            yield f"{group}/{version['name'].text}", kind, applied


def _without_status(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema that takes any status: the API server drops it where it is a subresource, before it judges the rest."""
    properties, required = schema.get("properties"), schema.get("required")
    applied = dict(schema)
    if isinstance(properties, dict) and "status" in properties:
        applied["properties"] = {**properties, "status": {}}
    if isinstance(required, list):
        applied["required"] = [key for key in required if key != "status"]
    return applied
