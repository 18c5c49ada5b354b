"""Documents are parted where kubectl parts them, and what nobody wants is passed over where that is certain."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from k8snet_lint.manifest import ordinary, parse, rarities
from k8snet_lint.manifest import stream as stream_module
from k8snet_lint.manifest.scalars import KEYS, VALUES
from k8snet_lint.manifest.split import split
from k8snet_lint.source import Source


def values(text: str) -> list[Any]:
    parsed = parse(Source("x.yaml", text))
    assert parsed.problems == ()
    return [document.value for document in parsed.documents]


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n---\nb: 2\n",
        "---\na: 1\n--- # why\nb: 2\n",
        "---\n---\na: 1\n---\t\n---# c\nb: 2",
        "\ufeffa: 1\r\n---\r\nb: 2\r\n",
        "# only a comment\n---\na: 1\n---\n~\n---\nb: 2\n---\n",
        "a: 1\n...\n---\nb: 2\n...\n# end\n",
    ],
)
def test_documents_are_parted_by_lines_of_three_dashes(text: str) -> None:
    assert values(text) == [{"a": 1}, {"b": 2}]


def test_dashes_within_a_block_scalar_part_nothing() -> None:
    assert values("a: |\n  x\n  ---\n  y\nb: |\n  ---\n") == [{"a": "x\n---\ny\n", "b": "---\n"}]


def test_a_line_that_only_starts_with_dashes_spoils_the_document_that_holds_it() -> None:
    parsed = parse(Source("x.yaml", "a: 1\n---\nkey: '\n-----BEGIN\nx\n-----END\n'\n---\nb: 2\n"))
    assert [document.value for document in parsed.documents] == [{"a": 1}, {"b": 2}]
    assert [problem.location.span.start.line for problem in parsed.problems] == [4]


def test_text_after_the_dashes_spoils_what_follows_alone() -> None:
    parsed = parse(Source("x.yaml", "a: 1\n--- {c: 3}\n---\nb: 2\n"))
    assert [document.value for document in parsed.documents] == [{"a": 1}, {"b": 2}]
    assert [problem.location.span.start.line for problem in parsed.problems] == [2]


DEFINITION = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  kind: Service\n"


def passed_over(text: str, *, strict: bool = False) -> dict[str, int]:
    parsed = parse(Source("x.yaml", text), wanted=lambda _, kind: kind == "Service", strict=strict)
    return dict(parsed.skipped)


@pytest.mark.parametrize(
    "text",
    [
        DEFINITION,
        "# why\n\n" + DEFINITION,
        DEFINITION.replace("\n", "\r\n"),
        "x:\n- a\n- b: c\n" + DEFINITION,
        DEFINITION.replace("kind: Custom", "kind:   Custom").replace("Definition\n", "Definition # c\n", 1),
        DEFINITION.replace("apiextensions.k8s.io/v1", '"apiextensions.k8s.io/v1"'),
        DEFINITION + "broken: [\n",
        DEFINITION + "spec: twice\n",
    ],
)
def test_what_nobody_wants_is_counted_and_not_parsed(text: str) -> None:
    assert passed_over(text) == {"apiextensions.k8s.io/CustomResourceDefinition": 1}
    assert passed_over(text, strict=True) == {}


def test_a_kind_of_the_core_group_is_counted_by_its_name() -> None:
    assert passed_over("apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\n") == {"Pod": 2}


@pytest.mark.parametrize(
    "text",
    [
        DEFINITION + '"kind": Service\n',
        DEFINITION + "? kind\n: Service\n",
        DEFINITION + "kind : Service\n",
        DEFINITION + "kind: Service\n",
        DEFINITION + "<<: {kind: Service}\n",
        DEFINITION.replace("kind: Custom", "kind:\n  Custom"),
        DEFINITION.replace("Definition\n", "Definition\n\n  More\n", 1),
        DEFINITION.replace("kind: Custom", "kind: &k Custom"),
        DEFINITION.replace("kind: Custom", "kind: !!str Custom"),
        DEFINITION.replace("apiVersion", "version"),
        "  kind: Service\n  a: '\n" + DEFINITION + "x: '\n",
        "a: '\n" + DEFINITION + "'\n",
        "- x\n" + DEFINITION,
        "a: 1\n...\n" + DEFINITION,
        DEFINITION.replace("kind: Custom", "kind: Service\x85x: Custom"),
        DEFINITION.replace("spec:\n", "spec:\rkind: Service\n"),
        "{" + DEFINITION + "}",
    ],
)
def test_what_is_not_certain_is_parsed(text: str) -> None:
    assert passed_over(text) == {}


KINDS = st.sampled_from(["Service", "Role", "Pod", "List"])
NAMES = st.text(st.sampled_from("abkind: -#'\"&!*<\\é|>?"), max_size=8)
BODIES = st.recursive(
    NAMES | st.integers() | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Several documents, in styles of their own, with comments and lines that look like keys in their texts."""
    sections = []
    for _ in range(draw(st.integers(1, 5))):
        body = {
            "apiVersion": "v1",
            "kind": draw(KINDS),
            "spec": draw(BODIES),
            "text": draw(st.sampled_from(["", "x\nkind: Pod\n---\n"])),
        }
        style = draw(st.sampled_from([None, "'", '"']))
        section = yaml.safe_dump(
            body, default_style=style, indent=draw(st.sampled_from([2, 6])), sort_keys=draw(st.booleans())
        )
        sections.append(draw(st.sampled_from(["", "# kind: X\n", "\n"])) + section)
    return draw(st.sampled_from(["---\n", "--- # c\n"])).join(sections)


def plainly(text: str) -> list[Any]:
    """The documents by PyYAML's nodes over the whole file, without splitting; scalars resolved as ours are."""
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    return [_value(node) for node in yaml.compose_all(text, Loader=loader)]


def _value(node: Any) -> Any:  # noqa: ANN401 - YAML holds anything
    if isinstance(node, yaml.MappingNode):
        return {_key(key): _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    if node.tag == "tag:yaml.org,2002:null":
        return None
    return node.value if node.style or node.tag.endswith("binary") else VALUES[node.value]


def _key(node: Any) -> str:  # noqa: ANN401 - one of PyYAML's nodes
    return node.value if node.style else KEYS[node.value]


def untagged(text: str) -> bool:
    return "!!" not in text


@settings(max_examples=200, deadline=None)
@given(files().filter(untagged))
def test_split_and_parsed_a_file_holds_what_it_holds_as_a_whole(text: str) -> None:
    assert values(text) == plainly(text)


@settings(max_examples=200, deadline=None)
@given(files().filter(untagged))
def test_passed_over_are_exactly_documents_that_nobody_wants(text: str) -> None:
    parsed = parse(Source("x.yaml", text), wanted=lambda _, kind: kind in ("Service", "List"))
    held = plainly(text)
    kept = [document.value for document in parsed.documents]
    gone = [document for document in held if document not in kept]
    assert all(document["kind"] not in ("Service", "List") for document in gone)
    assert len(held) == len(kept) + sum(count for _, count in parsed.skipped)


@settings(max_examples=200, deadline=None)
@given(files())
def test_an_ordinary_document_is_read_the_same_on_both_roads(text: str) -> None:
    for section in text.split("\n---"):
        quick = ordinary.read(section)
        assert quick is None or quick == rarities.read(section)


def test_some_documents_are_ordinary() -> None:
    assert ordinary.read("a: {b: [1]}\n") == rarities.read("a: {b: [1]}\n")
    assert ordinary.read("a: &x 1\n") is None


def test_without_libyaml_documents_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x {b: [1, yes]}\n---\nc: *x\n---\n# c\nd: |\n  x\n"
    swift = parse(Source("x.yaml", text))
    monkeypatch.setattr(stream_module, "EventParser", stream_module.PurePython)
    slow = parse(Source("x.yaml", text))
    assert [document.value for document in swift.documents] == [document.value for document in slow.documents]
    assert [problem.message for problem in swift.problems] == [problem.message for problem in slow.problems]
    assert len(slow.documents) == 2


def test_a_line_break_of_cr_lf_before_a_separator_is_one_also_beside_unusual_ones() -> None:
    sections = list(split("# \u2028y\r\na: b\r\n---\r\nc: d\r\n---\r\ne: f\r\n"))
    assert [section.line for section in sections] == [0, 4, 6]
