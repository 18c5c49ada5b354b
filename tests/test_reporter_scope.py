from __future__ import annotations

from hypothesis import given

from k8snet_lint.report import Report, Scanned
from k8snet_lint.reporters.scope import scope_lines
from tests.sample_report import EVERYTHING, hostile_reports


def test_the_scope_in_short() -> None:
    assert scope_lines(EVERYTHING) == [
        "scope: 52 objects in 2 namespaces (shop, web); 4 references lead outside; configuration .k8snet-lint.yaml",
        "skipped: no manifest (3), Helm template (2)",
        "applied: 4 units in 2 worlds (dev, prod)",
        "not built: 1 unit (remote: it lists a remote resource)",
    ]


def test_verbose_counts_every_kind_and_names_everything() -> None:
    assert scope_lines(EVERYTHING, verbose=True) == [
        "scope: 52 objects in 2 namespaces (shop, web); 4 references lead outside; configuration .k8snet-lint.yaml",
        "objects: 40 Deployment, 12 Service",
        "skipped: no manifest (3): x.yaml, y.yaml, z.yaml",
        "skipped: Helm template (2): chart/a.yaml, chart/b.yaml",
        "applied: 4 units (base, overlays/dev, overlays/prod, tools) in 2 worlds (dev, prod)",
        "not built: 1 unit (remote: it lists a remote resource)",
    ]


def test_a_plain_run_takes_one_line() -> None:
    scanned = Scanned(files=1, objects={"Service": 1}, namespaces=("shop",), unresolved=1, units=("a",), worlds=("a",))
    assert scope_lines(Report(scanned=scanned)) == [
        "scope: 1 object in 1 namespace (shop); 1 reference leads outside; no configuration file",
    ]


def test_nothing_scanned_is_said_too() -> None:
    assert scope_lines(Report()) == [
        "scope: no objects in no namespaces; no references lead outside; no configuration file",
    ]


def test_one_world_is_not_named() -> None:
    scanned = Scanned(units=("a", "b"), worlds=("all",))
    assert scope_lines(Report(scanned=scanned))[1:] == ["applied: 2 units (a, b)"]


@given(hostile_reports)
def test_every_line_is_one_printable_line(report: Report) -> None:
    for line in scope_lines(report, verbose=True):
        assert not [c for c in line if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or c in "\u2028\u2029\u202e"]
