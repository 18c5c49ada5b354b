"""The command group: commands are imported when they are called, and `check` is what is meant without one."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from k8snet_lint.cli.commands import COMMANDS, nearly
from k8snet_lint.cli.ending import answered

EPILOG = """\b
Three commands to start with:
  k8snet-lint deploy/                                   lint a directory
  k8snet-lint --format sarif --output lint.sarif .      for code scanning
  kubectl get all,ing,netpol -A -o json | k8snet-lint - audit a cluster"""


class Group(click.Group):
    """A group that knows its commands by name and help, and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"k8snet_lint.cli.{cmd_name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What names no command belongs to `check`; a shell that completes asks for commands."""
        if ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        if not args or (args[0] not in COMMANDS and args[0] not in ("--help", "-h", "--version", "-V")):
            if args and (meant := nearly(args[0])):
                raise click.UsageError(f"No such command or path '{args[0]}'. Did you mean '{meant}'?", ctx)
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command, whose errors are said in our words."""
        return answered(
            lambda: super(Group, self).invoke(ctx), click.ClickException, click.exceptions.Exit, click.Abort
        )


@click.command(cls=Group, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "-V", "--version", package_name="k8snet-lint", message="k8snet-lint %(version)s")
def cli() -> None:
    """Lint Kubernetes networking: Services, Ingresses and NetworkPolicies, before they are applied.

    Exit codes: 0 clean, 1 findings at or above --fail-on, 2 wrong usage or configuration,
    3 an input could not be read or a rule crashed.
    """
