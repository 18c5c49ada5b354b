"""SARIF's descriptors of rules, from the rules' own pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from k8snet_lint import page
from k8snet_lint.declare import Evidence, Preset, Severity
from k8snet_lint.reporters.sarif_model import MultiformatMessageString, ReportingConfiguration, ReportingDescriptor
from k8snet_lint.shipped import shipped

if TYPE_CHECKING:
    from k8snet_lint.declare import Rule

PAGES = "https://github.com/k8snet-lint/k8snet-lint/blob/main/docs/rules"
DESCRIPTION_LIMIT = 1024
TAG_LIMIT = 10

ANSWERS = {
    "connection-added": "The new version allows connections that the old one denied. Narrow the named lines where they "
    "are not wanted.",
    "connection-widened": "The new version allows more ports than the old one. Narrow the named lines where they are "
    "not wanted.",
    "connection-changed": "The new version allows other ports than the old one, or more or less is known of them.",
    "connection-narrowed": "The new version allows fewer ports. Make sure that nobody needs the others.",
    "connection-removed": "The new version denies what the old one allowed. Make sure that nobody needs it.",
    "intent-failed": "The manifests do not do what the intent says; the message holds a connection that shows it, and "
    "the related places are the lines that decide it. Mend those lines, or the intent.",
    "intent-unknown": "The manifests do not tell whether the intent holds; `k8snet-lint why` says what settles it.",
}
"""What results of `connections diff` and `verify` mean, and what to do about them."""

_PRECISION = {Evidence.LOCAL: "very-high", Evidence.CONTRADICTION: "very-high", Evidence.ABSENCE: "high"}
_PROBLEM_SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
_SECURITY_SEVERITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.5", Severity.NOTE: "2.0"}


def descriptor(rule: Rule) -> ReportingDescriptor:
    """What code scanning shows of a rule."""
    docs = rule.docs.strip()
    if not docs:  # `python -OO` strips the pages
        return unknown_descriptor(rule.id, rule.severity)
    return ReportingDescriptor(
        id=rule.id,
        name=_name(rule.id),
        short_description=MultiformatMessageString(text=_sentence(rule.summary)),
        full_description=MultiformatMessageString(text=_description(rule)),
        help=MultiformatMessageString(text=docs, markdown=docs),
        help_uri=f"{PAGES}/{rule.subject}/{rule.id}.md" if _is_shipped(rule) else None,
        default_configuration=ReportingConfiguration(level=rule.severity.label),
        properties=_properties(rule),
    )


def unknown_descriptor(rule_id: str, severity: Severity) -> ReportingDescriptor:
    """For a result that no rule of the report gave: of a comparison or an assertion, else what its id tells."""
    described = _plain_descriptor(rule_id, rule_id.replace("-", " ").capitalize())
    if rule_id in ANSWERS:
        described.full_description = described.help = MultiformatMessageString(text=ANSWERS[rule_id])
    described.default_configuration = ReportingConfiguration(level=severity.label)
    described.properties = {"problem.severity": _PROBLEM_SEVERITY[severity]}
    return described


def _plain_descriptor(name: str, text: str) -> ReportingDescriptor:
    said = MultiformatMessageString(text=_sentence(text))
    return ReportingDescriptor(id=name, name=_name(name), short_description=said, full_description=said, help=said)


def _properties(rule: Rule) -> dict[str, object]:
    properties: dict[str, object] = {
        "tags": _tags(rule),
        "precision": _PRECISION[rule.evidence],
        "problem.severity": _PROBLEM_SEVERITY[rule.severity],
    }
    if Preset.SECURITY in rule.presets:
        properties["security-severity"] = _SECURITY_SEVERITY[rule.severity]
    return properties


def _tags(rule: Rule) -> list[str]:
    """Subject, presets and evidence, then references as far as there is room; web addresses are no tags."""
    references = [_reference(text) for text in rule.references if "://" not in text]
    tags = [*sorted(rule.presets), rule.subject, rule.evidence.name.lower(), *references]
    return list(dict.fromkeys(tags))[:TAG_LIMIT]


def _reference(text: str) -> str:
    """A weakness is written as code scanning links it."""
    weakness = re.fullmatch(r"CWE-(\d+)", text, re.IGNORECASE)
    return f"external/cwe/cwe-{weakness[1].zfill(3)}" if weakness else text


def _description(rule: Rule) -> str:
    """The page's introduction, or its summary where it has none."""
    text = page.introduction(rule.docs) or _sentence(rule.summary)
    return text if len(text) <= DESCRIPTION_LIMIT else f"{text[: DESCRIPTION_LIMIT - 1].rpartition(' ')[0]}…"


def _sentence(text: str) -> str:
    return f"{text.rstrip('.')}."


def _name(rule_id: str) -> str:
    """`ServiceNodePort`: SARIF wants a readable name that differs from the id."""
    return "".join(word.capitalize() for word in rule_id.split("-"))


def _is_shipped(rule: Rule) -> bool:
    """Whether the rule is ours and has a page on the web; a user's own has none."""
    return Path(rule.file).resolve().is_relative_to(shipped("rules"))


NOTIFICATIONS = {
    kind: _plain_descriptor(kind, text)
    for kind, text in (
        ("unread-input", "An input could not be read, or not all of it"),
        ("rule-crashed", "A rule failed on this input; its findings are missing"),
        ("results-left-out", "There are more findings than a run may hold"),
    )
}
"""What a run may say about itself besides its results."""
