"""What is judged of policies is worked out when it is asked for, and only where there is something to judge."""

from __future__ import annotations

import subprocess
import sys

import pytest

from k8snet_lint.effects import Effects
from k8snet_lint.effects.containment import implies
from k8snet_lint.selector import Operator, Requirement, Selector
from tests.cluster import graph_of, pods, policy
from tests.shop import service

ASK = """
import sys
from tests.cluster import graph_of
from k8snet_lint import registry
from k8snet_lint.registry import options_of
graph = graph_of(*sys.argv[1:])
for rule in registry.load().rules.values():
    if rule.check is not None:
        options = options_of(rule, {}, "")
        list(rule.check(graph) if options is None else rule.check(graph, options))
print(any(name.startswith("k8snet_lint.reach") for name in sys.modules))
"""


@pytest.mark.parametrize(
    ("documents", "imported"),
    [((pods("web"), service("selector: {app: web}, ports: [{port: 80}]")), "False"), ((pods("web"), policy()), "True")],
)
def test_without_policies_and_ways_in_the_analysis_is_not_even_imported(
    documents: tuple[str, ...], imported: str
) -> None:
    found = subprocess.run([sys.executable, "-c", ASK, *documents], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == imported


def test_a_graph_is_judged_once() -> None:
    graph = graph_of(pods("web"), policy())
    assert Effects.of(graph) is Effects.of(graph)
    assert Effects.of(graph) is not Effects.of(graph_of(pods("web")))


IN, NOT_IN, EXISTS, ABSENT = Operator.IN, Operator.NOT_IN, Operator.EXISTS, Operator.DOES_NOT_EXIST


def of(*requirements: tuple[str, Operator, tuple[str, ...]]) -> Selector:
    return Selector(tuple(sorted(Requirement(*each) for each in requirements)))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (of(("a", IN, ("x",))), of(), True),
        (of(), of(("a", IN, ("x",))), False),
        (of(("a", IN, ("x",))), of(("a", IN, ("x", "y"))), True),
        (of(("a", IN, ("x", "y"))), of(("a", IN, ("x",))), False),
        (of(("a", IN, ("x",)), ("b", EXISTS, ())), of(("b", EXISTS, ())), True),
        (of(("a", IN, ("x",))), of(("a", EXISTS, ())), True),
        (of(("a", NOT_IN, ("x",))), of(("a", EXISTS, ())), False),
        (of(("a", IN, ("x",))), of(("a", NOT_IN, ("y",))), True),
        (of(("a", IN, ("x", "y"))), of(("a", NOT_IN, ("y",))), False),
        (of(("a", ABSENT, ())), of(("a", NOT_IN, ("y",))), True),
        (of(("a", NOT_IN, ("x", "y"))), of(("a", NOT_IN, ("y",))), True),
        (of(("a", NOT_IN, ("y",))), of(("a", ABSENT, ())), False),
        (Selector((), "broken"), of(("a", IN, ("x",))), True),
        (of(("a", IN, ("x",))), Selector((), "broken"), False),
    ],
)
def test_a_selector_implies_what_holds_for_all_it_selects(one: Selector, other: Selector, expected: bool) -> None:
    assert implies(one, other) is expected
