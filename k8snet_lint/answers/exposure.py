"""What is open, and to whom, as text, JSON, CSV, Markdown, Graphviz dot and Mermaid."""

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
)
from k8snet_lint.reach.exposure import Scope
from k8snet_lint.reporters.json_report import location_json
from k8snet_lint.reporters.plain import plain
from k8snet_lint.resource import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from k8snet_lint.answers.tables import Cell
    from k8snet_lint.connectivity.exposed import Exposed, Exposures, Published
    from k8snet_lint.reach import Connections

HEADER = ("WORKLOADS", "OPEN", "PORTS", "TO SOME OF IT", "PERHAPS")
PUBLISHED = ("WORKLOAD", "PUBLISHED BY", "WRITTEN AT")

SCOPES = {Scope.INTERNET: "the internet", Scope.CLUSTER: "the whole cluster"}
WAYS = {Direction.INGRESS: "from", Direction.EGRESS: "to"}


def text(exposures: Exposures) -> str:
    """A table of what is open a world, then what publishes it."""
    return "".join(f"{plain(line)}\n" if line.strip() else "\n" for line in _lines(exposures))


def _lines(exposures: Exposures) -> Iterator[str]:
    for number, each in enumerate(exposures.worlds):
        if number:
            yield ""
        if each.world:
            yield f"world {each.world}"
        if each.rows:
            yield from text_table(HEADER, [_cells(row) for row in each.rows])
        else:
            yield "nothing is open"
        if each.published:
            yield from ("", *text_table(PUBLISHED, _published(each.published)))
        notes = flawed_lines(each.flawed)
        if notes:
            yield from ("", *notes)


def _published(published: Published) -> list[tuple[Cell, ...]]:
    return [((key,), tuple(it.name for it in by), tuple(str(it.location) for it in by)) for key, by in published]


def whom(row: Exposed) -> tuple[str, ...]:
    """To or from whom it is open."""
    way = WAYS[row.direction]
    if row.scope is Scope.NAMESPACE:
        return tuple(f"{way} any pod of {name}/" for name in row.namespaces)
    return (f"{way} {SCOPES[row.scope]}",)


def _cells(row: Exposed) -> tuple[Cell, ...]:
    parts = (row.every, row.some, row.perhaps)
    return (row.workloads, whom(row), *(connections_cell(part) if part else () for part in parts))


def to_json(exposures: Exposures) -> str:
    """What holds for all of a scope, for some of it, and perhaps, each without the one before."""
    worlds = [
        {
            "world": each.world,
            "exposure": [
                {
                    "workloads": list(row.workloads),
                    "direction": row.direction.value,
                    "scope": row.scope.value,
                    "namespaces": list(row.namespaces),
                    "every": connections_json(row.every),
                    "some": connections_json(row.some),
                    "perhaps": connections_json(row.perhaps),
                }
                for row in each.rows
            ],
            "published": [
                {
                    "workload": key,
                    "by": [{"name": one.name, "location": location_json(one.location)} for one in by],
                }
                for key, by in each.published
            ],
            "rejected": flawed_json(each.flawed),
        }
        for each in exposures.worlds
    ]
    return dumped({"worlds": worlds})


def to_csv(exposures: Exposures) -> str:
    """A line a row."""
    rows = [((each.world,), *_cells(row)) for each in exposures.worlds for row in each.rows]
    return csv_table(("world", "workloads", "open", "ports", "to some of it", "perhaps"), rows)


def markdown(exposures: Exposures) -> str:
    """Tables for a pull request or a job's summary."""
    lines: list[str] = []
    for each in exposures.worlds:
        if each.world:
            lines += [f"### {markdown_text(each.world)}", ""]
        lines += markdown_table(HEADER, map(_cells, each.rows)) if each.rows else ["Nothing is open."]
        if each.published:
            lines += ["", *markdown_table(PUBLISHED, _published(each.published))]
        lines += ["", *(f"- {markdown_text(note)}" for note in flawed_lines(each.flawed))]
    return "\n".join(lines).rstrip("\n") + "\n"


def drawing(exposures: Exposures) -> Drawing:
    """Arrows from whom something is open to, and to whom."""
    made = Drawing()
    for each in exposures.worlds:
        for row in each.rows:
            for peer in whom(row):
                outside = (each.world, peer.partition(" ")[2])
                made.box(outside, outside[1], each.world)
                for name in row.workloads:
                    made.box((each.world, name), name, each.world)
                    ends = ((each.world, name), outside)
                    ends = ends if row.direction is Direction.EGRESS else (outside, (each.world, name))
                    made.arrow(*ends, _arrow(row.every, row.some | row.perhaps))
    return made


def _arrow(every: Connections, perhaps: Connections) -> str:
    whole = connections_text(every) if every else ""
    partly = f"{connections_text(perhaps)} (in part)" if perhaps else ""
    return "; ".join(filter(None, (whole, partly)))


FORMATS: Mapping[str, Callable[[Exposures], str]] = {
    "text": text,
    "json": to_json,
    "csv": to_csv,
    "markdown": markdown,
    "dot": lambda exposures: dot(drawing(exposures)),
    "mermaid": lambda exposures: mermaid(drawing(exposures)),
}
