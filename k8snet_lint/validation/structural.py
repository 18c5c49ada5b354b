"""The schema of a CustomResourceDefinition as a JSON Schema that says what the API server says.

Source: apiextensions `JSONSchemaProps`; Kubernetes documentation, *Specifying a structural schema*, *Field pruning*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snet_lint.validation.patterns import is_understood

if TYPE_CHECKING:
    from collections.abc import Mapping

    Schema = dict[str, Any]

_LENGTHS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_BOUNDS = ("minimum", "maximum")
"""Keywords that mean the same in both; most formats are left out, as no two libraries agree on them."""

_FORMATS = {"cidr": "cidr", "ipv4": "ip", "ipv6": "ip"}

_OF_OBJECTS = {"apiVersion": True, "kind": True, "metadata": True}
"""What every object has, whatever its schema says."""

DEEPEST = 60
HUGE = 2**63
"""Beyond what a bound can be; neither infinite nor undefined is below."""


def json_schema(written: object) -> Schema:
    """The JSON Schema for objects of a version, from its `openAPIV3Schema`; what is no schema takes anything."""
    schema = _converted(written, 0)
    if "properties" in schema:
        schema["properties"] = {**schema["properties"], **_OF_OBJECTS}
    return schema


def _converted(written: object, depth: int) -> Schema:
    if not isinstance(written, dict) or depth > DEEPEST:
        return {}
    schema = {**_type(written), **_limits(written)}
    if is_understood(written.get("pattern")):
        schema["pattern"] = written["pattern"]
    if (form := _FORMATS.get(str(written.get("format")))) is not None:
        schema["format"] = form
    if isinstance(written.get("items"), dict):
        schema["items"] = _converted(written["items"], depth + 1)
    schema.update(_entries(written, depth))
    for key in ("allOf", "anyOf", "oneOf"):
        if isinstance(written.get(key), list) and written[key]:
            schema[key] = [_value_validation(each, depth + 1) for each in written[key]]
    if isinstance(written.get("not"), dict):
        schema["not"] = _value_validation(written["not"], depth + 1)
    return schema


def _value_validation(written: object, depth: int) -> Schema:
    """A branch of a logical keyword, which says more of values and never which fields there are."""
    if not isinstance(written, dict):
        return {}
    schema = _converted({**written, "x-kubernetes-preserve-unknown-fields": True}, depth)
    schema.pop("additionalProperties", None)
    for key, each in (written.get("properties") or {}).items() if isinstance(written.get("properties"), dict) else ():
        schema["properties"][key] = _value_validation(each, depth + 1)
    return schema


def _type(written: Mapping[str, Any]) -> Schema:
    if written.get("x-kubernetes-int-or-string") is True:
        return {"type": ["integer", "string"], "description": "a whole number or a text"}
    kind = written.get("type")
    if kind not in ("object", "array", "string", "integer", "number", "boolean"):
        return {}
    return {"type": [kind, "null"]} if written.get("nullable") is True else {"type": kind}


def _limits(written: Mapping[str, Any]) -> Schema:
    """What values are allowed; a limit that is none, which no API server would have taken, is left out.

    Exclusive bounds are a flag beside the bound in OpenAPI 3.0.
    """
    limits: Schema = {key: written[key] for key in _LENGTHS if _is_number(written.get(key)) and written[key] >= 0}
    limits.update((key, int(limits[key])) for key in list(limits))
    limits.update((key, written[key]) for key in _BOUNDS if _is_number(written.get(key)))
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if written.get(flag) is True and bound in limits:
            limits[flag] = limits[bound]
    if _is_number(written.get("multipleOf")) and written["multipleOf"] > 0:
        limits["multipleOf"] = written["multipleOf"]
    if isinstance(written.get("enum"), list) and written["enum"]:
        limits["enum"] = written["enum"]
    return limits


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < HUGE


def _entries(written: Mapping[str, Any], depth: int) -> Schema:
    """The fields of an object; those that it does not know are dropped, unless it preserves them."""
    schema: Schema = {}
    properties = written.get("properties")
    if isinstance(properties, dict):
        schema["properties"] = {str(key): _converted(each, depth + 1) for key, each in properties.items()}
        if written.get("x-kubernetes-embedded-resource") is True:
            schema["properties"].update(_OF_OBJECTS)
    if isinstance(written.get("required"), list):
        known = properties if isinstance(properties, dict) else {}
        defaulted = {key for key, each in known.items() if isinstance(each, dict) and "default" in each}
        needed = (key for key in written["required"] if isinstance(key, str) and key not in defaulted)
        schema["required"] = list(dict.fromkeys(needed))
    others = written.get("additionalProperties")
    preserves = others is True or written.get("x-kubernetes-preserve-unknown-fields") is True
    if isinstance(others, dict):
        schema["additionalProperties"] = _converted(others, depth + 1)
    elif "properties" in schema and not preserves:
        schema["additionalProperties"] = False
    return schema
