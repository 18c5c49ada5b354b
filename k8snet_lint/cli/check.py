"""`k8snet-lint check`: its options."""

from __future__ import annotations

import sys
from typing import Any

import click

from k8snet_lint.cli.checking import LEVELS, check
from k8snet_lint.cli.options import reads_manifests
from k8snet_lint.declare import Preset


class Command(click.Command):
    """Keeps the order in which formats and outputs were given, which pairs them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given, _, order = self.make_parser(ctx).parse_args(args=list(args))
        names = [each.name for each in order if each.name in ("formats", "outputs")]
        values = {name: iter(given.get(name) or ()) for name in names}
        ctx.meta["outputs"] = [(name, next(values[name])) for name in names]
        return super().parse_args(ctx, args)


@click.command(cls=Command, name="check")
@reads_manifests
@click.option("--select", multiple=True, metavar="RULE", help="Only these rules or subjects, by commas or repeated.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Not these rules or subjects, by commas or repeated.")
@click.option("--preset", type=click.Choice([preset.value for preset in Preset]), help="Which rules run.")
@click.option(
    "--severity", multiple=True, metavar="RULE=LEVEL", help="Another severity for a rule, by commas or repeated."
)
@click.option("--fail-on", type=click.Choice(LEVELS), help="The least severity that makes the exit code 1.")
@click.option("--rules", multiple=True, metavar="DIR", help="A directory of rules of your own; repeatable.")
@click.option(
    "--format", "-f", "formats", multiple=True, metavar="FORMAT", help="text, concise, json or sarif; repeatable."
)
@click.option("--output", "-o", "outputs", multiple=True, metavar="FILE", help="Where the format before it goes.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
@click.option("--show-suppressed", is_flag=True, help="Show accepted findings too.")
@click.option("--no-inline", is_flag=True, help="Disallow what manifests say about themselves.")
@click.option("--require-reason", is_flag=True, default=None, help="A suppression without a reason is a finding.")
@click.option("--allow-empty", is_flag=True, help="Finding no manifest at all is fine.")
@click.option("--exit-zero", is_flag=True, help="Findings do not change the exit code.")
@click.option("--verbose", "-v", is_flag=True, help="Name every file that was left out, and why.")
@click.option("--profile", is_flag=True, help="Name the ten rules that took longest.")
@click.option("--quiet", "-q", is_flag=True, help="Of the scope, say only what was not analysed.")
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:  # noqa: ANN401 - click's values
    """Lint manifests: files, directories, or - for standard input."""
    sys.exit(check(given, ctx.meta["outputs"]))
