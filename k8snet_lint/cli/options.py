"""The options of commands that read manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

OPTIONS = (
    click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATH]..."),
    click.option("--config", metavar="FILE", help="The configuration, instead of the one found upward."),
    click.option("--no-config", is_flag=True, help="Ignore configuration found in the tree."),
    click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out files and directories; repeatable."),
    click.option("--namespace", "-n", metavar="NAME", help="Where objects go that name no namespace."),
    click.option("--kubernetes-version", metavar="1.MINOR", help="The cluster's version."),
    click.option("--crd", "crds", multiple=True, metavar="PATH", help="Definitions of custom resources; repeatable."),
    click.option("--assume-complete", is_flag=True, default=None, help="Nothing lives outside the given files."),
    click.option("--render", type=click.Choice(["auto", "never"]), help="Whether charts and kustomizations are built."),
    click.option("--strict-inputs", is_flag=True, default=None, help="What was not built makes the exit code 3."),
    click.option("--strict-parse", is_flag=True, help="Check the syntax of documents of every kind."),
    click.option("--stdin-filename", metavar="NAME", help="How to call standard input."),
)


def reads_manifests(command: F) -> F:
    """Give a click command the paths and options of a command that reads manifests."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command
