"""The report for people: each finding with its source line, as cargo shows them, file by file."""

from __future__ import annotations

import enum
from itertools import groupby
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.reporters.excerpt import excerpt
from k8snet_lint.reporters.plain import inert, plain
from k8snet_lint.reporters.wording import closing, listed, plural, tally, unsaid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.report import Crash, Finding, Related, Report
    from k8snet_lint.reporters import Style
    from k8snet_lint.source import Location

SHORT = 3  # how many related places, and how many units, are shown unless verbose
CRASH_HELP = "its findings are missing; report it, or leave the rule out with --ignore"


class Ink(enum.StrEnum):
    """Terminal colours, as parameters of the escape sequence that selects them."""

    ERROR = "1;31"
    WARNING = "1;33"
    NOTE = "1;36"
    EDGE = "1;34"
    STRONG = "1"


def render(report: Report, style: Style) -> str:
    """The findings, then what was not read, what crashed, and a closing line."""
    shown = report.findings if style.show_suppressed else report.open
    edge = Frame(digits=1, style=style)
    blocks: list[str] = []
    for name, group in groupby(shown, key=lambda finding: finding.location.source.name):
        findings = tuple(group)
        blocks.append(edge.paint(f"==> {plain(name)}: {tally(findings)}", Ink.STRONG))
        blocks.extend("\n".join(_finding(finding, style)) for finding in findings)
    blocks.extend("\n".join(edge.error(str(unread), unread.help)) for unread in unsaid(report, shown))
    blocks.extend("\n".join(edge.error(_crashed(crash), CRASH_HELP)) for crash in report.crashed)
    blocks.append(edge.paint(closing(report), Ink.STRONG))
    return inert("\n\n".join(blocks)) + "\n"


class Frame(NamedTuple):
    """The left edge of a finding's lines, as wide as its longest line number."""

    digits: int
    style: Style

    def paint(self, text: str, ink: Ink) -> str:
        return f"\x1b[{ink}m{text}\x1b[0m" if self.style.color else text

    def edge(self, mark: str) -> str:
        return self.paint(f"{' ' * self.digits} {mark:>2}", Ink.EDGE)

    def place(self, arrow: str, location: Location) -> str:
        return f"{self.edge(arrow)} {plain(str(location))}"

    def note(self, label: str, text: str) -> str:
        return f"{self.edge('=')} {self.paint(f'{label}:', Ink.STRONG)} {plain(text)}"

    def marked(self, location: Location, mark: str, ink: Ink) -> list[str]:
        """The source line behind its number, and the marks under it; nothing where there is no line to show."""
        shown = excerpt(location, self.style.width)
        if shown is None:
            return []
        number = self.paint(f" {location.span.start.line:>{self.digits}} |", Ink.EDGE)
        marks = self.paint(mark * shown.length, ink)
        return [f"{number} {shown.text}", f"{self.edge('|')} {' ' * shown.offset}{marks}"]

    def error(self, text: str, help_text: str) -> Iterator[str]:
        yield self.paint("error", Ink.ERROR) + self.paint(f": {plain(text)}", Ink.STRONG)
        if help_text:
            yield self.note("help", help_text)


def _finding(finding: Finding, style: Style) -> Iterator[str]:
    related = finding.related if style.verbose else finding.related[:SHORT]
    lines = (finding.location.span.start.line, *(place.location.span.start.line for place in related))
    frame = Frame(len(str(max(lines))), style)
    ink = Ink[finding.severity.name]
    suppressed = " (suppressed)" if finding.suppressed else ""
    yield (
        frame.paint(f"{finding.severity.label}[{plain(finding.rule)}]", ink)
        + frame.paint(f"{suppressed}: {plain(finding.message)}", Ink.STRONG)
    )
    yield frame.place("-->", finding.location)
    if marked := frame.marked(finding.location, "^", ink):
        yield frame.edge("|")
        yield from marked
    for place in related:
        yield from _related(place, frame)
    for number, step in enumerate(finding.chain, start=1):
        yield frame.note(f"step {number}", f"{step.location}: {step.message}")
    yield from _notes(finding, len(finding.related) - len(related), frame)


def _related(related: Related, frame: Frame) -> Iterator[str]:
    if marked := frame.marked(related.location, "-", Ink.EDGE):
        line, marks = marked
        yield frame.place(":::", related.location)
        yield line
        yield f"{marks} {plain(related.message)}"
    else:
        yield frame.note("note", f"{related.location}: {related.message}")


def _notes(finding: Finding, unshown: int, frame: Frame) -> Iterator[str]:
    """What is said below the source lines."""
    if unshown:
        yield frame.note("note", f"and {plural(unshown, 'more place')}")
    if finding.units:
        limit = len(finding.units) if frame.style.verbose else SHORT
        yield frame.note("note", f"in {listed(finding.units, limit)}")
    if suppressed := finding.suppressed:
        yield frame.note("suppressed", f"{suppressed.reason or 'no reason given'} ({suppressed.kind}, {suppressed.by})")
    if finding.help:
        yield frame.note("help", finding.help)


def _crashed(crash: Crash) -> str:
    return f"rule {crash.rule} crashed at {crash.where}: {crash.message}"
