"""What changed of connections, as text, JSON, Markdown for a pull request, and SARIF on the changed lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.answers.tables import markdown_table, markdown_text
from k8snet_lint.answers.values import connections_json, connections_text, dumped
from k8snet_lint.connectivity.changes import Risk
from k8snet_lint.declare import Severity
from k8snet_lint.fingerprint import Fingerprints
from k8snet_lint.reach.diff import ChangeKind
from k8snet_lint.report import Finding, Related, Report
from k8snet_lint.reporters.json_report import location_json
from k8snet_lint.reporters.plain import plain
from k8snet_lint.reporters.wording import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from k8snet_lint.connectivity.changes import Changed, Changes, WorldChanges
    from k8snet_lint.connectivity.edits import EditedLine
    from k8snet_lint.reach.diff import Held
    from k8snet_lint.reporters import Style

REACHES = {Risk.ACROSS: "across namespaces", Risk.WITHIN: "within a namespace"}
HEADER = ("CHANGE", "REACH", "FROM", "TO", "BEFORE", "AFTER", "BECAUSE OF")
MOST_NAMES = 6


def text(changes: Changes, style: Style) -> str:  # noqa: ARG001 - what only SARIF needs
    """A change a paragraph: what, how far it reaches, and the lines that did it."""
    lines: list[str] = []
    for world in changes.worlds:
        if world.world and (world.changes or world.note):
            lines += [f"world {world.world}" + (f": {world.note}" if world.note else ""), ""]
        for change in world.changes:
            lines += [*_lines(changes, change), ""]
    lines.append(_summary(changes))
    return "".join(f"{plain(line)}\n" if line else "\n" for line in lines)


def _lines(changes: Changes, change: Changed) -> Iterator[str]:
    yield f"{change.kind}, {_reach(change)}: {_names(change.sources)} -> {_names(change.targets)}"
    if change.via:
        yield f"  by {change.via}"
    else:
        yield f"  {_delta(change)}"
    for line in change.lines:
        yield f"  {_place(changes, line)}: {line.resource} {_edit(line)}"
    if not change.lines:
        yield "  no line of these objects changed; what they are told apart from did"


def _reach(change: Changed) -> str:
    if change.risk is Risk.WORLD:
        return "open to the world" if change.opens else "out to the world"
    return REACHES[change.risk]


def _delta(change: Changed) -> str:
    parts = [f"{_held(change.old)} before, {_held(change.new)} now"]
    if change.kind in (ChangeKind.WIDENED, ChangeKind.CHANGED) and change.gained:
        parts.append(f"new: {connections_text(change.gained)}")
    if change.kind in (ChangeKind.NARROWED, ChangeKind.CHANGED) and change.lost:
        parts.append(f"gone: {connections_text(change.lost)}")
    return "; ".join(parts)


def _held(held: Held) -> str:
    if not held.possible:
        return "nothing"
    surely = connections_text(held.definite) if held.definite else ""
    perhaps = held.possible - held.definite
    return " and ".join(filter(None, (surely, f"perhaps {connections_text(perhaps)}" if perhaps else "")))


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    return f"{shown} and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else shown


def _place(changes: Changes, line: EditedLine) -> str:
    """The place, with the version in front where it is not in the new one."""
    return str(line.location) if line.is_new else f"{changes.old}: {line.location}"


def _edit(line: EditedLine) -> str:
    return f"{line.what} {line.path}".rstrip()


def _summary(changes: Changes) -> str:
    every = [change for world in changes.worlds for change in world.changes]
    if not every:
        where = " in the worlds that both have" if any(world.note for world in changes.worlds) else ""
        return f"no connection differs between {changes.old} and {changes.new}{where}"
    counts = [(kind, sum(change.kind is kind for change in every)) for kind in ChangeKind]
    said = ", ".join(f"{count} {kind}" for kind, count in counts if count)
    return f"{plural(len(every), 'change')} between {changes.old} and {changes.new}: {said}"


def to_json(changes: Changes, style: Style) -> str:  # noqa: ARG001 - as above
    """Every change of every world; `file` of a line that is not in the new version is that of the old one."""
    left_out = {"unread": [*map(str, changes.unread)], "gaps": list(changes.gaps)}
    worlds = [_world(world) for world in changes.worlds]
    return dumped({"old": changes.old, "new": changes.new, **left_out, "worlds": worlds})


def _world(world: WorldChanges) -> dict[str, object]:
    return {
        "world": world.world,
        "note": world.note,
        "changes": [
            {
                "kind": change.kind.value,
                "risk": change.risk.name.lower(),
                "opens": change.opens,
                "sources": list(change.sources),
                "targets": list(change.targets),
                "via": change.via,
                "old": _held_json(change.old),
                "new": _held_json(change.new),
                "gained": connections_json(change.gained),
                "lost": connections_json(change.lost),
                "lines": [
                    {
                        "location": location_json(line.location),
                        "version": "new" if line.is_new else "old",
                        "resource": line.resource,
                        "what": line.what,
                        "path": line.path,
                    }
                    for line in change.lines
                ],
            }
            for change in world.changes
        ],
    }


def _held_json(held: Held) -> dict[str, object]:
    return {"definite": connections_json(held.definite), "possible": connections_json(held.possible)}


def markdown(changes: Changes, style: Style) -> str:  # noqa: ARG001 - as above
    """A comment for a pull request: the summary, then a table a world."""
    lines = ["## Connections", "", f"{markdown_text(_summary(changes))}."]
    left_out = (*(f"not fully read: {each}" for each in changes.unread), *changes.gaps)
    if left_out:
        lines += ["", "What is said below does not count what could not be analysed:", ""]
        lines += [f"* {markdown_text(plain(each))}" for each in left_out]
    for world in changes.worlds:
        if world.world and (world.changes or world.note):
            lines += ["", f"### {markdown_text(world.world)}"]
        if world.note:
            lines += ["", markdown_text(world.note)]
        if world.changes:
            lines += ["", *markdown_table(HEADER, [_row(changes, change) for change in world.changes])]
    return "\n".join(lines) + "\n"


def _row(changes: Changes, change: Changed) -> tuple[tuple[str, ...], ...]:
    lines = tuple(f"{_place(changes, line)} {line.resource} {_edit(line)}" for line in change.lines)
    held = (("",), (change.via,)) if change.via else ((_held(change.old),), (_held(change.new),))
    return (change.kind.value,), (_reach(change),), change.sources, change.targets, *held, lines


def sarif(changes: Changes, style: Style) -> str:
    """A result for each change, at the first changed line of the new version; what is only gone is a note."""
    from k8snet_lint.reporters.sarif import render  # noqa: PLC0415 - the SARIF model takes long to import

    fingerprints = Fingerprints()
    found = (
        _finding(world.world, change, fingerprints)
        for world in changes.worlds
        for change in world.changes
        if change.lines
    )
    return render(Report(findings=tuple(found), unread=changes.unread), style)


def _finding(world: str, change: Changed, fingerprints: Fingerprints) -> Finding:
    rule = f"connection-{change.kind}"
    ends = f"{_names(change.sources)} -> {_names(change.targets)}"
    what = f"by {change.via}" if change.via else _delta(change)
    first, *others = change.lines
    told = [world, change.sources, change.targets, str(change.gained), str(change.lost), change.via]
    return Finding(
        rule=rule,
        severity=_severity(change),
        message=f"{f'{world}: ' if world else ''}{change.kind}, {_reach(change)}: {ends}: {what}",
        help="",
        resource=None,
        location=first.location,
        path="",
        related=tuple(Related(line.location, f"{line.resource} {_edit(line)}") for line in others if line.is_new),
        fingerprint=fingerprints.of(rule, None, (), told),
    )


def _severity(change: Changed) -> Severity:
    if change.kind in (ChangeKind.NARROWED, ChangeKind.REMOVED):
        return Severity.NOTE
    return Severity.ERROR if change.risk is Risk.WORLD else Severity.WARNING


FORMATS: Mapping[str, Callable[[Changes, Style], str]] = {
    "text": text,
    "json": to_json,
    "markdown": markdown,
    "sarif": sarif,
}
