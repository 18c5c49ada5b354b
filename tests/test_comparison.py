"""The page that compares our rules with other linters' checks: whole, without contradiction, never stale."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from k8snet_lint import docs, registry

PAGE = Path(__file__).parents[1] / "docs" / "comparison.md"
TEXT = PAGE.read_text(encoding="utf-8")
RULES = registry.load().rules
TOOLS = ("kube-linter", "kube-score", "Polaris", "Trivy", "Kubescape", "Checkov", "Popeye")
LINK = re.compile(r"\[([\w-]+)\]\(rules/([\w/-]+)\.md\)")


def rows(tool: str) -> list[list[str]]:
    """The cells of a tool's table."""
    section = TEXT.partition(f"\n## {tool}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ") and not line.startswith("| its check")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def checks(tool: str) -> list[str]:
    return [check for row in rows(tool) for check in re.findall(r"`([^`]+)`", row[0])]


@pytest.mark.parametrize("tool", TOOLS)
def test_every_row_names_a_check_and_our_rules_or_why_there_are_none(tool: str) -> None:
    assert rows(tool)
    for row in rows(tool):
        assert len(row) == 3, row
        assert "`" in row[0], row
        assert LINK.search(row[1]) or (row[1] == "none" and row[2]), row


@pytest.mark.parametrize("tool", TOOLS)
def test_a_check_is_named_once(tool: str) -> None:
    assert [check for check, times in Counter(checks(tool)).items() if times > 1] == []


def test_every_link_leads_to_a_rule_that_is_there() -> None:
    links = LINK.findall(TEXT)
    assert links
    assert [link for link in links if link[0] not in RULES or link[1] != f"{RULES[link[0]].subject}/{link[0]}"] == []


def test_every_rule_is_on_the_page() -> None:
    linked = {name for name, _ in LINK.findall(TEXT)}
    assert {rule.id for rule in RULES.values() if rule.check is not None} <= linked


def test_the_rest_is_what_no_row_names() -> None:
    rule = RULES["policy-blocks-dns"]
    assert docs.comparison_rest([rule], "") == ("* policy: [policy-blocks-dns](rules/policy/policy-blocks-dns.md)\n")
    assert docs.comparison_rest([rule], "| x | [policy-blocks-dns](rules/policy/policy-blocks-dns.md) | |") == ""
