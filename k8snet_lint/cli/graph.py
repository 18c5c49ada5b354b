"""`k8snet-lint graph`: resources, relations and what does not resolve."""

from __future__ import annotations

from typing import Any

import click

from k8snet_lint.answers.graph import FORMATS
from k8snet_lint.cli.finish import finish
from k8snet_lint.cli.inputs import configuration, loaded
from k8snet_lint.cli.options import reads_manifests
from k8snet_lint.cli.output import STDOUT, write
from k8snet_lint.overview import Overview


@click.command(name="graph")
@reads_manifests
@click.option("--format", "-f", "form", type=click.Choice(list(FORMATS)), default="text")
@click.option("--allow-empty", is_flag=True, help="Finding no manifest at all is fine.")
@click.option("--output", "-o", default=STDOUT, metavar="FILE", help="Where it goes, instead of standard output.")
def command(**given: Any) -> None:  # noqa: ANN401 - click's values
    """Print resources, how they relate, where that is written, and what leads nowhere."""
    config = configuration(given)
    read = loaded(config, given)
    write(FORMATS[given["form"]](Overview.of(read, config.facts)), given["output"])
    finish(read, config, allow_empty=given["allow_empty"])
