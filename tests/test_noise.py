"""The table of how much is said about real manifests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks import noise
from tests.support import write_files

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def finding(rule: str, severity: str, *, absence: bool = False, suppressed: object = None) -> dict[str, object]:
    return {"rule": rule, "severity": severity, "absence": absence, "suppressed": suppressed}


def test_findings_are_counted_by_rule_and_severity() -> None:
    findings = [
        finding("a", "error"),
        finding("a", "note", absence=True),
        finding("a", "error", absence=True),
        finding("b", "note"),
        finding("b", "warning", suppressed={"kind": "comment"}),
    ]
    found = noise.counted([{"findings": findings, "scanned": {"objects": {"Service": 3, "Pod": 5}}}])
    assert found.said == {"a": {"error": 2, "absence note": 1}, "b": {"note": 1}}
    assert (found.objects, found.repositories) == (8, 1)


def test_the_loudest_rule_comes_first_and_the_sum_last() -> None:
    now = noise.Noise({"a": {"note": 1}, "b": {"error": 2, "warning": 1}}, objects=200, repositories=2)
    before = noise.Noise({"a": {"note": 4}, "gone": {"note": 1}}, objects=200, repositories=2)
    rows = [row.replace(" ", "") for row in noise.table(now, before)][2:]
    assert rows == [
        "|b|2|1|0|0|3|1.50|0|",
        "|a|0|0|1|0|1|0.50|4|",
        "|gone|0|0|0|0|0|0.00|1|",
        "|all|2|1|1|0|4|2.00|5|",
    ]


def test_every_directory_is_checked_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort, ports: [{port: 80}]}\n"
    write_files(tmp_path, {"one/s.yaml": service, "two/s.yaml": service, "three.yaml": service})
    saved = tmp_path / "counts.json"
    assert noise.main([str(tmp_path), "--save", str(saved)]) == 0
    assert "2 repositories, 2 objects, preset `recommended`" in capsys.readouterr().out
    assert json.loads(saved.read_text(encoding="utf-8"))["said"]["service-node-port"] == {"warning": 2}
    assert noise.main([str(tmp_path), "--before", str(saved)]) == 0
    assert "| service-node-port | 0 | 2 | 0 | 0 | 2 | 100.00 | 2 |" in capsys.readouterr().out
