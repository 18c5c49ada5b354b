"""What is known of namespaces, in three values: a selector holds, does not hold, or cannot be decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snet_lint.facts import Assumed
from k8snet_lint.manifest import Node
from k8snet_lint.selector import Selector
from tests.cluster import graph_of, namespace, pods, policy

if TYPE_CHECKING:
    from k8snet_lint.graph import Graph

NAME = "kubernetes.io/metadata.name"


def selector(labels: dict[str, str] | None = None, *expressions: dict[str, object]) -> Selector:
    return Selector.of(Node(cast("Any", None), {"matchLabels": labels or {}, "matchExpressions": list(expressions)}))


def matching(graph: Graph, labels: dict[str, str] | None = None, *expressions: dict[str, object]) -> Any:  # noqa: ANN401
    surely, maybe = graph.namespaces.matching(selector(labels, *expressions))
    return tuple(surely), tuple(maybe)


def test_every_namespace_carries_its_name_as_a_label() -> None:
    graph = graph_of(namespace("shop"), pods("web", "front"))
    assert matching(graph, {NAME: "shop"}) == (("shop",), ())
    assert matching(graph, {NAME: "front"}) == (("front",), ())
    assert matching(graph, {NAME: "back"}) == ((), ())


def test_the_api_server_overwrites_a_written_name_label() -> None:
    graph = graph_of(namespace("shop", f"{{{NAME}: other}}"))
    assert graph.namespaces.labels("shop") == {NAME: "shop"}
    assert matching(graph, {NAME: "other"}) == ((), ())


def test_labels_of_a_written_namespace_are_all_there_is() -> None:
    graph = graph_of(namespace("shop", "{team: front}"), namespace("back"))
    assert matching(graph, {"team": "front"}) == (("shop",), ())
    assert matching(graph, {"team": "back"}) == ((), ())
    assert matching(graph, None, {"key": "team", "operator": "DoesNotExist"}) == (("back",), ())


def test_labels_of_a_namespace_that_is_not_written_decide_what_is_not_known() -> None:
    graph = graph_of(namespace("shop", "{team: front}"), pods("api", "back"))
    assert matching(graph, {"team": "front"}) == (("shop",), ("back",))
    assert matching(graph, None, {"key": "team", "operator": "DoesNotExist"}) == ((), ("back",))
    assert matching(graph, None, {"key": "team", "operator": "NotIn", "values": ["x"]}) == (("shop",), ("back",))


def test_a_name_that_does_not_fit_decides_whatever_else_is_asked() -> None:
    graph = graph_of(pods("api", "back"), pods("web", "front"))
    assert matching(graph, {NAME: "back", "team": "a"}) == ((), ("back",))
    assert matching(graph, {"team": "a"}, {"key": NAME, "operator": "NotIn", "values": ["back"]}) == ((), ("front",))
    assert matching(graph, None, {"key": NAME, "operator": "NotIn", "values": ["back"]}) == (("front",), ())
    assert matching(graph, None, {"key": NAME, "operator": "In", "values": ["back", "gone"]}) == (("back",), ())


def test_an_empty_selector_holds_for_all_of_them() -> None:
    graph = graph_of(namespace("shop"), pods("api", "back"), pods("web", ""))
    assert matching(graph) == (("", "back", "shop"), ())


def test_an_invalid_selector_holds_for_none() -> None:
    graph = graph_of(namespace("shop"))
    assert matching(graph, None, {"key": "team", "operator": "Like"}) == ((), ())


def test_assumed_namespaces_count_and_their_labels_are_known() -> None:
    assumed = Assumed(namespaces={"ingress": {"role": "edge"}, "bare": {}})
    graph = graph_of(pods("web", "shop"), assumed=assumed)
    assert graph.namespaces.names == ("bare", "ingress", "shop")
    assert matching(graph, {"role": "edge"}) == (("ingress",), ("bare", "shop"))
    assert matching(graph, {NAME: "bare"}) == (("bare",), ())


# ── the unset namespace ───────────────────────────────────────────────────────────────────────────────


def test_what_names_no_namespace_may_be_in_any() -> None:
    graph = graph_of(pods("web", ""), namespace("shop"))
    assert matching(graph, {NAME: "shop"}) == (("shop",), ("",))
    assert matching(graph, {NAME: "gone"}) == ((), ("",))
    assert matching(graph, {"team": "a"}) == ((), ("",))


def test_where_nothing_names_a_namespace_it_is_default() -> None:
    graph = graph_of(pods("web", ""))
    assert matching(graph, {NAME: "default"}) == (("",), ())
    assert matching(graph, {NAME: "shop"}) == ((), ())
    assert matching(graph, {"team": "a"}) == ((), ("",))


@pytest.mark.parametrize("other", [namespace("shop"), pods("api", "back")])
def test_where_something_names_one_it_is_not_default_any_more(other: str) -> None:
    graph = graph_of(pods("web", ""), other)
    assert matching(graph, {NAME: "default"}) == ((), ("",))


def test_it_is_no_candidate_where_nothing_is_in_it() -> None:
    graph = graph_of(namespace("shop"), policy(namespace="shop"))
    assert matching(graph, {NAME: "gone"}) == ((), ())


# ── against a plain reading of it ─────────────────────────────────────────────────────────────────────

labels = st.dictionaries(st.sampled_from(["team", "env"]), st.sampled_from(["a", "b"]))
expressions = st.lists(
    st.one_of(
        st.builds(
            lambda key, operator, values: {"key": key, "operator": operator, "values": values},
            st.sampled_from(["team", "env", NAME]),
            st.sampled_from(["In", "NotIn"]),
            st.lists(st.sampled_from(["a", "b", "one", "two", "three"]), min_size=1),
        ),
        st.builds(
            lambda key, operator: {"key": key, "operator": operator},
            st.sampled_from(["team", "env", NAME]),
            st.sampled_from(["Exists", "DoesNotExist"]),
        ),
    ),
    max_size=3,
)


@given(labels, labels, expressions)
def test_it_decides_what_all_ways_of_filling_in_the_unknown_agree_on(
    one: dict[str, str], two: dict[str, str], wanted: list[dict[str, object]]
) -> None:
    graph = graph_of(namespace("one", str(one)), namespace("two", str(two)), pods("web", "three"))
    found = selector(None, *wanted)
    surely, maybe = graph.namespaces.matching(found)
    for name, known in (("one", one), ("two", two)):
        assert (name in surely) == found.matches({**known, NAME: name})
        assert name not in maybe
    fillings = [
        {k: v for k, v in (("team", t), ("env", e)) if v} for t in ("", "a", "b", "z") for e in ("", "a", "b", "z")
    ]
    verdicts = {found.matches({**filling, NAME: "three"}) for filling in fillings}
    if "three" in surely:
        assert verdicts == {True}
    elif "three" not in maybe:
        assert verdicts == {False}
