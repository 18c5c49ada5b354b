"""The typed reader and the schema accept the same configurations, and every rejection can be explained."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8snet_lint.config.explain import mistakes, validator
from k8snet_lint.config.reader import read
from k8snet_lint.config.starter import STARTER
from k8snet_lint.config.values import Rejected
from k8snet_lint.manifest import parse
from k8snet_lint.source import Source

JUDGE = validator()

# What a value may be mistaken for, and what is nearly right for some key or other.
JUNK: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, "", " ", "x", "X/y", "a/b/c/d", "a b/c", "shop-", "Shop", "a" * 64, "a.b"),
    *("warn", "ERROR", "note\n", "1.33", "1.33\n", "v1.33", "v1.33.2+k3s1", "1.33.2-", "2.0", "1.", "[z-a]", "/", "**"),
    *("10.0.0.0", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/255.0.0.0", "fe80::1%eth0/64", "::/0"),
    *("0-5", "5-4", "5-5", "1-65536", "1-65535\n"),
    *("2027-02-30", "2027-02-28", "2027-2-8", "20270228", "\N{FULLWIDTH DIGIT TWO}027-01-01"),
    *([], [[]], [""], ["x", 1], [{}], ["10.0.0.0/8"], ["[z-a]"], ["a/b", "a/b/c"], [{"rule": "x"}], [{"paths": []}]),
    *({}, {"x": 1}, {"x": "note"}, {"x": {}}, {"rule": "x"}, {"name": "x"}, {"name": "", "labels": {}}),
    *({"name": "x", "labels": {"a": 1}}, [{"name": "x", "labels": {"a": ""}}]),
)


def everything() -> dict[str, Any]:
    """A good configuration that holds every key."""
    text = re.sub(r"(?m)^#(?! \S)", "", STARTER)
    value: dict[str, Any] = parse(Source("starter.yaml", text)).documents[0].root.value
    return {**value, "rules": ["lint-rules"], "crds": ["crds"], "options": {"policy-open-cidr": {"prefix": 16}}}


def accepted(value: object) -> bool:
    try:
        read(value)
    except Rejected:
        return False
    return True


def assert_one_verdict(value: object) -> None:
    assert accepted(value) == JUDGE.is_valid(value), value


def explained(value: object) -> tuple[str, ...]:
    return mistakes(parse(Source("c.yaml", json.dumps(value))).documents[0].root)


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all values in a value."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(below for key, entry in items for below in paths(entry, (*path, key)))]


def replaced(value: object, path: tuple[str | int, ...], new: object) -> Any:  # noqa: ANN401 - any configuration
    if not path:
        return new
    changed: Any = copy.copy(value)
    changed[path[0]] = replaced(changed[path[0]], path[1:], new)
    return changed


def test_a_configuration_with_every_key_of_the_schema_is_good() -> None:
    value = everything()
    schema = JUDGE.schema["properties"]
    assert value.keys() == schema.keys()
    for section in ("cluster", "assume"):
        assert value[section].keys() == schema[section]["properties"].keys()
    assert accepted(value)
    assert_one_verdict(value)


@pytest.mark.parametrize("path", paths(everything()), ids=lambda path: "/".join(map(str, path)))
def test_any_value_at_any_place_gets_one_verdict(path: tuple[str | int, ...]) -> None:
    for junk in JUNK:
        assert_one_verdict(replaced(everything(), path, junk))


@pytest.mark.parametrize("path", paths(everything()), ids=lambda path: "/".join(map(str, path)))
def test_a_key_too_many_or_too_few_gets_one_verdict(path: tuple[str | int, ...]) -> None:
    whole: Any = everything()
    value = whole
    for key in path:
        value = value[key]
    if not isinstance(value, dict):
        return
    for key in value:
        assert_one_verdict(replaced(whole, path, {name: entry for name, entry in value.items() if name != key}))
    assert_one_verdict(replaced(whole, path, {**value, "unknown": "x"}))


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
anything = st.recursive(
    scalars | st.sampled_from(JUNK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def configurations(draw: st.DrawFn) -> dict[str, Any]:
    """Parts of a good configuration, with a mistake or without."""
    whole = everything()
    value = {key: whole[key] for key in draw(st.sets(st.sampled_from(sorted(whole))))}
    for _ in range(draw(st.integers(0, 2))):
        path = draw(st.sampled_from(paths(value)))
        value = replaced(value, path, draw(anything)) if path else {**value, draw(st.text(max_size=5)): draw(anything)}
    return value


@settings(deadline=None)
@given(configurations() | anything)
def test_generated_configurations_get_one_verdict(value: object) -> None:
    assert_one_verdict(value)


@settings(deadline=None)
@given(configurations() | anything.filter(lambda value: isinstance(value, dict | list)))
def test_every_rejection_is_explained_at_a_place(value: object) -> None:
    lines = explained(value)
    assert bool(lines) is not accepted(value)
    assert all(re.match(r"c\.yaml:\d+:\d+: \S", line) for line in lines)


@pytest.mark.parametrize(
    "text",
    [STARTER, re.sub(r"(?m)^ *#.*\n", "", STARTER), re.sub(r"(?m)^#(?! \S)", "", STARTER)],
    ids=["as it is", "without its comments", "with all settings taken in"],
)
def test_the_starter_is_good(text: str) -> None:
    value = parse(Source("starter.yaml", text)).documents[0].root.value
    assert accepted(value)
    assert_one_verdict(value)


def test_the_starter_names_the_defaults() -> None:
    value = parse(Source("starter.yaml", STARTER)).documents[0].root.value
    assert read(value) == read({})


def test_the_starter_gives_the_version_that_is_the_default() -> None:
    assert read({"kubernetes-version": everything()["kubernetes-version"]}) == read({})


def test_the_defaults_of_the_schema_are_those_of_the_reader() -> None:
    def defaults(schema: dict[str, Any]) -> dict[str, Any]:
        given = {key: entry for key, entry in schema["properties"].items() if "default" in entry}
        return {key: defaults(each) if "properties" in each else each["default"] for key, each in given.items()}

    assert read(defaults(JUDGE.schema)) == read({})


def test_every_key_of_the_schema_is_described() -> None:
    def undescribed(schema: dict[str, Any], path: str) -> list[str]:
        missing = [] if "description" in schema else [path]
        below = schema.get("properties", {}) | schema.get("items", {}).get("properties", {})
        return [*missing, *(each for key, entry in below.items() for each in undescribed(entry, f"{path}/{key}"))]

    assert undescribed(JUDGE.schema, "") == []


def test_every_example_of_the_schema_is_good() -> None:
    for key, entry in JUDGE.schema["properties"].items():
        for example in entry.get("examples", ()):
            assert accepted({key: example}), key
