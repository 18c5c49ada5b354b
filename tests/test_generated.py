"""What is generated from the rules is committed as it would be generated."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from k8snet_lint import generate
from k8snet_lint.shipped import shipped
from tests.support import write_files

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = {"properties": {"select": {}, "options": {"type": "object", "default": {}}, "rules": {}}}

NODE_PORT = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort, ports: [{port: 80}]}\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which nothing was generated yet."""
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "config.schema.json").write_text(json.dumps(SCHEMA, indent=2))
    write_files(
        tmp_path,
        {
            "README.md": "Before.\n<!-- examples: begin -->\n<!-- examples: end -->\nAfter.\n",
            "docs/comparison.md": (
                "| `x` | [host-port](rules/workload/host-port.md) | |\n<!-- alone: begin -->\n<!-- alone: end -->\n"
            ),
            "docs/configuration.md": "<!-- keys: begin -->\nold\n<!-- keys: end -->\n",
            "examples/a.yaml": NODE_PORT,
            "examples/b.yaml": NODE_PORT.replace("web", "api"),
        },
    )
    return tmp_path


def test_the_committed_copies_are_fresh() -> None:
    root = shipped("rules").parent
    stale = [path.relative_to(root).as_posix() for path in generate.stale(root)]
    assert not stale, f"stale: {', '.join(stale)}; run {generate.COMMAND}"


def test_what_was_written_is_fresh_and_stays_as_it_is(checkout: Path) -> None:
    assert checkout / "docs" / "rules" / "README.md" in generate.write(checkout)
    assert generate.stale(checkout) == ()
    assert generate.write(checkout) == ()


def test_rules_that_the_comparison_does_not_name_are_listed(checkout: Path) -> None:
    generate.write(checkout)
    text = (checkout / "docs" / "comparison.md").read_text(encoding="utf-8")
    assert text.count("[host-port](") == 1
    assert "[host-port-conflict](rules/workload/host-port-conflict.md)" in text


def test_a_page_that_was_changed_or_whose_rule_is_gone_is_stale(checkout: Path) -> None:
    generate.write(checkout)
    pages = checkout / "docs" / "rules" / "ingress"
    changed, gone = pages / "nginx-snippet.md", pages / "gone.md"
    changed.write_text("changed")
    gone.write_text("of a rule that is no more")
    assert generate.stale(checkout) == (changed, gone)
    generate.write(checkout)
    assert not gone.exists()
    assert changed.read_text(encoding="utf-8").startswith("# nginx-snippet\n")


def test_only_the_options_of_rules_are_replaced_in_the_schema(checkout: Path) -> None:
    generate.write(checkout)
    schema = json.loads((checkout / "schemas" / "config.schema.json").read_text())
    rules = schema["properties"]["options"].pop("properties")
    assert schema == SCHEMA
    assert rules["ingress-wildcard-host"] == {
        "description": "Ingress claims every host.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "allow": {"type": "array", "items": {"type": "string"}, "default": []},
            "single-tenant": {"type": "boolean", "default": False},
        },
    }


def test_what_stands_outside_the_marks_is_kept(checkout: Path) -> None:
    generate.write(checkout)
    readme = (checkout / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("Before.\n<!-- examples: begin -->\n```\n==> examples/a.yaml: ")
    assert readme.endswith("```\n<!-- examples: end -->\nAfter.\n")
    assert "examples/b.yaml" not in readme
    assert "examples/b.yaml" in (checkout / "examples" / "OUTPUT.txt").read_text(encoding="utf-8")
    keys = (checkout / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert keys.startswith("<!-- keys: begin -->\n| key | default | meaning |\n")


def test_a_text_without_marks_is_said(checkout: Path) -> None:
    (checkout / "README.md").write_text("no marks")
    with pytest.raises(ValueError, match="no marks '<!-- examples: begin -->'"):
        generate.write(checkout)


def test_the_command_takes_check_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--chekc"]) == 2
    assert "unknown argument '--chekc'" in capsys.readouterr().err
