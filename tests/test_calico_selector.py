"""Selector expressions of Calico."""

from __future__ import annotations

import pytest

from k8snet_lint.calico_parser import DEEPEST, SelectorError, parse
from k8snet_lint.calico_selector import conditions, holds, required

POD = {"app": "web-front", "tier": "web", "k8s-app": "x"}


def known(text: str, labels: dict[str, str] | None = None) -> bool | None:
    """What an expression says of labels that are all known."""
    return holds(parse(text), POD if labels is None else labels, lambda _: False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "all()",
        "all( )",
        "tier == 'web'",
        'tier == "web"',
        "tier=='web'&&has(app)",
        "has( app )",
        "!has(nothing)",
        "!!has(app)",
        "! tier == 'db'",
        "tier != 'db'",
        "nothing != 'db'",
        "tier in {'db', \"web\"}",
        "tier in{'web',}",
        "tier not in {'db'}",
        "nothing not in {'db'}",
        "tier not in {}",
        "app starts with 'web-'",
        "app startswith 'web-'",
        "app ends  with 'front'",
        "app contains '-'",
        "tier == 'db' || tier == 'web' && has(app)",
        "(tier == 'db' || tier == 'web') && has(app)",
        "!(tier == 'db' && has(app))",
        "k8s-app == 'x'\n&& has(app)",
    ],
)
def test_an_expression_that_holds(text: str) -> None:
    assert known(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "tier == 'we'",
        "tier != 'web'",
        "tier in {}",
        "tier in {'db'}",
        "tier not in {'web'}",
        "has(nothing)",
        "nothing == ''",
        "nothing contains ''",
        "nothing starts with 'a'",
        "app starts with 'front'",
        "app ends with 'web'",
        "app contains '_'",
        "(tier == 'db' || tier == 'web') && has(nothing)",
        "!all()",
        "global()",
        "tier == ' web'",
    ],
)
def test_an_expression_that_does_not_hold(text: str) -> None:
    assert known(text) is False


def test_unknown_labels_leave_open_what_they_decide() -> None:
    def verdict(text: str) -> bool | None:
        return holds(parse(text), POD, lambda key: key == "job-name")

    assert verdict("has(job-name)") is None
    assert verdict("job-name != 'x'") is None
    assert verdict("!(job-name == 'x')") is None
    assert verdict("has(job-name) && tier == 'db'") is False
    assert verdict("has(job-name) || tier == 'web'") is True
    assert verdict("has(job-name) && tier == 'web'") is None
    assert verdict("job-name in {}") is False
    assert verdict("job-name not in {}") is True


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("app = 'x'", "'=' at character 5, where '==' was expected"),
        ("app == x", "'x' at character 8, where a text in quotes was expected"),
        ("app == 'x", "the quote at character 8 is not closed"),
        ("app == 'x' & has(y)", "'&' at character 12, where '&&' was expected"),
        ("app == 'x' and has(y)", "'and' at character 12, where &&, || or the end was expected"),
        ("app in ('x')", "'('x')' at character 8, where a set such as {'a', 'b'} was expected"),
        ("app in {'x' 'y'}", "''y'}' at character 13, where , or } was expected"),
        ("app in {x}", "'x}' at character 9, where a text in quotes, or } was expected"),
        ("(app == 'x'", "the end at character 12, where &&, || or ) was expected"),
        ("app == 'x')", "')' at character 11, where &&, || or the end was expected"),
        ("app ==", "the end at character 7, where a text in quotes was expected"),
        ("!", "the end at character 2, where a label, has(), all() or ( was expected"),
        ("app: x", "':' at character 4, where letters, digits, '-', '_', '.' or '/' were expected"),
    ],
)
def test_a_text_that_is_no_expression(text: str, message: str) -> None:
    with pytest.raises(SelectorError) as raised:
        parse(text)
    assert str(raised.value) == message


def test_an_operator_that_there_is_not() -> None:
    with pytest.raises(SelectorError, match=r"where ==, !=, in, not in, .* was expected") as raised:
        parse("app not like 'x'")
    assert raised.value.at == 5


def test_nesting_has_an_end() -> None:
    parse("(" * DEEPEST + "all()" + ")" * DEEPEST)
    with pytest.raises(SelectorError, match="more than 50 parentheses"):
        parse("(" * 100_000)


@pytest.mark.parametrize(
    "text",
    [
        "tier == 'web'",
        "tier != 'web'",
        "tier in {'a', 'b'}",
        "tier not in {}",
        "has(x) && !has(y)",
        "(a == 'b' || c starts with 'd') && !(e contains 'f' && g ends with 'h')",
        "all() || global()",
    ],
)
def test_an_expression_is_written_as_it_is_read(text: str) -> None:
    assert str(parse(text)) == text


def test_the_conditions_of_an_expression() -> None:
    found = conditions(parse("!(a == 'b' || has(c)) && all() && d in {'e'}"))
    assert [each.key for each in found] == ["a", "c", "d"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("app == 'a'", ("app", ("a",))),
        ("has(x) && app in {'a', 'b'}", ("app", ("a", "b"))),
        ("app == 'a' || app == 'b'", None),
        ("!(app == 'a')", None),
        ("app != 'a'", None),
        ("all()", None),
    ],
)
def test_a_label_that_an_expression_requires(text: str, label: tuple[str, tuple[str, ...]] | None) -> None:
    found = required(parse(text))
    assert (found and (found.key, found.values)) == label
