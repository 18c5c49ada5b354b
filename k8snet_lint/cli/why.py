"""`k8snet-lint why`: the verdict on one connection and the lines that decide it."""

from __future__ import annotations

from typing import Any

import click

from k8snet_lint.answers.why import FORMATS
from k8snet_lint.cli.finish import finish
from k8snet_lint.cli.inputs import configuration, loaded
from k8snet_lint.cli.options import reads_manifests
from k8snet_lint.cli.output import STDOUT, write
from k8snet_lint.connectivity.analyses import analyses
from k8snet_lint.connectivity.ends import FORMS
from k8snet_lint.connectivity.explained import explained


@click.command(name="why", epilog=f"SRC and DST: {FORMS}. PORT: a number or a name, TCP unless it says otherwise.")
@click.argument("source", metavar="SRC")
@click.argument("target", metavar="DST")
@click.argument("port", metavar="PORT[/PROTO]")
@reads_manifests
@click.option("--format", "-f", "form", type=click.Choice(list(FORMATS)), default="text")
@click.option("--output", "-o", default=STDOUT, metavar="FILE", help="Where it goes, instead of standard output.")
def command(source: str, target: str, port: str, **given: Any) -> None:  # noqa: ANN401 - click's values
    """Print whether SRC may connect to DST on PORT, and every policy, rule and Service that decides it.

    For a denied connection, the nearest miss and the smallest change that allows it; for an unknown one, what would
    settle it. The exit code is 0 whatever the verdict: `verify` is the command that fails.
    """
    config = configuration(given)
    read = loaded(config, given)
    if any(unit.objects for unit in read.units):
        write(FORMATS[given["form"]](explained(analyses(read, config.facts), source, target, port)), given["output"])
    finish(read, config)
