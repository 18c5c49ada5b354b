"""Each key and value of a document is found where it is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from k8snet_lint.manifest import Document, Node, parse
from k8snet_lint.manifest import stream as stream_module
from k8snet_lint.source import Source

if TYPE_CHECKING:
    from k8snet_lint.manifest import Path
    from k8snet_lint.source import Location

POLICY = """\
# comment
apiVersion: networking.k8s.io/v1
metadata:
  name: "web"   # why
  labels: {app: web, tier: 'back end'}
spec:
  ports:
    - port: 80
      targetPort: ~
    - {port: 81}
    -
      port: 82
  types: [Ingress,
    Egress]
  script: |-
    kind: Fake
  long: some words
    that go on
  empty:
  hosts:
  - a.example
  - |
    b.example
  - - nested
"""


def document(text: str, name: str = "x.yaml") -> Document:
    parsed = parse(Source(name, text))
    assert parsed.problems == ()
    (only,) = parsed.documents
    return only


def read_again(location: Location) -> str:
    """What stands at a location."""
    span = location.span
    assert span.start.line == span.end.line
    return location.source.line(span.start.line)[span.start.column - 1 : span.end.column - 1]


def at(doc: Document, *path: str | int) -> tuple[int, str]:
    location = doc.locate(path)
    return location.span.start.line, read_again(location)


@pytest.mark.parametrize(
    ("path", "line", "written"),
    [
        ((), 2, "apiVersion"),
        (("apiVersion",), 2, "networking.k8s.io/v1"),
        (("metadata",), 3, "metadata"),
        (("metadata", "name"), 4, '"web"'),
        (("metadata", "labels"), 5, "{app: web, tier: 'back end'}"),
        (("metadata", "labels", "tier"), 5, "'back end'"),
        (("spec", "ports"), 7, "ports"),
        (("spec", "ports", 0), 8, "port"),
        (("spec", "ports", 0, "port"), 8, "80"),
        (("spec", "ports", 0, "targetPort"), 9, "targetPort"),
        (("spec", "ports", 1), 10, "{port: 81}"),
        (("spec", "ports", 2), 12, "port"),
        (("spec", "ports", 9, "port"), 7, "ports"),
        (("spec", "ports", 0, "absent", "x"), 8, "port"),
        (("spec", "ports", "x"), 7, "ports"),
        (("spec", "types"), 13, "types"),
        (("spec", "types", 1), 14, "Egress"),
        (("spec", "script"), 15, "script"),
        (("spec", "long"), 17, "some words"),
        (("spec", "empty"), 19, "empty"),
        (("spec", "hosts", 0), 21, "a.example"),
        (("spec", "hosts", 1), 22, "|"),
        (("spec", "hosts", 2), 24, "nested"),
        (("spec", "nothing"), 6, "spec"),
        (("nothing", "at", 0, "all"), 2, "apiVersion"),
        (("apiVersion", "x"), 2, "apiVersion"),
    ],
)
def test_a_value_is_found_or_else_the_nearest_key(path: Path, line: int, written: str) -> None:
    assert at(document(POLICY), *path) == (line, written)


def test_a_key_is_found() -> None:
    doc = document(POLICY)
    assert read_again(doc.locate_key(("metadata", "name"))) == "name"
    assert read_again(doc.locate_key(("spec", "ports", 1))) == "{port: 81}"
    assert read_again(doc.locate_key(("spec", "ports", 0, "absent"))) == "port"


def test_places_count_from_the_start_of_the_file() -> None:
    text = "\ufeffa: 1\r\n--- # c\r\nb:\r\n  c: é😀x # y\r\n---\r\n{d: e}\r\n"
    _, second, third = parse(Source("x.yaml", text)).documents
    assert str(second.locate(("b", "c"))) == "x.yaml:4:6"
    assert read_again(second.locate(("b", "c"))) == "é😀x"
    assert (second.line, third.line) == (3, 6)
    assert at(third, "d") == (6, "e")


@pytest.mark.parametrize("parser", [stream_module.EventParser, stream_module.PurePython])
def test_a_block_that_ends_the_file_is_at_its_first_key(parser: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "EventParser", parser)
    assert at(document("x:\n- a: 1"), "x", 0) == (2, "a")


def test_lines_are_those_of_yaml() -> None:
    doc = document("a: x\x85b: z\u2028c: w\rd: v\n")
    assert [at(doc, key) for key in doc.value] == [(1, "x"), (2, "z"), (3, "w"), (4, "v")]
    _, second = parse(Source("x.yaml", "a: x\x85b: z\u2028c: w\rd: v\n---\ne: u\n")).documents
    assert at(second, "e") == (6, "u")


def test_aliases_and_merges_are_found_where_they_are_written() -> None:
    doc = document(
        "base: &b\n  p: 1\n  q: &q 2\nlist: &l [x]\nuse:\n  <<: *b\n  q: 3\nagain: *b\nvalue: *q\nitems:\n- *l\n"
    )
    assert at(doc, "use", "p") == (2, "1")
    assert at(doc, "use", "q") == (7, "3")
    assert at(doc, "again") == (1, "base")
    assert at(doc, "again", "p") == (2, "1")
    assert at(doc, "value") == (3, "2")
    assert at(doc, "base", "q") == (3, "2")
    assert at(doc, "items", 0, 0) == (4, "x")
    assert read_again(doc.locate_key(("again",))) == "again"
    assert read_again(doc.locate_key(("items", 0))) == "*l"


def test_of_a_list_of_merges_the_first_wins_and_a_later_key_too() -> None:
    doc = document("a: &a {k: 1}\nb: &b {k: 2, m: 3}\nc:\n  <<: [*a, *b]\nd:\n  <<: {k: 4}\n")
    assert at(doc, "c", "k") == (1, "1")
    assert at(doc, "c", "m") == (2, "3")
    assert at(doc, "d", "k") == (6, "4")


def test_of_repeated_keys_the_last_is_found() -> None:
    doc = parse(Source("x.yaml", "a:\n  b: 1\n  c: 2\n  b: 3\n")).documents[0]
    assert at(doc, "a", "b") == (4, "3")


def test_what_is_missing_in_a_list_of_a_list_is_not_shown_at_another_item() -> None:
    doc = document("a:\n- - first\n  -\n  - ~\n")
    assert at(doc, "a", 0) == (2, "first")
    assert at(doc, "a", 0, 1) == (1, "a")
    assert at(doc, "a", 0, 2) == (4, "~")
    assert at(doc, "a", 0, 9) == (1, "a")


def test_json_is_found_where_it_is_written() -> None:
    doc = document(
        '{\n  "a\\u0062": {"x": [1, null]},\n  "n": null,\n  "l": [\n    {"p": "}"},\n    "s\\""\n  ]\n}\n', "x.json"
    )
    assert at(doc) == (2, '"a\\u0062"')
    assert at(doc, "ab") == (2, '{"x": [1, null]}')
    assert at(doc, "ab", "x", 1) == (2, "null")
    assert at(doc, "n") == (3, '"n"')
    assert at(doc, "l") == (4, '"l"')
    assert at(doc, "l", 0) == (5, '{"p": "}"}')
    assert at(doc, "l", 0, "p") == (5, '"}"')
    assert at(doc, "l", 1) == (6, '"s\\""')


def test_json_objects_in_a_row_have_their_own_places() -> None:
    first, second, third = parse(Source("x.json", '{"a": 1} {"a": 2}\n{"a": 3}')).documents
    assert [str(doc.locate(("a",))) for doc in (first, second, third)] == ["x.json:1:7", "x.json:1:16", "x.json:2:7"]
    assert [doc.line for doc in (first, second, third)] == [1, 1, 2]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
)
NESTED = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)
MAPPINGS = st.dictionaries(TEXTS, NESTED, min_size=1, max_size=4)


@st.composite
def written(draw: st.DrawFn, width: int = 10_000) -> str:
    """A mapping, as a text in one of many styles."""
    value = draw(MAPPINGS)
    if draw(st.booleans()):
        return json.dumps(value, indent=draw(st.sampled_from([None, 0, 2])), ensure_ascii=draw(st.booleans()))
    return yaml.safe_dump(
        value,
        default_flow_style=draw(st.sampled_from([None, True, False])),
        default_style=draw(st.sampled_from([None, None, '"', "'"])),
        indent=draw(st.sampled_from([2, 4])),
        width=width,
        allow_unicode=draw(st.booleans()),
        explicit_start=draw(st.booleans()),
        line_break=draw(st.sampled_from(["\n", "\r\n"])),
        sort_keys=False,
    )


def is_itself(node: Node, text: str) -> bool:
    """Whether a text, read alone or as an item of JSON, is the node's value."""
    alone = parse(Source("y.yaml", text)).documents
    item = parse(Source("y.json", f"[{text}]")).documents
    found = [doc.value for doc in alone] or [doc.value[0] for doc in item if len(doc.value) == 1]
    return [_typed(value) for value in found] == [_typed(node.value)]


def _typed(value: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    return json.dumps(value)


def is_heading(node: Node, text: str) -> bool:
    """Whether a text is the key of the node or of what it stands in, that itself, or the first thing within it."""
    kin = [*above(node), *first_within(node)]
    names = {str(relative.key) for relative in [node, *kin]} | {key for relative in kin for key in first_key(relative)}
    names |= set(first_key(node))
    readings = [parse(Source("y.yaml", key)).documents for key in (f"{text}: 1", f"{{{text}: 1}}")]
    is_key = any(set(documents[0].value) <= names for documents in readings if len(documents) == 1)
    return is_key or any(is_itself(relative, text) for relative in kin)


def above(node: Node) -> list[Node]:
    return [node.parent, *above(node.parent)] if node.parent is not None else []


def first_within(node: Node) -> list[Node]:
    return [node[0], *first_within(node[0])] if isinstance(node.value, list) and node.value else []


def first_key(node: Node) -> list[str]:
    return list(node.value)[:1] if isinstance(node.value, dict) else []


def nodes(node: Node) -> list[Node]:
    inner = list(node) + [child for _, child in node.items()]
    return [node, *(below for child in inner for below in nodes(child))]


@settings(max_examples=300, deadline=None)
@given(written())
def test_the_span_of_every_node_read_again_is_its_value_or_its_key(text: str) -> None:
    for doc in parse(Source("x.yaml", text)).documents:
        for node in nodes(doc.root):
            stretch = read_again(node.location)
            may_have_none = node.value is None or isinstance(node.value, dict | list)
            assert is_itself(node, stretch) or (may_have_none and is_heading(node, stretch))


@settings(max_examples=100, deadline=None)
@given(written(width=20))
def test_the_span_of_what_goes_over_several_lines_is_on_one_of_them(text: str) -> None:
    for doc in parse(Source("x.yaml", text)).documents:
        for node in nodes(doc.root):
            assert read_again(node.location)
            assert read_again(node.key_location)
