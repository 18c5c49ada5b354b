"""The report with one line a finding, as compilers print them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.reporters.plain import inert, plain
from k8snet_lint.reporters.wording import unsaid

if TYPE_CHECKING:
    from k8snet_lint.errors import Unread
    from k8snet_lint.report import Crash, Finding, Report
    from k8snet_lint.reporters import Style


def render(report: Report, style: Style) -> str:
    """`file:line:column: severity[rule] message` for each finding, then what was not read and what crashed."""
    shown = report.findings if style.show_suppressed else report.open
    lines = [
        *map(_finding, shown),
        *map(_unread, unsaid(report, shown)),
        *map(_crash, report.crashed),
    ]
    return inert("".join(f"{plain(line)}\n" for line in lines)) or "no findings\n"


def _finding(finding: Finding) -> str:
    suppressed = " (suppressed)" if finding.suppressed else ""
    return f"{finding.location}: {finding.severity.label}[{finding.rule}]{suppressed} {finding.message}"


def _unread(unread: Unread) -> str:
    place = f"{unread.name}:{unread.line}:{unread.column}" if unread.line else unread.name
    return f"{place}: error {unread.message}"


def _crash(crash: Crash) -> str:
    return f"{crash.where}: error rule {crash.rule} crashed: {crash.message}"
