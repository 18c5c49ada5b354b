"""The SARIF 2.1.0 object model, as sarif-om has it, mended and made writable; the only module that imports it.

sarif-om is mutable, untyped and unvalidated; the tests hold what comes out against the OASIS schema.
"""

from __future__ import annotations

import functools
from typing import Any

import attr
import sarif_om
from sarif_om import (
    ArtifactLocation,
    CodeFlow,
    Invocation,
    Location,
    LogicalLocation,
    Message,
    MultiformatMessageString,
    Notification,
    PhysicalLocation,
    Region,
    ReportingConfiguration,
    ReportingDescriptor,
    ReportingDescriptorReference,
    Result,
    Run,
    RunAutomationDetails,
    SarifLog,
    ThreadFlow,
    ThreadFlowLocation,
    Tool,
    ToolComponent,
)

__all__ = [
    "ArtifactLocation",
    "CodeFlow",
    "Invocation",
    "Location",
    "LogicalLocation",
    "Message",
    "MultiformatMessageString",
    "Notification",
    "PhysicalLocation",
    "Region",
    "ReportingConfiguration",
    "ReportingDescriptor",
    "ReportingDescriptorReference",
    "Result",
    "Run",
    "RunAutomationDetails",
    "SarifLog",
    "Suppression",
    "ThreadFlow",
    "ThreadFlowLocation",
    "Tool",
    "ToolComponent",
    "encode",
]

# Consumers read a missing level as their own default, missing results as "nothing was analysed", and want rules.
_ALWAYS = frozenset({"level", "results", "rules"})
_SCALARS = (str, int, float)


class Suppression(sarif_om.Suppression):  # type: ignore[misc] # sarif-om has no types
    """With `status`, as the final schema has it; sarif-om calls it `state`."""

    status = attr.ib(default=None, metadata={"schema_property_name": "status"})


attr.s(Suppression)  # no decorator, from which mypy would conclude that the untyped base takes no arguments


def encode(value: Any) -> object:  # noqa: ANN401 - an object of the untyped model
    """The value as `json` takes it, leaving out what is empty or the schema's default.

    Shapes: an object of the model, or a list, a dictionary or a scalar within one.
    """
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    encoded = {}
    values = vars(value)
    for attribute, name, default in _properties(value.__class__):
        item = values[attribute]
        if item is None or (item in (default, [], {}) and name not in _ALWAYS):
            continue
        encoded[name] = item if isinstance(item, _SCALARS) else encode(item)
    return encoded


@functools.cache
def _properties(kind: type[Any]) -> tuple[tuple[str, str, object], ...]:
    """Attribute, name in SARIF and default of each property."""
    return tuple(
        (field.name, field.metadata["schema_property_name"], _default(field.default)) for field in attr.fields(kind)
    )


def _default(declared: object) -> object:
    factory = getattr(declared, "factory", None)
    return factory() if factory else declared
