"""`k8snet-lint init`: a commented configuration to start from."""

from __future__ import annotations

from pathlib import Path

import click

from k8snet_lint.config.starter import STARTER
from k8snet_lint.errors import UsageError
from k8snet_lint.version import __version__

NAME = ".k8snet-lint.yaml"

HOOK = f"""\
  - repo: https://github.com/k8snet-lint/k8snet-lint
    rev: v{__version__}
    hooks:
      - id: k8snet-lint
        # additional_dependencies: [".[helm]"]  # to render Helm charts, which are passed over otherwise
"""


@click.command(name="init")
@click.argument("directory", default=".", metavar="[DIRECTORY]")
@click.option("--force", is_flag=True, help="Replace a configuration that is there.")
def command(directory: str, *, force: bool) -> None:
    """Write a commented .k8snet-lint.yaml and print the entry for .pre-commit-config.yaml."""
    path = Path(directory) / NAME
    if path.exists() and not force:
        raise UsageError(f"'{path}' exists", help="edit it, or replace it with --force")
    try:
        path.write_text(STARTER, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write '{path}': {error.strerror}", help="name a directory that exists") from error
    click.echo(f"wrote {path}")
    click.echo(f"for pre-commit, add to the repos of .pre-commit-config.yaml:\n\n{HOOK}", nl=False)
