"""The command group: commands are imported when they are called, and `check` is what is meant without one."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from k8snet_lint.errors import K8snetLintError
from k8snet_lint.reporters.plain import printable

COMMANDS = {
    "check": "lint manifests: files, directories, or - for standard input (the default command)",
    "explain": "print a rule's page: what it means, why it matters, how to mend it",
    "rules": "list the rules, or test a directory of your own",
    "connections": "print who may connect to whom on which ports, and what is open to the world",
    "why": "print whether one end may connect to another, and the lines that decide it",
    "verify": "check assertions about connections: the tests of a network",
    "graph": "print who selects, routes to and refers to whom, and what leads nowhere",
    "schema": "print the JSON Schema of the configuration, of the report or of intents",
    "init": "write a commented .k8snet-lint.yaml",
    "completion": "print the shell completion for bash, zsh or fish",
}
"""Each command's name, which is its module's, and its line of help."""

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
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command; an error of ours is said in our words, with exit code 2, any other exits with 3."""
        try:
            return super().invoke(ctx)
        except K8snetLintError as error:
            fail(error)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - exit code 1 would say "findings"; the error is said with its place
            crash(error)


def fail(error: K8snetLintError) -> None:
    """Say what is wrong and how to mend it, and exit with 2."""
    for line in error.message.split("\n"):
        click.echo(f"error: {printable(line)}", err=True)
    if error.help:
        click.echo(f"help: {printable(error.help)}", err=True)
    sys.exit(2)


def crash(error: Exception) -> None:
    """Say what failed and where in our code, and exit with 3."""
    import traceback  # noqa: PLC0415 - only where something failed

    frame = traceback.extract_tb(error.__traceback__)[-1]
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    click.echo(f"error: k8snet-lint failed: {printable(said)} ({frame.filename}:{frame.lineno})", err=True)
    click.echo("help: report it with the input that it fails on; nothing of this run counts", err=True)
    sys.exit(3)


@click.command(cls=Group, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "-V", "--version", package_name="k8snet-lint", message="k8snet-lint %(version)s")
def cli() -> None:
    """Lint Kubernetes networking: Services, Ingresses and NetworkPolicies, before they are applied.

    Exit codes: 0 clean, 1 findings at or above --fail-on, 2 wrong usage or configuration,
    3 an input could not be read or a rule crashed.
    """
