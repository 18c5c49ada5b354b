"""What commands have in common that answer questions about manifests: where paths start from, and how they end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from k8snet_lint.manifest import ProblemCode
from k8snet_lint.reporters import Style
from k8snet_lint.reporters.plain import plain

if TYPE_CHECKING:
    from k8snet_lint.loader import Loaded


def style() -> Style:
    """What paths in a report are relative to: the directory that holds `.git`, or else the working directory."""
    here = Path.cwd()
    root = next((each for each in (here, *here.parents) if (each / ".git").exists()), here)
    return Style(root=root.as_posix(), directory=here.as_posix())


def finish(read: Loaded, code: int = 0, *, allow_empty: bool = False) -> None:
    """Exit with 3 where an input could not be read or there was none, else with the code."""
    unread = says_unread(read)
    empty = not allow_empty and not any(unit.objects for unit in read.units)
    if empty:
        click.echo("error: there are no manifests to answer from", err=True)
    sys.exit(3 if unread or empty else code)


def says_unread(read: Loaded) -> bool:
    """Whether some input could not be read, or not all of it, which is said."""
    broken = [problem for problem in read.problems if problem.code is ProblemCode.PARSE_ERROR]
    said = [*(f"{each.location}: {each.message}" for each in broken), *map(str, read.unread)]
    for line in dict.fromkeys(said):
        click.echo(f"error: {plain(line)}", err=True)
    return bool(said)
