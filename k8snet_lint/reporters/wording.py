"""Counts and lists in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.declare import Severity
from k8snet_lint.quoting import shortened
from k8snet_lint.reporters.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.errors import Unread
    from k8snet_lint.report import Finding, Report


def plural(count: int, noun: str) -> str:
    """`no files`, `1 file`, `1,200 files`."""
    return f"{count or 'no':{',' if count else ''}} {noun}{'' if count == 1 else 's'}"


def listed(names: Sequence[str], limit: int) -> str:
    """The names, those past `limit` as a number; safe to print."""
    shown = ", ".join(plain(shortened(name)) for name in names[:limit])
    return f"{shown} and {len(names) - limit:,} more" if len(names) > limit else shown


def tally(findings: Sequence[Finding]) -> str:
    """How many findings there are of each severity, the worst first: `1 error, 2 warnings`."""
    counts = dict.fromkeys(sorted(Severity, reverse=True), 0)
    for finding in findings:
        counts[finding.severity] += 1
    return ", ".join(plural(count, severity.label) for severity, count in counts.items() if count)


def closing(report: Report) -> str:
    """One line on the whole run: how much was found, and in how much."""
    hidden = len(report.findings) - len(report.open)
    suppressed = f" ({hidden:,} suppressed)" if hidden else ""
    objects = sum((report.scanned.objects or {}).values())
    scope = f" in {plural(report.scanned.files, 'file')} with {plural(objects, 'object')}"
    unread = f"; {plural(len(report.unread), 'input')} not fully read" if report.unread else ""
    crashed = f"; {plural(len(report.crashed), 'rule')} crashed" if report.crashed else ""
    return f"{tally(report.open) or 'no findings'}{suppressed}{scope}{unread}{crashed}"


def unsaid(report: Report, shown: Sequence[Finding]) -> list[Unread]:
    """The unread inputs that no finding of `parse-error` among those shown speaks of already."""
    said = {(f.location.source.name, f.location.span.start.line) for f in shown if f.rule == "parse-error"}
    return [unread for unread in report.unread if (unread.name, unread.line) not in said]
