"""`k8snet-lint explain`: a rule's page."""

from __future__ import annotations

from pathlib import Path

import click

from k8snet_lint.docs import explain
from k8snet_lint.registry import load


@click.command(name="explain")
@click.argument("rule")
@click.option("--rules", multiple=True, metavar="DIR", help="A directory of rules of your own; repeatable.")
def command(rule: str, rules: tuple[str, ...]) -> None:
    """Print a rule's page: what it means, why it matters, how to mend it."""
    known = load([Path(name) for name in rules])
    click.echo(explain(known.resolve(rule)), nl=False)
