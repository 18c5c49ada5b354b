"""Where the directories stand that are shipped with the package."""

from __future__ import annotations

from pathlib import Path

from k8snet_lint.errors import K8snetLintError


def shipped(name: str) -> Path:
    """The shipped directory `name`: `rules` or `schemas`.

    An installed package holds it; in a checkout it stands beside the package, and there `pyproject.toml` has to stand
    beside it too, so that no stranger's directory of that name is taken for ours.

    Raises K8snetLintError where it is in neither place.
    """
    package = Path(__file__).resolve().parent
    inside = package / name
    if inside.is_dir():
        return inside
    beside = package.with_name(name)
    if beside.is_dir() and package.with_name("pyproject.toml").is_file():
        return beside
    raise K8snetLintError(
        f"the directory '{name}' is missing from the installation in {package}",
        help="install k8snet-lint anew",
    )
