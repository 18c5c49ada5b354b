"""The program's entry: answers `--version` by itself, leaves everything else to click."""

from __future__ import annotations

import gc
import sys

from k8snet_lint.version import __version__


def main() -> None:
    """Run the command line and exit: 0 clean, 1 findings, 2 wrong usage or configuration, 3 input or crash."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"k8snet-lint {__version__}\n")
        return
    from k8snet_lint.cli.group import cli  # noqa: PLC0415 - click is dear

    # A run keeps what it reads and makes hardly any cycles: looking for them costs a third of its time.
    gc.disable()
    try:
        cli(prog_name="k8snet-lint")
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
