"""Why a configuration is rejected: what jsonschema finds wrong with it, in the reader's words and at its place.

Imported only after a rejection, as jsonschema takes longer to import than most runs take.
"""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from k8snet_lint.config import values
from k8snet_lint.nearest import did_you_mean, listed
from k8snet_lint.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.source import Location

    Schema = dict[str, Any]

MOST = 20
_LOOKED_AT = 1000  # jsonschema takes its time over each of very many errors

_KINDS = {"array": "a list", "object": "a mapping", "string": "a string", "boolean": "true or false"}
_FORMATS = {
    "cidr": (values.cidr, "an address range without bits set after its prefix"),
    "date": (values.date, "a day of the calendar"),
    "glob": (values.glob, "a file pattern"),
    "port-range": (values.port_range, "two ports between 1 and 65535, the lower one first"),
}


def mistakes(root: Node) -> tuple[str, ...]:
    """What is wrong with a configuration, one line each, in the order of the file; the first twenty of many."""
    judge = validator()
    found: set[tuple[Location, str]] = set()
    for error in islice(judge.iter_errors(root.value), _LOOKED_AT):
        node = root.at(*error.absolute_path)
        found.update(_said(error.validator, node, judge.schema))
    lines = [f"{location}: {message}" for location, message in sorted(found, key=lambda it: (it[0].sort_key, it[1]))]
    if len(lines) > MOST:
        lines[MOST:] = [f"{lines[MOST].partition(': ')[0]}: further mistakes are left out"]
    return tuple(lines)


def validator() -> Any:  # noqa: ANN401 - jsonschema makes its classes at run time
    """What judges a configuration by the shipped schema.

    The formats are ours, as JSON Schema has none for them, and the `$` of a pattern is the end of the text, as ECMA-262
    has it: every pattern is anchored.
    """
    whole = json.loads((shipped("schemas") / "config.schema.json").read_text(encoding="utf-8"))
    # For editors: whether a rule has these options is for the registry to say, which knows the user's own rules too.
    whole["properties"]["options"].pop("properties", None)
    keywords = {"pattern": _pattern, "format": _format}
    return extend(Draft202012Validator, keywords)(whole)  # type: ignore[no-untyped-call]


def _pattern(_validator: object, pattern: str, value: object, _schema: Schema) -> Iterator[ValidationError]:
    if isinstance(value, str) and not re.fullmatch(pattern, value):
        yield ValidationError("pattern")


def _format(_validator: object, name: str, value: object, _schema: Schema) -> Iterator[ValidationError]:
    reader, _ = _FORMATS[name]
    try:
        reader(value)
    except values.Rejected:
        yield ValidationError("format")


def _said(keyword: str, node: Node, whole: Schema) -> Iterator[tuple[Location, str]]:
    """What to say of an error, and at which place, by the keyword of the schema that found it."""
    schema = _schema_at(whole, node)
    if keyword == "additionalProperties":
        unknown = (entry for entry in node.items() if entry[0] not in schema["properties"])
        for key, entry in islice(unknown, MOST + 1):
            yield entry.key_location, f"unknown key {_shown(key)}{_within(node)}{_meant(key, schema, whole)}"
    elif keyword == "required":
        for key in set(schema["required"]) - node.value.keys():
            expected = _expected(_resolved(schema["properties"][key], whole), None)
            yield node.location, f"missing key '{key}'{_within(node)}; expected {expected}"
    else:
        yield node.location, f"{_named(node)} is {_shown(node.value)}; expected {_expected(schema, node.value)}"


def _schema_at(whole: Schema, node: Node) -> Schema:
    """The part of the schema that describes a value."""
    if node.parent is None:
        return whole
    above = _schema_at(whole, node.parent)
    if isinstance(node.key, int):
        return _resolved(above["items"], whole)
    return _resolved(above.get("properties", {}).get(node.key) or above["additionalProperties"], whole)


def _resolved(schema: Schema, whole: Schema) -> Schema:
    """A schema with what it refers to merged into it."""
    name = schema.get("$ref", "").removeprefix("#/$defs/")
    return {**whole["$defs"][name], **schema} if name else schema


def _named(node: Node) -> str:
    name = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in node.path)
    return _shown(name[1:]) if name else "the configuration"


def _within(node: Node) -> str:
    return f" in {_named(node)}" if node.parent is not None else ""


def _shown(value: object) -> str:
    """What is written, in words; long texts are cut."""
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value!r:.40}"
        case str():
            return repr(value if len(value) <= 60 else f"{value[:60]}…")
        case _:
            return "a list" if isinstance(value, list) else "a mapping"


def _expected(schema: Schema, value: object) -> str:
    """What a schema takes, in words that tell it from `value`."""
    if "enum" in schema:
        asked = did_you_mean(value, schema["enum"]) if isinstance(value, str) else ""
        return listed(f"'{choice}'" for choice in schema["enum"]) + asked
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    such = f" such as {schema['examples'][0]!r}" if "examples" in schema else ""
    if not isinstance(value, str) or "string" not in kinds:
        quotes = ", in quotes" if isinstance(value, int | float) and "string" in kinds else ""
        return listed(_KINDS[kind] for kind in kinds) + such + quotes
    if "format" in schema:
        return f"{_FORMATS[schema['format']][1]},{such}"
    return f"a form{such}" if "pattern" in schema else f"some text{such and ','}{such}"


def _meant(key: str, schema: Schema, whole: Schema) -> str:
    """Which known key an unknown one may have meant: the nearest here, or one of that name elsewhere."""
    known = schema["properties"]
    if asked := did_you_mean(key, known):
        return asked
    if key in whole["properties"]:
        return "; it stands at the top level"
    for name, section in whole["properties"].items():
        if key in section.get("properties", {}):
            return f"; it stands under '{name}'"
    return "; expected " + listed(f"'{name}'" for name in known) if len(known) <= 8 else ""
