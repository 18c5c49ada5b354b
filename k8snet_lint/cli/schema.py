"""`k8snet-lint schema`: the JSON Schemas."""

from __future__ import annotations

import click

from k8snet_lint.cli.output import STDOUT, write
from k8snet_lint.shipped import shipped

SCHEMAS = ("config", "report", "intents")


@click.command(name="schema")
@click.argument("name", type=click.Choice(SCHEMAS))
def command(name: str) -> None:
    """Print the JSON Schema of the configuration, of the report or of a file of intents."""
    write((shipped("schemas") / f"{name}.schema.json").read_text(encoding="utf-8"), STDOUT)
