"""Each way in which a text is no manifest has its own message, at its own place; the good documents still count."""

from __future__ import annotations

import json
import time

import pytest

from k8snet_lint.manifest import ProblemCode, parse
from k8snet_lint.manifest import stream as stream_module
from k8snet_lint.source import Source


def problems(text: str, name: str = "x.yaml") -> list[str]:
    found = parse(Source(name, text)).problems
    return [
        f"{problem.location.span.start.line}:{problem.location.span.start.column}: {problem.message}"
        for problem in found
    ]


MALFORMED = {
    "a: b: c\n": "1:5: a `: ` stands within a plain value",
    "a: b\n  c: d\n": "2:3: `c:` is indented deeper than the line above, which has a value already",
    "foo\nbar: 1\n": "1:1: `foo` has no `:` after it",
    "kind: Service\nmetadata\n  name: x\n": "2:1: `metadata` has no `:` after it",
    "a:\n\tb: 1\n": "2:1: a tab is used for indentation",
    "a:\n  b: 1\n\tc: 2\n": "3:1: a tab is used for indentation",
    "a: @x\n": "1:4: a value cannot start with `@`",
    "host: *.example.com\n": "1:7: `*.example.com` reads as an alias, whose name it cannot be",
    "a: &\n": "1:4: `&` reads as an anchor, whose name it cannot be",
    "a: 'x\nb: 1\n": "1:4: the quote that opens here is not closed",
    "a: 'it's'\n": "1:8: `s'` follows a value that has ended",
    'a: "\\d"\n': "1:5: `\\d` is no escape that YAML knows",
    "a: [1, 2\nb: 3\n": "2:2: `:` stands where `,` or `]` belongs, within a `[`",
    "a: [": "1:4: the text ends where a value belongs",
    "a:\n  - {b: [\n": "2:9: the text ends where a value belongs",
    "a: [b\n": "1:4: the `[` that opens here is never closed",
    "a: {b: c\n": "1:4: the `{` that opens here is never closed",
    "a:\n  b: 1\n c: 2\n": "3:2: `c:` lines up with no key above it",
    "a:\n  - x\n - y\n": "3:2: a list item stands among the keys of a mapping",
    "a:\n  - x\n  y: 1\n": "3:3: `y:` stands among the items of a list",
    "a: - x\n": "1:4: `- ` starts a list where none can stand",
    "a: 1\n}\n": "2:1: `}` closes nothing",
    "a: ]\n": "1:4: `]` stands where a value belongs",
    "a: | x\n  y\n": "1:6: `x` follows `|` on its line",
    "a: |0\n  y\n": "1:5: `0` is no indentation for `|`",
    "a: !e!x y\n": "1:4: the tag `!e!x` cannot be read",
    "%YAML 1.1\n": "1:1: kubectl reads no directives such as `%YAML 1.1`",
    "{a: 1}}\n": "1:7: the document ends before this, and kubectl reads no further",
    f"{'k' * 1200}: 1\n": "1:1: a key is longer than 1024 characters",
    "a: \x07\n": "1:4: the control character U+0007 is not allowed in YAML",
    "a: \x00\n": "1:4: the control character U+0000 is not allowed in YAML",
    "a: \ud800\n": "1:4: the control character U+D800 is not allowed in YAML",
    "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> other\n": "1:1: a merge conflict is left in the text",
    "~: x\n": "1:1: `~` means null, which is no key",
    "? [a]\n: b\n": "1:3: a mapping or a list stands where a key belongs",
    "a: *none\n": "1:4: the alias `*none` has no anchor before it",
    "a: &a [*a]\n": "1:8: the alias `*a` stands within its own anchor",
    "x: 1\n<<: 2\n": "2:5: the value of `<<` is no mapping",
    "a: !!int x\n": "1:4: `x` is not what its tag `!!int` says",
    "a: !!int\n": "1:4: an empty value is not what its tag `!!int` says",
    "a: .inf\n": "1:4: `.inf` is no number that a manifest can hold",
    "a: " + "9" * 400 + "\n": "1:4: `99999999999999999999…` has 400 digits, more than a number can",
    "a: 1\n...\nb: 2\n": "3:1: the document ends before this, and kubectl reads no further",
    "--- a: 1\n": "1:1: `a: 1` follows `---`, which starts a line only to part documents",
    "a: 1\n-----\nb: 2\n": "2:1: `--` follows `---`, which starts a line only to part documents",
}


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_text_is_told_what_is_wrong_and_where(text: str) -> None:
    assert problems(text) == [MALFORMED[text]]


def test_both_parsers_give_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "EventParser", stream_module.PurePython)
    differing = {text for text, message in MALFORMED.items() if problems(text) != [message]}
    assert differing == set()


JSON_MALFORMED = {
    '{"a": 1,\n "b" 2}': "2:6: `2}` stands where a `:` belongs",
    '{"a": 1\n "b": 2}': '2:2: `"b":` stands where a `,` or a closing bracket belongs',
    '{"a": "x': "1:7: the string that starts here is never closed",
    '{"a": {"b": 1}': "1:15: the text ends in the middle of a JSON value",
    '{"a": "\\d"]': '1:8: `\\d"]` is no escape that JSON knows',
    '{"a": ]}': "1:7: `]}` stands where a JSON value belongs",
}


@pytest.mark.parametrize("text", JSON_MALFORMED)
def test_malformed_json_is_told_in_terms_of_json(text: str) -> None:
    assert problems(text, "x.json") == [JSON_MALFORMED[text]]


def test_what_json_refuses_may_still_be_yaml() -> None:
    parsed = parse(Source("x.json", '{"a": 1, # why\n b: [x,],}\n'))
    assert [document.value for document in parsed.documents] == [{"a": 1, "b": ["x"]}]
    assert parsed.problems == ()


def test_an_error_stays_within_its_document() -> None:
    parsed = parse(Source("x.yaml", "a: 1\n---\nb: [\n---\nc: @\n---\nd: 1\n"))
    assert [document.value for document in parsed.documents] == [{"a": 1}, {"d": 1}]
    assert [problem.location.span.start.line for problem in parsed.problems] == [3, 5]
    assert {problem.code for problem in parsed.problems} == {ProblemCode.PARSE_ERROR}


def test_what_kubectl_does_not_read_any_more_is_said_and_the_document_counts() -> None:
    parsed = parse(Source("x.yaml", "a: 1\n...\nb: 2\n---\nc: 3\n"))
    assert [document.value for document in parsed.documents] == [{"a": 1}, {"c": 3}]
    assert len(parsed.problems) == 1


def test_every_problem_says_how_to_mend_it() -> None:
    for text in MALFORMED:
        assert all(problem.help for problem in parse(Source("x.yaml", text)).problems)


def test_a_repeated_key_keeps_its_last_value_and_names_both_places() -> None:
    for text in ("a: 1\nb:\n  c: 1\n  c: 2\n", '{"a": 1, "b": {\n  "d": 0,\n  "c": 1,\n  "c": 2}}'):
        parsed = parse(Source("x.yaml", text))
        (problem,) = parsed.problems
        assert problem.code is ProblemCode.DUPLICATE_KEY
        assert parsed.documents[0].value["b"]["c"] == 2
        assert problem.location.span.start.line == 4
        (first,) = problem.related
        assert first[0].span.start.line == 3


def test_keys_that_are_one_in_json_are_a_repetition() -> None:
    parsed = parse(Source("x.yaml", "on: x\nyes: z\n"))
    assert parsed.documents[0].value == {"true": "z"}
    assert [problem.code for problem in parsed.problems] == [ProblemCode.DUPLICATE_KEY]


def test_a_key_that_overrides_a_merged_one_is_no_repetition() -> None:
    assert problems("x: &x {p: 1}\nz:\n  <<: *x\n  p: 2\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "a: {{ .Values.x }}\n",
        "a: {{ .Values.x }}-b\n",
        "{{- if .x }}\na: 1\n{{ end }}\n",
        'a: 1\n---\nname: "{{ include "x" . }}"\n',
        "spec:\n  {{- with .x }}\n  a: 1\n  {{- end }}\n---\nb: 1\n",
        "a: 1\n---{{ if .x }}\nb: 2\n",
        "{% raw %}\na: 1\n{% endraw %}\n",
        "a: 1\n{%- if b %}\nb: 2\n{%- endif %}\n",
        "spec:\n  {% for x in xs %}\n  a: 1\n  {% endfor %}\n---\nb: 1\n",
    ],
)
def test_a_template_that_does_not_parse_is_one_notice_and_no_documents(text: str) -> None:
    parsed = parse(Source("x.yaml", text))
    assert [problem.code for problem in parsed.problems] == [ProblemCode.TEMPLATE]
    assert parsed.documents == ()


@pytest.mark.parametrize("text", ["a: '{{ x }}'\n", 'a: "{{ x }}"\n', "a: |\n  {{ x }}\n", "a: |\n  {% x %}\n"])
def test_braces_in_a_text_that_parses_are_no_template(text: str) -> None:
    assert len(parse(Source("x.yaml", text)).documents) == 1


def test_an_error_beside_quoted_braces_is_an_error() -> None:
    (problem,) = parse(Source("x.yaml", "a: true\n   title: '{{ x }}'\n")).problems
    assert problem.code is ProblemCode.PARSE_ERROR


LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
HOSTILE = {
    "nested lists": "[" * 100_000,
    "nested objects": '{"a":' * 100_000,
    "nested items": "- " * 100_000,
    "nested in json": json.dumps({"a": 1})[:-1] + ', "b": ' + "[" * 900 + "]" * 900 + "}",
    "alias bomb": LAUGHS,
    "deep by aliases": "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 150)),
    "nested by aliases": "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 3000)),
    "merges of merges": "a0: &a0 {k: 1}\n"
    + "".join(f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: 1}}\n" for n in range(1, 3000)),
    "an open quote": 'a: "' + "x\n" * 100_000,
    "bad separators": "---x\n" * 100_000,
    "a number": "a: " + "9" * 100_000,
    "bytes of nothing": "\0" * 100_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_is_refused_soon(kind: str) -> None:
    started = time.perf_counter()
    parsed = parse(Source("x.yaml", HOSTILE[kind]))
    assert parsed.documents == ()
    assert len(parsed.problems) == 1
    assert time.perf_counter() - started < 5


def test_a_hundred_levels_can_be_read() -> None:
    assert len(parse(Source("x.yaml", "[" * 100 + "]" * 100)).documents) == 1
    assert len(parse(Source("x.yaml", "- " * 100 + "x")).documents) == 1
