"""What the house promises of itself: who imports whom, how long a module gets, what is public."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import k8snet_lint
from k8snet_lint.loader.kinds import group_of, wanted
from k8snet_lint.resource import retired

ROOT = Path(__file__).parents[1]
RULES = sorted((ROOT / "rules").glob("*/*.py"))
MODULES = sorted((ROOT / "k8snet_lint").rglob("*.py"))
PUBLIC = {"k8snet_lint", "k8snet_lint.kinds", "k8snet_lint.record"}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_imports_nothing_of_ours_but_the_public_names(path: Path) -> None:
    ours = {name for name in imports(path) if name.startswith("k8snet_lint")}
    assert ours <= PUBLIC


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_and_its_page_are_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", [*MODULES, *RULES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_regular_expression_has_a_possessive_group(path: Path) -> None:
    """Up to 3.11.4, Python matches a subpattern that may give something back wrongly there (gh-106052)."""
    assert re.search(r"\)(?:[*+?]|\{\d+,?\d*\})\+", path.read_text(encoding="utf-8")) is None


def test_rule_authors_have_at_most_twenty_names_and_each_is_there() -> None:
    assert len(k8snet_lint.__all__) <= 20
    for name in k8snet_lint.__all__:
        assert getattr(k8snet_lint, name) is not None


def test_an_unknown_public_name_is_said() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Grahp'"):
        _ = k8snet_lint.Grahp


def test_every_retired_kind_is_one_that_is_read() -> None:
    for api_version, fates in retired._RETIRED.items():  # noqa: SLF001 - the table is what is tested
        for kinds, _ in fates:
            assert all(wanted(group_of(api_version), kind) for kind in kinds)
