"""JSON is read as JSON: one object, several in a row, or within YAML."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from k8snet_lint.manifest import parse
from k8snet_lint.manifest.json_text import without_lone_surrogates
from k8snet_lint.source import Source


def values(text: str) -> list[Any]:
    parsed = parse(Source("x.json", text))
    assert parsed.problems == ()
    return [document.value for document in parsed.documents]


def test_objects_in_a_row_are_documents() -> None:
    assert values('{"a": 1}\n{"a": 2}\n\n{"a": 3}{"a": 4}\n') == [{"a": number} for number in (1, 2, 3, 4)]


def test_json_may_stand_between_yaml() -> None:
    assert values('{"a": 1}\n---\nb: 2\n---\n[3]\n') == [{"a": 1}, {"b": 2}, [3]]


def test_several_objects_after_a_separator_are_refused_as_kubectl_refuses_them() -> None:
    parsed = parse(Source("x.yaml", 'a: 1\n---\n{"b": 2}\n{"c": 3}\n'))
    assert [document.value for document in parsed.documents] == [{"a": 1}, {"b": 2}]
    assert [problem.location.span.start.line for problem in parsed.problems] == [4]


def test_a_yaml_mapping_in_braces_is_yaml() -> None:
    assert values("{a: yes, b: [x, 0o7]}") == [{"a": True, "b": ["x", 7]}]


def test_half_a_surrogate_pair_becomes_the_replacement_character() -> None:
    assert values(r'{"a": "\ud800", "b": "\ud83d\ude00", "c": "\\ud800"}') == [
        {"a": "\ufffd", "b": "😀", "c": "\\ud800"}
    ]


@given(st.lists(st.sampled_from(["\\", "\\\\", "u", "\\ud83d", "\\ude00", "\\uD800", "x"])).map("".join))
def test_replacing_halves_moves_nothing(text: str) -> None:
    assert len(without_lone_surrogates(text)) == len(text)


def test_large_numbers_are_what_they_are_in_yaml() -> None:
    for number in ("9223372036854775807", "18446744073709551615", "18446744073709551616", "1e30", "-0.0"):
        (in_json,), (in_yaml,) = values(f'{{"a": {number}}}'), values(f"a: {number}")
        assert repr(in_json) == repr(in_yaml)


def test_a_scalar_in_a_stream_of_json_is_kept_as_it_is() -> None:
    parsed = parse(Source("m.json", '{"a": 1}\n1\nnull\n"x"\n'))
    assert [document.value for document in parsed.documents] == [{"a": 1}, 1, None, "x"]
    assert parsed.problems == ()
