"""A drawing of boxes and arrows, written as Graphviz dot or as Mermaid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from k8snet_lint.reporters.plain import plain

if TYPE_CHECKING:
    from collections.abc import Hashable


@dataclass(frozen=True, slots=True)
class Box:
    """A labelled box; `label` may hold line breaks, `missing` draws it as something that is not there."""

    id: str
    label: str
    group: str
    missing: bool


class Drawing:
    """Boxes in groups and arrows between them, in the order in which they were added; equal arrows are one."""

    def __init__(self) -> None:
        self.boxes: dict[Hashable, Box] = {}
        self.arrows: dict[tuple[str, str, str], None] = {}

    def box(self, key: Hashable, label: str, group: str, *, missing: bool = False) -> None:
        """A box for `key`, once."""
        if key not in self.boxes:
            self.boxes[key] = Box(f"n{len(self.boxes)}", label, group, missing)

    def arrow(self, source: Hashable, target: Hashable, label: str) -> None:
        """An arrow between two boxes that were added before."""
        self.arrows[self.boxes[source].id, self.boxes[target].id, label] = None

    def groups(self) -> dict[str, list[Box]]:
        """The boxes by group, the group without a name first."""
        found: dict[str, list[Box]] = {"": []}
        for box in self.boxes.values():
            found.setdefault(box.group, []).append(box)
        return found


def dot(drawing: Drawing) -> str:
    """The drawing in Graphviz' language."""
    lines = [
        "digraph k8snet {",
        "  rankdir=LR;",
        "  newrank=true;",  # without it dot fails on arrows to and fro between clusters
        '  node [shape=box, fontname="sans-serif"];',
        '  edge [fontname="sans-serif"];',
    ]
    for number, (group, boxes) in enumerate(drawing.groups().items()):
        indent = "  "
        if group:
            lines += [f"  subgraph cluster_{number} {{", f"    label={_dot_text(group)};"]
            indent = "    "
        for box in boxes:
            style = ", style=dashed, color=red" if box.missing else ""
            lines.append(f"{indent}{box.id} [label={_dot_text(box.label)}{style}];")
        if group:
            lines.append("  }")
    lines += [f"  {source} -> {target} [label={_dot_text(label)}];" for source, target, label in drawing.arrows]
    return "\n".join([*lines, "}"]) + "\n"


def _dot_text(text: str) -> str:
    lines = (plain(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n"))
    return '"' + "\\n".join(lines) + '"'


def mermaid(drawing: Drawing) -> str:
    """The drawing as a Mermaid flowchart."""
    lines = ["flowchart LR"]
    for number, (group, boxes) in enumerate(drawing.groups().items()):
        if group:
            lines.append(f"  subgraph g{number}[{_mermaid_text(group)}]")
        lines += [f"    {box.id}[{_mermaid_text(box.label)}]{':::missing' if box.missing else ''}" for box in boxes]
        if group:
            lines.append("  end")
    for source, target, label in drawing.arrows:
        said = f"|{_mermaid_text(label)}|" if label else ""  # Mermaid rejects an empty one
        lines.append(f"  {source} -->{said} {target}")
    return "\n".join([*lines, "  classDef missing stroke:#c00,stroke-dasharray:4"]) + "\n"


def _mermaid_text(text: str) -> str:
    """Quoted; everything that Mermaid or HTML could read as its own is written as a character code."""
    lines = ("".join(map(_mermaid_character, plain(line))) for line in text.split("\n"))
    return '"' + "<br>".join(lines) + '"'


def _mermaid_character(character: str) -> str:
    return character if character.isalnum() or character in " -_./=,():!*" else f"#{ord(character)};"
