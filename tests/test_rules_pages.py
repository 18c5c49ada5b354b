"""Every rule's page is its test: what its examples mark is found, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint import registry
from k8snet_lint.testing import failures

if TYPE_CHECKING:
    from k8snet_lint.declare import Rule

RULES = sorted(registry.load().rules.values(), key=lambda rule: rule.id)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_examples_on_its_page_hold(rule: Rule) -> None:
    assert failures(rule) == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_its_page_starts_with_a_sentence_that_names_neither_the_rule_nor_a_culprit(rule: Rule) -> None:
    first, blank, _ = rule.docs.split("\n", 2)
    assert first.endswith(".")
    assert rule.id not in first
    assert "should" not in first
    assert not blank


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_it_supersedes_known_rules_and_none_that_supersedes_it(rule: Rule) -> None:
    known = {each.id: each for each in RULES}
    below = list(rule.supersedes)
    for name in below:
        assert name in known
        below += [each for each in known[name].supersedes if each not in below]
    assert rule.id not in below
