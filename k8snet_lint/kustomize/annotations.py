"""Annotations, which are texts whatever they are written as: kustomize keeps notes of its own among them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from k8snet_lint.kustomize.part import Part
from k8snet_lint.kustomize.words import as_text, has_spellings, is_day, midnight

BEYOND = 2**64
"""What kustomize takes for a text, if it is an integer."""


def as_annotations(pairs: Part) -> None:
    """Make texts of the values of annotations, as kustomize does whatever they are: scalars as they are written."""
    for key, part in pairs.fields.items():
        value = part.plain()
        if not isinstance(value, str):
            text = "" if isinstance(value, dict | list) else as_text(part)
            pairs.fields[key] = Part(part.node, text, part.before)


def pass_through_json(pairs: Part | None, *, keeps_bare: bool = False) -> None:
    """Have annotations be what they are once their object was JSON; with `keeps_bare`, a null left out stays one."""
    for part in pairs.fields.values() if pairs is not None else ():
        value = _as_json(part)
        if value != part.plain() and not (keeps_bare and part.is_null and not as_text(part)):
            part.become(Part(part.node, value, part.before))


def settle_item(root: Part) -> None:
    """Have the annotations of a list's item be what kustomize has them be, which takes lists apart by way of JSON."""
    held = root.peek(("metadata", "annotations"))
    if isinstance(held, dict) and any(has_spellings(value) for value in held.values()):
        pass_through_json(root.at("metadata", "annotations"))


def _as_json(part: Part) -> Any:  # noqa: ANN401 - as YAML
    """A number in its shortest spelling, a day as the time that it starts."""
    value = part.plain()
    if isinstance(value, str):
        return midnight(value) if is_day(value, part.node) else value
    if value is None:
        return "null"
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
