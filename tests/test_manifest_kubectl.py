"""Scalars, keys, tags and merges mean what they mean to kubectl."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from k8snet_lint.manifest import ProblemCode, parse
from k8snet_lint.manifest import stream as stream_module
from k8snet_lint.source import Source

if TYPE_CHECKING:
    from pathlib import Path


def values(text: str) -> list[Any] | str:
    """The values of a text's documents, or ERR where one of them cannot be read."""
    parsed = parse(Source("x.yaml", text))
    if any(problem.code is not ProblemCode.DUPLICATE_KEY for problem in parsed.problems):
        return "ERR"
    return [document.value for document in parsed.documents]


def as_json(value: object) -> str:
    """JSON tells true from 1 and 1 from 1.0, which Python's equality does not."""
    return json.dumps(value, sort_keys=True)


def disagreements(shared: Path) -> list[str]:
    cases = json.loads((shared / "loader" / "tricky.json").read_text(encoding="utf-8"))
    assert len(cases) >= 70
    return [case["name"] for case in cases if as_json(values(case["text"])) != as_json(case["kubectl"])]


def test_every_tricky_document_is_read_as_kubectl_reads_it(shared: Path) -> None:
    assert disagreements(shared) == []


def test_the_parser_in_python_differs_by_its_tabs_alone(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "EventParser", stream_module.PurePython)
    assert all("tab" in name for name in disagreements(shared))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0o7", 7),
        ("-0b11", -3),
        ("+0x1F", 31),
        ("0x", "0x"),
        ("0b2", "0b2"),
        ("1.", 1),
        (".5", 0.5),
        ("-.5e1", -5),
        (".5e999", ".5e999"),
        ("1e400", "1e400"),
        ("1e3", 1000),
        ("1__0", 10),
        ("_1", "_1"),
        ("1_", 1),
        ("0", 0),
        ("-0", 0),
        ("00", 0),
        ("089", 89),
        ("18446744073709551615", 18446744073709551615),
        ("18446744073709551616", 1.8446744073709552e19),
        ("10.0.0.1", "10.0.0.1"),
        ("100m", "100m"),
        ("2026-13-01", "2026-13-01"),
        ("22:22", "22:22"),
        ("tRue", "tRue"),
        ("Off", False),
        ("n", False),
        ("٣", "٣"),
        ("=", "="),
        ("<<", "<<"),
        ('"12"', "12"),
        ("! 12", "12"),
        ("!own 12", "12"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!float 3", 3),
        ("!!bool 'yes'", True),
        ("!!null ''", None),
        ("!!binary aGk=", "hi"),
    ],
)
def test_a_scalar_means_what_it_means_to_kubectl(written: str, value: object) -> None:
    assert as_json(values(f"a: {written}\n")) == as_json([{"a": value}])


@pytest.mark.parametrize("written", [".inf", "-.INF", ".nan", "!!int x", "!!float x", "!!binary '*'", "9" * 5000])
def test_a_scalar_that_json_cannot_hold_is_refused(written: str) -> None:
    assert values(f"a: {written}\n") == "ERR"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("80", "80"),
        ("on", "true"),
        ("no", "false"),
        ("1.10", "1.1"),
        ("1e6", "1e+06"),
        ("0.00001", "1e-05"),
        ("100000.5", "100000.5"),
        (".inf", ".inf"),
        ("'null'", "null"),
        ("!!str 0x1", "0x1"),
        ("2026-01-01", "2026-01-01"),
    ],
)
def test_a_key_becomes_the_text_that_json_has_for_it(written: str, key: str) -> None:
    assert values(f"{written}: x\n") == [{key: "x"}]


@pytest.mark.parametrize("written", ["~", "null", "", "? [a]\n", "? {a: b}\n", "18446744073709551615"])
def test_what_cannot_be_a_key_is_refused(written: str) -> None:
    assert values(f"{written}: x\n") == "ERR"


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("<<: *x\n  q: 3", {"p": 1, "q": 3}),
        ("q: 3\n  <<: *x", {"p": 1, "q": 2}),
        ("<<: [*z, *x]", {"p": 9, "q": 2}),
        ("<<: {p: 4}", {"p": 4}),
        ("'<<': 1", {"<<": 1}),
    ],
)
def test_merge_keys_override_what_stands_before_them(body: str, value: object) -> None:
    assert values(f"x: &x {{p: 1, q: 2}}\nz: &z {{p: 9}}\nv:\n  {body}\n")[0]["v"] == value  # type: ignore[index]


@pytest.mark.parametrize("body", ["<<: 1", "<<: *list", "<<: [1]", "<<: *none"])
def test_what_is_no_mapping_cannot_be_merged(body: str) -> None:
    assert values(f"l: &list [{{p: 1}}]\nv:\n  {body}\n") == "ERR"


def test_an_alias_of_a_scalar_can_be_a_key() -> None:
    assert values("a: &k web\nb: {*k : 1}\n") == [{"a": "web", "b": {"web": 1}}]


def test_a_float_that_is_whole_is_an_integer_in_json_and_in_yaml() -> None:
    assert as_json(values('{"port": 80.0, "weight": 1e2, "share": 0.5}')) == as_json(
        values("port: 80.0\nweight: 1e2\nshare: 0.5\n")
    )
