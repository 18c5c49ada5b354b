"""Annotations, which are texts whatever they are written as: kustomize keeps notes of its own among them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from k8snet_lint.kustomize.part import Part
from k8snet_lint.kustomize.words import as_text, is_day, midnight

BEYOND = 2**64
"""What kustomize takes for a text, if it is an integer."""


def as_annotations(pairs: Part) -> None:
    """Make texts of the values of annotations, as kustomize does whatever they are: scalars as they are written."""
    for key, part in pairs.fields.items():
        value = part.plain()
        if not isinstance(value, str):
            text = "" if isinstance(value, dict | list) else as_text(part)
            pairs.fields[key] = Part(part.node, text, part.before)


def as_json(part: Part) -> Any:  # noqa: ANN401 - as YAML
    """What an annotation is once its object was JSON: a number in its shortest spelling, a day as a time."""
    value = part.plain()
    if isinstance(value, str):
        return midnight(value) if is_day(value, part.node) else value
    if value is None:
        return as_text(part) and "null"
    if isinstance(value, dict | list) or (isinstance(value, int) and value >= BEYOND):
        return value
    text = json.dumps(value) if isinstance(value, bool) else _shortest(float(value))
    return value if text == as_text(part) else text


def _shortest(value: float) -> str:
    """A number as Go's `strconv` writes it."""
    number = Decimal(repr(value)).normalize()
    if -4 <= number.adjusted() < 6:
        return f"{number:f}"
    return f"{value:.{len(number.as_tuple().digits) - 1}e}"
