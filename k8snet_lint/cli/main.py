"""The program's entry: answers `--version` and the simplest lines by itself, leaves everything else to click."""

from __future__ import annotations

import gc
import sys

from k8snet_lint.version import __version__


def main() -> None:
    """Run the command line and exit: 0 clean, 1 findings, 2 wrong usage or configuration, 3 input or crash."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"k8snet-lint {__version__}\n")
        return
    # A run keeps what it reads and makes hardly any cycles: looking for them costs a third of its time.
    gc.disable()
    try:
        _run(sys.argv[1:])
    finally:
        gc.freeze()


def _run(arguments: list[str]) -> None:
    from k8snet_lint.cli.simple import check_simply, simple  # noqa: PLC0415 - the version needs neither

    given = simple(arguments)
    if given is not None:
        check_simply(given)
    from k8snet_lint.cli.group import cli  # noqa: PLC0415 - click is dear

    cli(prog_name="k8snet-lint")


if __name__ == "__main__":
    main()
