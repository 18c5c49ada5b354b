"""`k8snet-lint connections`: who may connect to whom, and what is open; `connections diff` compares two versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from k8snet_lint.cli.finish import finish
from k8snet_lint.cli.inputs import configuration, loaded
from k8snet_lint.cli.options import reads_manifests
from k8snet_lint.cli.output import STDOUT, write
from k8snet_lint.connectivity.analyses import analyses
from k8snet_lint.connectivity.ends import FORMS
from k8snet_lint.connectivity.listing import Query, listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.connectivity.analyses import Analysis

FORMATS = ("text", "json", "csv", "markdown", "dot", "mermaid")


class Command(click.Command):
    """Takes a first argument `diff` for the command of that name; a path that is called so is written `./diff`."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> click.Context:
        """The context of the command that is meant."""
        if args[:1] == ["diff"]:
            from k8snet_lint.cli.connections_diff import command as diff  # noqa: PLC0415 - most runs compare nothing

            context: click.Context = diff.make_context(f"{info_name} diff", args[1:], parent, **extra)
            return context
        return super().make_context(info_name, args, parent, **extra)


@click.command(cls=Command, name="connections", epilog=f"SRC and DST: {FORMS}.")
@reads_manifests
@click.option("--from", "source", default="", metavar="SRC", help="Only connections of this end.")
@click.option("--to", "target", default="", metavar="DST", help="Only connections to this end.")
@click.option("--port", default="", metavar="PORT[/PROTO]", help="Only this port: a number, a range or a name.")
@click.option("--exposure", is_flag=True, help="What is open to the world, to the whole cluster, to other namespaces.")
@click.option("--pairs", is_flag=True, help="A line for every pair of ends, instead of sets.")
@click.option("--format", "-f", "form", type=click.Choice(FORMATS), default="text")
@click.option("--output", "-o", default=STDOUT, metavar="FILE", help="Where it goes, instead of standard output.")
@click.option("--allow-empty", is_flag=True, help="Finding no manifest at all is fine.")
def command(**given: Any) -> None:  # noqa: ANN401 - click's values
    """Print who may connect to whom on which ports, in sets of workloads and addresses.

    --namespace shows what has to do with that namespace only, and is where objects go that name none.

    `connections diff OLD NEW` compares two versions of the manifests.
    """
    config = configuration(given)
    read = loaded(config, given)
    query = Query(given["source"], given["target"], given["port"], given["namespace"] or "", pairs=given["pairs"])
    answer = _exposure if given["exposure"] else _listing
    if any(unit.objects for unit in read.units):
        write(answer(analyses(read, config.facts), query, given["form"]), given["output"])
    finish(read, config, allow_empty=given["allow_empty"])


def _listing(worlds: Sequence[Analysis], query: Query, form: str) -> str:
    from k8snet_lint.answers.connections import FORMATS as RENDERED  # noqa: PLC0415 - one of the two is needed

    return RENDERED[form](listing(worlds, query))


def _exposure(worlds: Sequence[Analysis], query: Query, form: str) -> str:
    from k8snet_lint.answers.exposure import FORMATS as RENDERED  # noqa: PLC0415 - one of the two is needed
    from k8snet_lint.connectivity.exposed import exposures  # noqa: PLC0415 - one of the two is needed

    return RENDERED[form](exposures(worlds, query))
