"""Cases whose answers others decided: every one of them holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conformance_adapter import admin_difference, analyzer_difference, cases, failed_probes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("folder", "probes"), [("e2e", 506), ("cluster-policy", 124)])
def test_every_probe_of_the_end_to_end_tests_gets_its_verdict(shared: Path, folder: str, probes: int) -> None:
    total, failed = failed_probes(shared / "conformance" / folder / "cases.jsonl")
    assert not failed, "\n".join(failed)
    assert total == probes


def test_every_case_on_admin_policies_gets_its_connections(shared: Path) -> None:
    path = shared / "conformance" / "analyzer" / "admin_policy_cases.jsonl"
    differing = {case["id"]: found for case in cases(path) if (found := admin_difference(case))}
    assert not differing
    assert sum(1 for _ in cases(path)) == 22


@pytest.mark.parametrize("kind", ["connections", "diff"])
def test_every_golden_file_of_the_analyzer_gets_its_connections(shared: Path, kind: str) -> None:
    folder = shared / "conformance" / "analyzer"
    found = [case for case in cases(folder / "cases.jsonl") if case["kind"] == kind]
    differing = {case["id"]: lines for case in found if (lines := analyzer_difference(case, folder / "inputs"))}
    assert not differing
    assert len(found) == {"connections": 89, "diff": 27}[kind]
