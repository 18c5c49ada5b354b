from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snet_lint.manifest import Node
from k8snet_lint.selector import Operator, Selector, labels_of

keys = st.sampled_from(["app", "tier", "env"])
values = st.sampled_from(["a", "b", "c"])
labels = st.dictionaries(keys, values)
some_values = st.lists(values, min_size=1, max_size=3)
expressions = st.one_of(
    st.builds(
        lambda key, operator, found: {"key": key, "operator": operator, "values": found},
        keys,
        st.sampled_from(["In", "NotIn"]),
        some_values,
    ),
    st.builds(
        lambda key, operator: {"key": key, "operator": operator}, keys, st.sampled_from(["Exists", "DoesNotExist"])
    ),
)
written = st.fixed_dictionaries({"matchLabels": labels, "matchExpressions": st.lists(expressions, max_size=4)})


def selector(value: object) -> Selector:
    return Selector.of(node(value))


def node(value: object) -> Node:
    return Node(cast("Any", None), value)


def as_documented(of: dict[str, Any], on: dict[str, str]) -> bool:
    """What the API reference says of LabelSelector, word for word."""
    for key, value in of["matchLabels"].items():
        if not (key in on and on[key] == value):
            return False
    for expression in of["matchExpressions"]:
        key, has = expression["key"], expression["key"] in on
        holds = {
            "In": has and on.get(key) in expression.get("values", []),
            "NotIn": not has or on[key] not in expression.get("values", []),
            "Exists": has,
            "DoesNotExist": not has,
        }
        if not holds[expression["operator"]]:
            return False
    return True


# ── laws ──────────────────────────────────────────────────────────────────────────────────────────────


@given(written, labels)
def test_it_selects_what_the_api_reference_says(value: dict[str, Any], on: dict[str, str]) -> None:
    assert selector(value).matches(on) == as_documented(value, on)


@given(labels)
def test_an_empty_selector_selects_everything(on: dict[str, str]) -> None:
    empties: tuple[object, ...] = (None, {}, {"matchLabels": None}, {"matchLabels": {}, "matchExpressions": []})
    for empty in empties:
        assert selector(empty).matches(on)
        assert selector(empty).is_empty


@given(keys, values, labels)
def test_a_label_is_an_expression_with_one_value(key: str, value: str, on: dict[str, str]) -> None:
    short, long = (
        {"matchLabels": {key: value}},
        {"matchExpressions": [{"key": key, "operator": "In", "values": [value]}]},
    )
    assert selector(short) == selector(long)
    assert selector(short).matches(on) == (on.get(key) == value)


@given(keys, some_values, labels)
def test_in_and_not_in_are_opposites(key: str, found: list[str], on: dict[str, str]) -> None:
    inside = selector({"matchExpressions": [{"key": key, "operator": "In", "values": found}]})
    outside = selector({"matchExpressions": [{"key": key, "operator": "NotIn", "values": found}]})
    assert inside.matches(on) != outside.matches(on)


@given(keys, labels)
def test_exists_and_does_not_exist_are_opposites(key: str, on: dict[str, str]) -> None:
    there = selector({"matchExpressions": [{"key": key, "operator": "Exists"}]})
    gone = selector({"matchExpressions": [{"key": key, "operator": "DoesNotExist"}]})
    assert there.matches(on) != gone.matches(on)


@given(st.lists(expressions), st.lists(expressions), labels)
def test_requirements_are_joined_by_and(one: list[Any], other: list[Any], on: dict[str, str]) -> None:
    both = selector({"matchExpressions": one + other})
    parts = selector({"matchExpressions": one}), selector({"matchExpressions": other})
    assert both.matches(on) == all(part.matches(on) for part in parts)


@given(keys, some_values, values, labels)
def test_more_values_select_more(key: str, found: list[str], more: str, on: dict[str, str]) -> None:
    narrow = selector({"matchExpressions": [{"key": key, "operator": "In", "values": found}]})
    wide = selector({"matchExpressions": [{"key": key, "operator": "In", "values": [*found, more]}]})
    assert wide.matches(on) or not narrow.matches(on)


@given(written, st.randoms(use_true_random=False))
def test_the_order_in_which_it_is_written_does_not_count(value: dict[str, Any], random: Any) -> None:  # noqa: ANN401
    shuffled = {
        "matchLabels": dict(random.sample(list(value["matchLabels"].items()), len(value["matchLabels"]))),
        "matchExpressions": [
            {**each, "values": random.sample(each["values"], len(each["values"]))} if "values" in each else each
            for each in random.sample(value["matchExpressions"], len(value["matchExpressions"]))
        ],
    }
    assert selector(shuffled) == selector(value)
    assert hash(selector(shuffled)) == hash(selector(value))


@given(written, labels)
def test_leaving_requirements_out_selects_more(value: dict[str, Any], on: dict[str, str]) -> None:
    whole = selector(value)
    rest = whole.where(lambda requirement: requirement.key != "app")
    assert rest.matches(on) or not whole.matches(on)
    assert all(requirement.key != "app" for requirement in rest.requirements)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.one_of(
        json_values,
        st.fixed_dictionaries(
            {
                "matchLabels": json_values,
                "matchExpressions": st.lists(
                    st.fixed_dictionaries({"key": json_values, "operator": json_values, "values": json_values})
                ),
            }
        ),
    ),
    labels,
)
def test_whatever_is_written_is_read(value: object, on: dict[str, str]) -> None:
    found = selector(value)
    assert found.matches(on) in (True, False)
    assert str(found)
    assert not (found.invalid and (found.matches(on) or found.is_empty))


# ── what the API server rejects ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ({"key": "app", "operator": "in", "values": ["a"]}, "DoesNotExist; did you mean 'In'?"),
        ({"key": "app"}, "unknown operator ''"),
        ({"key": "app", "operator": "In"}, "operator In on 'app' needs at least one value"),
        ({"key": "app", "operator": "NotIn", "values": []}, "operator NotIn on 'app' needs at least one value"),
        ({"key": "app", "operator": "Exists", "values": ["a"]}, "operator Exists on 'app' takes no values"),
        ({"key": "app", "operator": "DoesNotExist", "values": ["a"]}, "operator DoesNotExist on 'app' takes no values"),
        ({"operator": "Exists"}, "an expression names no key"),
        (None, "an expression names no key"),
    ],
)
def test_an_invalid_expression_selects_nothing_and_says_why(expression: object, why: str) -> None:
    found = selector({"matchLabels": {"app": "a"}, "matchExpressions": [expression]})
    assert why in found.invalid
    assert not found.matches({"app": "a"})
    assert not found.is_empty


@pytest.mark.parametrize(
    "value", ["app=web", ["app"], 7, {"matchLabels": "app=web"}, {"matchExpressions": {"key": "app"}}]
)
def test_what_is_no_selector_selects_nothing(value: object) -> None:
    assert selector(value).invalid
    assert not selector(value).matches({})


# ── shapes ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_flat_map_is_a_selector_of_equalities() -> None:
    found = Selector.of_labels(node({"app": "web", "tier": "front"}))
    assert found == selector({"matchLabels": {"tier": "front", "app": "web"}})
    assert Selector.of_labels(node(None)).is_empty


def test_a_requirement_that_is_written_twice_is_one() -> None:
    twice = {"matchLabels": {"app": "a"}, "matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "a"]}]}
    assert selector(twice) == selector({"matchLabels": {"app": "a"}})


def test_label_values_are_read_as_the_text_that_was_meant() -> None:
    assert labels_of(node({"a": 1, "b": True, "c": None, "d": "on", "e": 1.5})) == {
        "a": "1",
        "b": "true",
        "c": "",
        "d": "on",
        "e": "1.5",
    }
    assert labels_of(node(["a"])) == {}


def test_it_is_shown_as_kubectl_takes_it() -> None:
    found = selector(
        {
            "matchLabels": {"app": "web"},
            "matchExpressions": [
                {"key": "tier", "operator": "In", "values": ["b", "a"]},
                {"key": "env", "operator": "NotIn", "values": ["dev"]},
                {"key": "team", "operator": "Exists"},
                {"key": "old", "operator": "DoesNotExist"},
            ],
        }
    )
    assert str(found) == "app=web, env not in (dev), !old, team, tier in (a, b)"
    assert str(Selector()) == "(everything)"
    assert str(Selector((), "why")) == "(invalid)"
    assert {requirement.operator for requirement in found.requirements} == set(Operator)
