"""The other commands: explain, rules, graph, schema, init, completion, help."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.cli.commands import COMMANDS
from tests.support import run, write_files

if TYPE_CHECKING:
    from pathlib import Path

SHOP = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  defaultBackend: {service: {name: api, port: {number: 80}}}
"""


def test_help_lists_every_command_and_three_to_start_with() -> None:
    ran = run("--help")
    assert ran.code == 0
    assert all(f"  {command} " in ran.out for command in COMMANDS)
    assert "k8snet-lint --format sarif --output lint.sarif ." in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    ran = run(command, "--help")
    assert ran.code == 0
    assert ran.out.startswith("Usage: ")


@pytest.mark.parametrize("line", [("conections",), ("chek", "deploy"), ("grahp", "deploy"), ("verfy", "--no-config")])
def test_a_slip_of_a_commands_name_is_no_missing_path(line: tuple[str, ...]) -> None:
    ran = run(*line)
    assert ran.code == 2
    assert f"No such command or path '{line[0]}'. Did you mean '" in ran.err


def test_the_word_help_leads_to_the_flag() -> None:
    ran = run("help")
    assert ran.code == 2
    assert "No such command or path 'help'. Did you mean '--help'?" in ran.err


def test_a_path_called_nearly_like_a_command_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "graphs").mkdir()
    assert "no Kubernetes manifest in 'graphs'" in run("graphs").err
    assert "error: chekc: no such file" in run("check", "chekc").out


def test_explain_prints_a_rules_page() -> None:
    ran = run("explain", "service-node-port")
    assert ran.code == 0
    assert "service-node-port" in ran.out
    assert "type: NodePort" in ran.out


def test_explain_names_the_nearest_rules() -> None:
    ran = run("explain", "service-nodeport")
    assert ran.code == 2
    assert "did you mean 'service-node-port'" in ran.err


def test_explain_says_what_a_subject_is_and_where_its_rules_are_listed() -> None:
    ran = run("explain", "service")
    assert ran.code == 2
    assert "'service' is a subject, which is many rules, and no rule" in ran.err
    assert "'k8snet-lint rules' lists them under 'service:'" in ran.err


def test_rules_lists_every_rule_in_every_format() -> None:
    listed = json.loads(run("rules", "--format", "json").out)
    (one,) = [rule for rule in listed if rule["id"] == "service-node-port"]
    assert (one["severity"], one["subject"], one["evidence"]) == ("warning", "service", "L")
    for form in ("text", "md"):
        out = run("rules", "--format", form).out
        assert all(rule["id"] in out for rule in listed)


def test_a_test_of_no_rules_is_a_mistake() -> None:
    ran = run("rules", "--test")
    assert ran.code == 2
    assert "--test needs a directory of rules" in ran.err


def test_rules_of_ones_own_are_tested_by_their_pages(tmp_path: Path) -> None:
    bad, good = (f"kind: {kind}\napiVersion: v1\nmetadata: {{name: a}}\n" for kind in ("Wrong  # finding", "Right"))
    page = f'"""Summary.\n\n```yaml\n{bad}```\n\n```yaml\n{good}```\n"""\n'
    body = """
from k8snet_lint import Problem, Resource, Severity, rule

@rule(severity=Severity.NOTE, since="1")
def check(graph):
    for each in graph.select(Resource):
        if each.kind == "{kind}":
            yield Problem(at=each.node["kind"], message="found")
"""
    write_files(tmp_path, {"good/test/finds_x.py": page + body.replace("{kind}", "Wrong")})
    write_files(tmp_path, {"bad/test/finds_y.py": page + body.replace("{kind}", "Right")})
    passed = run("rules", "--rules", str(tmp_path / "good"), "--test")
    assert (passed.code, passed.err) == (0, "1 rule tested: no failures\n")
    failed = run("rules", "--rules", str(tmp_path / "bad"), "--test")
    assert failed.code == 1
    assert "finds_y.py:4: marked, but the rule finds nothing there" in failed.out
    assert "finds_y.py:10: a finding that no mark expects: found" in failed.out


@pytest.mark.parametrize("error", ["ValueError", "KeyError", "SystemExit"])
def test_a_rule_that_raises_fails_its_test_with_its_line(tmp_path: Path, error: str) -> None:
    page = '"""Summary.\n\n```yaml\nkind: A  # finding\napiVersion: v1\n```\n"""\n'
    body = f"""
from k8snet_lint import Severity, rule

@rule(severity=Severity.NOTE, since="1")
def check(graph):
    raise {error}("\\x1b[31mred")
"""
    write_files(tmp_path, {"test/it_raises.py": page + body})
    failed = run("rules", "--rules", str(tmp_path), "--test")
    assert failed.code == 1
    assert "it_raises.py:13: the rule fails on the example in line 4: " + error in failed.out
    assert "\x1b" not in failed.out


def test_graph_shows_relations_places_and_what_does_not_resolve() -> None:
    ran = run("graph", "--stdin-filename", "shop.yaml", "-", stdin=SHOP.lstrip())
    assert ran.code == 0
    assert "Service/shop/web  shop.yaml:1:1\n  selects Deployment/shop/web  shop.yaml:5:" in ran.out
    assert "routes-to nothing: no Service shop/api" in ran.out


def test_graph_as_json_names_resources_as_findings_do() -> None:
    graph = json.loads(run("graph", "-f", "json", "-", stdin=SHOP).out)
    assert {"units", "resources", "relations", "unresolved"} <= set(graph)
    (selects,) = [each for each in graph["relations"] if each["relation"] == "selects"]
    assert selects["source"] == {"group": "", "version": "v1", "kind": "Service", "namespace": "shop", "name": "web"}
    assert selects["location"]["line"] == 6
    assert {(each["kind"], each["unit"]) for each in graph["resources"]} == {
        (kind, graph["units"][0]["name"]) for kind in ("Service", "Deployment", "Ingress")
    }


@pytest.mark.parametrize(("form", "first"), [("dot", "digraph"), ("mermaid", "flowchart")])
def test_graph_draws(form: str, first: str) -> None:
    out = run("graph", "-f", form, "-", stdin=SHOP).out
    assert out.startswith(first)
    assert "selects" in out


def test_names_cannot_break_out_of_a_drawing() -> None:
    hostile = SHOP.replace("app: web", 'app: "x\\"];\\n<script>"')
    dot = run("graph", "-f", "dot", "-", stdin=hostile).out
    mermaid = run("graph", "-f", "mermaid", "-", stdin=hostile).out
    assert "<script>" not in mermaid
    assert dot.count("\n") == run("graph", "-f", "dot", "-", stdin=SHOP).out.count("\n")


@pytest.mark.parametrize("name", ["config", "report"])
def test_schemas_are_printed(name: str) -> None:
    assert json.loads(run("schema", name).out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_init_writes_a_configuration_that_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("init")
    assert ran.code == 0
    assert "id: k8snet-lint" in ran.out
    (tmp_path / "web.yaml").write_text(SHOP)
    assert "configuration .k8snet-lint.yaml" in run("web.yaml").err


def test_init_does_not_overwrite(tmp_path: Path) -> None:
    assert run("init", str(tmp_path)).code == 0
    again = run("init", str(tmp_path))
    assert again.code == 2
    assert "--force" in again.err
    assert run("init", "--force", str(tmp_path)).code == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_for_the_shell(shell: str) -> None:
    ran = run("completion", shell)
    assert ran.code == 0
    assert "_K8SNET_LINT_COMPLETE" in ran.out


def test_graph_says_what_it_could_not_read_and_exits_with_3() -> None:
    ran = run("graph", "-", stdin="a: [\n")
    assert ran.code == 3
    assert "error: <stdin>:1:" in ran.err


def test_graph_of_nothing_exits_with_3(tmp_path: Path) -> None:
    assert run("graph", str(tmp_path)).code == 3
    assert run("graph", "--allow-empty", str(tmp_path)).code == 0


def test_names_cannot_speak_to_a_terminal_or_to_a_ci_system() -> None:
    hostile = SHOP.replace("name: web", 'name: "w\\e[31m\\n::error::x ##vso[task.complete]"')
    for command in (["graph"], ["-f", "concise"], ["-f", "text"]):
        out = run(*command, "-", stdin=hostile).out
        assert "\x1b" not in out
        assert "##vso[" not in out
        assert not any(line.lstrip().startswith("::") for line in out.splitlines())


def test_a_file_name_cannot_speak_to_a_ci_system() -> None:
    ran = run(
        "-f",
        "concise",
        "--stdin-filename",
        "::error::x",
        "-",
        stdin=SHOP.replace("selector: {app: web}", "type: NodePort"),
    )
    assert "service-node-port" in ran.out
    assert not any(line.startswith("::") for line in ran.out.splitlines())


def test_commands_and_options_are_completed() -> None:
    asked = {"_K8SNET_LINT_COMPLETE": "bash_complete", "COMP_WORDS": "k8snet-lint ex", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "k8snet_lint"], env={**os.environ, **asked}, capture_output=True, check=False
    )
    assert done.stdout == b"plain,explain\n"


def test_what_fails_unexpectedly_exits_with_3_and_not_as_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        message = "no such thing"
        raise KeyError(message)

    monkeypatch.setattr("k8snet_lint.cli.checking.lint", fails)
    ran = run("-", stdin=SHOP)
    assert ran.code == 3
    assert "error: k8snet-lint failed: KeyError: 'no such thing'" in ran.err
