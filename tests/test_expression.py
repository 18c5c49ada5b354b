"""A lazy expression is one of `re`, compiled when it is first asked."""

from __future__ import annotations

import copy
import importlib
import pickle
import pkgutil
import re

import pytest

import k8snet_lint
from k8snet_lint.expression import expression


def test_an_expression_answers_as_the_compiled_one() -> None:
    ours, theirs = expression(r"(a+)(?P<rest>b*)", re.IGNORECASE), re.compile(r"(a+)(?P<rest>b*)", re.IGNORECASE)
    for text in ("AAb", "ab ab", "", "b"):
        assert ours.findall(text) == theirs.findall(text)
        assert (ours.fullmatch(text) is None) == (theirs.fullmatch(text) is None)
    assert (ours.pattern, ours.flags, ours.groupindex) == (theirs.pattern, theirs.flags, theirs.groupindex)


def test_an_expression_is_compiled_when_it_is_first_used() -> None:
    wrong = expression("(")
    with pytest.raises(re.error):
        wrong.search("")


def test_an_expression_may_be_copied_whether_used_or_not() -> None:
    unused, used = expression("(a+)"), expression("(a+)")
    assert used.search("ba")
    for each in (unused, used):
        for made in (copy.copy(each), copy.deepcopy(each), pickle.loads(pickle.dumps(each))):  # noqa: S301 - our own bytes
            assert made.findall("ba") == ["a"]


def test_every_expression_of_ours_compiles() -> None:
    for _, name, _ in pkgutil.walk_packages(k8snet_lint.__path__, "k8snet_lint."):
        if not name.endswith("__main__"):
            for value in vars(importlib.import_module(name)).values():
                if type(value).__name__ == "expression":
                    assert value.pattern
