"""`k8snet-lint connections diff`: what changed of connections between two versions of the manifests."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from k8snet_lint.answers.changes import FORMATS
from k8snet_lint.cli.finish import finish, gaps, says_gaps, says_unread, style, unread
from k8snet_lint.cli.inputs import configuration, loaded
from k8snet_lint.cli.options import OPTIONS
from k8snet_lint.cli.output import STDOUT, write
from k8snet_lint.connectivity.analyses import analyses
from k8snet_lint.connectivity.changes import FailOn, changes
from k8snet_lint.connectivity.revisions import Version, extract, versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snet_lint.config import Config
    from k8snet_lint.loader import Loaded

PATHS, *SHARED = OPTIONS


def _shares_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of commands that read manifests, without their paths."""
    for option in reversed(SHARED):
        command = option(command)
    return command


@click.command(name="diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_shares_options
@click.option(
    "--fail-on-change", type=click.Choice([each.value for each in FailOn]), help="What makes the exit code 1."
)
@click.option("--format", "-f", "form", type=click.Choice(list(FORMATS)), default="text")
@click.option("--output", "-o", default=STDOUT, metavar="FILE", help="Where it goes, instead of standard output.")
def command(old: str, new: str, fail_on_change: str | None, **given: Any) -> None:  # noqa: ANN401 - click's values
    """Print what changed of connections from OLD to NEW, the riskiest first, with the lines that did it.

    OLD and NEW are paths or git revisions: `connections diff main .` compares main with the working tree. A revision is
    read at the path that the other end names, or at one of its own: `main:deploy`.
    """
    one, other = versions(old, new)
    config = configuration({**given, "paths": ()})
    before, after = _read(one, config, given), _read(other, config, given)
    found = replace(
        changes(analyses(before, config.facts), analyses(after, config.facts), (old, new)),
        unread=(*unread(before), *unread(after)),
        gaps=tuple(f"{name}: {line}" for name, read in ((old, before), (new, after)) for line in gaps(read, config)),
    )
    write(FORMATS[given["form"]](found, style()), given["output"])
    failed = fail_on_change is not None and found.fail(FailOn(fail_on_change))
    says_gaps(before, config)
    code = 3 if says_unread(before) else int(failed)
    finish(after, config, code, allow_empty=any(unit.objects for unit in before.units))


def _read(version: Version, config: Config, given: dict[str, Any]) -> Loaded:
    """The manifests of one version; places in a revision are named as those of the working directory."""
    if not version.revision:
        return loaded(config._replace(paths=(version.path,)), given)
    with tempfile.TemporaryDirectory(prefix="k8snet-lint-") as name:
        path = extract(version, Path(name))
        with contextlib.chdir(name):
            return loaded(config._replace(paths=(path,)), given)
