"""Where the directories stand that are shipped with the package."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snet_lint.errors import K8snetLintError

if TYPE_CHECKING:
    from pathlib import Path


def shipped(name: str) -> Path:
    """The shipped directory `name`: `rules` or `schemas`. Raises K8snetLintError where it is missing."""
    from pathlib import Path  # noqa: PLC0415 - a check does without

    return Path(shipped_path(name))


def shipped_path(name: str) -> str:
    """The path of the shipped directory `name`.

    An installed package holds it; in a checkout it stands beside the package, and there `pyproject.toml` has to stand
    beside it too, so that no stranger's directory of that name is taken for ours.

    Raises K8snetLintError where it is in neither place.
    """
    package = os.path.dirname(os.path.realpath(__file__))
    inside = os.path.join(package, name)
    if os.path.isdir(inside):
        return inside
    root = os.path.dirname(package)
    beside = os.path.join(root, name)
    if os.path.isdir(beside) and os.path.isfile(os.path.join(root, "pyproject.toml")):
        return beside
    raise K8snetLintError(
        f"the directory '{name}' is missing from the installation in {package}",
        help="install k8snet-lint anew",
    )
