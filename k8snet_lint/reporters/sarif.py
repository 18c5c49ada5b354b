"""The report as a SARIF 2.1.0 log of one run, for code scanning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from k8snet_lint.declare import Severity
from k8snet_lint.quoting import shortened
from k8snet_lint.reporters.plain import escape_json
from k8snet_lint.reporters.sarif_message import RELATED_LIMIT, finding_message, message
from k8snet_lint.reporters.sarif_model import (
    ArtifactLocation,
    CodeFlow,
    Invocation,
    Location,
    LogicalLocation,
    Notification,
    PhysicalLocation,
    Region,
    ReportingDescriptorReference,
    Result,
    Run,
    RunAutomationDetails,
    SarifLog,
    Suppression,
    ThreadFlow,
    ThreadFlowLocation,
    Tool,
    ToolComponent,
    encode,
)
from k8snet_lint.reporters.sarif_rules import NOTIFICATIONS, descriptor, unknown_descriptor
from k8snet_lint.reporters.uri import source_uri
from k8snet_lint.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint import source
    from k8snet_lint.report import Finding, Related, Report, ResourceName, Suppressed
    from k8snet_lint.reporters import Style
    from k8snet_lint.reporters.sarif_model import ReportingDescriptor

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/k8snet-lint/k8snet-lint"
ROOT = "%SRCROOT%"
RESULT_LIMIT = 25_000  # code scanning rejects a run with more


def render(report: Report, style: Style) -> str:
    """The log, one result a line.

    Each result becomes text as soon as it is made: all of them as objects would cost twice the time.
    """
    shown = report.findings if style.show_suppressed else report.open
    kept = _worst(shown)
    descriptors = _descriptors(report, kept)
    indices = {rule.id: index for index, rule in enumerate(descriptors)}
    places = Places(style)
    notifications = list(_notifications(report, len(shown), len(kept), places))
    run = _run(descriptors, notifications, successful=not (report.unread or report.crashed))
    log = SarifLog(version="2.1.0", schema_uri=SCHEMA, runs=[run])
    before, after = _json(log).split('"results":[]')
    results = ",\n".join(_json(_result(finding, indices, places)) for finding in kept)
    return escape_json(f'{before}"results":[\n{results}\n]{after}\n')


def _json(value: SarifLog | Result) -> str:
    return json.dumps(encode(value), ensure_ascii=False, separators=(",", ":"))


def _run(descriptors: list[ReportingDescriptor], notifications: list[Notification], *, successful: bool) -> Run:
    """The run, still without results."""
    driver = ToolComponent(
        name="k8snet-lint",
        semantic_version=__version__,
        information_uri=HOME,
        rules=descriptors,
        notifications=list(NOTIFICATIONS.values()),
    )
    return Run(
        tool=Tool(driver=driver),
        automation_details=RunAutomationDetails(id="k8snet-lint/"),
        original_uri_base_ids={ROOT: ArtifactLocation(description=message("The root of the repository"))},
        column_kind="unicodeCodePoints",
        invocations=[Invocation(execution_successful=successful, tool_execution_notifications=notifications)],
        results=[],
    )


def _worst(findings: Sequence[Finding]) -> Sequence[Finding]:
    """At most as many as a run may hold, in their order: open ones before suppressed, errors before warnings."""
    if len(findings) <= RESULT_LIMIT:
        return findings
    ranked = sorted(
        range(len(findings)), key=lambda index: (findings[index].suppressed is not None, -findings[index].severity)
    )
    return [findings[index] for index in sorted(ranked[:RESULT_LIMIT])]


def _descriptors(report: Report, findings: Sequence[Finding]) -> list[ReportingDescriptor]:
    """One for each rule that ran, and one for each that a finding names besides, by id."""
    known = {rule.id: descriptor(rule) for rule in report.rules}
    worst: dict[str, Severity] = {}
    for finding in findings:
        if finding.rule not in known:
            worst[finding.rule] = max(finding.severity, worst.get(finding.rule, Severity.NOTE))
    known.update({rule_id: unknown_descriptor(rule_id, severity) for rule_id, severity in worst.items()})
    return [known[rule_id] for rule_id in sorted(known)]


class Places:
    """Locations in SARIF's words; each source's URI is worked out once."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._artifacts: dict[str, ArtifactLocation] = {}

    def artifact(self, name: str) -> ArtifactLocation:
        if name not in self._artifacts:
            uri = source_uri(name, self._style)
            base = None if uri.startswith("file:") else ROOT
            self._artifacts[name] = ArtifactLocation(uri=uri, uri_base_id=base)
        return self._artifacts[name]

    def physical(self, location: source.Location) -> PhysicalLocation:
        span = location.span
        return PhysicalLocation(
            artifact_location=self.artifact(location.source.name),
            region=Region(
                start_line=span.start.line,
                start_column=span.start.column,
                end_line=span.end.line,
                end_column=span.end.column,
            ),
        )


def _result(finding: Finding, indices: Mapping[str, int], places: Places) -> Result:
    return Result(
        rule_id=finding.rule,
        rule_index=indices[finding.rule],
        level=finding.severity.label,
        message=finding_message(finding),
        locations=[
            Location(
                physical_location=places.physical(finding.location),
                logical_locations=[_logical(finding.resource)] if finding.resource else None,
            )
        ],
        related_locations=[
            Location(id=number, physical_location=places.physical(related.location), message=message(related.message))
            for number, related in enumerate(finding.related[:RELATED_LIMIT], start=1)
        ]
        + [_step(step, places) for step in finding.chain],
        code_flows=[_flow(finding, places)] if finding.chain else None,
        partial_fingerprints=_fingerprints(finding.fingerprint),
        suppressions=[_suppression(finding.suppressed)] if finding.suppressed else None,
        properties={"units": list(finding.units)} if finding.units else None,
    )


def _flow(finding: Finding, places: Places) -> CodeFlow:
    """The chain as the one path of traffic that code scanning shows step by step."""
    steps = [ThreadFlowLocation(location=_step(step, places)) for step in finding.chain]
    return CodeFlow(thread_flows=[ThreadFlow(locations=steps)])


def _step(step: Related, places: Places) -> Location:
    return Location(physical_location=places.physical(step.location), message=message(step.message))


def _logical(resource: ResourceName) -> LogicalLocation:
    """Named like `apps/v1/Deployment/shop/web`."""
    namespace, name = shortened(resource.namespace), shortened(resource.name)
    parts = (resource.group, resource.version, resource.kind, namespace, name)
    return LogicalLocation(
        name=name,
        fully_qualified_name="/".join(part for part in parts if part),
        kind="resource",
    )


def _fingerprints(fingerprint: str) -> dict[str, str] | None:
    """Code scanning reads only the first name; a hash of the line itself would change with its neighbours."""
    if not fingerprint:
        return None
    return {"primaryLocationLineHash": fingerprint, "k8snetLint/v1": fingerprint}


def _suppression(suppressed: Suppressed) -> Suppression:
    return Suppression(
        kind="external" if suppressed.kind == "configuration" else "inSource",
        status="accepted",
        justification=suppressed.reason or None,
        properties={"by": suppressed.by},
    )


def _notifications(report: Report, found: int, kept: int, places: Places) -> Iterator[Notification]:
    for unread in report.unread:
        region = Region(start_line=unread.line, start_column=unread.column or None) if unread.line else None
        place = PhysicalLocation(artifact_location=places.artifact(unread.name), region=region)
        text = f"{unread}. Help: {unread.help}" if unread.help else str(unread)
        yield _notification("unread-input", "error", text, [Location(physical_location=place)])
    for crash in report.crashed:
        yield _notification("rule-crashed", "error", f"rule {crash.rule} crashed at {crash.where}: {crash.message}")
    if kept < found:
        yield _notification(
            "results-left-out",
            "warning",
            f"{kept:,} of {found:,} findings are listed, the worst of them; check fewer files at once to see all",
        )


def _notification(kind: str, level: str, text: str, locations: list[Location] | None = None) -> Notification:
    index = list(NOTIFICATIONS).index(kind)
    return Notification(
        descriptor=ReportingDescriptorReference(id=kind, index=index),
        level=level,
        message=message(text),
        locations=locations,
    )
