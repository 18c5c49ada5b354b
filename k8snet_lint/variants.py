"""What is said alike of many descriptions of an object is said once: of variants, a cluster gets one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.declare import Severity
from k8snet_lint.loader.names import parent
from k8snet_lint.loader.unit import ENVIRONMENTS
from k8snet_lint.report import Related

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snet_lint.report import Finding
    from k8snet_lint.source import Location

MOST_RELATED = 3


def told_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, but of those that say the same of an object in many files of a directory only those of the last.

    Errors are told wherever they stand, and what is suppressed is accepted where it stands.
    """
    found = list(findings)
    places: dict[object, dict[str, Location]] = {}
    for finding in found:
        if _may_go(finding):
            places.setdefault(_said(finding), {}).setdefault(finding.location.source.name, finding.location)
    for finding in found:
        files = places[_said(finding)] if _may_go(finding) else {}
        if len(files) <= ENVIRONMENTS:
            yield finding
        elif finding.location.source.name == max(files):
            yield _with(finding, files)


def _may_go(finding: Finding) -> bool:
    return finding.resource is not None and finding.severity < Severity.ERROR and not finding.suppressed


def _said(finding: Finding) -> object:
    return finding.rule, finding.message, finding.resource, parent(finding.location.source.name)


def _with(finding: Finding, files: Mapping[str, Location]) -> Finding:
    """The finding with the other files that it speaks for."""
    others = [files[name] for name in sorted(files) if name != finding.location.source.name]
    also = tuple(Related(each, "described alike here") for each in others[:MOST_RELATED])
    message = f"{finding.message} (as {len(others)} more files describe it)"
    return finding._replace(message=message, related=finding.related + also)
