"""The report as JSON, for programs; its shape is `schemas/report.schema.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from k8snet_lint.quoting import shortened
from k8snet_lint.reporters.plain import escape_json
from k8snet_lint.version import __version__

if TYPE_CHECKING:
    from k8snet_lint.errors import Unread
    from k8snet_lint.report import Crash, Finding, Report, ResourceName, Scanned, Suppressed
    from k8snet_lint.reporters import Style
    from k8snet_lint.source import Location

SCHEMA_VERSION = 1

Value = dict[str, object]


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - programs get everything, suppressed findings too
    """All of the report, keys in a fixed order."""
    value = {
        "version": SCHEMA_VERSION,
        "tool": {"name": "k8snet-lint", "version": __version__},
        "findings": [_finding(finding) for finding in report.findings],
        "crashed": [_crash(crash) for crash in report.crashed],
        "unread": [_unread(unread) for unread in report.unread],
        "scanned": _scanned(report.scanned),
    }
    return escape_json(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def _finding(finding: Finding) -> Value:
    return {
        "rule": finding.rule,
        "severity": finding.severity.label,
        "message": finding.message,
        "help": finding.help,
        "resource": resource_json(finding.resource) if finding.resource else None,
        "location": location_json(finding.location),
        "path": finding.path,
        "related": [
            {"location": location_json(related.location), "message": related.message} for related in finding.related
        ],
        "chain": [{"location": location_json(step.location), "message": step.message} for step in finding.chain],
        "fingerprint": finding.fingerprint,
        "suppressed": _suppressed(finding.suppressed) if finding.suppressed else None,
        "units": list(finding.units),
        "absence": finding.absence,
    }


def resource_json(resource: ResourceName) -> Value:
    """An object's identity, in every JSON that names one."""
    return {
        "group": resource.group,
        "version": resource.version,
        "kind": resource.kind,
        "namespace": shortened(resource.namespace),
        "name": shortened(resource.name),
    }


def location_json(location: Location) -> Value:
    """A place, in every JSON that names one."""
    span = location.span
    return {
        "file": location.source.name,
        "line": span.start.line,
        "column": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    }


def _suppressed(suppressed: Suppressed) -> Value:
    return {"kind": suppressed.kind, "reason": suppressed.reason, "by": suppressed.by}


def _crash(crash: Crash) -> Value:
    return {"rule": crash.rule, "where": crash.where, "message": crash.message}


def _unread(unread: Unread) -> Value:
    return {
        "file": unread.name,
        "line": unread.line or None,
        "column": unread.column or None,
        "message": unread.message,
        "help": unread.help,
    }


def _scanned(scanned: Scanned) -> Value:
    return {
        "files": scanned.files,
        "documents": scanned.documents,
        "objects": dict(sorted((scanned.objects or {}).items())),
        "namespaces": list(scanned.namespaces),
        "skipped": [
            {"reason": skipped.reason, "count": skipped.total, "names": list(skipped.names)}
            for skipped in scanned.skipped
        ],
        "unresolved": scanned.unresolved,
        "units": list(scanned.units),
        "worlds": list(scanned.worlds),
        "raw": list(scanned.raw),
        "unbuilt": list(scanned.unbuilt),
        "config": scanned.config,
        "notices": list(scanned.notices),
    }
