"""`k8snet-lint rules`: the list of rules, and the test of a directory of one's own."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from k8snet_lint import docs, registry, testing
from k8snet_lint.cli.output import STDOUT, write
from k8snet_lint.reporters.plain import plain
from k8snet_lint.reporters.wording import plural

FORMATS = {"text": docs.rules_text, "json": docs.rules_json, "md": docs.rule_table}


@click.command(name="rules")
@click.option("--rules", multiple=True, metavar="DIR", help="A directory of rules of your own; repeatable.")
@click.option("--format", "-f", "form", type=click.Choice(list(FORMATS)), default="text")
@click.option("--test", is_flag=True, help="Run the examples on the pages of the rules in --rules instead.")
def command(rules: tuple[str, ...], form: str, *, test: bool) -> None:
    """List the rules, or test a directory of your own."""
    if test and not rules:
        raise click.UsageError("--test needs a directory of rules: --rules DIR")
    known = registry.load([Path(name) for name in rules])
    every = sorted(known.rules.values(), key=lambda rule: (rule.subject, rule.id))
    if not test:
        write(FORMATS[form](every), STDOUT)
        return
    given = [Path(name).absolute() for name in rules]
    own = [rule for rule in every if any(Path(rule.file).absolute().is_relative_to(directory) for directory in given)]
    failures = [line for rule in own for line in testing.failures(rule)]
    for line in failures:
        click.echo(plain(line))
    click.echo(f"{plural(len(own), 'rule')} tested: {plural(len(failures), 'failure')}", err=True)
    sys.exit(1 if failures else 0)
