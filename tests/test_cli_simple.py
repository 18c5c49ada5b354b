"""The simplest lines are read without click, and nobody can tell."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.cli.check import command
from k8snet_lint.cli.simple import COMPLETING, simple
from tests.support import run

if TYPE_CHECKING:
    from pathlib import Path

needs_posix = pytest.mark.skipif(os.name == "nt", reason="there click reads every line")

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
"""


def started(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """The program in a process of its own."""
    program = [sys.executable, "-m", "k8snet_lint", *arguments]
    return subprocess.run(program, capture_output=True, text=True, input=stdin, check=False)


@needs_posix
@pytest.mark.parametrize(
    "line",
    [
        [],
        ["check"],
        ["deploy"],
        ["check", "deploy", "base"],
        ["-"],
        ["check", "graph"],
        ["./graph", "-q"],
        ["--quiet", "deploy"],
        ["check", "--quiet"],
        ["deploy", "check"],
        [""],
    ],
)
def test_a_simple_line_is_read_as_click_reads_it(line: list[str]) -> None:
    context = command.make_context("check", line[1:] if line[:1] == ["check"] else list(line))
    assert simple(line) == context.params
    assert context.meta["outputs"] == []


@pytest.mark.parametrize(
    "line",
    [
        ["-f", "json", "deploy"],
        ["deploy", "--preset=strict"],
        ["--", "-q"],
        ["-qv"],
        ["--help"],
        ["check", "--help"],
        ["graph"],
        ["grahp"],
        ["why", "a", "b"],
        ["rules", "check"],
    ],
)
def test_any_other_line_is_left_to_click(line: list[str]) -> None:
    assert simple(line) is None


def test_a_shell_that_completes_is_left_to_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COMPLETING, "bash_complete")
    assert simple(["deploy"]) is None


def test_a_simple_line_answers_what_click_answers(tmp_path: Path) -> None:
    path = tmp_path / "web.yaml"
    path.write_text(SERVICE)
    for line in ([str(path)], ["check", "--quiet", str(path)], [str(tmp_path / "missing.yaml")]):
        done, known = started(*line), run(*line)
        assert (done.returncode, done.stdout, done.stderr) == (known.code, known.out, known.err)
    assert started(str(path)).returncode == 1


def test_a_wrong_configuration_exits_with_2(tmp_path: Path) -> None:
    (tmp_path / ".k8snet-lint.yaml").write_text("presett: strict\n")
    done = started(str(tmp_path))
    assert done.returncode == 2
    assert "presett" in done.stderr
    assert "Traceback" not in done.stderr


@needs_posix
def test_a_reader_that_goes_away_is_no_crash(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number}.yaml").write_text(SERVICE.replace("web", f"web-{number}"))
    program = [sys.executable, "-m", "k8snet_lint", str(tmp_path)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        said = running.stderr.read()
    assert running.returncode == 1
    assert b"Traceback" not in said
    assert b"BrokenPipe" not in said
