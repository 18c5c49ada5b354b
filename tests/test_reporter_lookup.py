from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from k8snet_lint.errors import UsageError
from k8snet_lint.report import Report
from k8snet_lint.reporters import REPORTERS, Style, reporter
from tests.sample_report import EVERYTHING

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("networkx", "jsonschema", "sarif_om", "attr", "attrs", "importlib.metadata", "concurrent.futures")


def imported_by(statement: str) -> set[str]:
    """The modules that a fresh interpreter has after `statement`."""
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("name", REPORTERS)
@pytest.mark.parametrize("report", [Report(), EVERYTHING], ids=["empty", "everything"])
def test_every_format_renders_any_report_and_ends_with_one_line_break(name: str, report: Report) -> None:
    text = reporter(name)(report, Style())
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("name", REPORTERS)
def test_the_same_report_gives_the_same_text(name: str) -> None:
    assert reporter(name)(EVERYTHING, Style()) == reporter(name)(EVERYTHING, Style())


def test_an_unknown_format_names_the_nearest_one() -> None:
    with pytest.raises(UsageError) as caught:
        reporter("sarfi")
    assert caught.value.message == "unknown format 'sarfi'; did you mean 'sarif'?"
    assert caught.value.help == "use text, concise, json or sarif"


def test_an_unknown_format_that_is_like_none_names_them_all() -> None:
    with pytest.raises(UsageError) as caught:
        reporter("pdf")
    assert caught.value.message == "unknown format 'pdf'"


def test_the_package_imports_no_format() -> None:
    modules = imported_by("import k8snet_lint.reporters")
    assert not modules.intersection(REPORTERS.values())
    assert not modules.intersection(HEAVY)


@pytest.mark.parametrize("name", ["text", "concise", "json"])
def test_only_sarif_needs_heavy_modules(name: str) -> None:
    assert not imported_by(f"from k8snet_lint.reporters import reporter; reporter({name!r})").intersection(HEAVY)


def test_one_module_alone_imports_sarif_om() -> None:
    importing = [path.name for path in (ROOT / "k8snet_lint").rglob("*.py") if "sarif_om" in path.read_text("utf-8")]
    assert importing == ["sarif_model.py"]
