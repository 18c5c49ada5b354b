"""Connections as text, JSON, CSV, Markdown, Graphviz dot and Mermaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.answers.drawing import Drawing, dot, mermaid
from k8snet_lint.answers.tables import csv_table, markdown_table, markdown_text, text_table
from k8snet_lint.answers.values import (
    connections_cell,
    connections_json,
    connections_text,
    dumped,
    flawed_json,
    flawed_lines,
    verdict_cell,
)
from k8snet_lint.connectivity.naming import WITHOUT_NAMESPACE
from k8snet_lint.reach import Verdict
from k8snet_lint.reporters.json_report import location_json, resource_json
from k8snet_lint.reporters.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from k8snet_lint.answers.tables import Cell
    from k8snet_lint.connectivity.listing import Listing, Row, WorldListing
    from k8snet_lint.connectivity.routes import Route

HEADER = ("FROM", "TO", "PORTS", "VERDICT")
ROUTES = ("ENTRY", "BY", "SERVICE", "TO", "PORTS", "VERDICT", "WRITTEN AT")
MANY_ARROWS = 12
"""A row that would need more arrows than this is drawn with a junction in the middle."""


def text(listing: Listing) -> str:
    """A table of connections a world, then the paths of outside traffic, then what was rejected of policies."""
    return "".join(f"{plain(line)}\n" if line.strip() else "\n" for line in _lines(listing))


def _lines(listing: Listing) -> Iterator[str]:
    for number, each in enumerate(listing.worlds):
        if number:
            yield ""
        if each.world:
            yield f"world {each.world}"
        if each.rows:
            yield from text_table(HEADER, [_cells(row) for row in each.rows])
        else:
            yield "no connections"
        if each.routes:
            yield from ("", *text_table(ROUTES, [_route_cells(route) for route in each.routes]))
        notes = flawed_lines(each.flawed)
        if notes:
            yield from ("", *notes)


def _cells(row: Row) -> tuple[Cell, ...]:
    return row.sources, row.targets, connections_cell(row.connections), verdict_cell(row.verdict, row.reasons)


def _route_cells(route: Route) -> tuple[Cell, ...]:
    return (
        route.sources,
        (str(route.route),),
        (route.service.name,),
        (route.workload.key,),
        connections_cell(route.connections),
        verdict_cell(route.verdict, route.reasons),
        (str(route.location),),
    )


def to_json(listing: Listing) -> str:
    """Sets of names; `namespaces` tells which workloads each namespace's name stands for."""
    return dumped({"worlds": [_world(each) for each in listing.worlds]})


def _world(each: WorldListing) -> dict[str, object]:
    return {
        "world": each.world,
        "connections": [
            {
                "sources": list(row.sources),
                "targets": list(row.targets),
                "connections": connections_json(row.connections),
                "verdict": row.verdict.value,
                "reasons": list(row.reasons),
            }
            for row in each.rows
        ],
        "routes": [
            {
                "entry": route.entry,
                "sources": list(route.sources),
                "route": resource_json(route.route),
                "service": resource_json(route.service),
                "location": location_json(route.location),
                "target": route.workload.key,
                "connections": connections_json(route.connections),
                "verdict": route.verdict.value,
                "reasons": list(route.reasons),
            }
            for route in each.routes
        ],
        "namespaces": {space: list(keys) for space, keys in each.namespaces.items()},
        "rejected": flawed_json(each.flawed),
    }


def to_csv(listing: Listing) -> str:
    """A line a row, those of outside traffic last; the world is the first column where there are several."""
    rows = [
        ((each.world,), *cells)
        for each in listing.worlds
        for cells in (*map(_cells, each.rows), *(_route_as_row(route) for route in each.routes))
    ]
    return csv_table(("world", "from", "to", "ports", "verdict"), rows)


def _route_as_row(route: Route) -> tuple[Cell, ...]:
    by = (f"{', '.join(route.sources)} ({route.route})",)
    verdict = verdict_cell(route.verdict, route.reasons)
    return by, (route.workload.key,), connections_cell(route.connections), verdict


def markdown(listing: Listing) -> str:
    """Tables for a pull request or a job's summary."""
    lines: list[str] = []
    for each in listing.worlds:
        if each.world:
            lines += [f"### {markdown_text(each.world)}", ""]
        lines += markdown_table(HEADER, map(_cells, each.rows)) if each.rows else ["No connections."]
        if each.routes:
            lines += ["", *markdown_table(ROUTES, map(_route_cells, each.routes))]
        lines += ["", *(f"- {markdown_text(note)}" for note in flawed_lines(each.flawed))]
    return "\n".join(lines).rstrip("\n") + "\n"


def drawing(listing: Listing) -> Drawing:
    """Boxes for names, by namespace and world, and an arrow for each connection."""
    made = Drawing()
    for each in listing.worlds:
        for number, row in enumerate(each.rows):
            _draw(made, each, number, row)
        for route in each.routes:
            entry = (each.world, str(route.route))
            made.box(entry, f"{route.route.kind}\n{route.route.name}", _group(each.world, route.route.namespace))
            target = _box(made, each.world, route.workload.key)
            made.arrow(entry, target, _arrow(connections_text(route.connections), route.verdict))
    return made


def _draw(made: Drawing, each: WorldListing, number: int, row: Row) -> None:
    sources = [_box(made, each.world, name) for name in row.sources]
    targets = [_box(made, each.world, name) for name in row.targets]
    label = _arrow(connections_text(row.connections), row.verdict)
    if len(sources) * len(targets) <= MANY_ARROWS:
        for source in sources:
            for target in targets:
                made.arrow(source, target, label)
        return
    middle = (each.world, f"row {number}")
    made.box(middle, label, _group(each.world, ""))
    for source in sources:
        made.arrow(source, middle, "")
    for target in targets:
        made.arrow(middle, target, "")


def _arrow(ports: str, verdict: Verdict) -> str:
    return ports if verdict is Verdict.ALLOWED else f"{ports} ({verdict})"


def _box(made: Drawing, world: str, name: str) -> tuple[str, str]:
    parts = name.split("/")
    space, label = "", name
    if len(parts) == 3:
        space, label = parts[0], f"{parts[1]}\n{parts[2]}"
    elif len(parts) == 2 and not parts[1]:
        space, label = parts[0], f"all of {parts[0]}"
    elif len(parts) == 2 and parts[0].isalpha():
        label = "\n".join(parts)
    elif name == WITHOUT_NAMESPACE:
        label = "all without namespace"
    made.box((world, name), label, _group(world, space))
    return world, name


def _group(world: str, space: str) -> str:
    return ": ".join(filter(None, (world, space)))


FORMATS: Mapping[str, Callable[[Listing], str]] = {
    "text": text,
    "json": to_json,
    "csv": to_csv,
    "markdown": markdown,
    "dot": lambda listing: dot(drawing(listing)),
    "mermaid": lambda listing: mermaid(drawing(listing)),
}
