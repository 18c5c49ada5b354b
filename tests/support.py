"""What tests share: manifests in a string or a dictionary, findings as the lines that we print."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from k8snet_lint import registry
from k8snet_lint.cli.group import cli
from k8snet_lint.config import Config
from k8snet_lint.engine import lint
from k8snet_lint.loader import LoadOptions, load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from k8snet_lint.report import Report

TODAY = "2026-01-31"


@dataclass(frozen=True)
class Ran:
    """What a command line gave back."""

    code: int
    out: str
    err: str


def run(*arguments: str, stdin: str | bytes | None = None, env: Mapping[str, str | None] | None = None) -> Ran:
    """Run the command line in this process."""
    result = CliRunner().invoke(cli, list(arguments), input=stdin, env=env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def write_files(directory: Path, files: Mapping[str, str]) -> None:
    """Write dedented texts below a directory."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")


def report_on(text: str, *, select: Sequence[str] = (), namespace: str = "", **settings: Any) -> Report:  # noqa: ANN401
    """The report on a text of manifests; `settings` are fields of Config."""
    loaded = load(
        ("-",),
        LoadOptions(stdin_name="m.yaml", namespace=namespace),
        stdin=textwrap.dedent(text).lstrip("\n").encode(),
    )
    return lint(loaded, registry.load(), Config(select=tuple(select), **settings), today=TODAY)


def lint_text(text: str, *, select: Sequence[str] = (), **settings: Any) -> list[str]:  # noqa: ANN401
    """The open findings on a text of manifests, as `line:column: severity[rule] message`."""
    return lines_of(report_on(text, select=select, **settings))


def lines_of(report: Report) -> list[str]:
    """The open findings of a report, without the file's name; a crash of a rule fails the test."""
    assert not report.crashed, report.crashed
    return [
        f"{each.location.span.start.line}:{each.location.span.start.column}: "
        f"{each.severity.label}[{each.rule}] {each.message}"
        for each in report.open
    ]


def lint_tree(directory: Path, *, select: Sequence[str] = (), **settings: Any) -> list[str]:  # noqa: ANN401
    """The open findings on a directory, as `file:line: severity[rule] message`, the file relative to it."""
    loaded = load((str(directory),), LoadOptions(namespace=settings.pop("namespace", "")))
    report = lint(loaded, registry.load(), Config(select=tuple(select), **settings), today=TODAY)
    assert not report.crashed, report.crashed
    root = f"{loaded.units[0].name if len(loaded.units) == 1 else directory.as_posix()}/"
    return [
        f"{each.location.source.name.removeprefix(root)}:{each.location.span.start.line}: "
        f"{each.severity.label}[{each.rule}] {each.message}"
        for each in report.open
    ]
