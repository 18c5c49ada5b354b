"""Defects that maintainers of public repositories found and mended: told before, silent after."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from k8snet_lint import registry
from k8snet_lint.config import Config
from k8snet_lint.declare import Severity
from k8snet_lint.engine import lint
from k8snet_lint.loader import ChartRelease, LoadOptions, load
from tests.support import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from k8snet_lint.report import Finding

IDS = {
    "main job": ("argocd-port-item", "moj-ns-label-1", "moj-ns-label-2"),
    "connectivity": ("argocd-metrics-blocked",),
    "overlays": ("boutique-ns-label", "kubeflow-missing-resource"),
    "catalogue": ("kubeprom-adapter-blocked", "moj-allow-all-wrong-ns", "moj-wrong-namespace"),
}
SEVERITIES = {
    "boutique-ns-label": Severity.NOTE,
    "kubeflow-missing-resource": Severity.ERROR,
    "kubeprom-adapter-blocked": Severity.ERROR,
}
VALUES = {
    "boutique-ns-label": "networkPolicies: {create: true}\n"
    "frontend: {externalService: false, virtualService: {create: true}}\n"
}
"""Values without which the chart leaves out what was mended."""


def case_of(shared: Path, name: str) -> dict[str, Any]:
    lines = (shared / "fixpairs" / "INDEX.jsonl").read_text(encoding="utf-8").splitlines()
    (found,) = [case for line in lines if (case := json.loads(line))["id"] == name]
    return dict(found)


def findings_at(shared: Path, case: dict[str, Any], state: str, options: LoadOptions) -> list[Finding]:
    """The findings of the case's rule, with the default configuration, on the line that was mended."""
    root = shared / "fixpairs" / "cases" / case["id"] / state
    report = lint(load((str(root),), options), registry.load(), Config(), today=TODAY)
    assert not report.crashed
    return [
        each
        for each in report.open
        if each.rule == case["rule"]
        and each.location.source.name.endswith(case["path"])
        and each.location.span.start.line == case["line"]
    ]


@pytest.mark.parametrize("stage", IDS)
def test_these_are_all_the_cases_of_the_stage(shared: Path, stage: str) -> None:
    lines = (shared / "fixpairs" / "INDEX.jsonl").read_text(encoding="utf-8").splitlines()
    assert tuple(sorted(case["id"] for line in lines if (case := json.loads(line))["stage"] == stage)) == IDS[stage]


@pytest.mark.parametrize("name", [name for names in IDS.values() for name in names])
def test_the_defect_is_told_before_it_was_mended_and_not_after(shared: Path, tmp_path: Path, name: str) -> None:
    case, options = case_of(shared, name), LoadOptions()
    if name in VALUES:
        (tmp_path / "values.yaml").write_text(VALUES[name], encoding="utf-8")
        options = LoadOptions(charts=(ChartRelease("helm-chart", (str(tmp_path / "values.yaml"),)),))
    (before,) = findings_at(shared, case, "before", options)
    assert not before.absence
    assert before.severity is SEVERITIES.get(name, Severity.WARNING)
    after = findings_at(shared, case, "after", options)
    assert before.message not in {finding.message for finding in after}
    assert before.fingerprint not in {finding.fingerprint for finding in after}
