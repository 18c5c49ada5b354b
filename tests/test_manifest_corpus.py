"""Real manifests: none makes us fail, and where PyYAML reads a file too, both see the same structure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from k8snet_lint.manifest import InputProblem, ProblemCode, decode, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


def manifests(shared: Path) -> Iterator[Path]:
    for path in sorted((shared / "corpus").rglob("*")):
        if path.suffix in (".yaml", ".yml", ".json") and path.is_file():
            yield path


def outline(node: yaml.Node | None, depth: int = 0) -> Any:  # noqa: ANN401 - a shape
    """Lengths of lists and numbers of keys; scalars are told apart by nothing."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: outline(value, depth + 1) for key, value in node.value}
    return [outline(item, depth + 1) for item in node.value] if isinstance(node, yaml.SequenceNode) else None


def shape(value: object) -> Any:  # noqa: ANN401 - a shape
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else None


def test_every_file_is_read_without_failing_and_with_the_structure_that_pyyaml_sees(shared: Path) -> None:
    compared = 0
    for path in manifests(shared):
        source = decode(path.name, path.read_bytes())
        assert not isinstance(source, InputProblem)
        parsed = parse(source)
        if any(problem.code is not ProblemCode.DUPLICATE_KEY for problem in parsed.problems):
            continue
        has_merges = "<<:" in source.text
        try:
            nodes = list(yaml.compose_all(source.text, Loader=LOADER))
        except yaml.YAMLError:
            pytest.fail(f"only PyYAML refuses {path}")
        outlines = [outline(node) for node in nodes if node.tag != "tag:yaml.org,2002:null"]
        shapes = [shape(document.value) for document in parsed.documents]
        assert len(outlines) == len(shapes), path
        if not has_merges and not any(_odd_keys(item) for item in outlines):
            assert outlines == shapes, path
            compared += 1
    assert compared > 2000


def _odd_keys(value: object) -> bool:
    """Whether some key is written otherwise than JSON has it, as `on` and `y` are."""
    if isinstance(value, dict):
        odd = any(key in ("on", "y", "yes", "no", "n", "off", "True", "False") for key in value)
        return odd or any(map(_odd_keys, value.values()))
    return any(map(_odd_keys, value)) if isinstance(value, list) else False


def test_places_can_be_asked_for_in_every_file(shared: Path) -> None:
    for path in manifests(shared):
        source = decode(path.name, path.read_bytes())
        assert not isinstance(source, InputProblem)
        for document in parse(source, wanted=lambda _, kind: kind != "CustomResourceDefinition").documents:
            for key in document.value if isinstance(document.value, dict) else ():
                span = document.locate_key((key,)).span
                line = source.line(span.start.line)
                assert key in line[span.start.column - 1 : span.end.column - 1] or key in ("true", "false"), path
