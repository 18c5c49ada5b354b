"""The resource graph as text, JSON, Graphviz dot and Mermaid."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from k8snet_lint.answers.drawing import Drawing, dot, mermaid
from k8snet_lint.reporters.json_report import location_json, resource_json
from k8snet_lint.reporters.plain import escape_json, inert, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from k8snet_lint.overview import Attached, Dangling, Overview, Shown


def text(overview: Overview) -> str:
    """A line a resource, its relations and dangling references below it, each with its place."""
    return inert("".join(f"{plain(line)}\n" for line in _lines(overview)))


def _lines(overview: Overview) -> Iterator[str]:
    if len(overview.units) > 1 or overview.worlds:
        for unit in overview.units:
            worlds = f" in {', '.join(unit.worlds)}" if unit.worlds else ""
            yield f"unit {plain(unit.name)} ({unit.kind}){worlds}" + (f": {plain(unit.reason)}" if unit.reason else "")
        yield ""
    below: dict[Shown, list[str]] = {}
    for each in overview.relations:
        below.setdefault(each.source, []).append(f"  {each.relation} {each.target.name}  {each.location}")
    for missing in overview.unresolved:
        below.setdefault(missing.source, []).extend(_missing(missing))
    for attached in overview.attachments:
        below.setdefault(attached.source, []).extend(_verdict(attached))
    for resource in overview.resources:
        yield f"{resource.name}  {resource.location}"
        yield from below.get(resource, ())
    count = f"{len(overview.resources)} resources, {len(overview.relations)} relations"
    yield f"{count}, {len(overview.unresolved)} unresolved"


def _missing(missing: Dangling) -> Iterator[str]:
    outside = "" if missing.covered else ", may live outside the scanned files"
    yield f"  {missing.relation} nothing: no {missing.kind} {missing.wanted}{outside}  {missing.location}"
    for location, word in missing.near:
        yield f"    near miss: {word}  {location}"


def _verdict(attached: Attached) -> Iterator[str]:
    by = f" by {', '.join(attached.listeners)}" if attached.listeners else ""
    yield f"  parent {attached.parent}: {attached.accepted}{by}; {attached.resolved}  {attached.location}"
    yield from (f"    {why}" for why in (*attached.why, *attached.unresolved))


def to_json(overview: Overview) -> str:
    """Units, resources, relations and unresolved references, as findings name them."""
    value = {
        "version": 1,
        "units": [
            {"name": unit.name, "kind": unit.kind, "reason": unit.reason, "worlds": list(unit.worlds)}
            for unit in overview.units
        ],
        "worlds": list(overview.worlds),
        "resources": [
            {**resource_json(each.name), "location": location_json(each.location), "unit": each.unit}
            for each in overview.resources
        ],
        "relations": [
            {
                "source": resource_json(each.source.name),
                "relation": each.relation,
                "target": resource_json(each.target.name),
                "location": location_json(each.location),
            }
            for each in overview.relations
        ],
        "unresolved": [_unresolved(each) for each in overview.unresolved],
        "attachments": [_attachment(each) for each in overview.attachments],
    }
    return escape_json(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def _attachment(attached: Attached) -> dict[str, object]:
    return {
        "source": resource_json(attached.source.name),
        "parent": attached.parent,
        "target": resource_json(attached.target.name) if attached.target else None,
        "location": location_json(attached.location),
        "accepted": attached.accepted,
        "listeners": list(attached.listeners),
        "reasons": list(attached.why),
        "resolvedRefs": attached.resolved,
        "unresolvedRefs": list(attached.unresolved),
    }


def _unresolved(missing: Dangling) -> dict[str, object]:
    return {
        "source": resource_json(missing.source.name),
        "relation": missing.relation,
        "kind": missing.kind,
        "wanted": missing.wanted,
        "location": location_json(missing.location),
        "covered": missing.covered,
        "near": [{"location": location_json(location), "message": word} for location, word in missing.near],
    }


def _drawing(overview: Overview) -> Drawing:
    """Resources that take part in a relation, boxed by namespace; dangling ends are drawn as such."""
    drawing = Drawing()
    verdicts = {(each.source, each.target): each.accepted for each in overview.attachments}
    for each in overview.relations:
        if each.relation != "in":
            _box(drawing, each.source)
            _box(drawing, each.target)
            verdict = verdicts.get((each.source, each.target)) if each.relation == "attaches-to" else None
            drawing.arrow(each.source, each.target, f"{each.relation}: {verdict}" if verdict else each.relation)
    for missing in overview.unresolved:
        _box(drawing, missing.source)
        drawing.box(missing, f"no {missing.kind}\n{missing.wanted}", "", missing=True)
        drawing.arrow(missing.source, missing, missing.relation)
    return drawing


def _box(drawing: Drawing, shown: Shown) -> None:
    drawing.box(shown, f"{shown.name.kind}\n{shown.name.name}", shown.name.namespace)


FORMATS: Mapping[str, Callable[[Overview], str]] = {
    "text": text,
    "json": to_json,
    "dot": lambda overview: dot(_drawing(overview)),
    "mermaid": lambda overview: mermaid(_drawing(overview)),
}
