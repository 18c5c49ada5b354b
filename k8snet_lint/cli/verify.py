"""`k8snet-lint verify`: assertions about connections, as the tests of a network."""

from __future__ import annotations

from typing import Any

import click

from k8snet_lint.answers.verification import FORMATS
from k8snet_lint.cli.finish import finish, style
from k8snet_lint.cli.inputs import configuration, loaded
from k8snet_lint.cli.options import reads_manifests
from k8snet_lint.cli.output import STDOUT, write
from k8snet_lint.connectivity.analyses import analyses
from k8snet_lint.connectivity.intents import read_intents
from k8snet_lint.connectivity.verification import verified


@click.command(name="verify")
@click.argument("intents", metavar="INTENTS")
@reads_manifests
@click.option("--format", "-f", "form", type=click.Choice(list(FORMATS)), default="text")
@click.option("--output", "-o", default=STDOUT, metavar="FILE", help="Where it goes, instead of standard output.")
def command(intents: str, **given: Any) -> None:  # noqa: ANN401 - click's values
    """Check what a file of intents asserts about connections.

    Exit codes: 0 all hold, 1 one does not hold or cannot be told, 2 the intents are malformed, 3 an input could not
    be read.
    """
    asserted = read_intents(intents)
    config = configuration(given)
    read = loaded(config, given)
    failed = 0
    if any(unit.objects for unit in read.units):
        results = verified(analyses(read, config.facts), asserted.intents)
        write(FORMATS[given["form"]](results, style()), given["output"])
        failed = int(any(each.fails for each in results))
    finish(read, config, failed)
