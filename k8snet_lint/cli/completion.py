"""`k8snet-lint completion`: the script that makes a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from k8snet_lint.cli.output import STDOUT, write

SHELLS = ("bash", "zsh", "fish")


@click.command(name="completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the shell completion for bash, zsh or fish.

    \b
    bash: k8snet-lint completion bash > ~/.local/share/bash-completion/completions/k8snet-lint
    zsh:  k8snet-lint completion zsh > a directory of $fpath, as _k8snet-lint
    fish: k8snet-lint completion fish > ~/.config/fish/completions/k8snet-lint.fish
    """  # noqa: D301 - click reads the character itself
    script = get_completion_class(shell)
    if script is None:
        raise click.UsageError(f"click knows no completion for {shell}")
    write(script(ctx.find_root().command, {}, "k8snet-lint", "_K8SNET_LINT_COMPLETE").source(), STDOUT)
