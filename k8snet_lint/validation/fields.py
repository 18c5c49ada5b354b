"""What is wrong with the fields of an object, in the reader's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.nearest import listed
from k8snet_lint.placeholder import is_open
from k8snet_lint.quoting import quoted
from k8snet_lint.record import NamedTuple
from k8snet_lint.validation.shape import expected, spelt
from k8snet_lint.validation.wording import asked, mended, near, shown, spelt_otherwise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.manifest import Node, Path
    from k8snet_lint.validation.shape import Shape
    from k8snet_lint.validation.validator import SchemaValidator, Violation

    Schema = Mapping[str, Any]

FEW = 12
"""As many keys are listed where none is near."""

_OF_MAPPINGS = ("required", "additionalProperties", "propertyNames")
"""The keywords that speak of a mapping's keys; of the others one says enough of a value."""


class FieldError(NamedTuple):
    """A key or value that the API server rejects.

    Shapes: `what` goes on after the object's name and `has`, or after `breaks a rule:` where `by_schema` is false;
    `at_key` says that the key at `at` is meant, and `is_missing` that nothing is written there.
    """

    at: Node
    what: str
    help: str
    at_key: bool = False
    is_missing: bool = False
    by_schema: bool = True


def field_errors(root: Node, validator: SchemaValidator) -> tuple[FieldError, ...]:
    """What a schema rejects about an object.

    A null is nothing, as the API server has it, unless a definition takes it for a value (`nullable`). A text that
    something has still to fill in (`${PORT}`) is not judged.
    """
    if validator.is_valid(root.value):
        return ()
    value = _without_empty(root.value, validator.shape, ())
    if validator.is_valid(value):
        return ()
    found = _first(validator.violations(value))
    return tuple(error for each in found for error in _errors(root, each, validator.shape))


def without_nulls(value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """The value without the entries of mappings that are null."""
    if isinstance(value, dict):
        return {key: without_nulls(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def _without_empty(value: Any, shape: Shape, path: Path) -> Any:  # noqa: ANN401 - as above
    """The value without the entries of mappings that are null where the schema wants something else."""
    if isinstance(value, dict):
        entries = ((key, entry, (*path, key)) for key, entry in value.items())
        return {
            key: _without_empty(entry, shape, below)
            for key, entry, below in entries
            if entry is not None or _is_nullable(shape.at(below))
        }
    if isinstance(value, list):
        return [_without_empty(item, shape, (*path, index)) for index, item in enumerate(value)]
    return value


def _is_nullable(schema: Schema) -> bool:
    return "null" in schema.get("type", ())


def _first(violations: Sequence[Violation]) -> Iterator[Violation]:
    """Each mapping's violations, and one of every other value's: that its type is wrong before all else."""
    judged = set()
    for each in sorted(violations, key=lambda each: each.keyword != "type"):
        if each.keyword in _OF_MAPPINGS:
            yield each
        elif each.path not in judged:
            judged.add(each.path)
            yield each


def _errors(root: Node, violation: Violation, shape: Shape) -> Iterator[FieldError]:
    node, schema = root.at(*violation.path), shape.at(violation.path)
    if violation.keyword == "additionalProperties":
        yield from _unknown_keys(node, schema, shape)
    elif violation.keyword == "required":
        wanted = ((key, node[key]) for key in schema.get("required", ()))
        absent = [key for key, each in wanted if each.value is None and not (each.present and _is_null(shape, each))]
        renaming = {each.help for each in _unknown_keys(node, schema, shape)} if absent else set()
        yield from (_missing(node, key, shape) for key in absent if _renamed(key) not in renaming)
        if not absent:  # a branch of the schema asks for it
            yield _wrong(node, schema, violation.keyword)
    elif violation.keyword == "propertyNames":
        names = shape.names(violation.path)
        yield from (_misnamed(entry, names) for key, entry in node.items() if not _is_name(key, names))
    elif not is_open(node.value) or _is_slip(node.value, schema):
        yield _wrong(node, schema, violation.keyword)


def _is_null(shape: Shape, node: Node) -> bool:
    """Whether a null that is written there is a value."""
    return _is_nullable(shape.at(node.path))


def _is_slip(value: object, schema: Schema) -> bool:
    """Whether what is written as a placeholder would be, such as `ISTIO_MUTAUL`, is nearly one of the values."""
    return isinstance(value, str) and value.replace("_", "").isalpha() and bool(near(value, schema.get("enum", ())))


def _unknown_keys(node: Node, schema: Schema, shape: Shape) -> Iterator[FieldError]:
    """The keys of a mapping that its schema does not know, where it takes no others."""
    known = schema.get("properties", {}) if schema.get("additionalProperties") is False else node.value
    unknown = ((key, entry) for key, entry in node.items() if key not in known and entry.value is not None)
    yield from (_unknown(key, entry, schema, shape) for key, entry in unknown if not is_open(key))


def _renamed(key: str) -> str:
    """The act that makes a key of one that is misspelt."""
    return f"write {key}"


def _unknown(key: str, entry: Node, schema: Schema, shape: Shape) -> FieldError:
    """A key that nobody reads: what may have been meant, or where it belongs."""
    known, path = schema.get("properties", {}), entry.path[:-1]
    nearest = near(key, known)
    places = shape.places_of(key, path, entry.value)
    if renamed := schema.get("x-renamed", {}).get(key):
        why, act = f", which this version calls {renamed}", f"write {renamed}"
    elif "matchLabels" in known and not isinstance(entry.value, dict | list):
        why, act = "; labels stand under matchLabels", f"move it to {spelt(path)}.matchLabels"
    elif (
        isinstance(entry.value, dict) and (entry.value or "matchLabels" in known) and entry.value.keys() <= known.keys()
    ):
        why, act = f"; what it holds belongs right in {spelt(path)}", f"write what it holds right below {spelt(path)}"
    elif places and not (nearest and nearest[0].lower() == key.lower()):
        why, act = f"; it belongs in {listed(places)}", f"move it to {listed(places)}"
    elif nearest:
        why, act = asked(nearest), _renamed(nearest[0])
    else:
        why, act = "", "delete it" + (f"; the keys here are {', '.join(known)}" if 0 < len(known) <= FEW else "")
    return FieldError(entry, f"the unknown key {quoted(key)} {_in(path)}{why}", act, at_key=True)


def _in(path: Path) -> str:
    return f"in {spelt(path)}" if path else f"at {spelt(path)}"


def _missing(node: Node, key: str, shape: Shape) -> FieldError:
    schema = shape.at((*node.path, key))
    words = f": {expected(schema)}" if {"description", "enum", "type"} & schema.keys() else ""
    return FieldError(node[key], f"no {key} {_in(node.path)}", f"add {key}{words}", is_missing=True)


def _misnamed(entry: Node, names: Schema) -> FieldError:
    what = f"the key {quoted(str(entry.key))} {_in(entry.path[:-1])}; expected {expected(names)}"
    return FieldError(entry, what, "correct the key", at_key=True)


def _is_name(key: str, names: Schema) -> bool:
    fits = len(key) <= names.get("maxLength", len(key)) and re.fullmatch(names.get("pattern", ".*"), key)
    return bool(fits) or is_open(key)


def _wrong(node: Node, schema: Schema, keyword: str) -> FieldError:
    value = node.value
    nearest = near(value, schema.get("enum", ())) if isinstance(value, str) else ()
    wanted, written = expected(schema, keyword), spelt_otherwise(value, node.location.text)
    what = f"{shown(spelt(node.path), value, schema, written)}; expected {wanted}{asked(nearest)}"
    act = f"write {nearest[0]}" if nearest else mended(value, schema, written) or _unwrapped(node, schema)
    return FieldError(node, what, act)


def _unwrapped(node: Node, schema: Schema) -> str:
    """What there is to do about labels below `matchLabels` in a selector that is labels and nothing else."""
    if node.key == "matchLabels" and node.is_mapping and schema.get("type") == "string":
        above = spelt(node.path[:-1])
        return f"write the labels right below {above}, which has no matchLabels"
    return "correct the value"
