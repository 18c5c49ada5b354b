"""What commands have in common that answer questions about manifests: where paths start from, and how they end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from k8snet_lint.errors import Unread
from k8snet_lint.loader import UNRENDERED
from k8snet_lint.manifest import ProblemCode
from k8snet_lint.reporters import Style
from k8snet_lint.reporters.plain import plain
from k8snet_lint.reporters.scope import gap_lines

if TYPE_CHECKING:
    from k8snet_lint.config import Config
    from k8snet_lint.loader import Loaded


def style() -> Style:
    """What paths in a report are relative to: the directory that holds `.git`, or else the working directory."""
    here = Path.cwd()
    root = next((each for each in (here, *here.parents) if (each / ".git").exists()), here)
    return Style(root=root.as_posix(), directory=here.as_posix())


def finish(read: Loaded, config: Config, code: int = 0, *, allow_empty: bool = False) -> None:
    """Say what was not analysed; exit with 3 where an input could not be read or there was none, else with the code.

    With `strict-inputs`, so does what was not built.
    """
    unread = says_unread(read)
    says_gaps(read, config)
    unbuilt = config.strict_inputs and (read.raw or any(each.reason.startswith(UNRENDERED) for each in read.skipped))
    empty = not allow_empty and not any(unit.objects for unit in read.units)
    if empty:
        click.echo("error: there are no manifests to answer from", err=True)
    sys.exit(3 if unread or unbuilt or empty else code)


def says_unread(read: Loaded) -> bool:
    """Whether some input could not be read, or not all of it, which is said."""
    said = unread(read)
    for each in said:
        click.echo(f"error: {plain(str(each))}", err=True)
    return bool(said)


def says_gaps(read: Loaded, config: Config) -> None:
    """Say what an answer knows nothing of though it may matter."""
    for line in gaps(read, config):
        click.echo(line, err=True)


def unread(read: Loaded) -> list[Unread]:
    """What could not be read, or not all of it."""
    broken = ((each.location, each.message) for each in read.problems if each.code is ProblemCode.PARSE_ERROR)
    places = ((at.source.name, said, "", at.span.start.line, at.span.start.column) for at, said in broken)
    return [*dict.fromkeys((*(Unread(*each) for each in places), *read.unread))]


def gaps(read: Loaded, config: Config) -> list[str]:
    """What an answer knows nothing of though it may matter, a line each: what was not built, notices."""
    notices = [f"{config.where(each.path)}: {each.message}" for each in read.notices]
    return gap_lines(read.skipped, read.raw, notices)
